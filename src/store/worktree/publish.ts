import { join } from 'node:path';
import { ConfigError, isConfigError } from '../../errors.js';
import { ioError, removeIfPresent } from '../disk.js';
import { errnoOf } from '../fs.js';
import type { FileStat, Fs } from '../fs.js';
import { readTyped } from '../objects/read.js';
import type { FileEntry, RepoPath } from '../types.js';
import { statFile } from './content.js';
import type { WorktreeContext } from './context.js';
import { Folders } from './folders.js';
import { temporaryPath } from './temporary.js';

/** A file as it is to stand in the worktree. */
export interface Target extends FileEntry {
  /** Its content, where it is not an object of the store. */
  readonly data?: Uint8Array;
}

/**
 * Files on their way into the worktree. All of them are written to a temporary folder first, where a full disk or a missing object does no harm;
 * then the old ones are removed and the new ones renamed into place.
 */
export class Publication {
  private readonly prepared = new Map<RepoPath, string>();
  private readonly context: WorktreeContext;
  private folder = '';

  constructor(context: WorktreeContext) {
    this.context = context;
  }

  /** Throws E_OBJECT_MISSING, E_CORRUPT, E_IO. */
  async prepare(targets: readonly Target[]): Promise<void> {
    const files = targets.filter(({ mode }) => mode !== '160000');
    if (files.length > 0) this.makeFolder();
    for (const target of files) {
      const data = target.data ?? (await readTyped(this.context, target.oid, 'blob'));
      this.create(target, Buffer.from(data.buffer, data.byteOffset, data.byteLength));
    }
  }

  /**
   * Removes and writes files; what must not be overwritten has been ruled out by the caller. Returns how the new files look. Throws E_IO;
   * some files may have been replaced then, each of them whole.
   */
  publish(removals: readonly RepoPath[], targets: readonly Target[]): Map<RepoPath, FileStat> {
    const folders = new Folders(this.context.disk.fs, this.context.root);
    for (const path of removals.toSorted().toReversed()) this.remove(folders, path);
    const stats = new Map<RepoPath, FileStat>();
    for (const target of targets) {
      const stat = target.mode === '160000' ? this.placeFolder(folders, target) : this.place(folders, target);
      if (stat) stats.set(target.path, stat);
    }
    return stats;
  }

  /** Removes what was prepared and not used. */
  discard(): void {
    const { fs } = this.context.disk;
    if (this.folder === '') return;
    try {
      for (const temp of this.prepared.values()) removeIfPresent(fs, temp);
      fs.rmdir(this.folder);
    } catch (error) {
      // What it was for is over, so this fails nothing: what is left goes with what dead processes leave.
      if (errnoOf(error) === undefined && !isConfigError(error, 'E_IO')) throw error;
    }
  }

  private makeFolder(): void {
    const folder = temporaryPath(this.context);
    try {
      this.context.disk.fs.mkdir(folder);
    } catch (error) {
      throw ioError('create folder', folder, error);
    }
    this.folder = folder;
  }

  private create({ path, mode }: Target, data: Buffer): void {
    const { disk, rules, syncFiles } = this.context;
    const temp = join(this.folder, String(this.prepared.size));
    this.prepared.set(path, temp);
    try {
      if (mode === '120000' && rules.symlinks) disk.fs.symlink(data.toString('utf8'), temp);
      else disk.fs.createFile(temp, data, { mode: mode === '100755' ? 0o777 : 0o666, sync: syncFiles });
    } catch (error) {
      throw ioError('write', path, error);
    }
  }

  private remove(folders: Folders, path: RepoPath): void {
    const { fs } = this.context.disk;
    const stat = folders.stat(path);
    if (!stat) return;
    if (stat.kind === 'directory') folders.removeEmpty(path);
    else removeIfPresent(fs, folders.fsPath(path));
    folders.removeEmptyParents(path);
    if (this.context.syncFiles) folders.sync(path);
  }

  private place(folders: Folders, { path }: Target): FileStat | undefined {
    const { fs } = this.context.disk;
    const temp = this.prepared.get(path);
    if (temp === undefined) throw changedMeanwhile(path);
    folders.create(path);
    const fsPath = folders.fsPath(path);
    if (!renamed(fs, temp, fsPath)) {
      folders.removeEmpty(path);
      if (!renamed(fs, temp, fsPath)) throw changedMeanwhile(path);
    }
    this.prepared.delete(path);
    if (this.context.syncFiles) folders.sync(path);
    return statFile(fs, fsPath);
  }

  /** A submodule is an empty folder until someone fills it. */
  private placeFolder(folders: Folders, { path }: Target): undefined {
    const { fs } = this.context.disk;
    const fsPath = folders.fsPath(path);
    if (statFile(fs, fsPath)?.kind === 'directory') return;
    removeIfPresent(fs, fsPath);
    folders.create(`${path}/x`);
  }
}

/** False where a folder is in the way. Throws E_IO. */
function renamed(fs: Fs, from: string, to: string): boolean {
  try {
    fs.rename(from, to);
    return true;
  } catch (error) {
    if (errnoOf(error) === 'EISDIR') return false;
    throw ioError('write', to, error);
  }
}

function changedMeanwhile(path: RepoPath): ConfigError {
  return new ConfigError('E_STALE', `'${path}' was changed by someone else meanwhile`, {
    hint: 'run the command again',
    details: { path },
  });
}
