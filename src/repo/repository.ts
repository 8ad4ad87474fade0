/**
 * The library's repository object: one method a verb, the same operations (and refusals) as the command line.
 */
import type { ConfigObject, ConfigValue, Diagnostic } from '../doc/index.js';
import type { Config, LoadOptions } from '../load/index.js';
import type { ConflictStrategy, Settings } from '../settings/index.js';
import type { FetchAnswer, LsRemoteAnswer, PullAnswer, PushAnswer, RemotesAnswer } from './remote-types.js';
import type { FetchOptions } from './fetch.js';
import type { FileMergeInput } from './merge-types.js';
import type { Author } from './identity.js';
import type { PullOptions } from './pull.js';
import type { PushOptions } from './push.js';
import type { TransferOptions } from './connect.js';
import type { Awaitable, FileContent, Oid, RepoPath, Signature, Store, StoreParts } from '../store/index.js';
import type { BatchCommit, BatchOptions, LogOptions } from './history-options.js';
import type {
  AddAnswer,
  ApprovalsAnswer,
  BatchAnswer,
  BlameAnswer,
  BranchAnswer,
  ChangelogAnswer,
  CheckAnswer,
  CommitAnswer,
  ConflictsAnswer,
  DiffAnswer,
  EditAnswer,
  EffectiveDiffAnswer,
  ExplainAnswer,
  FileMergeAnswer,
  FsckAnswer,
  GcAnswer,
  GetAnswer,
  InstallAnswer,
  LogAnswer,
  MaskOptions,
  MergeAnswer,
  MergeConflict,
  OperationsAnswer,
  PickAnswer,
  ProtectAnswer,
  ProtectionLevel,
  PushVerdict,
  ResolveAnswer,
  RestoreAnswer,
  RollbackAnswer,
  SchemaCheckAnswer,
  ServerHookAnswer,
  ShowAnswer,
  StatusAnswer,
  SwitchAnswer,
  TagAnswer,
  TagListAnswer,
  UndoAnswer,
  UninstallAnswer,
  ValidateAnswer,
  VerifyAnswer,
  Waiting,
} from './types.js';

export type * from './history-options.js';

/** A change of one file: whole content, keys set or removed in place, or gone. */
export type Change =
  | { readonly path: RepoPath; readonly content: string | Uint8Array; readonly mode?: FileContent['mode'] }
  | {
      readonly path: RepoPath;
      readonly set?: Readonly<Record<string, ConfigValue>>;
      readonly unset?: readonly string[];
    }
  | { readonly path: RepoPath; readonly delete: true };

/** Whether something new is signed, with the key of the Git configuration (`gpg.format`, `user.signingKey`). */
export interface SignOption {
  /** Default: as `commit.gpgSign` (of a tag `tag.gpgSign`, of an approval either) says. */
  readonly sign?: boolean;
}

/** What an approval says, and in whose name. */
export interface ApproveOptions extends SignOption {
  readonly message?: string;
}

/** What a commit without a worktree says, and what must hold before. */
export interface CommitChangesOptions extends SignOption {
  readonly message: string;
  /** `Name <email>` or `{name, email}`; default: the configured identity. */
  readonly author?: Author;
  /** Refuse (E_STALE) unless the branch is at this commit. Null: unless it does not exist. */
  readonly expect?: Oid | null;
  /** Create the branch at this revision when it is not there. */
  readonly from?: string;
}

/** What a commit says and takes in. */
export interface CommitOptions extends SignOption {
  readonly message: string;
  readonly author?: Author;
  /** Stage every change of tracked files first. */
  readonly all?: boolean;
  /** Commit just the present content of these paths (staging them). */
  readonly paths?: readonly string[];
  /** False skips the check that changed files parse and satisfy their schemas, where protection is below standard. Default true. */
  readonly verify?: boolean;
}

/** What decides conflicts. */
export type Strategy = ConflictStrategy;

