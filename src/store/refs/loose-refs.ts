/** Refs that have a file of their own (git: refs/files-backend.c). */
import { dirname, join } from 'node:path';
import { ConfigError, shellWord } from '../../errors.js';
import { type Disk, readIfPresent } from '../disk.js';
import { errnoOf } from '../fs.js';
import { isPrivateRef, type Layout, refPath } from '../layout.js';
import { isOid } from '../objects/oid.js';
import type { Ref } from '../types.js';
import { isRefName } from './name.js';

/** Undefined when there is no such file. Throws E_CORRUPT when it holds no ref: never taken for "absent". */
export function readLooseRef({ fs }: Disk, layout: Layout, name: string): Ref | undefined {
  const text = readIfPresent(fs, refPath(layout, name))?.toString('utf8');
  return text === undefined ? undefined : parseLooseRef(name, text);
}

function parseLooseRef(name: string, text: string): Ref {
  const target = /^ref:\s*(\S+)\s*$/.exec(text)?.[1];
  if (target !== undefined && target.startsWith('refs/') && isRefName(target)) return { name, target };
  const oid = text.slice(0, 40);
  if (isOid(oid) && /^(\s|$)/.test(text.slice(40))) return { name, oid };
  throw new ConfigError('E_CORRUPT', `ref '${name}' is damaged`, {
    hint: `find its last value with: git reflog show ${shellWord(name)}; then: git update-ref ${shellWord(name)} ID`,
    details: { ref: name, content: text.slice(0, 80) },
  });
}

/** Names of the refs that have a file and begin with `prefix`, unsorted. Lock files and names that Git refuses are passed over. */
export function looseRefNames({ fs }: Disk, layout: Layout, prefix: string): string[] {
  const isLinked = layout.gitDir !== layout.commonDir;
  const roots = isLinked ? [layout.commonDir, layout.gitDir] : [layout.commonDir];
  const found: string[] = [];
  for (const root of roots) {
    const isPrivateRoot = root === layout.gitDir;
    const visit = (folder: string): void => {
      if (fs.stat(join(root, folder))?.kind !== 'directory') return;
      for (const { name, kind } of fs.readdir(join(root, folder))) {
        const path = `${folder}/${name}`;
        if (kind === 'directory') visit(path);
        else if (
          path.startsWith(prefix) &&
          isRefName(path) &&
          (!isLinked || isPrivateRef(path) === isPrivateRoot)
        )
          found.push(path);
      }
    };
    visit(prefix.slice(0, Math.max(0, prefix.lastIndexOf('/'))) || 'refs');
  }
  return found;
}

/** Removes empty folders from `folder` upwards, as far as `root`, which stays. An empty folder that cannot be removed does no harm. */
export function removeEmptyFolders({ fs }: Disk, folder: string, root: string): void {
  for (let at = folder; at !== root && at.startsWith(root); at = dirname(at)) {
    try {
      fs.rmdir(at);
    } catch (error) {
      if (errnoOf(error) === 'ENOENT') continue;
      if (errnoOf(error) === undefined) throw error;
      return;
    }
  }
}

/** Removes a folder that holds nothing but empty folders: Git leaves such behind, and they stand in the way of a ref. */
export function removeEmptyTree(disk: Disk, folder: string): void {
  if (disk.fs.lstat(folder)?.kind !== 'directory') return;
  for (const { name, kind } of disk.fs.readdir(folder)) {
    if (kind !== 'directory') return;
    removeEmptyTree(disk, join(folder, name));
  }
  removeEmptyFolders(disk, folder, dirname(folder));
}
