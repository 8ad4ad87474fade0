/**
 * The answers of the version-control verbs. Each is what `cfg --json COMMAND` prints, and so is API.
 * Everything is plain JSON (a bigint is printed with all its digits); lists are sorted unless they say otherwise.
 */
import type { KeyChange } from '../diff/index.js';
import type { ConfigValue, Severity } from '../doc/index.js';
import type { Explanation } from '../load/index.js';
import type { ProtectionLevel } from '../policy/index.js';
import type { ChangeKind, Checked, CheckedSignature, Collected, Oid, RepoPath } from '../store/index.js';
import type { PlainProblem } from './problems.js';
import type { ConflictKind } from '../merge/index.js';

export type * from './merge-types.js';

export type { KeyChange, KeyChangeKind } from '../diff/index.js';
export type * from './operation-types.js';
export type * from './protection-types.js';
export type { CheckedSignature, SignatureStatus } from '../store/index.js';
export type { ConflictKind, ProtectionLevel };

/** A repository that is there now. */
export interface InitAnswer {
  /** The absolute path of the repository's folder. */
  readonly dir: string;
  readonly branch: string;
  /** False when a repository was there already and only `cfg.yaml` was added (or nothing was). */
  readonly created: boolean;
}

/** A path and what happened to it. */
export interface PathChange {
  readonly path: RepoPath;
  readonly change: ChangeKind;
  /** The old path of a rename. */
  readonly from?: RepoPath;
}

/** The branch, and what differs between HEAD, index and worktree. */
export interface StatusAnswer {
  /** The current branch; null when HEAD is detached. */
  readonly branch: string | null;
  /** The commit of HEAD; null before the first commit. */
  readonly head: Oid | null;
  readonly protection: ProtectionLevel;
  readonly upstream: { readonly ref: string; readonly ahead: number; readonly behind: number } | null;
  readonly merging: boolean;
  readonly staged: readonly PathChange[];
  readonly unstaged: readonly PathChange[];
  /** Files, and (with '/' at the end) folders that are repositories of their own. */
  readonly untracked: readonly RepoPath[];
  readonly conflicts: readonly RepoPath[];
  /** What the system does not let us look at, folders with '/' at the end; absent where there is nothing of that kind. */
  readonly unreadable?: readonly RepoPath[];
}

/** What is staged now. */
export interface AddAnswer {
  readonly staged: readonly RepoPath[];
}

/** The paths that were put back. */
export interface RestoreAnswer {
  readonly restored: readonly RepoPath[];
}

/** A commit that was made, and how much changed with it. */
export interface CommitAnswer {
  readonly commit: Oid;
  readonly branch: string | null;
  readonly parents: readonly Oid[];
  readonly tree: Oid;
  /** How many files, and how many keys in configuration files, differ from the first parent. */
  readonly changes: { readonly files: number; readonly keys: number };
}

/** What a batch did to its branch. */
export interface BatchAnswer {
  readonly branch: string;
  /** Where the branch was; null when it did not exist. */
  readonly before: Oid | null;
  /** Where it is. */
  readonly commit: Oid;
  /** How many commits were made. */
  readonly commits: number;
  /** How many different files they changed. */
  readonly files: number;
  /** How many changes were given. */
  readonly changes: number;
  /** How many commits were left out because they changed nothing. */
  readonly unchanged: number;
}

/** Who did something, and when. */
export interface Person {
  readonly name: string;
  readonly email: string;
  /** RFC 3339 with the author's own offset. */
  readonly date: string;
}

/** A commit as histories tell it. */
export interface CommitInfo {
  readonly commit: Oid;
  readonly parents: readonly Oid[];
  readonly author: Person;
  /** The whole message, without the final line break. */
  readonly message: string;
  /** Names of the tags that point at it. */
  readonly tags: readonly string[];
  /** Of a signed commit, where signatures were asked for; `show` always does. */
  readonly signature?: CheckedSignature;
}

/** A commit that changed the key asked for, with the value on both sides. */
export interface KeyCommitInfo extends CommitInfo {
  readonly before?: ConfigValue;
  readonly after?: ConfigValue;
}

/** A change of one key that a search found. */
export interface FoundChange extends Omit<KeyChange, 'from'> {
  readonly file: RepoPath;
}

