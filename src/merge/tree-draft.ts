/** The plan of a tree merge in the making. */
import type { ContentMerge, TreeConflict, TreeFile, TreeMergePlan } from './tree-types.js';

export class TreeDraft {
  readonly writes: Map<string, TreeFile> = new Map();
  readonly deletes: Set<string> = new Set();
  readonly merges: Map<string, ContentMerge> = new Map();
  conflicts: TreeConflict[] = [];

  /** `file` goes to `path`, unless ours has just that there. */
  put(path: string, file: TreeFile, ours: TreeFile | undefined): void {
    const isThere = ours?.path === path && ours.oid === file.oid && ours.mode === file.mode;
    if (!isThere) this.writes.set(path, { ...file, path });
  }

  plan(): TreeMergePlan {
    return {
      writes: [...this.writes.values()].toSorted(byPath),
      deletes: [...this.deletes].toSorted(),
      merges: [...this.merges.values()].toSorted(byPath),
      conflicts: this.conflicts.toSorted(byPath),
    };
  }
}

function byPath(a: { readonly path: string }, b: { readonly path: string }): number {
  return a.path < b.path ? -1 : Number(a.path > b.path);
}
