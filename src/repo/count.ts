import { isConfigFile, type Settings } from '../settings/index.js';
import type { Oid, Store } from '../store/index.js';
import { changesBetween, keyChanges, readChange } from './compare.js';
import type { CommitAnswer } from './types.js';

/** How many files differ between two trees, and how many keys of the configuration files among them. */
export async function countChanges(
  store: Store,
  trees: { readonly before: Oid | null; readonly after: Oid },
  settings: Settings,
): Promise<CommitAnswer['changes']> {
  const changes = await changesBetween(store, trees.before, trees.after);
  let keys = 0;
  for (const change of changes)
    if (isConfigFile(settings, change.path)) keys += keyChanges(await readChange(store, change))?.length ?? 0;
  return { files: changes.length, keys };
}