/** Decides one conflict under the strategy `custom` from the values of its sides; undefined leaves it open. */
export type Resolver = (conflict: MergeConflict) => Awaitable<ConfigValue | undefined>;

/** How a merge is made, and what decides its conflicts. */
export interface MergeOptions extends SignOption {
  /** The branch to merge into; default the current one (with worktree and index). Another one, or a bare repository: without them. */
  readonly into?: string;
  readonly strategy?: Strategy;
  readonly resolver?: Resolver;
  /** 'auto' (default), 'never' (always a merge commit), 'only' (E_PROTECTED... see docs when it cannot). */
  readonly fastForward?: 'auto' | 'never' | 'only';
  readonly dryRun?: boolean;
  readonly message?: string;
  readonly author?: Author;
  readonly allowUnrelated?: boolean;
}

/** How a merge whose conflicts are decided is ended. */
export interface ContinueOptions extends SignOption {
  readonly message?: string;
  readonly author?: Author;
}

/** What to compare, and how closely. */
export interface DiffOptions extends MaskOptions {
  /** None: index against worktree (or HEAD against index with `staged`); one: that revision against the worktree; two: against each other. */
  readonly revisions?: readonly string[];
  readonly staged?: boolean;
  readonly paths?: readonly string[];
  /** Also fill `text` with the unified line diff. */
  readonly text?: boolean;
}

/** Which version is made of what. */
export interface TagOptions extends SignOption {
  readonly version?: string;
  readonly bump?: 'major' | 'minor' | 'patch' | 'auto';
  readonly pre?: string;
  /** A folder, for a version of its own: `services/api@1.2.0`. */
  readonly scope?: string;
  readonly message?: string;
  readonly revision?: string;
}

/** What a changelog is about. */
export interface ChangelogOptions {
  /** Only changes and versions of this folder. */
  readonly scope?: string;
}

/** How commits are applied or reverted. */
export interface PickOptions extends SignOption {
  /** For a merge commit: the parent, from 1, that it is compared with. */
  readonly mainline?: number;
  readonly strategy?: Exclude<Strategy, 'custom'>;
  /** Default: that of the commit, or what git says of a revert. */
  readonly message?: string;
}

/** What to register with Git. */
export interface InstallOptions {
  /** The shell command of the merge driver, with Git's placeholders (git: gitattributes, "Defining a custom merge driver"). */
  readonly mergeDriver: string;
  /** The shell command of the diff driver. */
  readonly diffDriver: string;
  /** A POSIX shell script (without its first line) for Git to run before each commit. Default: none. */
  readonly preCommit?: string;
  /** Replace drivers of the same name that somebody else registered. */
  readonly force?: boolean;
}

/** Which merged configuration to explain. */
export interface ExplainOptions extends Omit<LoadOptions, 'dir' | 'env' | 'rev'>, MaskOptions {
  /** Default: the worktree, or HEAD in a bare repository. */
  readonly revision?: string;
  /** Is told how the sources did: of which a copy stood in, and what was left out. */
  readonly onSources?: (sources: Config['sources']) => void;
}

/** What to validate. */
export interface ValidateOptions {
  /** Only these files and folders, and stacks that read them. */
  readonly paths?: readonly string[];
  /** What the next commit would record, instead of the worktree: the files that differ from HEAD. */
  readonly staged?: boolean;
  /** With `staged`: every file, not only those that differ from HEAD. */
  readonly all?: boolean;
  /** Only what the worktree changed since the branch left this revision, and what depends on it. */
  readonly since?: string;
  /** A revision instead of the worktree. */
  readonly revision?: string;
  /** Also the list of files that were looked at, and with each problem its line, secrets masked. */
  readonly details?: boolean;
}

/** One ref that a push wants to change, as `pre-receive` gets it. */
export interface PushedRef {
  readonly ref: string;
  /** Null: there is no such ref. */
  readonly before: Oid | null;
  /** Null: it goes away. */
  readonly after: Oid | null;
}

