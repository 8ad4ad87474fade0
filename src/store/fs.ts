/**
 * The only door to the disk. Everything in cfg that touches files does it through an `Fs`, so that a test can fail, tear or
 * record any single call. Synchronous on purpose: several times faster than promises for small files, and nothing of the same
 * process can come between two calls.
 */
import * as nodeFs from 'node:fs';
import { promisify } from 'node:util';
import { errnoOf, ioError } from './io-error.js';

export { errnoOf };

export interface FileStat {
  readonly kind: 'file' | 'directory' | 'symlink' | 'other';
  readonly size: number;
  /** Permission bits and type as the system has them. */
  readonly mode: number;
  readonly mtimeNs: bigint;
  readonly ctimeNs: bigint;
  readonly dev: number;
  readonly ino: number;
  readonly uid: number;
  readonly gid: number;
}

export interface DirectoryEntry {
  readonly name: string;
  readonly kind: FileStat['kind'];
}

/** Errors are those of node:fs (`code` ENOENT, EEXIST, ENOSPC, ...), wrapped by whoever knows what failed; where only looking failed, E_IO. */
export interface Fs {
  readFile(path: string): Buffer;
  /** `length` bytes from `position`; fewer at the end of the file. */
  readRange(path: string, position: number, length: number): Buffer;
  /** Undefined when nothing is there; a symlink is not followed. */
  lstat(path: string): FileStat | undefined;
  /** Undefined when nothing is there (or the link dangles); symlinks followed. */
  stat(path: string): FileStat | undefined;
  /** Sorted by name. */
  readdir(path: string): DirectoryEntry[];
  readlink(path: string): Buffer;
  realpath(path: string): string;
  /** Creates a file that must not exist yet (O_EXCL) and writes all of it. `sync`: fsync before it is closed. */
  createFile(
    path: string,
    data: Uint8Array,
    options?: { readonly mode?: number; readonly sync?: boolean },
  ): FileStat;
  appendFile(path: string, data: Uint8Array, options?: { readonly sync?: boolean }): void;
  rename(from: string, to: string): void;
  link(from: string, to: string): void;
  unlink(path: string): void;
  symlink(target: string, path: string): void;
  mkdir(path: string): void;
  rmdir(path: string): void;
  chmod(path: string, mode: number): void;
  /** Sets the modification time; default now. */
  touch(path: string, mtimeNs?: bigint): void;
  /** Makes the names in a folder durable. */
  syncDirectory(path: string): void;
  /** Makes a file, or the names in a folder, durable. Several at a time share one flush of the disk: many times faster than in turn. */
  sync(path: string): Promise<void>;
}

function kindOf(entry: nodeFs.Dirent): FileStat['kind'] {
  if (entry.isFile()) return 'file';
  if (entry.isDirectory()) return 'directory';
  return entry.isSymbolicLink() ? 'symlink' : 'other';
}

function kindOfMode(mode: number): FileStat['kind'] {
  const type = mode & nodeFs.constants.S_IFMT;
  if (type === nodeFs.constants.S_IFREG) return 'file';
  if (type === nodeFs.constants.S_IFDIR) return 'directory';
  return type === nodeFs.constants.S_IFLNK ? 'symlink' : 'other';
}

function fileStat(stat: nodeFs.BigIntStats): FileStat {
  const mode = Number(stat.mode);
  return {
    kind: kindOfMode(mode),
    size: Number(stat.size),
    mode,
    mtimeNs: stat.mtimeNs,
    ctimeNs: stat.ctimeNs,
    dev: Number(stat.dev),
    ino: Number(stat.ino),
    uid: Number(stat.uid),
    gid: Number(stat.gid),
  };
}

/** Nothing there is the usual answer, so that it is no error; where a file stands in the place of a folder it is one. */
const statOptions = { bigint: true, throwIfNoEntry: false } as const;

type StatCall = (path: string, options: typeof statOptions) => nodeFs.BigIntStats | undefined;

