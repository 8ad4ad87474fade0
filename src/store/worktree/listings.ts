import { ioError } from '../disk.js';
import type { DirectoryEntry, FileStat, Fs } from '../fs.js';
import { statFile } from './content.js';

/** What is in a folder, by name, without `.git`. */
export type Listing = ReadonlyMap<string, DirectoryEntry['kind']>;

interface Kept {
  readonly stat: FileStat;
  readonly names: Listing;
}

/** Some file systems count time in steps of two seconds: a folder that was written just now may be written again unseen. */
const settledMs = 3_000;

/**
 * The folders of a worktree, for who looks at them again and again: one is only read once more when its stat data show that something in it
 * came or went (git: update-index, "Untracked cache"). The first time they are not looked at: most processes ask only once.
 */
export class FolderListings {
  /** In this walk and the one before it. */
  private seen = new Map<string, Kept | undefined>();
  private before = this.seen;
  private readonly fs: Fs;
  private readonly root: string;

  constructor(fs: Fs, root: string) {
    this.fs = fs;
    this.root = root;
  }

  /** `prefix`: the folder with '/' at its end; '' for the root, with which every walk begins. Throws E_IO. */
  list(prefix: string): Listing {
    const fsPath = prefix === '' ? this.root : `${this.root}/${prefix.slice(0, -1)}`;
    if (prefix === '') [this.before, this.seen] = [this.seen, new Map()];
    const kept = this.before.get(prefix);
    const stat = this.before.has(prefix) ? statFile(this.fs, fsPath) : undefined;
    const isFresh = kept !== undefined && stat !== undefined && isSame(kept.stat, stat);
    const names = isFresh ? kept.names : this.read(fsPath);
    this.seen.set(prefix, stat && isSettled(stat) ? { stat, names } : undefined);
    return names;
  }

  private read(fsPath: string): Listing {
    const names = new Map<string, DirectoryEntry['kind']>();
    try {
      for (const { name, kind } of this.fs.readdir(fsPath)) names.set(name, kind);
    } catch (error) {
      throw ioError('read', fsPath, error);
    }
    names.delete('.git');
    return names;
  }
}

function isSettled({ mtimeNs, ctimeNs }: FileStat): boolean {
  const youngest = mtimeNs > ctimeNs ? mtimeNs : ctimeNs;
  return Date.now() - Number(youngest / 1_000_000n) > settledMs;
}

function isSame(a: FileStat, b: FileStat): boolean {
  return a.ino === b.ino && a.dev === b.dev && a.mtimeNs === b.mtimeNs && a.ctimeNs === b.ctimeNs;
}