/** The rule to write. */
export interface ProtectOptions {
  /** A branch or a glob over them: `release/*`. */
  readonly pattern: string;
  readonly level: ProtectionLevel;
  /** For `strict`; default 1. */
  readonly approvals?: number;
  /** For `strict`: only approvals signed by an allowed signer count. Default: as the rule says now, else false. */
  readonly signedApprovals?: boolean;
  /** Above `none`: every commit that comes in must be signed by an allowed signer. Default: as the rule says now, else false. */
  readonly signed?: boolean;
}

/** What to bring back, and as whose commit. */
export interface RollbackOptions extends SignOption {
  /** Only these files and folders. Default: everything. */
  readonly paths?: readonly string[];
  readonly message?: string;
  readonly author?: Author;
}

/** Which revisions and stacks to compare. */
export interface EffectiveDiffOptions extends MaskOptions {
  /** None: HEAD against the worktree; one: that revision against the worktree; two: against each other. */
  readonly revisions?: readonly string[];
  /** Default: every stack. */
  readonly stack?: string;
  /** Only combinations that agree with these. */
  readonly variables?: Readonly<Record<string, string>>;
}

/** How a conflict is decided; `both`: ours, then theirs, where both fit (items of lists, lines of texts, keys that are twins). */
export type Resolution = 'ours' | 'theirs' | 'base' | 'both' | { readonly value: ConfigValue };

/** An open repository: one method for each verb of the command line. */
export interface Repository {
  /** The root of the worktree; undefined in a bare repository. */
  readonly root: string | undefined;
  readonly store: Store;

