/** Hints of the file system, through chokidar. */
import { basename } from 'node:path';
import type { FSWatcher } from 'chokidar';
import { ConfigError, isConfigError } from '../../errors.js';
import type { Environment } from '../types.js';
import { foldersOf, type WatchedFolder } from './folders.js';
import type { Hints, Looked, OpenHints } from './ports.js';

const maxReadyMs = 2000;

/** One watched folder. `names` follow the stack without opening it anew. */
interface Watched {
  readonly identity: string;
  readonly watcher: FSWatcher;
  wanted: WatchedFolder;
}

/**
 * Hints from chokidar, one watcher a folder and nothing below it: a file that is replaced, a link that is swapped and a folder that is
 * made again are events of the folder around them, while a watch of the file itself would go blind. Its raw events are used, as
 * soon as the system gives them: waiting for quiet is the engine's job. `persistent`: they keep the process alive.
 */
export function chokidarHints(options: HintOptions): OpenHints {
  return (listeners) => new FolderHints(options, listeners);
}

interface HintOptions {
  readonly persistent: boolean;
  readonly env: Environment;
}

class FolderHints implements Hints {
  readonly #options: HintOptions;
  readonly #listeners: Parameters<OpenHints>[0];
  readonly #watched = new Map<string, Watched>();
  /** Folders that could not be watched; told once. */
  readonly #blind = new Set<string>();

  constructor(options: HintOptions, listeners: Parameters<OpenHints>[0]) {
    this.#options = options;
    this.#listeners = listeners;
  }

  async aim(looked: Looked, { anew }: { readonly anew: boolean }): Promise<boolean> {
    const wanted = foldersOf(await pathsOf(looked, this.#options.env));
    const stale = [...this.#watched].filter(
      ([folder, { identity }]) => anew || wanted.get(folder)?.identity !== identity,
    );
    await Promise.all(stale.map(([folder]) => this.#drop(folder)));
    const fresh = [...wanted].filter(([folder, each]) => !this.#keep(folder, each));
    await Promise.all(fresh.map(([folder, each]) => this.#add(folder, each)));
    return fresh.length > 0;
  }

  async close(): Promise<void> {
    await Promise.all([...this.#watched.keys()].map((folder) => this.#drop(folder)));
    // The system's handles go at the end of this turn of the event loop; nothing is left in the next.
    await new Promise((resolve) => setTimeout(resolve, 0));
  }

  #keep(folder: string, wanted: WatchedFolder): boolean {
    const watched = this.#watched.get(folder);
    if (watched !== undefined) watched.wanted = wanted;
    return watched !== undefined;
  }

  async #drop(folder: string): Promise<void> {
    const watched = this.#watched.get(folder);
    this.#watched.delete(folder);
    await watched?.watcher.close();
  }

  /** Resolves when events come. */
  async #add(folder: string, wanted: WatchedFolder): Promise<void> {
    const { watch } = await import('chokidar');
    const watcher = watch(folder, {
      persistent: this.#options.persistent,
      ignoreInitial: true,
      followSymlinks: false,
      atomic: false,
      depth: 0,
      ignored: (path) => path !== folder,
    });
    const watched = { identity: wanted.identity, watcher, wanted };
    this.#watched.set(folder, watched);
    watcher.on('raw', (_event, path) => {
      if (isMeant(path, folder, watched.wanted)) this.#listeners.onHint();
    });
    await new Promise<void>((resolve) => {
      // A folder that goes away meanwhile may never be ready; the next look finds that out.
      const timer = setTimeout(resolve, maxReadyMs);
      const done = (): void => {
        clearTimeout(timer);
        resolve();
      };
      watcher.on('ready', done);
      watcher.on('error', (error) => {
        this.#blame(folder, error);
        done();
      });
    });
  }

  #blame(folder: string, cause: unknown): void {
    if (this.#blind.has(folder)) return;
    this.#blind.add(folder);
    this.#listeners.onError(blind(folder, cause));
  }
}

/** The paths that decide what the sources say. */
async function pathsOf(looked: Looked, env: Environment): Promise<readonly string[]> {
  const paths: string[] = [];
  for (const place of looked) {
    if (place.kind === 'revision') paths.push(...(await gitPathsOf(place, env)));
    else if (place.kind !== 'remote') paths.push(place.fsPath);
  }
  return paths;
}

async function gitPathsOf(
  { dir, revision }: { readonly dir: string; readonly revision: string },
  env: Environment,
): Promise<readonly string[]> {
  const { revisionPaths } = await import('../../store/index.js');
  try {
    return revisionPaths({ dir, env }, revision);
  } catch (error) {
    // The reading says what is wrong with the repository; until it is one, the folder is what changes.
    if (isConfigError(error)) return [dir];
    throw error;
  }
}

/** A system that names no entry, or names the folder itself (it was removed or renamed), may mean any of them. */
function isMeant(path: string | null, folder: string, { names, all }: WatchedFolder): boolean {
  if (all || path === null || path === undefined) return true;
  const name = basename(path);
  return names.has(name) || name === basename(folder);
}

function blind(folder: string, cause: unknown): ConfigError {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown reason';
  const isExhausted = code === 'ENOSPC' || code === 'EMFILE';
  return new ConfigError('E_SOURCE', `cannot watch '${folder}' (${code})`, {
    hint: isExhausted
      ? 'raise fs.inotify.max_user_watches and fs.inotify.max_user_instances; until then changes are found by the rescan'
      : 'changes are found by the rescan, which is slower',
    details: { folder },
    cause,
  });
}
