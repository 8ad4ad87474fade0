/**
 * Who has lost many races for a ref draws a ticket, an empty file among what processes have open; others let him pass, so that nobody is overtaken
 * for ever. It is a courtesy and no lock: what decides is the compare-and-swap of the ref, and git knows nothing of it.
 */
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Disk, ioError, listIfPresent, removeIfPresent, removeQuietly } from './disk.js';
import { currentOwner, isDead, ownedPath, parseOwnerFileName } from './lock-owner.js';

/** Sees to it that each of many writers of a ref gets through. */
export interface WriterQueue {
  placeFor(ref: string): PlaceInQueue;
}

/** One writer among those of a ref. A courtesy: whoever does not ask may move the ref all the same. */
export interface PlaceInQueue {
  /** Until those that insist are through, or take longer than is waited for a lock. */
  letPass(): Promise<void>;
  /** From now on others let this one pass; waits for those that were before. Throws E_IO. */
  insist(): Promise<void>;
  /** Lets others go on. Throws E_IO. */
  leave(): void;
}

export class FileQueue implements WriterQueue {
  private readonly disk: Disk;

  constructor(disk: Disk) {
    this.disk = disk;
  }

  placeFor(ref: string): PlaceInQueue {
    return new FilePlace(this.disk, ref);
  }
}

class FilePlace implements PlaceInQueue {
  private readonly disk: Disk;
  private readonly key: string;
  private ticket: string | undefined;

  constructor(disk: Disk, ref: string) {
    this.disk = disk;
    this.key = `turn-${createHash('sha1').update(ref).digest('hex').slice(0, 16)}`;
  }

  async letPass(): Promise<void> {
    await this.untilGone(this.tickets());
  }

  async insist(): Promise<void> {
    if (this.ticket !== undefined) return;
    // Two that draw at once do not see each other, rather than wait for each other.
    const before = this.tickets();
    this.ticket = this.draw();
    await this.untilGone(before);
  }

  leave(): void {
    if (this.ticket === undefined) return;
    removeIfPresent(this.disk.fs, this.ticket);
    this.ticket = undefined;
  }

  private draw(): string {
    const path = ownedPath(this.disk, this.key);
    try {
      this.disk.fs.createFile(path, new Uint8Array());
      return path;
    } catch (error) {
      removeQuietly(this.disk.fs, path);
      throw ioError('write', path, error);
    }
  }

  private tickets(): readonly string[] {
    return listIfPresent(this.disk.fs, this.disk.ownersDir)
      .map(({ name }) => name)
      .filter((name) => name.startsWith(`${this.key}.`));
  }

  private async untilGone(names: readonly string[]): Promise<void> {
    const startedAt = performance.now();
    while (names.some((name) => this.isHeld(name))) {
      if (performance.now() - startedAt > this.disk.lockTimeoutMs) return;
      await sleep(5 + Math.random() * 10);
    }
  }

  private isHeld(name: string): boolean {
    const { fs, ownersDir } = this.disk;
    const owner = parseOwnerFileName(name)?.owner;
    if (owner === undefined || fs.lstat(join(ownersDir, name)) === undefined) return false;
    return !isDead(owner, currentOwner(fs), fs);
  }
}
