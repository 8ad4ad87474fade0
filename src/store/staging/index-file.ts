import { join } from 'node:path';
import { type Disk, ioError } from '../disk.js';
import type { FileStat } from '../fs.js';
import { type FileLock, withLock } from '../lock.js';
import type { Index, IndexEntry, IndexStore, RepoPath } from '../types.js';
import { editIndex, type IndexEdit, type NewEntry } from './edit.js';
import type { IndexImage } from './image.js';
import { emptyImage, noSum, parseIndex, parseWhole, trailerOf, trailerSize } from './parse.js';

export interface IndexOptions {
  readonly disk: Disk;
  /** The folder with the index: for a linked worktree its own, not the common one. */
  readonly gitDir: string;
  /** Another file than `index` in that folder, absolute. */
  readonly file?: string | undefined;
  /**
   * Whether the file of an entry has another content than the entry; asked about entries too young to tell from stat data. By
   * default they all count as modified, which is safe but makes git read those files again.
   */
  readonly isModified?: IsModified;
}

export type IsModified = (image: IndexImage, at: number) => boolean;

/** The index as the worktree uses it: by entry number, with stat data. */
export interface IndexFile extends IndexStore {
  /** The index as it is now; parsed again only when the file changed. Throws E_CORRUPT, E_UNSUPPORTED_REPOSITORY, E_IO. */
  load(): IndexImage;
  /**
   * Writes what `plan` wants, under `index.lock`. The plan sees the index as it is once the lock is held and runs to its end before
   * anyone else can change it; no edit, or a throw, leaves the file as it was. `wait` false: E_LOCKED at once when someone holds it. Throws E_LOCKED, E_IO.
   */
  edit<T>(
    plan: (image: IndexImage) => { readonly edit?: IndexEdit; readonly result: T },
    options?: { readonly wait: boolean },
  ): Promise<T>;
}

/** The index of a repository on disk. An absent file is an empty index. */
export function openIndex({ disk, gitDir, file, isModified = always }: IndexOptions): IndexFile {
  const path = file ?? join(gitDir, 'index');
  let cached: CachedFile | undefined;
  let written: Buffer | undefined;

  const load = (): IndexImage => {
    try {
      const stat = disk.fs.stat(path);
      if (!stat) return emptyImage;
      if (cached?.isSettled && isSameFile(cached.stat, stat)) return cached.image;
      cached = readCached(disk, path, { stat, cached, written });
      written = undefined;
      return cached.image;
    } catch (error) {
      throw ioError('read', path, error);
    }
  };
  const write = (lock: FileLock, image: IndexImage, edit: IndexEdit): void => {
    const bytes = editIndex(image, edit, (at) => isModified(image, at));
    lock.stage(bytes);
    lock.commit();
    written = bytes;
  };
  const edit: IndexFile['edit'] = (plan, { wait } = { wait: true }) =>
    withLock(wait ? disk : { ...disk, lockTimeoutMs: 0 }, path, (lock) => {
      const image = load();
      const planned = plan(image);
      if (planned.edit) write(lock, image, planned.edit);
      return planned.result;
    });
  return {
    load,
    edit,
    read: () => indexOf(load()),
    find: (paths) => {
      const image = load();
      return paths.flatMap((one) => entriesAt(image, one));
    },
    unmerged: () => unmergedPaths(load()),
    update: (change) =>
      edit((image) => {
        const before = indexOf(image);
        const set = changedPaths(before.entries, change(before));
        return { ...(set.size > 0 ? { edit: { set } } : {}), result: undefined };
      }),
  };
}

/** The index as it was read last. */
interface CachedFile {
  readonly stat: FileStat;
  readonly file: Buffer;
  readonly image: IndexImage;
  /** The file was old enough when it was read that any later change shows in its stat data. */
  readonly isSettled: boolean;
}

/** More than the clock of any file system that keeps fractions of a second is behind, and inode numbers are used again. */
const settledMs = 100;

/**
 * Reads the file again, or only its last bytes: they are the checksum of all others, so they tell whether it is one that is known
 * already (unless git was told to write none: index.skipHash).
 */
function readCached({ fs }: Disk, path: string, { stat, cached, written }: Remembered): CachedFile {
  const ageMs = Date.now() - Number(stat.mtimeNs / 1_000_000n);
  const isSettled = ageMs > settledMs;
  const candidates = [cached?.file, written].filter((file) => file?.length === stat.size);
  const sum =
    candidates.length === 0 ? noSum : fs.readRange(path, Math.max(0, stat.size - trailerSize), trailerSize);
  const known = sum.equals(noSum)
    ? undefined
    : candidates.find((file) => file && trailerOf(file).equals(sum));
  if (cached !== undefined && cached.file === known && isSameFile(cached.stat, stat))
    return { ...cached, isSettled };
  const file = known ?? fs.readFile(path);
  const parse = known === undefined ? parseIndex : parseWhole;
  return { stat, file, image: parse(file, stat.mtimeNs), isSettled };
}

interface Remembered {
  readonly stat: FileStat;
  readonly cached: CachedFile | undefined;
  /** What this store wrote last. */
  readonly written: Buffer | undefined;
}

const always: IsModified = () => true;

function isSameFile(a: FileStat, b: FileStat): boolean {
  return a.ino === b.ino && a.size === b.size && a.mtimeNs === b.mtimeNs && a.ctimeNs === b.ctimeNs;
}

function indexOf(image: IndexImage): Index {
  return { entries: Array.from({ length: image.count }, (_, at) => image.entry(at)) };
}

function entriesAt(image: IndexImage, path: RepoPath): IndexEntry[] {
  const [low, high] = image.range(Buffer.from(path));
  return Array.from({ length: high - low }, (_, at) => image.entry(low + at));
}

/** Paths that have entries of a conflict, sorted. */
export function unmergedPaths(image: IndexImage): RepoPath[] {
  const paths = new Set<RepoPath>();
  for (let at = 0; at < image.count; at += 1) if (image.stage(at) !== 0) paths.add(image.path(at));
  return [...paths].toSorted();
}

function byPath(entries: readonly IndexEntry[]): Map<RepoPath, IndexEntry[]> {
  const paths = new Map<RepoPath, IndexEntry[]>();
  for (const entry of entries) {
    const list = paths.get(entry.path);
    if (list) list.push(entry);
    else paths.set(entry.path, [entry]);
  }
  return paths;
}

/** The paths whose entries are not what they were, so that all others keep their stat data and flags. */
function changedPaths(
  before: readonly IndexEntry[],
  after: readonly IndexEntry[],
): Map<RepoPath, readonly NewEntry[]> {
  const [old, wanted] = [byPath(before), byPath(after)];
  const changed = new Map<RepoPath, readonly NewEntry[]>();
  for (const path of old.keys()) if (!wanted.has(path)) changed.set(path, []);
  for (const [path, entries] of wanted) {
    if (!isSameList(old.get(path) ?? [], entries)) changed.set(path, entries);
  }
  return changed;
}

function isSameList(a: readonly IndexEntry[], b: readonly IndexEntry[]): boolean {
  return a.length === b.length && signature(a) === signature(b);
}

function signature(entries: readonly IndexEntry[]): string {
  return entries
    .map(({ stage, mode, oid }) => `${stage} ${mode} ${oid}`)
    .toSorted()
    .join();
}
