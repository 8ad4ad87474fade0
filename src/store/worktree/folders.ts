import { ioError, syncFolder } from '../disk.js';
import { errnoOf } from '../fs.js';
import type { FileStat, Fs } from '../fs.js';
import { parentsOf } from '../staging/index.js';
import type { RepoPath } from '../types.js';
import { statFile } from './content.js';

/**
 * The folders of a worktree, each looked at once: a path is only used after every folder above it was seen to be a real one, so that nothing is
 * reached through a symlink. Made for one operation and then forgotten.
 */
export class Folders {
  private readonly real = new Set<RepoPath>();
  private readonly fs: Fs;
  private readonly root: string;

  constructor(fs: Fs, root: string) {
    this.fs = fs;
    this.root = root;
  }

  fsPath(path: RepoPath): string {
    return path === '' ? this.root : `${this.root}/${path}`;
  }

  /** What is at a path; undefined when nothing is, or when a folder above it is a symlink or a file. Throws E_IO. */
  stat(path: RepoPath): FileStat | undefined {
    return this.hasParents(path) ? statFile(this.fs, this.fsPath(path)) : undefined;
  }

  /** Whether the folder that a path is in is there, and reached without a symlink. Throws E_IO. */
  hasParents(path: RepoPath): boolean {
    const parent = path.slice(0, Math.max(path.lastIndexOf('/'), 0));
    if (parent === '' || this.real.has(parent)) return true;
    return this.obstacle(path) === undefined && this.real.has(parent);
  }

  /** The first thing on the way to `path` that is no folder. Throws E_IO. */
  obstacle(path: RepoPath): RepoPath | undefined {
    for (const parent of parentsOf(path).toReversed()) {
      if (this.real.has(parent)) continue;
      const stat = statFile(this.fs, this.fsPath(parent));
      if (!stat) return undefined;
      if (stat.kind !== 'directory') return parent;
      this.real.add(parent);
    }
    return undefined;
  }

  /** Creates the folders above a path. Throws E_IO (also when something else is in the way). */
  create(path: RepoPath): void {
    for (const parent of parentsOf(path).toReversed()) {
      if (this.real.has(parent)) continue;
      const fsPath = this.fsPath(parent);
      try {
        if (this.fs.lstat(fsPath)?.kind !== 'directory') this.fs.mkdir(fsPath);
      } catch (error) {
        throw ioError('create folder', fsPath, error);
      }
      this.real.add(parent);
    }
  }

  /** Removes the folders above a path that are empty now. Throws E_IO. */
  removeEmptyParents(path: RepoPath): void {
    for (const parent of parentsOf(path)) {
      if (!this.removeIfEmpty(parent)) return;
    }
  }

  /** Removes a folder in which there is nothing but empty folders; does nothing to any other. Throws E_IO. */
  removeEmpty(path: RepoPath): void {
    for (const { name, kind } of this.list(path))
      if (kind === 'directory') this.removeEmpty(`${path}/${name}`);
    this.removeIfEmpty(path);
  }

  /** The files (of any kind, `.git` included) below a folder. Throws E_IO. */
  filesBelow(path: RepoPath): RepoPath[] {
    return this.list(path).flatMap(({ name, kind }) =>
      kind === 'directory' ? this.filesBelow(`${path}/${name}`) : [`${path}/${name}`],
    );
  }

  sync(path: RepoPath): void {
    syncFolder(this.fs, this.fsPath(parentsOf(path)[0] ?? ''));
  }

  private list(path: RepoPath): ReturnType<Fs['readdir']> {
    try {
      return this.fs.readdir(this.fsPath(path));
    } catch (error) {
      throw ioError('read', this.fsPath(path), error);
    }
  }

  private removeIfEmpty(path: RepoPath): boolean {
    try {
      this.fs.rmdir(this.fsPath(path));
    } catch (error) {
      if (['ENOTEMPTY', 'EEXIST', 'ENOENT', 'ENOTDIR'].includes(errnoOf(error) ?? '')) return false;
      throw ioError('remove', this.fsPath(path), error);
    }
    this.real.delete(path);
    return true;
  }
}
