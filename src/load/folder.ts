import {
  closeSync,
  constants,
  fstatSync,
  openSync,
  readdirSync,
  readFileSync,
  realpathSync,
  statSync,
} from 'node:fs';
import { resolve, sep } from 'node:path';
import { ConfigError, shellWord } from '../errors.js';
import { absent, type Look, type Mark, markOf } from './mark.js';
import { checkPath, decodeText } from './text.js';
import type { LocatedFiles } from './source/looks.js';
import type { Environment, Listing } from './types.js';

/** More than any configuration file has; read before it is parsed, so it must fit into memory. */
const maxBytes = 32 * 1024 * 1024;

/** More folders than any configuration has below one of its own. */
const maxFolders = 10_000;

/**
 * The files of a folder, in a repository or not. Nothing outside of it is read: no `..`, no absolute path, no symbolic link that leads out
 * (links inside, as those of a mounted Kubernetes ConfigMap, are followed). Only regular files are read.
 *
 * `read` throws E_BAD_PATH, E_SOURCE (unreadable, no regular file, no such folder), E_LIMIT (over 32 MiB), E_INVALID (not UTF-8).
 *
 * @param mark tells of a file how it stood before it is read
 */
export function folderFiles(dir: string, env: Environment, mark: Look = markOf): LocatedFiles {
  const root = realPath(resolve(dir), dir);
  if (root === undefined) throw new ConfigError('E_SOURCE', `folder '${dir}' does not exist`);
  const inside = (repoPath: string, path: string): string | undefined => {
    const target = realPath(resolve(root, repoPath), path);
    if (target === undefined || target === root) return target;
    if (!target.startsWith(root.endsWith(sep) ? root : root + sep)) throw leadsOut(path);
    return target;
  };
  return {
    read: (path) => {
      const repoPath = checkPath(path);
      const place = { fsPath: resolve(dir, repoPath), path, root };
      return textOf(place, mark(place.fsPath), () => inside(repoPath, path));
    },
    list: (folder, deep) => listFolder(folder === '' ? '' : checkPath(folder), { deep, inside }),
    readAt: async (revision, path) => {
      const { revisionFiles } = await import('./revision.js');
      return (await revisionFiles({ dir: root, env, rev: revision })).read(path);
    },
    // Not below the real root: a link on the way to the folder may come to lead elsewhere.
    placeOf: (path, kind) => ({ kind, fsPath: resolve(dir, path) }),
    revisionPlace: (revision) => ({ kind: 'revision', dir: root, revision }),
  };
}

/** The text of a file anywhere, links followed; undefined when there is none. Throws what `read` of a folder throws. */
export function readAbsolute(fsPath: string): string | undefined {
  return textOf({ fsPath, path: fsPath, root: '' }, markOf(fsPath), () => realPath(fsPath, fsPath));
}

interface ListOptions {
  readonly deep: boolean;
  /** The real path of a repository path that is inside. */
  readonly inside: (repoPath: string, path: string) => string | undefined;
}

/** A folder that a link leads back to is looked into once. */
function listFolder(folder: string, { deep, inside }: ListOptions): Listing {
  const files: string[] = [];
  const folders = new Map<string, string>();
  const queue = [folder];
  for (const path of queue) {
    const target = inside(path, path);
    if (target === undefined || folders.has(target)) continue;
    folders.set(target, path);
    if (folders.size > maxFolders)
      throw new ConfigError('E_LIMIT', `'${folder}' has more than ${maxFolders} folders`);
    for (const name of namesIn(target, path)) {
      const entry = path === '' ? name : `${path}/${name}`;
      const kind = kindOf(resolve(target, name), entry);
      if (kind === 'file') files.push(entry);
      else if (kind === 'folder' && deep) queue.push(entry);
    }
  }
  return { files: files.toSorted(), folders: [...folders.values()] };
}

/** Nothing for what is no folder. */
function namesIn(fsPath: string, path: string): readonly string[] {
  try {
    return readdirSync(fsPath).filter((name) => !name.startsWith('.'));
  } catch (error) {
    if (isSystemError(error, 'ENOENT', 'ENOTDIR')) return [];
    throw unreadable(path, error);
  }
}

