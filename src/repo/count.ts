import { diffDocuments } from '../diff/index.js';
import { isConfigFile, type Settings } from '../settings/index.js';
import { diffTrees, type FileEntry, type Oid, type Store } from '../store/index.js';
import { documentReader, type DocumentReader } from './documents.js';
import type { CommitAnswer } from './types.js';

/** How many files differ between two trees, and how many keys of the configuration files among them. */
export async function countChanges(
  store: Store,
  trees: { readonly before: Oid | null; readonly after: Oid },
  settings: Settings,
): Promise<CommitAnswer['changes']> {
  const changes = await diffTrees(store, trees.before, trees.after);
  const read = documentReader(store);
  let keys = 0;
  for (const { path, before, after } of changes)
    if (isConfigFile(settings, path)) keys += await countKeys(read, before, after);
  return { files: changes.length, keys };
}

/** A side that does not parse (it may have been committed by other means) has no keys to compare. */
async function countKeys(read: DocumentReader, before?: FileEntry, after?: FileEntry): Promise<number> {
  const [old, now] = [before && (await read(before)), after && (await read(after))];
  if (old?.valid === false || now?.valid === false) return 0;
  return diffDocuments(old, now).length;
}
