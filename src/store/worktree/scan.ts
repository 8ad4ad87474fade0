import { isConfigError } from '../../errors.js';
import type { DirectoryEntry, FileStat } from '../fs.js';
import { type IgnoreScope, rootIgnoreScope } from '../ignore/index.js';
import { isSafeName } from '../paths.js';
import { childrenOf, type IndexChild, type IndexFolder, type IndexImage } from '../staging/index.js';
import type { ChangeKind, RepoPath } from '../types.js';
import { compareFile, type FileState, isFixed, isIntentToAdd, readContent, statFile } from './content.js';
import type { WorktreeContext } from './context.js';
import type { Listing } from './listings.js';

/** What a walk through the worktree found out. */
export interface Scan {
  /** Entries of stage 0 whose file is not what they say, by number. */
  readonly changed: Map<number, Exclude<ChangeKind, 'renamed'>>;
  /** Entries whose file has their content under other stat data. */
  readonly touched: Map<number, FileStat>;
  readonly untracked: RepoPath[];
  /** Folders with a repository of their own that are not tracked, with '/' at the end. */
  readonly repositories: RepoPath[];
  /** Folders ('/' at the end) and files that the system does not let us look at; what is tracked there counts as unchanged. */
  readonly unreadable: RepoPath[];
}

type Kind = DirectoryEntry['kind'];

interface Walk extends Scan {
  readonly context: WorktreeContext;
  readonly image: IndexImage;
}

interface Folder extends IndexFolder {
  /** With '/' at its end; '' for the root. */
  readonly prefix: string;
  readonly scope: IgnoreScope;
}

/**
 * Compares the whole worktree with the index in one walk: each folder is listed once, each tracked file looked at once. Folders of other
 * repositories (gitlinks, and such as are not tracked at all) are not entered. Throws E_IO, E_UNSUPPORTED_REPOSITORY (file name not UTF-8).
 */
export function scanWorktree(context: WorktreeContext, image: IndexImage): Scan {
  const walk: Walk = {
    context,
    image,
    changed: new Map(),
    touched: new Map(),
    untracked: [],
    repositories: [],
    unreadable: [],
  };
  const names = context.listings.list('');
  const scope = rootIgnoreScope({ ...context, fs: context.disk.fs }, names.get('.gitignore') === 'file');
  scanFolder(walk, { prefix: '', prefixSize: 0, low: 0, high: image.count, scope }, names);
  for (const paths of [walk.untracked, walk.repositories, walk.unreadable]) paths.sort();
  return walk;
}

/** The names in a folder below the root; undefined when the system does not let us see them: git goes on too (dir.c, "could not open directory"). */
function tryListFolder(walk: Walk, prefix: string): Listing | undefined {
  try {
    return walk.context.listings.list(prefix);
  } catch (error) {
    noteDenied(walk, prefix, error);
    return undefined;
  }
}

/** Throws the error again where the system did not just keep us out. */
function noteDenied(walk: Walk, path: RepoPath, error: unknown): void {
  if (!isDenied(error)) throw error;
  walk.unreadable.push(path);
}

function isDenied(error: unknown): boolean {
  return isConfigError(error, 'E_IO') && /^(EACCES|EPERM)$/.test(String(error.details?.['errno']));
}

function scanFolder(walk: Walk, folder: Folder, names: Listing): void {
  const tracked = new Set<string>();
  for (const child of childrenOf(walk.image, folder)) {
    const isThere = child.isFolder
      ? scanSubfolder(walk, { child, parent: folder }, names.get(child.name))
      : scanEntry(walk, { at: child.low, path: folder.prefix + child.name }, names.get(child.name));
    if (isThere) tracked.add(child.name);
  }
  if (tracked.size === names.size) return;
  for (const [name, kind] of names) if (!tracked.has(name)) scanUntracked(walk, folder, { name, kind });
}

/** Says whether the folder is there. */
function scanSubfolder(
  walk: Walk,
  { child, parent }: { readonly child: IndexChild; readonly parent: Folder },
  kind: Kind | undefined,
): boolean {
  const { name, low, high } = child;
  if (kind !== 'directory') {
    for (let at = low; at < high; at += 1) markDeleted(walk, at);
    return false;
  }
  const prefix = `${parent.prefix}${name}/`;
  const inside = tryListFolder(walk, prefix);
  if (inside === undefined) return true;
  const scope = parent.scope.enter(name, inside.get('.gitignore') === 'file');
  scanFolder(walk, { prefix, prefixSize: child.prefixSize, low, high, scope }, inside);
  return true;
}

function markDeleted(walk: Walk, at: number): void {
  if (walk.image.stage(at) === 0 && !isFixed(walk.image, at)) walk.changed.set(at, 'deleted');
}

/** Says whether something stands there that the entry is about. */
function scanEntry(
  walk: Walk,
  { at, path }: { readonly at: number; readonly path: RepoPath },
  kind: Kind | undefined,
): boolean {
  const { image } = walk;
  const isGitlink = image.modeBits(at) === 0o160000;
  // A folder in the place of a file is looked into like any other.
  if (kind === undefined || (kind === 'directory' && !isGitlink)) {
    markDeleted(walk, at);
    return false;
  }
  if (image.stage(at) !== 0 || isFixed(image, at)) return true;
  if (!isGitlink) scanFile(walk, at, path);
  else if (kind !== 'directory') walk.changed.set(at, 'modified');
  return true;
}

function scanFile(walk: Walk, at: number, path: RepoPath): void {
  const { image, context } = walk;
  let stat: FileStat | undefined;
  try {
    stat = statFile(context.disk.fs, `${context.root}/${path}`);
  } catch (error) {
    return noteDenied(walk, path, error);
  }
  if (!stat) return markDeleted(walk, at);
  if (isIntentToAdd(image, at)) return void walk.changed.set(at, 'added');
  const state = stateOf(context, image, { at, path, stat });
  if (state === 'modified') walk.changed.set(at, 'modified');
  else if (state === 'touched') walk.touched.set(at, stat);
}

/** A file that cannot be read may be anything but what it was; so says git. */
function stateOf(...subject: Parameters<typeof compareFile>): FileState {
  try {
    return compareFile(...subject);
  } catch (error) {
    if (isDenied(error)) return 'modified';
    throw error;
  }
}

function scanUntracked(walk: Walk, folder: Folder, { name, kind }: DirectoryEntry): void {
  if (kind === 'other' || !isSafeName(name) || folder.scope.isIgnored(name, kind === 'directory')) return;
  if (kind !== 'directory') {
    walk.untracked.push(folder.prefix + name);
    return;
  }
  const prefix = `${folder.prefix}${name}/`;
  const names = tryListFolder(walk, prefix);
  if (names === undefined) return;
  if (isRepository(walk.context, prefix)) return void walk.repositories.push(prefix);
  const scope = folder.scope.enter(name, names.get('.gitignore') === 'file');
  scanFolder(walk, { prefix, prefixSize: 0, low: 0, high: 0, scope }, names);
}

/** Whether a folder has a `.git` of its own that Git would take for a repository (git: is_git_directory). */
export function isRepository({ disk, root }: WorktreeContext, prefix: RepoPath): boolean {
  const { fs } = disk;
  const dotGit = `${root}/${prefix}.git`;
  const stat = statFile(fs, dotGit);
  if (!stat) return false;
  if (stat.kind === 'file') return readContent(fs, dotGit, 'file').toString('latin1', 0, 8) === 'gitdir: ';
  return ['HEAD', 'objects', 'refs'].every((name) => statFile(fs, `${dotGit}/${name}`) !== undefined);
}