/** What a name stands for, links followed; undefined for what was removed meanwhile, and for sockets and the like. */
function kindOf(fsPath: string, path: string): 'file' | 'folder' | undefined {
  try {
    const stat = statSync(fsPath, { throwIfNoEntry: false });
    if (stat?.isDirectory() === true) return 'folder';
    return stat?.isFile() === true ? 'file' : undefined;
  } catch (error) {
    if (isSystemError(error, 'ELOOP')) return undefined;
    throw unreadable(path, error);
  }
}

/** Undefined when nothing is there, or a link that leads nowhere. */
function realPath(fsPath: string, path: string): string | undefined {
  try {
    return realpathSync.native(fsPath);
  } catch (error) {
    if (isSystemError(error, 'ENOENT', 'ENOTDIR')) return undefined;
    throw unreadable(path, error);
  }
}

/** A file as it was when it was read. */
interface KnownText {
  readonly text: string;
  /** Of its mark. */
  readonly identity: string;
  /** Whether the mark had been the same for some time by then. */
  readonly isSettled: boolean;
}

const maxKnown = 500;
/** By the path that was asked for and the folder that it may not lead out of: what one may read, another need not. */
const known = new Map<string, KnownText>();
/** Coarser than the time stamps of any file system (FAT: 2 s). */
const settledMs = 2500;

/**
 * The text of a file; undefined when there is none. It is neither followed nor read again while its mark is that of an earlier reading, and had
 * been for some time by then: a file that is written twice within the resolution of its time stamps has the same mark
 * (git: Documentation/technical/racy-git).
 *
 * @param mark of the file, before it is read
 * @param follow where the path leads, undefined for nowhere; throws where that may not be read
 */
function textOf(
  { fsPath, path, root }: Place,
  mark: Mark,
  follow: () => string | undefined,
): string | undefined {
  const key = `${root}\0${fsPath}`;
  const before = known.get(key);
  if (before?.isSettled === true && before.identity === mark.identity) return before.text;
  const target = follow();
  return target === undefined ? undefined : readText(target, path, { key, before, mark });
}

interface Place {
  readonly fsPath: string;
  /** As it was asked for. */
  readonly path: string;
  /** The folder that it may not lead out of; '' for none. */
  readonly root: string;
}

interface Reading {
  readonly key: string;
  readonly before: KnownText | undefined;
  readonly mark: Mark;
}

function readText(target: string, path: string, { key, before, mark }: Reading): string {
  const { identity, size, changedMs } = mark;
  const isSettled = size !== absent.size && changedMs + settledMs < Date.now();
  const text = decodeText(readRegularFile(target, path), path);
  known.delete(key);
  known.set(key, { text: before?.text === text ? before.text : text, identity, isSettled });
  const [oldest] = known.keys();
  if (known.size > maxKnown && oldest !== undefined) known.delete(oldest);
  return text;
}

/** Opened without following a link or waiting for a writer: the path was resolved a moment ago, and may be something else now. */
function readRegularFile(fsPath: string, path: string): Uint8Array {
  let file: number | undefined;
  try {
    file = openSync(fsPath, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    const stat = fstatSync(file);
    if (!stat.isFile()) throw new ConfigError('E_SOURCE', `'${path}' is not a regular file`);
    if (stat.size > maxBytes) throw new ConfigError('E_LIMIT', `'${path}' is larger than ${maxBytes} bytes`);
    return readFileSync(file);
  } catch (error) {
    throw error instanceof ConfigError ? error : unreadable(path, error);
  } finally {
    if (file !== undefined) closeSync(file);
  }
}

function isSystemError(error: unknown, ...codes: readonly string[]): boolean {
  return error instanceof Error && 'code' in error && codes.includes(String(error.code));
}

function unreadable(path: string, cause: unknown): ConfigError {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown reason';
  const denied = code === 'EACCES' || code === 'EPERM';
  return new ConfigError('E_SOURCE', `cannot read '${path}' (${code})`, {
    ...(denied && { hint: `see who may: ls -ld ${shellWord(path)}` }),
    cause,
  });
}

function leadsOut(path: string): ConfigError {
  return new ConfigError('E_BAD_PATH', `'${path}' is a link that leads out of the folder`, {
    hint: 'cfg reads nothing outside of the folder: copy the file into it',
  });
}
