/** Which files of a repository to watch, for those who follow it. */
import { join } from 'node:path';
import { isRange } from '../version/index.js';
import { readIfPresent } from './disk.js';
import { discoverLayout } from './discover.js';
import type { Environment } from './config/load.js';
import { nodeFileSystem, type Fs } from './fs.js';
import { type Layout, refPath } from './layout.js';
import { parseRevision } from './revision/parse.js';

/** A repository by a folder in it. */
interface Place {
  readonly dir: string;
  readonly env: Environment;
}

/** The file that is there while Git writes the worktree; undefined in a bare repository. Throws E_NOT_A_REPOSITORY, E_UNSUPPORTED_REPOSITORY. */
export function indexLockPath({ dir, env }: Place): string | undefined {
  const { gitDir, workDir } = discoverLayout({ fs: nodeFileSystem, dir, env });
  return workDir === undefined ? undefined : join(gitDir, 'index.lock');
}

const folders = ['', 'refs', 'refs/tags', 'refs/heads', 'refs/remotes'];

/**
 * The files one of which is written when a revision comes to name another commit, whether they are there yet or not, and for a range of
 * versions the folder of tags. Throws E_NOT_A_REPOSITORY, E_UNSUPPORTED_REPOSITORY.
 */
export function revisionPaths({ dir, env }: Place, revision: string): readonly string[] {
  const fs = nodeFileSystem;
  const layout = discoverLayout({ fs, dir, env });
  const tags = isRange(revision) ? [refPath(layout, 'refs/tags')] : [];
  const name = parseRevision(revision)?.name ?? '';
  const isName = name !== '' && !name.split('/').includes('..');
  return [
    refPath(layout, 'HEAD'),
    ...currentBranch(fs, layout),
    join(layout.commonDir, 'packed-refs'),
    ...(isName ? folders.map((folder) => refPath(layout, join(folder, name))) : []),
    ...tags,
  ];
}

function currentBranch(fs: Fs, layout: Layout): readonly string[] {
  const head = readIfPresent(fs, refPath(layout, 'HEAD'))?.toString('utf8') ?? '';
  const target = /^ref: *(refs\/\S+)/.exec(head)?.[1];
  return target === undefined ? [] : [refPath(layout, target)];
}