  /** Settings of the worktree's `cfg.yaml` (or of HEAD in a bare repository), or those at a revision. Throws E_SETTINGS. */
  settings(revision?: string): Promise<Settings>;
  status(): Promise<StatusAnswer>;
  add(patterns: readonly string[] | 'all'): Promise<AddAnswer>;
  restore(patterns: readonly string[], options?: { readonly staged?: boolean }): Promise<RestoreAnswer>;
  commit(options: CommitOptions): Promise<CommitAnswer>;
  commitChanges(
    branch: string,
    changes: readonly Change[],
    options: CommitChangesOptions,
  ): Promise<CommitAnswer>;
  /** Many commits in one step, all or none: one pack of objects, one ref update. Each passes the checks of a single one. */
  batch(branch: string, commits: readonly BatchCommit[], options?: BatchOptions): Promise<BatchAnswer>;
  log(options?: LogOptions): Promise<LogAnswer>;
  show(address: string): Promise<ShowAnswer>;
  diff(options?: DiffOptions): Promise<DiffAnswer>;
  branches(): Promise<BranchAnswer>;
  createBranch(name: string, start?: string): Promise<BranchAnswer>;
  /** `force`: also one whose commits are not merged. */
  deleteBranch(name: string, options?: { readonly force?: boolean }): Promise<BranchAnswer>;
  /** `from`: null for the current branch. */
  renameBranch(from: string | null, to: string): Promise<BranchAnswer>;
  switch(
    branch: string,
    options?: { readonly create?: boolean; readonly start?: string },
  ): Promise<SwitchAnswer>;
  merge(revision: string, options?: MergeOptions): Promise<MergeAnswer>;
  mergeAbort(): Promise<MergeAnswer>;
  mergeContinue(options?: ContinueOptions): Promise<MergeAnswer>;
  /** Applies what one commit changed to the current branch, as a new commit of the same author. */
  cherryPick(revision: string, options?: PickOptions): Promise<PickAnswer>;
  /** Makes a new commit that undoes one. */
  revert(revision: string, options?: PickOptions): Promise<PickAnswer>;
  conflicts(): Promise<ConflictsAnswer>;
  /** What waits for decisions, whichever tool began it; undefined when nothing does. */
  waiting(): Promise<Waiting | undefined>;
  /** `address`: `FILE` (all its conflicts) or `FILE#KEY`. */
  resolve(address: string, resolution: Resolution): Promise<ResolveAnswer>;
  /** Merges three versions of one file by the settings of the worktree, as a merge driver does; nothing is written. */
  mergeFile(input: FileMergeInput): Promise<FileMergeAnswer>;
  /** Makes plain Git use these drivers for configuration files. Throws E_EXISTS, E_USAGE, E_SETTINGS, E_LOCKED. */
  installDrivers(options: InstallOptions): Promise<InstallAnswer>;
  /** Takes that back. Throws E_NOTHING_TO_DO, E_EXISTS, E_USAGE, E_LOCKED. */
  uninstallDrivers(): Promise<UninstallAnswer>;
  /** Makes every push into this repository keep to the rules: `command` runs as `pre-receive`. Throws E_EXISTS, E_IO. */
  installServerHook(options: {
    readonly command: string;
    readonly force?: boolean;
  }): Promise<ServerHookAnswer>;
  /** Takes that back. Throws E_NOTHING_TO_DO, E_EXISTS. */
  uninstallServerHook(): Promise<ServerHookAnswer>;
  /** Whether a push keeps to the rules; nothing is written. */
  judgePush(updates: readonly PushedRef[]): Promise<PushVerdict>;
  tag(options: TagOptions): Promise<TagAnswer>;
  tags(range?: string, options?: { readonly scope?: string }): Promise<TagListAnswer>;
  deleteTag(version: string): Promise<TagAnswer>;
  /** What each release changed, by key; `range`: `A..B`, or a revision up to which. */
  changelog(range?: string, options?: ChangelogOptions): Promise<ChangelogAnswer>;
  verify(name: string, options?: { readonly since?: string; readonly scope?: string }): Promise<VerifyAnswer>;
  /** A value of a file, in the worktree or at a revision. Throws E_KEY_NOT_FOUND, E_FILE_NOT_FOUND, E_INVALID, E_LIMIT. */
  get(address: string): Promise<GetAnswer>;
  /** Why a key of the merged configuration has its value, and who last set it. Throws E_KEY_NOT_FOUND, and what `loadConfig` throws. */
  explain(key: string, options?: ExplainOptions): Promise<ExplainAnswer>;
  /** Files, schemas and stacks: what is wrong, and where. */
  validate(options?: ValidateOptions): Promise<ValidateAnswer>;
  /** What configuration of one version of a schema may break in another; both as `[REV:]FILE`. Throws E_FILE_NOT_FOUND, E_INVALID. */
  checkSchema(before: string, after: string): Promise<SchemaCheckAnswer>;
  /** A draft of a schema that these files (`[REV:]FILE`) satisfy. Throws E_FILE_NOT_FOUND, E_INVALID. */
  inferSchema(addresses: readonly string[]): Promise<ConfigObject>;
  /** Whether a merge of a revision (default HEAD) into a branch would be allowed. Nothing is written. */
  checkMerge(branch: string, revision?: string): Promise<CheckAnswer>;
  protect(options: ProtectOptions): Promise<ProtectAnswer>;
  /** Records that the committer approves of exactly that commit. Throws E_REVISION_NOT_FOUND, E_NO_IDENTITY, E_SIGNATURE. */
  approve(revision: string, options?: ApproveOptions): Promise<ApprovalsAnswer>;
  /** Who approved of exactly that commit. Throws E_REVISION_NOT_FOUND. */
  approvals(revision: string): Promise<ApprovalsAnswer>;
  /** A new commit with the content of a revision. */
  rollback(revision: string, options?: RollbackOptions): Promise<RollbackAnswer>;
  /** Takes back the last `count` (default 1) commands that changed refs, index or worktree. Throws E_STALE when something else changed since. */
  undo(options?: { readonly count?: number }): Promise<UndoAnswer>;
  /** The commands that can be taken back, newest first; default all. */
  operations(options?: { readonly limit?: number }): Promise<OperationsAnswer>;
  /** Refs, index and worktree as they were right after an operation. Throws E_STALE when something else changed since. */
  restoreAt(operation: string): Promise<RestoreAnswer>;
  /** For each key of `FILE[#KEY]` the commit that gave it its value; `revision` default: the worktree. */
  blame(address: string, revision?: string): Promise<BlameAnswer>;
  /** What a change does to the merged configurations. */
  effectiveDiff(options?: EffectiveDiffOptions): Promise<EffectiveDiffAnswer>;
  /** `source`: the value as it was typed, kept like that where the format reads the same (`1.10`, `0x1F`). */
  set(address: string, value: ConfigValue, options?: { readonly source?: string }): Promise<EditAnswer>;
  unset(address: string): Promise<EditAnswer>;
  /** Problems of files in the worktree, or of `contents` as they would be. */
  check(
    files: readonly FileContent[],
    settings: Settings,
  ): Promise<readonly (Diagnostic & { readonly file: RepoPath })[]>;
  /** The repositories that this one exchanges with. */
  remotes(): Promise<RemotesAnswer>;
  addRemote(name: string, url: string): Promise<RemotesAnswer>;
  /** With the refs that follow its branches. */
  removeRemote(name: string): Promise<RemotesAnswer>;
  renameRemote(from: string, to: string): Promise<RemotesAnswer>;
  setRemoteUrl(name: string, url: string, options?: { readonly push?: boolean }): Promise<RemotesAnswer>;
  /** What a remote (or an address) has; nothing is written. Throws E_REMOTE. */
  lsRemote(remote?: string, options?: TransferOptions): Promise<LsRemoteAnswer>;
  /** Brings what a remote has and moves the refs that follow it; never a branch. Throws E_REMOTE, E_CORRUPT, E_STALE. */
  fetch(options?: FetchOptions): Promise<FetchAnswer>;
  /** Fetches, and merges what the current branch follows. Throws what `fetch` and `merge` throw; conflicts are an answer. */
  pull(options?: PullOptions): Promise<PullAnswer>;
  /** Sends branches, tags and approvals. Throws E_STALE, E_PROTECTED, E_EXISTS (a tag), E_REMOTE. */
  push(options?: PushOptions): Promise<PushAnswer>;
  /** Packs everything into one pack, and removes what nothing led to for two weeks. Throws E_CORRUPT, E_LOCKED, E_IO. */
  gc(): Promise<GcAnswer>;
  /** Checks everything in the Git folder; `repair` makes again what can be. Throws E_IO, E_LOCKED. */
  fsck(options?: { readonly repair?: boolean }): Promise<FsckAnswer>;
  /** Who commits: `--author`, then the environment, then Git's configuration. Throws E_NO_IDENTITY. */
  identity(author?: Author): { readonly author: Signature; readonly committer: Signature };
}

/** What a repository on disk and one that is kept elsewhere have in common. */
interface Surroundings {
  /** Default `process.env`: identity, HOME and Git's own variables are read from here and nowhere else. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** The clock, for tests. Default the system's. */
  readonly now?: () => Date;
}

/** A repository on disk. */
export interface FolderOptions extends Surroundings {
  /** A folder in the repository; searched upwards for `.git`. */
  readonly dir: string;
}

/**
 * A repository whose objects and refs are kept somewhere else than in files. It is a bare one: verbs that need a worktree or an index
 * throw E_USAGE; `commitChanges` and `merge` with `into` need neither. `memoryStore()` has both parts.
 */
export interface StoreOptions extends Surroundings, StoreParts {}

/** Which repository to open, and what it may read of the environment. */
export type OpenOptions = FolderOptions | StoreOptions;
