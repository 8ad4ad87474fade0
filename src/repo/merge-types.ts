/** What merges take and answer. */
import type { ConfigValue } from '../doc/index.js';
import type { ConflictKind, MergeLabels, MergeMethod, MergeNote, MergeSuggestion } from '../merge/index.js';
import type { Oid, RepoPath } from '../store/index.js';

/** A conflict of a merge: what both sides did to one key or file. */
export interface MergeConflict {
  readonly file: RepoPath;
  /** A key path in text form; '' for the whole file. */
  readonly path: string;
  readonly kind: ConflictKind;
  /** Absent where that side has no such key (or file). For text and binary conflicts the text of the side, or its object id. */
  readonly base?: ConfigValue;
  readonly ours?: ConfigValue;
  readonly theirs?: ConfigValue;
  /** What most people would take, and why; only ever shown. */
  readonly suggestion?: MergeSuggestion;
}

/** Something about a merge that is no conflict, and worth a look. */
export interface FileNote extends MergeNote {
  readonly file: RepoPath;
}

/** A merge, or an operation of git that merges, which waits for decisions. */
export interface Waiting {
  /** The tool that goes on with it: of what git began over several commits only git knows the rest. */
  readonly by: 'cfg' | 'git';
  readonly verb: 'merge' | 'cherry-pick' | 'revert' | 'rebase';
}

/** What came of a merge. */
export interface MergeAnswer {
  readonly result: 'up-to-date' | 'fast-forward' | 'merged' | 'conflicts';
  /** The commit that the branch is at afterwards; absent with conflicts. */
  readonly commit?: Oid;
  readonly conflicts: readonly MergeConflict[];
  /** Paths that the merge changed on our side. */
  readonly files: readonly RepoPath[];
  /** By file; absent when there is nothing to say. */
  readonly notes?: readonly FileNote[];
}

/** What came of applying or reverting commits. */
export interface PickAnswer {
  /** The new commit; absent with conflicts. */
  readonly commit?: Oid;
  readonly conflicts: readonly MergeConflict[];
  /** Paths that changed on our side, those in conflict included. */
  readonly files: readonly RepoPath[];
  /** By file; absent when there is nothing to say. */
  readonly notes?: readonly FileNote[];
}

/** What is left to decide. */
export interface ConflictsAnswer {
  readonly conflicts: readonly MergeConflict[];
}

/** A conflict that is decided, and how many are left. */
export interface ResolveAnswer {
  readonly file: RepoPath;
  readonly path: string;
  /** How many conflicts are left in the whole merge. */
  readonly remaining: number;
}

/** Three versions of one file to merge. */
export interface FileMergeInput {
  /** Decides the format and which rules of the settings apply. */
  readonly path: RepoPath;
  /** Absent: both sides added the file. */
  readonly base?: Uint8Array;
  readonly ours: Uint8Array;
  readonly theirs: Uint8Array;
  /** What markers call the sides; default `base`, `ours`, `theirs`. */
  readonly labels?: Partial<MergeLabels>;
  /** Length of the conflict markers; default 7. */
  readonly markerSize?: number;
  /** The commit that theirs comes from, for what history decides (`newest`); `alone`: only its own change is merged, as by a pick. */
  readonly source?: { readonly commit: Oid; readonly alone: boolean };
}

/** What came of a merge of three files outside of any history. */
export interface FileMergeAnswer {
  readonly path: RepoPath;
  /** How the result came about: the bytes decided alone, line by line, or key by key. */
  readonly method: MergeMethod;
  readonly conflicts: readonly MergeConflict[];
  /** Absent when there is nothing to say. */
  readonly notes?: readonly MergeNote[];
  /** The merged file; conflicts of a text stand between markers, of a binary it is ours. */
  readonly data: Uint8Array;
}
