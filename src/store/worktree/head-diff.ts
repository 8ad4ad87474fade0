import { parseTree } from '../objects/tree.js';
import { emptyTreeOid } from '../objects/oid.js';
import {
  type CacheTree,
  childrenOf,
  type IndexChild,
  type IndexFolder,
  type IndexImage,
  knownTree,
} from '../staging/index.js';
import type { FileChange, FileEntry, ObjectStore, Oid, RepoPath, TreeEntry } from '../types.js';
import { isIntentToAdd } from './content.js';

/**
 * The changes that turn a tree into the index, sorted by path, without renames; paths in conflict are left out. A folder whose tree the
 * index knows (cache tree) is not opened. Throws E_OBJECT_MISSING, E_CORRUPT.
 */
export async function diffTreeWithIndex(
  objects: ObjectStore,
  tree: Oid | null,
  image: IndexImage,
): Promise<FileChange[]> {
  const diff: Diff = { objects, image, changes: [] };
  const known = knownTree(image);
  await diffFolder(diff, { prefix: '', prefixSize: 0, low: 0, high: image.count, known }, tree);
  return diff.changes.toSorted((a, b) => (a.path < b.path ? -1 : 1));
}

interface Diff {
  readonly objects: ObjectStore;
  readonly image: IndexImage;
  readonly changes: FileChange[];
}

interface Folder extends IndexFolder {
  /** With '/' at its end; '' for the root. */
  readonly prefix: RepoPath;
  readonly known: CacheTree | undefined;
}

async function diffFolder(diff: Diff, folder: Folder, tree: Oid | null): Promise<void> {
  if (tree !== null && folder.known?.oid === tree) return;
  const before = new Map<string, TreeEntry>();
  for (const entry of await readTreeOrNothing(diff.objects, tree)) before.set(entry.name, entry);
  for (const child of childrenOf(diff.image, folder)) {
    const entry = before.get(child.name);
    const isFolder = entry?.mode === '040000';
    if (!child.isFolder) {
      if (!isFolder) before.delete(child.name);
      diffEntry(diff, folder.prefix + child.name, { at: child.low, before: isFolder ? undefined : entry });
      continue;
    }
    if (isFolder) before.delete(child.name);
    await diffFolder(diff, folderBelow(folder, child), isFolder ? entry.oid : null);
  }
  for (const entry of before.values()) await addDeleted(diff, folder.prefix, entry);
}

async function readTreeOrNothing(objects: ObjectStore, tree: Oid | null): Promise<readonly TreeEntry[]> {
  if (tree === null || tree === emptyTreeOid) return [];
  return parseTree((await objects.read(tree)).data);
}

function folderBelow(parent: Folder, child: IndexChild): Folder {
  const name = Buffer.from(child.name).toString('latin1');
  return {
    ...child,
    prefix: `${parent.prefix}${child.name}/`,
    known: parent.known?.children.find((known) => known.name === name),
  };
}

function diffEntry(
  diff: Diff,
  path: RepoPath,
  { at, before }: { readonly at: number; readonly before: TreeEntry | undefined },
): void {
  const { image, changes } = diff;
  if (image.stage(at) !== 0) return;
  const old = before && fileEntry(path, before);
  if (isIntentToAdd(image, at)) {
    if (old) changes.push({ path, change: 'deleted', before: old });
    return;
  }
  const after: FileEntry = { path, mode: image.mode(at), oid: image.oid(at) };
  if (!old) changes.push({ path, change: 'added', after });
  else if (old.mode !== after.mode || old.oid !== after.oid)
    changes.push({ path, change: 'modified', before: old, after });
}

function fileEntry(path: RepoPath, { mode, oid }: TreeEntry): FileEntry | undefined {
  return mode === '040000' ? undefined : { path, mode, oid };
}

async function addDeleted(diff: Diff, prefix: RepoPath, entry: TreeEntry): Promise<void> {
  const path = prefix + entry.name;
  const before = fileEntry(path, entry);
  if (before) {
    diff.changes.push({ path, change: 'deleted', before });
    return;
  }
  for (const below of await readTreeOrNothing(diff.objects, entry.oid))
    await addDeleted(diff, `${path}/`, below);
}
