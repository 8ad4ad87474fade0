import { relative } from 'node:path/posix';
import type { Address } from '../doc/index.js';
import { ConfigError } from '../errors.js';
import type { Settings } from '../settings/index.js';
import type { IndexStore, Oid, RepoPath, Store, Worktree } from '../store/index.js';

/** What every verb works on: an open store, and the surroundings that it may read. */
export interface RepositoryContext {
  readonly store: Store;
  /** The folder that was opened, relative to the root of the worktree; `''` for the root itself and in a bare repository. */
  readonly prefix: RepoPath;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly now: () => Date;
  /** Parsed settings by the id of the blob they were read from. */
  readonly settingsCache: Map<Oid, Settings>;
}

/** The worktree and the index. Throws E_USAGE in a bare repository, naming `verb`. */
export function checkedOut(
  context: RepositoryContext,
  verb: string,
): { readonly index: IndexStore; readonly worktree: Worktree } {
  const { index, worktree } = context.store;
  if (index === undefined || worktree === undefined)
    throw new ConfigError('E_USAGE', `cannot ${verb} in a bare repository`, {
      hint: 'run it in a clone, or use the library (commitChanges, merge with into)',
    });
  return { index, worktree };
}

/** A path as a user typed it (relative to the opened folder) as a path from the root of the worktree. Throws E_BAD_PATH outside of it. */
export function fromRoot(context: RepositoryContext, typed: string): RepoPath {
  if (typed === '') throw emptyPath();
  const { root } = context.store.worktree ?? {};
  const inside = root !== undefined && (typed === root || typed.startsWith(`${root}/`));
  const start = inside || context.prefix === '' ? [] : context.prefix.split('/');
  const parts = start;
  for (const part of (inside ? typed.slice(root.length) : relativeOnly(typed)).split('/')) {
    if (part === '' || part === '.') continue;
    if (part !== '..') parts.push(part);
    else if (parts.pop() === undefined) throw outside(typed);
  }
  return parts.join('/');
}

/** The file of an address from the root: behind a revision it is there already, but for `./` and `../` (git: gitrevisions, `<rev>:<path>`). */
export function fileOf(context: RepositoryContext, { revision, file }: Address): RepoPath {
  return revision === undefined || /^\.{1,2}\//.test(file) ? fromRoot(context, file) : file;
}

/** A path from the root as a user types it in the opened folder; behind a revision it is typed from the root. */
export function asTyped({ prefix }: RepositoryContext, file: RepoPath, revision?: string): string {
  return revision === undefined ? relative(`/${prefix}`, `/${file}`) : file;
}

function relativeOnly(typed: string): string {
  if (typed.startsWith('/')) throw outside(typed);
  return typed;
}

/** git: "empty string is not a valid pathspec". A variable of the shell that is not set must not mean everything. */
function emptyPath(): ConfigError {
  return new ConfigError('E_BAD_PATH', 'an empty path names nothing', { hint: "'.' is the current folder" });
}

function outside(typed: string): ConfigError {
  return new ConfigError('E_BAD_PATH', `path '${typed}' is outside the repository`, {
    hint: 'give a path inside the worktree',
  });
}
