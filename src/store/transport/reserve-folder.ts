/** A folder that appears with everything in it, or not at all. */
import { basename, dirname, join } from 'node:path';
import { ConfigError } from '../../errors.js';
import { ensureFolder, ioError, temporaryName } from '../disk.js';
import type { Fs } from '../fs.js';

export interface ReservedFolder {
  /** Where to build it: beside the folder, under a name that nobody uses. */
  readonly path: string;
  /** Puts what was built in its place. Throws E_EXISTS when something came there meanwhile, E_IO. */
  publish(): void;
  /** Removes what was built, and the parents that were made for it. Does nothing after `publish`. */
  discard(): void;
}

/** `dir` (absolute) must be absent or an empty folder. Throws E_EXISTS, E_IO. */
export function reserveFolder(fs: Fs, dir: string): ReservedFolder {
  const isThere = requireFree(fs, dir);
  const parents = missingParents(fs, dir);
  const path = join(dirname(dir), temporaryName(`.${basename(dir)}.tmp`));
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
