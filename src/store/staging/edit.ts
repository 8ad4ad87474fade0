import { hash } from 'node:crypto';
import { ConfigError } from '../../errors.js';
import type { FileStat } from '../fs.js';
import { checkRepoPath } from '../paths.js';
import type { FileEntry, IndexEntry, RepoPath } from '../types.js';
import { type CacheTree, formatCacheTree, invalidate, knownTree } from './cache-tree.js';
import { extendedFlag, field, fixedSize, flag, type IndexImage, modeBits } from './image.js';
import { emptyImage, paddedSize } from './parse.js';
import { isRacy, writeStat } from './stat-data.js';

/** An entry to be written. */
export interface NewEntry extends IndexEntry {
  /** What the file looked like when its content was read; absent: nobody looked. */
  readonly stat?: FileStat;
  /** Not in the worktree on purpose (sparse checkout). */
  readonly skipWorktree?: boolean;
}

/** What becomes of an index. Paths that are not mentioned keep their entries with every flag. */
export interface IndexEdit {
  /** Each path gets exactly these entries in the place of all that it has; an empty list removes it. */
  readonly set?: ReadonlyMap<RepoPath, readonly NewEntry[]>;
  /** Entries (by number) whose files were found to have the content of the entry, and what they look like now. */
  readonly refreshed?: ReadonlyMap<number, FileStat>;
  /** The cache tree to write in the place of the invalidated one. */
  readonly cacheTree?: CacheTree;
}

/**
 * The bytes of the index after an edit: version 2, or 3 where an entry needs extended flags. `isModified` is asked about entries
 * so young that a change may not show; those that did change get the size 0, because the new, younger index would hide them for good.
 *
 * Throws E_BAD_PATH, and E_INTERNAL for two new entries of one name and stage or a file where another needs a folder.
 */
export function editIndex(image: IndexImage, edit: IndexEdit, isModified: (at: number) => boolean): Buffer {
  const added = addedEntries(edit.set ?? new Map());
  const dropped = droppedEntries(image, edit.set ?? new Map());
  const bytes = withFreshStats(image, { refreshed: edit.refreshed ?? new Map(), dropped, isModified });
  const { chunks, count, extended } = mergeEntries(image, { bytes, dropped, added });
  const header = Buffer.alloc(12);
  header.write('DIRC', 'latin1');
  header.writeUInt32BE(extended ? 3 : 2, 4);
  header.writeUInt32BE(count, 8);
  const file = Buffer.concat([header, ...chunks, treeExtension(image, edit), Buffer.alloc(checksumSize)]);
  const body = file.subarray(0, -checksumSize);
  hash('sha1', body, 'buffer').copy(file, body.length);
  return file;
}

const checksumSize = 20;

interface Stats {
  readonly refreshed: ReadonlyMap<number, FileStat>;
  readonly dropped: Uint8Array;
  readonly isModified: (at: number) => boolean;
}

/** The bytes of the image, copied only if one of them is another now. */
function withFreshStats(image: IndexImage, { refreshed, dropped, isModified }: Stats): Buffer {
  let { bytes } = image;
  const own = (): Buffer => (bytes === image.bytes ? (bytes = Buffer.from(image.bytes)) : bytes);
  for (const [at, stat] of refreshed) writeStat(own(), image.offset(at), stat);
  for (let at = 0; at < image.count; at += 1) {
    // git, built as usual (without USE_NSEC), will compare whole seconds.
    if (!isRacy(image, at, { minimal: true }) || dropped[at] || refreshed.has(at)) continue;
    if (isModified(at)) own().writeUInt32BE(0, image.offset(at) + field.size);
  }
  return bytes;
}

interface AddedEntry {
  readonly name: Buffer;
  readonly entry: NewEntry;
}

function addedEntries(set: ReadonlyMap<RepoPath, readonly NewEntry[]>): AddedEntry[] {
  const added: AddedEntry[] = [];
  for (const [path, entries] of set) {
    if (entries.length === 0) continue;
    checkRepoPath(path);
    const name = Buffer.from(path);
    for (const entry of entries) added.push({ name, entry });
  }
  added.sort((a, b) => Buffer.compare(a.name, b.name) || a.entry.stage - b.entry.stage);
  checkDistinct(added);
  return added;
}

