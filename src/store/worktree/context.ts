import { booleanOf } from '../config/load.js';
import type { Disk } from '../disk.js';
import type { IndexFile, StatRules } from '../staging/index.js';
import type { GitConfig, ObjectStore } from '../types.js';
import type { FolderListings } from './listings.js';

/** How files of the worktree compare with entries of the index; from Git's configuration. */
export interface WorktreeRules extends StatRules {
  /** core.filemode: whether the execute bit of a file means anything. Default true. */
  readonly fileMode: boolean;
  /** core.symlinks: whether links are links here, not files with the target in them. Default true. */
  readonly symlinks: boolean;
  /** core.autocrlf is on: a text whose line ends git would convert is not a changed file. Default false. */
  readonly convertsLineEnds: boolean;
}

export function worktreeRules(config: GitConfig): WorktreeRules {
  const isOn = (name: string, standard: boolean): boolean =>
    booleanOf(config.get(name) ?? String(standard)) ?? standard;
  return {
    fileMode: isOn('core.filemode', true),
    symlinks: isOn('core.symlinks', true),
    trustCtime: isOn('core.trustctime', true),
    minimal: config.get('core.checkstat')?.toLowerCase() === 'minimal',
    convertsLineEnds: config.get('core.autocrlf')?.toLowerCase() === 'input' || isOn('core.autocrlf', false),
  };
}

export interface WorktreeOptions {
  readonly disk: Disk;
  /** Absolute path of the worktree's top folder. */
  readonly root: string;
  /** The folder with HEAD and index; for a linked worktree its own. */
  readonly gitDir: string;
  /** The folder that linked worktrees have in common, with `info/exclude`. */
  readonly commonDir: string;
  readonly index: IndexFile;
  readonly objects: ObjectStore;
  readonly config: GitConfig;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Files of the worktree survive a power cut too (durability `all`). */
  readonly syncFiles: boolean;
}

export interface WorktreeContext extends WorktreeOptions {
  readonly rules: WorktreeRules;
  readonly listings: FolderListings;
}
