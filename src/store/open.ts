/** Opens a repository on disk as a `Store`. */
import { join, resolve } from 'node:path';
import { FileCache } from './cache.js';
import { booleanOf, type Environment, loadGitConfig } from './config/load.js';
import { LiveConfig } from './config/live.js';
import { FileLocalConfig } from './config/local.js';
import { type Disk, readIfPresent } from './disk.js';
import { discoverLayout } from './discover.js';
import { type Fs, nodeFileSystem } from './fs.js';
import type { Layout } from './layout.js';
import { FileObjects } from './objects/file-objects.js';
import { FileRefs } from './refs/file-refs.js';
import { openIndex } from './staging/index.js';
import { FileQueue } from './queue.js';
import { recover } from './recovery.js';
import { FileState } from './state.js';
import { deferredExchange } from './transport/deferred-exchange.js';
import type { Durability, GitConfig, Store } from './types.js';
import { userCode } from './user-code.js';
import { contentProbe, openWorktree } from './worktree/index.js';

export interface StoreOptions {
  /** A folder in the repository; searched upwards for `.git`. */
  readonly dir: string;
  /** HOME and Git's own variables; nothing is read from the process itself. */
  readonly env: Environment;
  /** Default the disk. */
  readonly fs?: Fs;
  /** Default `commit`. */
  readonly durability?: Durability;
  /** How long to wait for one holder of a lock, in milliseconds; at most twelve times as long in all. Default 5,000. */
  readonly lockTimeoutMs?: number;
}

/**
 * Opens the repository that `dir` belongs to. Nothing is written, but for what a process that died left behind, which is cleared away.
 *
 * Throws E_NOT_A_REPOSITORY, E_UNSUPPORTED_REPOSITORY, E_CORRUPT, E_IO.
 */
export async function openStore(options: StoreOptions): Promise<Store> {
  const { env, fs = nodeFileSystem } = options;
  const layout = discoverLayout({ fs, dir: options.dir, env });
  const disk = diskOf(layout, options);
  await recover(disk, layout);
  const config = new LiveConfig(() => loadGitConfig({ fs, env, layout, ...currentBranch(fs, layout) }));
  const folder = objectsDir(layout, env);
  const objects = new FileObjects(disk, folder, alternatesOf(env));
  const refs = new FileRefs(disk, layout, loggingOf(config));
  const state = new FileState(disk, layout);
  const localConfig = new FileLocalConfig(disk, layout, () => config.reload());
  const exchange = deferredExchange({ disk, layout, objectsDir: folder, objects, refs, state });
  const cache = new FileCache(disk, layout);
  const code = userCode(env);
  const queue = new FileQueue(disk);
  const parts = { objects, refs, config, localConfig, state, queue, cache, code, exchange };
  return { gitDir: layout.gitDir, ...parts, ...checkedOutFiles(layout, { disk, objects, config, options }) };
}

interface Parts {
  readonly disk: Disk;
  readonly objects: FileObjects;
  readonly config: GitConfig;
  readonly options: StoreOptions;
}

/** Index and worktree; neither in a bare repository. */
function checkedOutFiles(layout: Layout, parts: Parts): Pick<Store, 'index' | 'worktree'> {
  const { gitDir, commonDir, workDir: root } = layout;
  const { disk, objects, config, options } = parts;
  if (root === undefined) return {};
  const syncFiles = options.durability === 'all';
  // The index is derived: git does not flush it either, and a damaged one is built again (core.fsync; cfg fsck --repair).
  const indexDisk = { ...disk, sync: disk.sync && syncFiles };
  const { env } = options;
  const isModified = contentProbe({ disk, root, config });
  const index = openIndex({ disk: indexDisk, gitDir, file: indexFile(root, env), isModified });
  const worktree = openWorktree({ disk, root, gitDir, commonDir, index, objects, config, env, syncFiles });
  return { index, worktree };
}

/** Git hands its hooks the index of the commit that is being made, which `git commit -a` and `git commit PATH` keep apart. */
function indexFile(root: string, { GIT_INDEX_FILE: file = '' }: Environment): string | undefined {
  return file === '' ? undefined : resolve(root, file);
}

/** The disk with the options of the caller. */
export function diskOf(layout: Pick<Layout, 'commonDir'>, options: StoreOptions): Disk {
  const { fs = nodeFileSystem, durability = 'commit', lockTimeoutMs = 5_000 } = options;
  return {
    fs,
    sync: durability !== 'fast',
    lockTimeoutMs,
    ownersDir: join(layout.commonDir, 'cfg', 'locks'),
  };
}

function objectsDir(layout: Layout, env: Environment): string {
  return env['GIT_OBJECT_DIRECTORY'] || join(layout.commonDir, 'objects');
}

/** git: Documentation/git.txt; what a hook of a push in quarantine finds everything else by. */
export function alternatesOf(env: Environment): readonly string[] {
  return (env['GIT_ALTERNATE_OBJECT_DIRECTORIES'] ?? '').split(':').filter((dir) => dir !== '');
}

function currentBranch(fs: Fs, layout: Layout): { readonly branch?: string } {
  const head = readIfPresent(fs, join(layout.gitDir, 'HEAD'))?.toString('utf8') ?? '';
  const branch = /^ref:\s*refs\/heads\/(\S+)/.exec(head)?.[1];
  return branch === undefined ? {} : { branch };
}

/** Unset means yes, in a bare repository too (Git says no there): a log is what brings a branch back. */
function loggingOf(config: GitConfig): 'always' | boolean {
  const setting = config.get('core.logAllRefUpdates') ?? 'true';
  return setting.toLowerCase() === 'always' ? 'always' : (booleanOf(setting) ?? true);
}
