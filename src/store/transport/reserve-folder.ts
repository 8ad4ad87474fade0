/** A folder that appears with everything in it, or not at all. */
import { dirname, join } from 'node:path';
import { ConfigError, isConfigError } from '../../errors.js';
import { ensureFolder, ioError, listIfPresent } from '../disk.js';
import { errnoOf, type Fs } from '../fs.js';
import { currentOwner, isDead, ownerFileName, parseOwnerFileName } from '../lock-owner.js';

export interface ReservedFolder {
  /** Where to build it: beside the folder, under a name that nobody uses and that says whose it is. */
  readonly path: string;
  /** Puts what was built in its place. Throws E_EXISTS when something came there meanwhile, E_IO. */
  publish(): void;
  /** Removes what was built, and the parents that were made for it. Does nothing after `publish`. */
  discard(): void;
}

const key = 'cfg-clone';

/**
 * `dir` (absolute) must be absent or an empty folder. What processes that died were building beside it is removed. Throws E_EXISTS, E_IO.
 */
export function reserveFolder(fs: Fs, dir: string): ReservedFolder {
  const isThere = requireFree(fs, dir);
  const parents = missingParents(fs, dir);
  removeAbandoned(fs, dirname(dir));
  const path = join(dirname(dir), `.${ownerFileName(key, currentOwner(fs))}`);
  let isOpen = true;
  ensureFolder({ fs, sync: false }, path);
  return {
    path,
    publish() {
      requireFree(fs, dir);
      try {
        if (isThere) moveContent(fs, path, dir);
        else fs.rename(path, dir);
      } catch (error) {
        throw ioError('write', dir, error);
      }
      isOpen = false;
    },
    discard() {
      if (!isOpen) return;
      isOpen = false;
      removeTree(fs, path);
      for (const parent of parents) if (fs.readdir(parent).length === 0) fs.rmdir(parent);
    },
  };
}

/** Says whether the folder is there. */
function requireFree(fs: Fs, dir: string): boolean {
  const found = fs.lstat(dir);
  if (found === undefined) return false;
  if (fs.stat(dir)?.kind === 'directory' && fs.readdir(dir).length === 0) return true;
  throw new ConfigError('E_EXISTS', `'${dir}' exists and is not an empty folder`, {
    hint: 'name another folder: cfg clone URL DIR',
    details: { dir },
  });
}

/** What another user left, or where nobody may look, stays; it is in nobody's way. */
function removeAbandoned(fs: Fs, folder: string): void {
  try {
    for (const { name } of listIfPresent(fs, folder)) {
      const found = parseOwnerFileName(name.slice(1));
      if (found?.key === key && isDead(found.owner, currentOwner(fs), fs)) removeTree(fs, join(folder, name));
    }
  } catch (error) {
    if (!isConfigError(error, 'E_IO') && errnoOf(error) === undefined) throw error;
  }
}

/** Those that have to be made, the innermost first. */
function missingParents(fs: Fs, dir: string): string[] {
  const missing: string[] = [];
  for (let at = dirname(dir); fs.stat(at) === undefined && dirname(at) !== at; at = dirname(at))
    missing.push(at);
  return missing;
}

/** What makes it a repository goes last. */
function moveContent(fs: Fs, from: string, to: string): void {
  const names = fs.readdir(from).map(({ name }) => name);
  for (const name of names.toSorted((a, b) => rank(a) - rank(b))) fs.rename(join(from, name), join(to, name));
  fs.rmdir(from);
}

function rank(name: string): number {
  return name === '.git' || name === 'HEAD' ? 1 : 0;
}

function removeTree(fs: Fs, path: string): void {
  for (const { name, kind } of fs.readdir(path)) {
    const inner = join(path, name);
    if (kind === 'directory') removeTree(fs, inner);
    else fs.unlink(inner);
  }
  fs.rmdir(path);
}
