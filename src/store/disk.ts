/** Small file operations that every part of the store shares: read what may be absent, make folders, replace a file in one step. */
import { dirname, join } from 'node:path';
import { isConfigError } from '../errors.js';
import type { DirectoryEntry, Fs } from './fs.js';
import { errnoOf, ioError } from './io-error.js';

export { errnoOf, ioError };

/** The disk as the store uses it. */
export interface Disk {
  readonly fs: Fs;
  /** Whether what is written must survive a power cut (durability `commit` and `all`). */
  readonly sync: boolean;
  /** How long to wait for a lock that someone else holds, in milliseconds. */
  readonly lockTimeoutMs: number;
  /** Where the owners of locks are recorded. */
  readonly ownersDir: string;
}

export interface AtomicWriteOptions {
  /** Survive a power cut: fsync the file and then its folder. Default true. */
  readonly sync?: boolean;
  /** Permission bits before the umask. Default 0o666. */
  readonly mode?: number;
  /** Where the content stands meanwhile, on the same file system. Default a name of its own beside the file. */
  readonly temp?: string;
}

/**
 * Replaces a file in one step: a reader (or a crash) sees the old content or the new, never a part. The folder must exist.
 *
 * Throws E_IO and leaves nothing behind.
 */
export function atomicWrite(fs: Fs, path: string, data: Uint8Array, options: AtomicWriteOptions = {}): void {
  const { sync = true, mode = 0o666, temp = join(dirname(path), temporaryName('tmp_cfg')) } = options;
  try {
    fs.createFile(temp, data, { mode, sync });
    fs.rename(temp, path);
  } catch (error) {
    removeQuietly(fs, temp);
    throw ioError('write', path, error);
  }
  if (sync) syncFolder(fs, dirname(path));
}

let counter = 0;

/** A file name that no other process and no other call uses. */
export function temporaryName(prefix: string): string {
  counter += 1;
  return `${prefix}_${process.pid.toString(36)}${counter.toString(36)}${Math.random().toString(36).slice(2, 10)}`;
}

const absent = new Set(['ENOENT', 'ENOTDIR', 'EISDIR']);

/** The content of a file; undefined when there is none (or a folder stands there). Throws E_IO. */
export function readIfPresent(fs: Fs, path: string): Buffer | undefined {
  try {
    return fs.readFile(path);
  } catch (error) {
    if (absent.has(errnoOf(error) ?? '')) return undefined;
    throw ioError('read', path, error);
  }
}

/** Whether anything stands at a path. Throws E_IO. */
export function isPresent(fs: Fs, path: string): boolean {
  try {
    return fs.lstat(path) !== undefined;
  } catch (error) {
    throw ioError('read', path, error);
  }
}

/** What is in a folder; nothing when there is no such folder, or not any more: others remove empty ones. Throws E_IO. */
export function listIfPresent(fs: Fs, folder: string): readonly DirectoryEntry[] {
  try {
    return fs.readdir(folder);
  } catch (error) {
    if (/^(ENOENT|ENOTDIR)$/.test(errnoOf(error) ?? '')) return [];
    throw ioError('read', folder, error);
  }
}

/** The content of a file that this user need not be able to read; undefined when there is none, or it is not for him. Throws E_IO. */
export function readIfAllowed(fs: Fs, path: string): Buffer | undefined {
  try {
    return readIfPresent(fs, path);
  } catch (error) {
    if (isConfigError(error, 'E_IO') && error.details?.['errno'] === 'EACCES') return undefined;
    throw error;
  }
}

/** Removes a file; says whether there was one. Throws E_IO. */
export function removeIfPresent(fs: Fs, path: string): boolean {
  try {
    fs.unlink(path);
    return true;
  } catch (error) {
    if (absent.has(errnoOf(error) ?? '')) return false;
    throw ioError('remove', path, error);
  }
}

/**
 * Removes what a failure may have left, or what is of no more use. Fails nothing: what came before is what is to be told (where nothing can
 * be written, nothing can be removed either), and what stays goes with what dead processes leave.
 */