function checkDistinct(added: readonly AddedEntry[]): void {
  const paths = new Set(added.map(({ entry }) => entry.path));
  for (const [at, { name, entry }] of added.entries()) {
    const before = added[at - 1];
    const twice = before?.name.equals(name) && before.entry.stage === entry.stage;
    const parent = parentsOf(entry.path).find((folder) => paths.has(folder));
    if (!twice && (parent === undefined || entry.stage !== 0)) continue;
    throw new ConfigError(
      'E_INTERNAL',
      `index entry '${entry.path}' collides with '${parent ?? entry.path}'`,
    );
  }
}

/** `a/b/c` -> `a/b`, `a`. */
export function parentsOf(path: RepoPath): RepoPath[] {
  const parents: RepoPath[] = [];
  for (let at = path.lastIndexOf('/'); at > 0; at = path.lastIndexOf('/', at - 1))
    parents.push(path.slice(0, at));
  return parents;
}

/** Marks the entries of the paths that are set, and those that a new file or its folders take the place of. */
function droppedEntries(image: IndexImage, set: ReadonlyMap<RepoPath, readonly NewEntry[]>): Uint8Array {
  const dropped = new Uint8Array(image.count);
  for (const [path, entries] of set) {
    dropped.fill(1, ...image.range(Buffer.from(path)));
    if (!entries.some(({ stage }) => stage === 0)) continue;
    dropped.fill(1, ...image.below(Buffer.from(`${path}/`)));
    for (const parent of parentsOf(path)) dropped.fill(1, ...image.range(Buffer.from(parent)));
  }
  return dropped;
}

interface Merge {
  /** Those of the image, with the stat data of kept entries brought up to date. */
  readonly bytes: Buffer;
  readonly dropped: Uint8Array;
  readonly added: readonly AddedEntry[];
}

function mergeEntries(
  image: IndexImage,
  { bytes, dropped, added }: Merge,
): {
  chunks: Buffer[];
  count: number;
  extended: boolean;
} {
  const chunks: Buffer[] = [];
  let [kept, extended, cursor] = [0, false, 0];
  const keepUpTo = (end: number): void => {
    while (cursor < end) {
      const first = cursor;
      for (; cursor < end && !dropped[cursor]; cursor += 1)
        extended ||= (image.flags(cursor) & flag.extended) !== 0;
      kept += cursor - first;
      if (cursor > first) chunks.push(bytes.subarray(image.offset(first), image.offset(cursor)));
      while (cursor < end && dropped[cursor]) cursor += 1;
    }
  };
  for (const { name, entry } of added) {
    keepUpTo(image.lowerBound(name, entry.stage));
    chunks.push(newEntry(name, entry));
    extended ||= entry.skipWorktree === true;
  }
  keepUpTo(image.count);
  return { chunks, count: kept + added.length, extended };
}

function newEntry(name: Buffer, entry: NewEntry): Buffer {
  const extended = entry.skipWorktree ? flag.extended : 0;
  const flags = (entry.stage << 12) | extended | Math.min(name.length, flag.nameLength);
  const bytes = Buffer.alloc(paddedSize(fixedSize(flags) + name.length));
  if (entry.stat) writeStat(bytes, 0, entry.stat);
  bytes.writeUInt32BE(modeBits(entry.mode), field.mode);
  bytes.write(entry.oid, field.oid, 'hex');
  bytes.writeUInt16BE(flags, field.flags);
  if (entry.skipWorktree) bytes.writeUInt16BE(extendedFlag.skipWorktree, field.extendedFlags);
  name.copy(bytes, fixedSize(flags));
  return bytes;
}

function treeExtension(image: IndexImage, edit: IndexEdit): Buffer {
  const tree = edit.cacheTree ?? remainingTree(image, edit.set ?? new Map());
  if (!tree) return Buffer.alloc(0);
  const body = formatCacheTree(tree);
  const header = Buffer.alloc(8);
  header.write('TREE', 'latin1');
  header.writeUInt32BE(body.length, 4);
  return Buffer.concat([header, body]);
}

function remainingTree(
  image: IndexImage,
  set: ReadonlyMap<RepoPath, readonly NewEntry[]>,
): CacheTree | undefined {
  const tree = knownTree(image);
  return (
    tree &&
    invalidate(
      tree,
      [...set.keys()].map((path) => Buffer.from(path).toString('latin1')),
    )
  );
}

/** The bytes of an index that has these files and has not looked at any of them. */
export function buildIndex(files: readonly FileEntry[]): Buffer {
  const set = new Map(files.map((file) => [file.path, [{ ...file, stage: 0 as const }]]));
  return editIndex(emptyImage, { set }, () => false);
}
