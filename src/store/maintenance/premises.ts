/** What maintenance works on: a repository on disk with all its worktrees, not only the one that was opened. */
import { dirname, join, resolve } from 'node:path';
import type { Environment } from '../config/load.js';
import { type Disk, readIfPresent } from '../disk.js';
import { discoverLayout } from '../discover.js';
import { nodeFileSystem } from '../fs.js';
import type { Layout } from '../layout.js';
import { FileObjects } from '../objects/file-objects.js';
import { alternatesOf, diskOf, type StoreOptions } from '../open.js';

export interface Premises {
  readonly disk: Disk;
  readonly env: Environment;
  /** The worktree that was opened. */
  readonly layout: Layout;
  /** The main worktree (or the bare repository), then the linked ones. */
  readonly worktrees: readonly Layout[];
  /** The repository's own objects. */
  readonly objectsDir: string;
  readonly objects: FileObjects;
}

/** What packing objects needs. */
export type PackPremises = Pick<Premises, 'disk' | 'objectsDir' | 'objects'>;

/** Throws E_NOT_A_REPOSITORY, E_UNSUPPORTED_REPOSITORY, E_CORRUPT, E_IO. */
export function openPremises(options: StoreOptions): Premises {
  const { dir, env, fs = nodeFileSystem } = options;
  return premisesOf(discoverLayout({ fs, dir, env }), options);
}

export function premisesOf(layout: Layout, options: StoreOptions): Premises {
  const disk = diskOf(layout, options);
  const objectsDir = options.env['GIT_OBJECT_DIRECTORY'] || join(layout.commonDir, 'objects');
  return {
    disk,
    env: options.env,
    layout,
    worktrees: worktreesOf(disk, layout),
    objectsDir,
    objects: new FileObjects(disk, objectsDir, alternatesOf(options.env)),
  };
}

/** git: gitrepository-layout, worktrees/<id>: `gitdir` there names the `.git` file in the linked worktree. */
function worktreesOf({ fs }: Disk, layout: Layout): Layout[] {
  const { commonDir } = layout;
  const main = layout.gitDir === commonDir ? layout : { gitDir: commonDir, commonDir, workDir: undefined };
  const folder = join(commonDir, 'worktrees');
  if (fs.stat(folder)?.kind !== 'directory') return [main];
  const linked = fs
    .readdir(folder)
    .filter(({ kind }) => kind === 'directory')
    .map(({ name }) => {
      const gitDir = join(folder, name);
      if (gitDir === layout.gitDir) return layout;
      const link = readIfPresent(fs, join(gitDir, 'gitdir'))?.toString('utf8').trim();
      const workDir = link === undefined ? undefined : dirname(resolve(gitDir, link));
      return { gitDir, commonDir, workDir: workDir !== undefined && fs.stat(workDir) ? workDir : undefined };
    });
  return [main, ...linked];
}
