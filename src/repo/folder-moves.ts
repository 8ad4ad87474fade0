import { folderMoves, type FolderMove } from '../merge/index.js';
import { findEntry, type FileChange, type Oid, type Store } from '../store/index.js';

export interface ChangedSides {
  readonly ours: readonly FileChange[];
  readonly theirs: readonly FileChange[];
}

/** Files of each side that follow a folder which the other side renamed. */
export interface FollowedFolders {
  readonly ours: readonly FolderMove[];
  readonly theirs: readonly FolderMove[];
}

/** Finds them; trees are looked up only where a file was added below a folder that lost files. */
export async function followFolders(
  store: Store,
  trees: { readonly ours: Oid | null; readonly theirs: Oid | null },
  changes: ChangedSides,
): Promise<FollowedFolders> {
  const both = { ours: trees.ours, theirs: trees.theirs };
  const ours = folderMoves(changes.theirs, changes.ours);
  const theirs = folderMoves(changes.ours, changes.theirs);
  return {
    ours: await possible(store, ours, { renaming: both.theirs, adding: both.ours }),
    theirs: await possible(store, theirs, { renaming: both.ours, adding: both.theirs }),
  };
}

/** A folder that still has files was not renamed, and no file gives way to one that follows. */
async function possible(
  store: Store,
  moves: readonly FolderMove[],
  trees: { readonly renaming: Oid | null; readonly adding: Oid | null },
): Promise<readonly FolderMove[]> {
  const found: FolderMove[] = [];
  for (const move of moves) {
    const isGone = (await entryAt(store, trees.renaming, move.folder)) === undefined;
    const isFree =
      (await entryAt(store, trees.renaming, move.to)) === undefined &&
      (await entryAt(store, trees.adding, move.to)) === undefined;
    if (isGone && isFree) found.push(move);
  }
  return found;
}

async function entryAt(store: Store, tree: Oid | null, path: string): Promise<unknown> {
  return tree === null ? undefined : await findEntry(store, tree, path);
}

/** The changes of theirs with the files that follow a folder at their new place. */
export function withMoves(
  changes: readonly FileChange[],
  moves: readonly FolderMove[],
): readonly FileChange[] {
  const targets = new Map(moves.map(({ file, to }) => [file.path, to]));
  return changes.map((change) => {
    const to = targets.get(change.path);
    if (to === undefined || change.after === undefined) return change;
    return { ...change, path: to, after: { ...change.after, path: to } };
  });
}
