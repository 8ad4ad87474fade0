import { ConfigError, shellWord } from '../../errors.js';
import { atomicWrite, ioError } from '../disk.js';
import { checkRepoPath } from '../paths.js';
import { parentsOf } from '../staging/index.js';
import type { FileContent, RepoPath } from '../types.js';
import { isFile, modeOf, readContent } from './content.js';
import type { WorktreeContext } from './context.js';
import { Folders } from './folders.js';
import { temporaryPath } from './temporary.js';

/** A file as it is now; undefined when there is none, or a folder above it is a symlink. Throws E_BAD_PATH, E_LIMIT, E_IO. */
export function readFile(
  { disk, root, rules }: WorktreeContext,
  path: RepoPath,
  maxBytes: number = Infinity,
): FileContent | undefined {
  checkRepoPath(path);
  const folders = new Folders(disk.fs, root);
  const stat = folders.stat(path);
  if (!stat || !isFile(stat)) return undefined;
  if (stat.size > maxBytes)
    throw new ConfigError('E_LIMIT', `'${path}' is larger than ${maxBytes} bytes`, { details: { path } });
  const data = readContent(disk.fs, folders.fsPath(path), stat.kind);
  return { path, mode: modeOf(stat, { ...rules, fileMode: true }, undefined), data };
}

/** What `reader` of the worktree gives. */
export function fileReader({ disk, root }: WorktreeContext): (path: RepoPath) => Uint8Array | undefined {
  const folders = new Folders(disk.fs, root);
  return (path) => {
    checkRepoPath(path);
    return folders.hasParents(path) ? readContent(disk.fs, folders.fsPath(path), 'file') : undefined;
  };
}

/**
 * Replaces one file in one step, keeping its permissions; folders above it are made. Throws E_BAD_PATH (a symlink, a folder or something else stands
 * there or above, or the folder is of another repository) and E_IO.
 */
export function writeFile(context: WorktreeContext, path: RepoPath, data: Uint8Array): void {
  checkRepoPath(path);
  const { fs } = context.disk;
  const folders = new Folders(fs, context.root);
  const stat = folders.stat(path);
  const obstacle = folders.obstacle(path) ?? (stat && stat.kind !== 'file' ? path : undefined);
  if (obstacle !== undefined) {
    throw new ConfigError(
      'E_BAD_PATH',
      `cannot write '${path}': '${obstacle}' is no ordinary file or folder`,
      {
        hint: `move '${obstacle}' away, or choose another name`,
        details: { path, obstacle },
      },
    );
  }
  refuseForeign(folders, path);
  folders.create(path);
  const fsPath = folders.fsPath(path);
  const mode = stat && stat.mode & 0o777;
  const temp = temporaryPath(context);
  atomicWrite(fs, fsPath, data, { temp, sync: context.syncFiles, ...(mode === undefined ? {} : { mode }) });
  try {
    // The umask may have taken a bit away.
    if (mode !== undefined && ((fs.lstat(fsPath)?.mode ?? mode) & 0o777) !== mode) fs.chmod(fsPath, mode);
  } catch (error) {
    throw ioError('write', fsPath, error);
  }
}

/** Throws E_BAD_PATH below a submodule or any other repository: its files are not this repository's. */
function refuseForeign(folders: Folders, path: RepoPath): void {
  const foreign = parentsOf(path).find((parent) => folders.stat(`${parent}/.git`) !== undefined);
  if (foreign === undefined) return;
  throw new ConfigError('E_BAD_PATH', `cannot write '${path}': '${foreign}' is a repository of its own`, {
    hint: `work there: cfg -C ${shellWord(foreign)} …`,
    details: { path, obstacle: foreign },
  });
}
