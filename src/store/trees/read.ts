/** Files below a tree: one, all, or those that differ between two. */
import { ConfigError } from '../../errors.js';
import { readTyped, type ObjectSource } from '../objects/read.js';
import { placeOfName, TreeCursor } from '../objects/tree.js';
import type { FileChange, FileEntry, Oid, RepoPath, TreeEntry } from '../types.js';

/** The entry at `path`, a folder included; undefined when there is none. Throws E_OBJECT_MISSING, E_CORRUPT. */
export async function findEntry(
  store: ObjectSource,
  tree: Oid,
  path: RepoPath,
): Promise<TreeEntry | undefined> {
  const [first = '', ...rest] = path.split('/');
  const data = await readTyped(store, tree, 'tree');
  const place = placeOfName(data, Buffer.from(first, 'utf8'));
  if (place === undefined) return undefined;
  const { mode, oid } = new TreeCursor(data, place);
  if (rest.length === 0) return { mode, name: first, oid };
  return mode === '040000' ? findEntry(store, oid, rest.join('/')) : undefined;
}

/** The file at `path`; undefined when there is none or a folder stands there. Throws E_OBJECT_MISSING, E_CORRUPT. */
export async function findFile(
  store: ObjectSource,
  tree: Oid,
  path: RepoPath,
): Promise<FileEntry | undefined> {
  const entry = await findEntry(store, tree, path);
  return entry === undefined ? undefined : fileEntry(path, entry);
}

/** All files, submodules included, sorted by path (bytes). Throws E_OBJECT_MISSING, E_CORRUPT. */
export async function listFiles(store: ObjectSource, tree: Oid): Promise<FileEntry[]> {
  const files: FileEntry[] = [];
  await collect(store, tree, { prefix: '', files });
  return files;
}

/**
 * The files that differ, sorted by path (bytes); null stands for the empty tree. Folders with the same id are never opened,
 * and renames are not looked for. Throws E_OBJECT_MISSING, E_CORRUPT.
 */
export async function diffTrees(
  store: ObjectSource,
  before: Oid | null,
  after: Oid | null,
): Promise<FileChange[]> {
  const changes: FileChange[] = [];
  if (before !== after) await compare(store, { before, after, prefix: '' }, changes);
  return changes;
}

function fileEntry(path: RepoPath, { mode, oid }: Pick<TreeEntry, 'mode' | 'oid'>): FileEntry | undefined {
  return mode === '040000' ? undefined : { path, mode, oid };
}

/** Deeper folders than any real one: a hostile tree must not exhaust the stack. */
const maxDepth = 2_000;

async function collect(
  store: ObjectSource,
  tree: Oid,
  {
    prefix,
    files,
    depth = 0,
  }: { readonly prefix: string; readonly files: FileEntry[]; readonly depth?: number },
): Promise<void> {
  if (depth > maxDepth) throw tooDeep(prefix);
  for (const cursor = new TreeCursor(await readTyped(store, tree, 'tree')); !cursor.done; cursor.next()) {
    const { mode, oid } = cursor;
    const path = prefix + cursor.name;
    if (mode === '040000') await collect(store, oid, { prefix: `${path}/`, files, depth: depth + 1 });
    else files.push({ path, mode, oid });
  }
}

interface Pair {
  readonly before: Oid | null;
  readonly after: Oid | null;
  readonly prefix: string;
  readonly depth?: number;
}

async function compare(store: ObjectSource, pair: Pair, changes: FileChange[]): Promise<void> {
  if ((pair.depth ?? 0) > maxDepth) throw tooDeep(pair.prefix);
  const before = await cursorOver(store, pair.before);
  const after = await cursorOver(store, pair.after);
  while (!before.done || !after.done) {
    const isSame = !before.done && !after.done && before.sameEntry(after);
    const order = isSame ? 0 : compareKeys(before, after);
    if (isSame || (order === 0 && before.sameContent(after))) {
      before.next();
      after.next();
      continue;
    }
    const left = order <= 0 ? before : undefined;
    const right = order >= 0 ? after : undefined;
    await compareEntries(store, { left, right, pair }, changes);
    left?.next();
    right?.next();
  }
}

async function cursorOver(store: ObjectSource, tree: Oid | null): Promise<TreeCursor> {
  return new TreeCursor(tree === null ? new Uint8Array() : await readTyped(store, tree, 'tree'));
}

function compareKeys(before: TreeCursor, after: TreeCursor): number {
  if (before.done) return 1;
  if (after.done) return -1;
  const [left, right] = [before.sortKey, after.sortKey];
  if (left === right) return 0;
  return left < right ? -1 : 1;
}

interface Sides {
  readonly left: TreeCursor | undefined;
  readonly right: TreeCursor | undefined;
  readonly pair: Pair;
}

/** One name on one side or both; a file and a folder of one name have different places in the order and never meet here. */
async function compareEntries(
  store: ObjectSource,
  { left, right, pair }: Sides,
  changes: FileChange[],
): Promise<void> {
  const path = pair.prefix + (left ?? right)?.name;
  if ((left ?? right)?.isFolder) {
    const [before, after] = [left?.oid ?? null, right?.oid ?? null];
    const depth = (pair.depth ?? 0) + 1;
    await compare(store, { before, after, prefix: `${path}/`, depth }, changes);
    return;
  }
  changes.push(fileChange(path, left && fileEntry(path, left), right && fileEntry(path, right)));
}

function fileChange(path: RepoPath, before: FileEntry | undefined, after: FileEntry | undefined): FileChange {
  if (before === undefined) return { path, change: 'added', ...(after && { after }) };
  if (after === undefined) return { path, change: 'deleted', before };
  return { path, change: 'modified', before, after };
}

function tooDeep(prefix: string): ConfigError {
  return new ConfigError('E_LIMIT', `folders deeper than ${maxDepth} at '${prefix.slice(0, 60)}'`);
}