function statOrUndefined(call: StatCall, path: string): FileStat | undefined {
  try {
    const stat = call(path, statOptions);
    return stat && fileStat(stat);
  } catch (error) {
    if (isAbsence(error)) return undefined;
    throw ioError('read', path, error);
  }
}

function listed(path: string): nodeFs.Dirent[] {
  try {
    return nodeFs.readdirSync(path, { withFileTypes: true });
  } catch (error) {
    throw isAbsence(error) ? error : ioError('read', path, error);
  }
}

function isAbsence(error: unknown): boolean {
  return /^(ENOENT|ENOTDIR)$/.test(errnoOf(error) ?? '');
}

function withFile<T>(path: string, flags: string, mode: number, use: (fd: number) => T): T {
  const fd = nodeFs.openSync(path, flags, mode);
  try {
    return use(fd);
  } finally {
    nodeFs.closeSync(fd);
  }
}

/** Where most files fit into, so that nobody has to ask for their size. */
const small = Buffer.allocUnsafe(16_384);

/** The content of a small file; undefined for another. */
function readSmall(path: string): Buffer | undefined {
  return withFile(path, 'r', 0, (fd) => {
    for (let done = 0; done < small.length;) {
      const count = nodeFs.readSync(fd, small, done, small.length - done, null);
      if (count === 0) return Buffer.from(small.subarray(0, done));
      done += count;
    }
    return undefined;
  });
}

function writeAll(fd: number, data: Uint8Array): void {
  for (let done = 0; done < data.length;) done += nodeFs.writeSync(fd, data, done);
}

const flush = promisify(nodeFs.fsync);

/** The disk itself. */
export const nodeFileSystem: Fs = {
  readFile: (path) => readSmall(path) ?? nodeFs.readFileSync(path),
  readRange: (path, position, length) =>
    withFile(path, 'r', 0, (fd) => {
      const buffer = Buffer.allocUnsafe(length);
      let done = 0;
      while (done < length) {
        const count = nodeFs.readSync(fd, buffer, done, length - done, position + done);
        if (count === 0) break;
        done += count;
      }
      return buffer.subarray(0, done);
    }),
  lstat: (path) => statOrUndefined(nodeFs.lstatSync, path),
  stat: (path) => statOrUndefined(nodeFs.statSync, path),
  readdir: (path) =>
    listed(path)
      .map((entry) => ({ name: entry.name, kind: kindOf(entry) }))
      .toSorted((a, b) => (a.name < b.name ? -1 : 1)),
  readlink: (path) => nodeFs.readlinkSync(path, 'buffer'),
  realpath: (path) => nodeFs.realpathSync(path),
  createFile: (path, data, options = {}) =>
    withFile(path, 'wx', options.mode ?? 0o666, (fd) => {
      writeAll(fd, data);
      if (options.sync) nodeFs.fsyncSync(fd);
      return fileStat(nodeFs.fstatSync(fd, { bigint: true }));
    }),
  appendFile: (path, data, options = {}) =>
    withFile(path, 'a', 0o666, (fd) => {
      writeAll(fd, data);
      if (options.sync) nodeFs.fsyncSync(fd);
    }),
  rename: (from, to) => nodeFs.renameSync(from, to),
  link: (from, to) => nodeFs.linkSync(from, to),
  unlink: (path) => nodeFs.unlinkSync(path),
  symlink: (target, path) => nodeFs.symlinkSync(target, path),
  mkdir: (path) => nodeFs.mkdirSync(path),
  rmdir: (path) => nodeFs.rmdirSync(path),
  chmod: (path, mode) => nodeFs.chmodSync(path, mode),
  touch: (path, mtimeNs) => {
    const time = mtimeNs === undefined ? new Date() : Number(mtimeNs) / 1e9;
    nodeFs.utimesSync(path, time, time);
  },
  syncDirectory: (path) => withFile(path, 'r', 0, (fd) => nodeFs.fsyncSync(fd)),
  sync: async (path) => {
    // Only the flush itself is worth a hop to another thread.
    const fd = nodeFs.openSync(path, 'r');
    try {
      await flush(fd);
    } finally {
      nodeFs.closeSync(fd);
    }
  },
};
