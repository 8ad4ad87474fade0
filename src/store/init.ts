/** Makes a repository. HEAD is written last: until it is there nothing takes the folder for one, and running init again heals it. */
import { join, resolve } from 'node:path';
import { ConfigError } from '../errors.js';
import { atomicWrite, type Disk, ensureFolder } from './disk.js';
import { isGitFolder } from './discover.js';
import { nodeFileSystem } from './fs.js';
import { ownedPath, temporaryKey } from './lock-owner.js';
import { diskOf, openStore, type StoreOptions } from './open.js';
import { checkBranchName } from './refs/name.js';
import type { Store } from './types.js';

export interface InitOptions extends StoreOptions {
  /** Without a worktree: `dir` itself becomes the Git folder. Default false. */
  readonly bare?: boolean;
  /** The short name of the first branch. Default `main`. */
  readonly branch?: string;
}

export interface InitResult {
  readonly store: Store;
  /** False when a repository was there already; it is left as it is. */
  readonly created: boolean;
}

/** Throws E_BAD_REF_NAME, E_BAD_PATH (a file), E_EXISTS (a bare one where one with a worktree is), E_IO, and what `openStore` throws. */
export async function initStore(options: InitOptions): Promise<InitResult> {
  const { dir, fs = nodeFileSystem, bare = false, branch = 'main' } = options;
  checkBranchName(branch);
  const root = resolve(dir);
  if (fs.stat(root)?.kind === 'file')
    throw new ConfigError('E_BAD_PATH', `'${dir}' is a file, not a folder`, {
      hint: 'name a folder: cfg init DIR',
    });
  const inner = join(root, '.git');
  if (bare && fs.lstat(inner) !== undefined)
    throw new ConfigError('E_EXISTS', `'${dir}' has a repository with a worktree already`, {
      hint: 'name another folder: cfg init --bare DIR',
    });
  // A bare repository stays one: another inside of it would hide it.
  const gitDir = bare || (isGitFolder(fs, root) && fs.lstat(inner) === undefined) ? root : inner;
  // A `.git` file (a linked worktree, a submodule) leads to a repository that is there already.
  const isThere = isGitFolder(fs, gitDir) || fs.lstat(gitDir)?.kind === 'file';
  if (!isThere) completeFolder(diskOf({ commonDir: gitDir }, options), gitDir, { bare, branch });
  return { store: await openStore({ ...options, dir: root }), created: !isThere };
}

const folders = ['objects/info', 'objects/pack', 'refs/heads', 'refs/tags', 'info'];

/** Writes what is not there yet of what every repository has. Throws E_IO. */
export function completeFolder(
  disk: Disk,
  gitDir: string,
  { bare, branch }: { bare: boolean; branch: string },
): void {
  for (const folder of folders) ensureFolder(disk, join(gitDir, folder));
  const files: Readonly<Record<string, string>> = {
    config: `[core]\n\trepositoryformatversion = 0\n\tfilemode = true\n\tbare = ${bare}\n${bare ? '' : '\tlogallrefupdates = true\n'}`,
    description: "Unnamed repository; edit this file 'description' to name the repository.\n",
    'info/exclude': '# Patterns of files that this repository ignores on this machine only.\n',
    HEAD: `ref: refs/heads/${branch}\n`,
  };
  for (const [name, content] of Object.entries(files)) {
    const path = join(gitDir, name);
    if ((disk.fs.stat(path)?.size ?? 0) === 0)
      atomicWrite(disk.fs, path, Buffer.from(content, 'utf8'), {
        sync: disk.sync,
        temp: ownedPath(disk, temporaryKey),
      });
  }
}