/** A commit as a history lists it. */
export interface LoggedCommit extends KeyCommitInfo {
  /** With a search in values: the keys with which the text came or went. */
  readonly changes?: readonly FoundChange[];
  /** With a graph: the commits of the answer that come next below it. */
  readonly edges?: readonly Oid[];
}

/** Commits, newest first. */
export interface LogAnswer {
  /** Newest first. */
  readonly commits: readonly LoggedCommit[];
}

/** What differs between two versions of a file, by key. */
export interface FileDiff {
  readonly path: RepoPath;
  readonly status: ChangeKind;
  readonly from?: RepoPath;
  /** Empty for files that are no configuration or do not parse; `text` then has the line diff when it was asked for. */
  readonly changes: readonly KeyChange[];
  /** The unified line diff, with `--text` or where there is no diff by key. */
  readonly text?: string;
}

/** What differs, by file and key. */
export interface DiffAnswer {
  readonly files: readonly FileDiff[];
}

/** A commit with its changes, or a file or value at a revision. */
export type ShowAnswer =
  (CommitInfo & { readonly changes: readonly FileDiff[] }) | { readonly value: ConfigValue };

/** A branch in a list. */
export interface BranchInfo {
  readonly name: string;
  readonly commit: Oid;
  readonly current: boolean;
  readonly protection: ProtectionLevel;
}

/** The branches of a repository. */
export interface BranchAnswer {
  readonly branches: readonly BranchInfo[];
}

/** The branch that is checked out now. */
export interface SwitchAnswer {
  readonly branch: string;
  readonly commit: Oid | null;
  /** The commit that HEAD was at, on no branch, where nothing leads to it now. */
  readonly left?: Oid;
}

/** What was put in place for plain Git. */
export interface InstallAnswer {
  /** The variables of Git's configuration that are set now. */
  readonly installed: readonly string[];
  /** The files of the worktree that name the configuration files to Git, to be committed. */
  readonly files: readonly RepoPath[];
  /** The hooks that are in place; none where `core.hooksPath` names a folder of others. */
  readonly hooks: readonly string[];
}

/** What was taken out again. */
export interface UninstallAnswer {
  /** The variables of Git's configuration that were taken out. */
  readonly removed: readonly string[];
  /** The files of the worktree that changed. */
  readonly files: readonly RepoPath[];
  /** The hooks that were taken out. */
  readonly hooks: readonly string[];
}

/** A tag of a version. */
export interface TagAnswer {
  readonly tag: string;
  readonly version: string;
  /** The folder that it is a version of; absent for the whole repository. */
  readonly scope?: RepoPath;
  readonly commit: Oid;
  /** `sha256:` and 64 hexadecimal digits. */
  readonly digest: string;
  /** Why `--bump auto` chose this version: the change that decided it. */
  readonly reason?: string;
  /** Every change since the last release with the bump that it calls for, the highest first. */
  readonly reasons?: readonly {
    readonly bump: 'major' | 'minor' | 'patch' | 'none';
    readonly reason: string;
  }[];
}

/** The tags of a repository, by version. */
export interface TagListAnswer {
  /** Highest precedence first. */
  readonly tags: readonly TagAnswer[];
}

/** What one release changed, or (tag, version and date null) what is not released. */
export interface ChangelogRelease {
  readonly tag: string | null;
  readonly version: string | null;
  /** The day, as `2026-01-31`. */
  readonly date: string | null;
  readonly commit: Oid;
  /** The highest bump that a change calls for. */
  readonly bump: 'major' | 'minor' | 'patch' | 'none';
  /** The highest bump first. */
  readonly changes: readonly {
    readonly bump: 'major' | 'minor' | 'patch' | 'none';
    /** In words. */
    readonly reason: string;
    readonly file: RepoPath;
    /** A key path in text form; absent for a change of the whole file. */
    readonly path?: string;
    readonly kind?: KeyChange['kind'];
    readonly before?: ConfigValue;
    readonly after?: ConfigValue;
  }[];
}

/** What each release changed, by kind and key. */
export interface ChangelogAnswer {
  /** Newest first. */
  readonly releases: readonly ChangelogRelease[];
  readonly markdown: string;
}

