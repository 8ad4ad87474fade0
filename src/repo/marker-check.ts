import { ConfigError } from '../errors.js';
import { readBlob, type RepoPath, type Store } from '../store/index.js';
import { list, type TreePatch } from './index-changes.js';
import { textOf } from './text.js';

const markers = [/^<{7,}(?: |\r?$)/, /^={7,}\r?$/, /^>{7,}(?: |\r?$)/];

/** Whether a text holds what is left of a conflict: an opening, a middle and a closing marker, in this order. */
export function hasConflictMarkers(text: string): boolean {
  let next = 0;
  for (const line of text.split('\n')) {
    if (markers[next]?.test(line) === true) next++;
    if (next === markers.length) return true;
  }
  return false;
}

/** Throws E_CONFLICT when a changed file has conflict markers in it. */
export async function requireNoMarkers(store: Store, changes: readonly TreePatch[]): Promise<void> {
  const paths: RepoPath[] = [];
  for (const { path, entry } of changes) {
    if (entry === null || entry.mode === '160000') continue;
    if (hasConflictMarkers(textOf(await readBlob(store, entry.oid)) ?? '')) paths.push(path);
  }
  if (paths.length > 0)
    throw new ConfigError('E_CONFLICT', `conflict markers are left in ${list(paths)}`, {
      hint: "edit the file and 'cfg add' it, or take a side: cfg resolve FILE --ours|--theirs",
      details: { paths },
    });
}
