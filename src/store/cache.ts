/** What is only there to be fast: files below `cfg/cache/` of the Git folder, of which any may go at any time. */
import { createHash } from 'node:crypto';
import { dirname, join } from 'node:path';
import { isConfigError } from '../errors.js';
import { atomicWrite, type Disk, ensureFolder, readIfPresent } from './disk.js';
import type { Layout } from './layout.js';
import type { CacheFiles } from './types.js';

/** Changes with the format of any file, in which numbers stand in the order of the machine. */
const version = `cfg-cache-2 ${new Uint8Array(Uint16Array.of(1).buffer).join('')}`;
const sumBytes = 20;

export class FileCache implements CacheFiles {
  private readonly disk: Disk;
  private readonly dir: string;

  constructor(disk: Disk, layout: Layout) {
    this.disk = disk;
    this.dir = join(layout.commonDir, 'cfg', 'cache');
  }

  read(name: string): Uint8Array | undefined {
    const sealed = this.bytes(name);
    if (sealed === undefined || sealed.length < sumBytes) return undefined;
    const content = sealed.subarray(0, -sumBytes);
    return checksum(name, content).equals(sealed.subarray(-sumBytes)) ? content : undefined;
  }

  /** A cache that cannot be written (a read-only disk, another user's repository) only makes the next look slow. */
  write(name: string, content: Uint8Array): boolean {
    const path = join(this.dir, name);
    const disk = { fs: this.disk.fs, sync: false };
    try {
      ensureFolder(disk, dirname(path));
      atomicWrite(disk.fs, path, Buffer.concat([content, checksum(name, content)]), { sync: false });
      return true;
    } catch (error) {
      if (isConfigError(error, 'E_IO')) return false;
      throw error;
    }
  }

  private bytes(name: string): Buffer | undefined {
    try {
      return readIfPresent(this.disk.fs, join(this.dir, name));
    } catch (error) {
      if (isConfigError(error, 'E_IO')) return undefined; // as if it were not there
      throw error;
    }
  }
}

/** Over the name too, so that no file passes for another one. */
function checksum(name: string, content: Uint8Array): Buffer {
  return createHash('sha1').update(`${version}\0${name}\0`).update(content).digest();
}