/** Whether a tag still has the content that it was made of, or whether the history of a branch kept to its rules. */
export type VerifyAnswer =
  | {
      readonly tag: string;
      readonly digest: string;
      readonly ok: boolean;
      /** Absent: not signed. */
      readonly signature?: CheckedSignature;
    }
  | {
      readonly branch: string;
      readonly ok: boolean;
      readonly violations: readonly {
        readonly commit: Oid;
        readonly rule: string;
        readonly message: string;
      }[];
      /** Why rules that stand there do not count. */
      readonly warnings?: readonly string[];
    };

/** A value and where it stands. */
export interface GetAnswer {
  readonly value: ConfigValue;
  /** Where it stands. */
  readonly source: {
    readonly revision?: string;
    readonly file: RepoPath;
    readonly line: number;
    readonly column: number;
  };
}

/** A value before and after an edit. */
export interface EditAnswer {
  readonly file: RepoPath;
  readonly path: string;
  readonly before?: ConfigValue;
  readonly after?: ConfigValue;
}

/** What gc did. */
export type GcAnswer = Collected;

/** What fsck found, and with `repair` what it mended. */
export type FsckAnswer = Checked;

/** The commit that last set a value; all null where no commit has it. */
export interface LastSet {
  readonly commit: Oid | null;
  /** `Name <email>`. */
  readonly author: string | null;
  /** RFC 3339 with the author's own offset. */
  readonly date: string | null;
}

/** Of answers with values. */
export interface MaskOptions {
  /** Whether values are `***` whose keys look secret, or that a schema marks as `writeOnly`. Default false. */
  readonly mask?: boolean;
}

/** Where a value of a stack comes from, who set it, and what it overrides. */
export interface ExplainAnswer extends Omit<Explanation, 'from'> {
  readonly from: ValuePlace & LastSet;
}

/** The layer that won and the place in it; null where the layer is no file. */
export interface ValuePlace {
  readonly layer: string;
  readonly file: RepoPath | null;
  readonly line: number | null;
  readonly column: number | null;
  /** The name of the environment variable, where it is one. */
  readonly variable?: string;
  /** Where it was fetched from. */
  readonly url?: string;
}

/** Whether configuration is valid, and every problem with its place. */
export interface ValidateAnswer {
  readonly valid: boolean;
  /** How many configuration files were looked at. */
  readonly files: number;
  /** Sorted by place. */
  readonly problems: readonly PlainProblem[];
  /** The files that were looked at, sorted; only with `details`. */
  readonly checked?: readonly RepoPath[];
}

/** Whether what satisfied schemas before satisfies them now, and each change of them. */
export interface SchemaCheckAnswer {
  /** Whether nothing that was valid surely no longer is. */
  readonly compatible: boolean;
  /** What became narrower; the places are in the later schema. */
  readonly changes: readonly {
    readonly file: RepoPath;
    readonly line: number;
    readonly column: number;
    /** Where in the configuration, as a key path; `[*]` is any item, `*` any other key. */
    readonly path: string;
    /** `error`: something that was valid no longer is; `warning`: that may be so. */
    readonly severity: Severity;
    readonly message: string;
  }[];
}

/** The commit that brought old content back. */
export interface RollbackAnswer {
  readonly commit: Oid;
}

/** A key and the commit that last changed it. */
export interface KeyBlame extends LastSet {
  /** A key path in text form. */
  readonly path: string;
  readonly line: number;
  readonly value: ConfigValue;
}

/** For every key the commit that last changed it. */
export interface BlameAnswer {
  /** In file order. */
  readonly keys: readonly KeyBlame[];
}

/** What a change does to the merged configurations. */
export interface EffectiveDiffAnswer {
  /** Only what differs or does not load; by stack, then in the order of its matrix. */
  readonly stacks: readonly {
    readonly stack: string;
    readonly variables: Readonly<Record<string, string>>;
    readonly changes: readonly KeyChange[];
    /** Only where a side does not load. Then no changes are known. */
    readonly failure?: EffectiveFailure;
  }[];
}

/** Why a stack does not load in one of its environments. */
export interface EffectiveFailure {
  /** The later side, or (`before`) just the earlier one. */
  readonly side: 'before' | 'after';
  readonly message: string;
  /** Why the earlier side does not load, where the later one does not either. */
  readonly before?: string;
}
