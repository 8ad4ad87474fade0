/** Single files of the Git folder: the state of a merge, and cfg's own below `cfg/`. */
import { dirname } from 'node:path';
import {
  atomicWrite,
  type Disk,
  ensureFolder,
  ioError,
  isPresent,
  readIfPresent,
  removeIfPresent,
  syncFolder,
} from './disk.js';
import {
  currentOwner,
  isDead,
  ownedPath,
  ownerFileName,
  parseOwnerFileName,
  temporaryKey,
} from './lock-owner.js';
import { gitPath, type Layout } from './layout.js';
import { checkStateName } from './state-name.js';
import type { StateFiles } from './types.js';

/** The first part of the name of a process. */
const writerKey = 'process';

export class FileState implements StateFiles {
  private readonly disk: Disk;
  private readonly layout: Layout;

  constructor(disk: Disk, layout: Layout) {
    this.disk = disk;
    this.layout = layout;
  }

  read(name: string): string | undefined {
    const { fs } = this.disk;
    const path = this.path(name);
    if (!isPresent(fs, path)) return undefined; // nearly always: a failed read takes several times as long
    return readIfPresent(fs, path)?.toString('utf8');
  }

  write(name: string, content: string | undefined): void {
    const { fs, sync } = this.disk;
    const path = this.path(name);
    if (content !== undefined) {
      ensureFolder(this.disk, dirname(path));
      atomicWrite(fs, path, Buffer.from(content, 'utf8'), { sync, temp: ownedPath(this.disk, temporaryKey) });
    } else if (removeIfPresent(fs, path) && sync) syncFolder(fs, dirname(path));
  }

  append(name: string, content: string): number {
    const { fs } = this.disk;
    const path = this.path(name);
    const data = Buffer.from(content, 'utf8');
    try {
      if (fs.stat(path) === undefined) ensureFolder(this.disk, dirname(path));
      fs.appendFile(path, data);
      return fs.stat(path)?.size ?? data.length;
    } catch (error) {
      throw ioError('write', path, error);
    }
  }

  owner(): string {
    return ownerFileName(writerKey, currentOwner(this.disk.fs));
  }

  isGone(owner: string): boolean {
    const parsed = parseOwnerFileName(owner);
    return parsed !== undefined && isDead(parsed.owner, currentOwner(this.disk.fs), this.disk.fs);
  }

  private path(name: string): string {
    checkStateName(name);
    return gitPath(this.layout, name);
  }
}
