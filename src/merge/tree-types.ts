/** What the merge of two trees takes and answers. */
import type { ConflictKind, MergeLabels } from './types.js';

/** A file of a tree. */
export interface TreeFile {
  readonly path: string;
  readonly mode: '100644' | '100755' | '120000' | '160000';
  readonly oid: string;
}

/** One path that differs between two trees: added without `before`, deleted without `after`. */
export interface TreeChange {
  readonly path: string;
  readonly before?: TreeFile;
  readonly after?: TreeFile;
}

export interface TreeMergeInput {
  /** From the merge base to ours, renames not detected. */
  readonly ours: readonly TreeChange[];
  /** From the merge base to theirs. */
  readonly theirs: readonly TreeChange[];
  /** The content of a blob. Only called for candidates of a rename of a file that the other side changed. */
  readonly read: (oid: string) => Uint8Array;
  /** Names of the sides, for files that have to step aside (`app.yaml~feature`). */
  readonly labels?: Partial<MergeLabels>;
}

/** A file whose content both sides changed. */
export interface ContentMerge {
  /** Where the result goes. */
  readonly path: string;
  readonly mode: TreeFile['mode'];
  /** Absent: both sides added it. */
  readonly base?: TreeFile;
  readonly ours: TreeFile;
  readonly theirs: TreeFile;
}

/** A file that the contents alone cannot decide. */
export interface TreeConflict {
  readonly path: string;
  readonly kind: ConflictKind;
  readonly base?: TreeFile;
  readonly ours?: TreeFile;
  readonly theirs?: TreeFile;
  /** What stands at `path` meanwhile; `merge`: the result of the content merge at that path. */
  readonly keep: 'ours' | 'theirs' | 'merge' | 'none';
}

/** What turns ours' tree into the merged one. All lists are sorted by path. */
export interface TreeMergePlan {
  /** Files taken as they are. */
  readonly writes: readonly TreeFile[];
  readonly deletes: readonly string[];
  readonly merges: readonly ContentMerge[];
  readonly conflicts: readonly TreeConflict[];
}
