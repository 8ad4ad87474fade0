/** A path cannot be a file and a folder: where a merge would make it both, the file steps aside as `path~branch`, as in git. */
import { defaultLabels } from './markers.js';
import type { TreeDraft } from './tree-draft.js';
import type { TreeConflict, TreeFile, TreeMergeInput } from './tree-types.js';

/** Moves every file whose path the merge also needs as a folder, with a conflict each. */
export function stepAside(draft: TreeDraft, input: TreeMergeInput): void {
  const stays = oursThatStay(draft, input);
  const paths = new Set([
    ...stays.keys(),
    ...draft.writes.keys(),
    ...draft.merges.keys(),
    ...draft.conflicts.filter(({ keep }) => keep !== 'none').map(({ path }) => path),
  ]);
  const labels = { ...defaultLabels, ...input.labels };
  for (const path of clashes(paths)) {
    const aside = (side: 'ours' | 'theirs'): string =>
      freeName(`${path}~${labels[side].replaceAll('/', '_')}`, paths);
    moveAside(draft, path, { ours: stays.get(path), aside });
  }
}

/** Files that ours added or changed and that the plan leaves alone. */
function oursThatStay(draft: TreeDraft, input: TreeMergeInput): ReadonlyMap<string, TreeFile> {
  const stays = new Map<string, TreeFile>();
  for (const { after } of input.ours)
    if (after !== undefined && !draft.deletes.has(after.path)) stays.set(after.path, after);
  return stays;
}

/** Paths that are also a folder of another path, sorted. */
function clashes(paths: ReadonlySet<string>): readonly string[] {
  const found = new Set<string>();
  for (const path of paths)
    for (let end = path.lastIndexOf('/'); end > 0; end = path.lastIndexOf('/', end - 1)) {
      const folder = path.slice(0, end);
      if (paths.has(folder)) found.add(folder);
    }
  return [...found].toSorted();
}

function freeName(wanted: string, taken: ReadonlySet<string>): string {
  let name = wanted;
  for (let count = 0; taken.has(name); count++) name = `${wanted}_${count}`;
  return name;
}

function moveAside(
  draft: TreeDraft,
  path: string,
  {
    ours,
    aside,
  }: { readonly ours: TreeFile | undefined; readonly aside: (side: 'ours' | 'theirs') => string },
): void {
  const kind = 'file/directory';
  const write = draft.writes.get(path);
  const merge = draft.merges.get(path);
  const isDecided = draft.conflicts.some((conflict) => conflict.path === path && conflict.keep !== 'none');
  if (ours !== undefined) draft.deletes.add(path);
  draft.writes.delete(path);
  draft.merges.delete(path);
  if (merge !== undefined) draft.merges.set(aside('ours'), { ...merge, path: aside('ours') });
  if (isDecided)
    draft.conflicts = draft.conflicts.map((conflict) =>
      conflict.path === path ? { ...conflict, path: aside(sideOf(conflict)) } : conflict,
    );
  else if (merge !== undefined) draft.conflicts.push({ ...merge, path: aside('ours'), kind, keep: 'merge' });
  else if (write !== undefined)
    draft.conflicts.push({ path: aside('theirs'), kind, theirs: write, keep: 'theirs' });
  else if (ours !== undefined) draft.conflicts.push({ path: aside('ours'), kind, ours, keep: 'ours' });
}

function sideOf({ keep }: TreeConflict): 'ours' | 'theirs' {
  return keep === 'theirs' ? 'theirs' : 'ours';
}
