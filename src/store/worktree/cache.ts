import { parseTree } from '../objects/tree.js';
import { readTyped } from '../objects/read.js';
import { emptyTreeOid } from '../objects/oid.js';
import type { CacheTree } from '../staging/index.js';
import type { ObjectStore, Oid } from '../types.js';

/**
 * The cache tree of an index that has exactly the files of `tree`; of the trees only those are read that `known` does not have
 * at the same place.
 */
export async function rebuildCacheTree(
  objects: ObjectStore,
  known: CacheTree | undefined,
  tree: Oid,
): Promise<CacheTree> {
  return rebuild({ objects, name: '', oid: tree }, known);
}

async function rebuild(
  { objects, name, oid }: { readonly objects: ObjectStore; readonly name: string; readonly oid: Oid },
  known: CacheTree | undefined,
): Promise<CacheTree> {
  if (known?.oid === oid) return known;
  const entries = oid === emptyTreeOid ? [] : parseTree(await readTyped({ objects }, oid, 'tree'));
  const children: CacheTree[] = [];
  let count = 0;
  for (const entry of entries) {
    if (entry.mode !== '040000') {
      count += 1;
      continue;
    }
    const childName = Buffer.from(entry.name).toString('latin1');
    const before = known?.children.find((child) => child.name === childName);
    const child = await rebuild({ objects, name: childName, oid: entry.oid }, before);
    children.push(child);
    count += child.count;
  }
  return { name, count, oid, children };
}