export function removeQuietly(fs: Fs, path: string): void {
  try {
    removeIfPresent(fs, path);
  } catch (error) {
    if (!isConfigError(error, 'E_IO')) throw error;
  }
}

/** Gives a file the present time; false when the system does not allow it. */
export function touch(fs: Fs, path: string): boolean {
  try {
    fs.touch(path);
    return true;
  } catch (error) {
    if (errnoOf(error) === undefined) throw error;
    return false;
  }
}

/**
 * Puts several new files in their places. All are written and made durable under temporary names first, so that no name ever
 * shows a file that is not whole. Throws E_IO; then the temporary files are gone.
 */
export async function publishFiles(disk: Disk, files: readonly NewFile[]): Promise<void> {
  const { fs, sync } = disk;
  const temps = new Map<string, string>();
  try {
    for (const file of files) temps.set(createTemporary(disk, file), file.path);
    if (sync) await syncAll(fs, temps.keys());
    for (const [temp, path] of temps) {
      renameFile(fs, temp, path);
      temps.delete(temp);
    }
  } catch (error) {
    for (const temp of temps.keys()) removeQuietly(fs, temp);
    throw error;
  }
  if (sync) await syncAll(fs, new Set(files.flatMap(({ path }) => [dirname(path), dirname(dirname(path))])));
}

/** A file for {@link publishFiles}; `prefix` begins its temporary name. */
export interface NewFile {
  readonly path: string;
  readonly data: Uint8Array;
  readonly prefix: string;
}

/** Read-only, as Git makes objects and packs. */
const objectMode = 0o444;

function createTemporary(disk: Disk, { path, data, prefix }: NewFile): string {
  const { fs } = disk;
  for (let attempt = 0; ; attempt += 1) {
    const temp = join(dirname(path), temporaryName(prefix));
    try {
      fs.createFile(temp, data, { mode: objectMode });
      return temp;
    } catch (error) {
      removeQuietly(fs, temp);
      // The folder is new, or a `git gc` just removed it because it was empty.
      if (errnoOf(error) !== 'ENOENT' || attempt === 5) throw ioError('write', path, error);
      ensureFolder({ fs, sync: false }, dirname(path));
    }
  }
}

function renameFile(fs: Fs, from: string, to: string): void {
  try {
    fs.rename(from, to);
  } catch (error) {
    throw ioError('write', to, error);
  }
}

/** Creates a folder with its parents where they are missing. Throws E_IO. */
export function ensureFolder(disk: Pick<Disk, 'fs' | 'sync'>, path: string): void {
  if (disk.fs.stat(path)?.kind === 'directory') return;
  try {
    disk.fs.mkdir(path);
  } catch (error) {
    const code = errnoOf(error);
    if (code === 'EEXIST' && disk.fs.stat(path)?.kind === 'directory') return;
    if (code !== 'ENOENT' || dirname(path) === path) throw ioError('create folder', path, error);
    ensureFolder(disk, dirname(path));
    ensureFolder(disk, path);
    return;
  }
  if (disk.sync) syncFolder(disk.fs, dirname(path));
}

/** Systems that cannot fsync a folder say so with one of these; there is nothing to make durable then. */
const cannotSync = new Set(['EINVAL', 'ENOTSUP', 'EISDIR', 'EPERM']);

/** Makes the names in a folder durable. Throws E_IO. */
export function syncFolder(fs: Fs, path: string): void {
  try {
    fs.syncDirectory(path);
  } catch (error) {
    if (!cannotSync.has(errnoOf(error) ?? '')) throw ioError('write', path, error);
  }
}

/** Makes files, or the names in folders, durable, all at a time. Throws E_IO. */
export async function syncAll(fs: Fs, paths: Iterable<string>): Promise<void> {
  const syncOne = async (path: string): Promise<void> => {
    try {
      await fs.sync(path);
    } catch (error) {
      if (!cannotSync.has(errnoOf(error) ?? '')) throw ioError('write', path, error);
    }
  };
  await Promise.all([...paths].map(syncOne));
}
