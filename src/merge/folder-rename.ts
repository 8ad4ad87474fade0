/** Files that one side added to a folder that the other side renamed: they belong into the folder under its new name. */
import type { TreeChange, TreeFile } from './tree-types.js';

/** A move to make, where the renaming side has kept nothing in `folder` and nobody has a file at `to`. */
export interface FolderMove {
  readonly file: TreeFile;
  /** The folder under its old name. */
  readonly folder: string;
  /** The path of the file in the folder under its new name. */
  readonly to: string;
}

/**
 * The files that `adding` added below folders whose files `renaming` moved together, each by the folder nearest to it. A folder's new
 * name is where most of its files went, contents unchanged; none is taken where two are equal. Git: Documentation/technical/directory-rename-detection.
 */
export function folderMoves(
  renaming: readonly TreeChange[],
  adding: readonly TreeChange[],
): readonly FolderMove[] {
  const targets = folderTargets(renaming);
  if (targets.size === 0) return [];
  const moved = new Set(adding.flatMap(({ before, after }) => (before && !after ? [before.oid] : [])));
  return adding.flatMap(({ before, after }) => {
    if (before !== undefined || after === undefined || moved.has(after.oid)) return [];
    for (let folder = parentOf(after.path); folder !== ''; folder = parentOf(folder)) {
      const target = targets.get(folder);
      if (target === undefined) continue;
      const rest = after.path.slice(folder.length + 1);
      return [{ file: after, folder, to: target === '' ? rest : `${target}/${rest}` }];
    }
    return [];
  });
}

/** Where each renamed folder went. */
function folderTargets(changes: readonly TreeChange[]): ReadonlyMap<string, string> {
  const votes = new Map<string, Map<string, number>>();
  for (const [from, to] of unchangedMoves(changes))
    for (const [folder, target] of folderPairs(from, to)) {
      const counts = votes.get(folder) ?? new Map<string, number>();
      votes.set(folder, counts.set(target, (counts.get(target) ?? 0) + 1));
    }
  return new Map(
    [...votes].flatMap(([folder, counts]) => {
      const [first, second] = [...counts].toSorted(([, a], [, b]) => b - a);
      return first === undefined || first[1] === second?.[1] ? [] : [[folder, first[0]] as const];
    }),
  );
}

/** Files that were moved as they are and kept their name. */
function unchangedMoves(changes: readonly TreeChange[]): readonly (readonly [from: string, to: string])[] {
  const added = new Map(
    changes.flatMap(({ before, after }) => (after && !before ? [[movedId(after), after.path] as const] : [])),
  );
  return changes.flatMap(({ before, after }) => {
    const to = before && !after ? added.get(movedId(before)) : undefined;
    return before === undefined || to === undefined ? [] : [[before.path, to] as const];
  });
}

/** The same content under the same name. */
function movedId({ oid, path }: TreeFile): string {
  return `${oid} ${nameOf(path)}`;
}

/** The folders of a moved file, as far up as their own names stayed. */
function folderPairs(from: string, to: string): readonly (readonly [string, string])[] {
  const pairs: (readonly [string, string])[] = [];
  let [folder, target] = [parentOf(from), parentOf(to)];
  while (folder !== '' && folder !== target) {
    pairs.push([folder, target]);
    if (nameOf(folder) !== nameOf(target)) break;
    [folder, target] = [parentOf(folder), parentOf(target)];
  }
  return pairs;
}

function parentOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
