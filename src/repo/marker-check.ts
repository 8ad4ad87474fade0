import { conflictMarkers } from '../doc/index.js';
import { ConfigError } from '../errors.js';
import { readBlob, type RepoPath, type Store } from '../store/index.js';
import { list, type TreePatch } from './index-changes.js';
import { textOf } from './text.js';

/** Throws E_CONFLICT when a changed file has conflict markers in it. */
export async function requireNoMarkers(store: Store, changes: readonly TreePatch[]): Promise<void> {
  const paths: RepoPath[] = [];
  for (const { path, entry } of changes) {
    if (entry === null || entry.mode === '160000') continue;
    if (conflictMarkers(textOf(await readBlob(store, entry.oid)) ?? '') !== undefined) paths.push(path);
  }
  if (paths.length > 0)
    throw new ConfigError('E_CONFLICT', `conflict markers are left in ${list(paths)}`, {
      hint: "edit the file and 'cfg add' it, or take a side: cfg resolve FILE --ours|--theirs",
      details: { paths },
    });
}
