/** Which folders to watch for what a path names: the one it is in, and the one of every link on the way to it. */
import { type BigIntStats, lstatSync, readlinkSync } from 'node:fs';
import { dirname, isAbsolute, join, parse, resolve, sep } from 'node:path';

/** A folder to watch. */
export interface WatchedFolder {
  /** Changes when another folder takes this one's name. */
  readonly identity: string;
  /** The entries that matter. */
  readonly names: ReadonlySet<string>;
  /** Every entry matters: the folder itself is a source. */
  readonly all: boolean;
}

/** As many as Linux follows (path_resolution(7)). */
const maxLinks = 40;

interface Walk {
  readonly folders: Map<string, { identity: string; names: Set<string>; all: boolean }>;
  readonly seen: Map<string, BigIntStats | undefined>;
}

/**
 * The folders, by their real paths, in which something must change before one of `paths` (absolute) names other content: also
 * when a link to it, or to a folder above it, is replaced. Where something is missing, the folder in which it would appear. Throws nothing.
 */
export function foldersOf(paths: readonly string[]): ReadonlyMap<string, WatchedFolder> {
  const walk: Walk = { folders: new Map(), seen: new Map() };
  for (const path of paths) follow(resolve(path), walk);
  return walk.folders;
}

function follow(path: string, walk: Walk): void {
  const { root } = parse(path);
  let at = root;
  let names = path.slice(root.length).split(sep);
  for (let links = 0; ;) {
    const [name, ...rest] = names;
    if (name === undefined) return note(walk, at);
    names = rest;
    if (name === '' || name === '.') continue;
    if (name === '..') {
      at = dirname(at);
      continue;
    }
    const next = join(at, name);
    const stat = look(walk, next);
    if (stat?.isDirectory() === true) {
      at = next;
      continue;
    }
    note(walk, at, name);
    const target = stat?.isSymbolicLink() === true && ++links <= maxLinks ? readLink(next) : undefined;
    if (target === undefined) return;
    if (isAbsolute(target)) at = parse(target).root;
    names = [...target.slice(isAbsolute(target) ? at.length : 0).split(sep), ...names];
  }
}

/** Every entry, when no name is given. */
function note(walk: Walk, folder: string, name?: string): void {
  const known = walk.folders.get(folder) ?? {
    identity: identityOf(look(walk, folder)),
    names: new Set(),
    all: false,
  };
  walk.folders.set(folder, known);
  if (name === undefined) known.all = true;
  else known.names.add(name);
}

/** A folder that was removed and made again often gets the same inode, so its birth counts too. */
function identityOf(stat: BigIntStats | undefined): string {
  return stat === undefined ? 'absent' : [stat.dev, stat.ino, stat.birthtimeNs].join();
}

function look({ seen }: Walk, path: string): BigIntStats | undefined {
  if (!seen.has(path)) seen.set(path, lstatIfAny(path));
  return seen.get(path);
}

/** What cannot be looked at counts as missing: the rescan goes on looking. */
function lstatIfAny(path: string): BigIntStats | undefined {
  try {
    return lstatSync(path, { bigint: true, throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}

function readLink(path: string): string | undefined {
  try {
    return readlinkSync(path);
  } catch {
    return undefined;
  }
}
