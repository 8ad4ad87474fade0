import { closest, ConfigError, shellWord } from '../errors.js';
import { matchPath } from '../doc/index.js';
import { findEntry, type Oid, type RepoPath } from '../store/index.js';
import { asTyped, checkedOut, fromRoot, type RepositoryContext } from './context.js';
import { filesOf } from './index-changes.js';

/**
 * The candidates that typed paths name: files, folders (all below) and globs, relative to the opened folder; sorted.
 * Throws E_FILE_NOT_FOUND for one that names nothing, E_BAD_PATH outside of the repository.
 */
export function selectPaths(
  context: RepositoryContext,
  patterns: readonly string[],
  candidates: Iterable<RepoPath>,
): readonly RepoPath[] {
  const paths = [...candidates];
  const selected = patterns.flatMap((typed) => {
    const pattern = fromRoot(context, typed);
    const matches = paths.filter((path) => isNamedBy(pattern, path));
    if (matches.length === 0) throw notTracked(context, typed, closest(pattern, paths));
    return matches;
  });
  return [...new Set(selected)].toSorted(byName);
}

/** {@link selectPaths} among the files of the index and of a tree, which are only listed where a pattern is not just the path of one of them. */
export async function selectTracked(
  context: RepositoryContext,
  tree: Oid | null,
  patterns: readonly string[],
): Promise<readonly RepoPath[]> {
  const { index } = checkedOut(context, 'select files');
  const names = patterns.map((typed) => fromRoot(context, typed));
  const staged = new Set((await index.find(names)).map(({ path }) => path));
  const areFiles = names.every((name) => staged.has(name) && !isGlob(name));
  if (areFiles && !(await hasFolder(context, tree, names))) return [...new Set(names)].toSorted(byName);
  const tracked = (await index.read()).entries.map(({ path }) => path);
  const inTree = (await filesOf(context.store, tree)).keys();
  return selectPaths(context, patterns, new Set([...tracked, ...inTree]));
}

async function hasFolder(
  { store }: RepositoryContext,
  tree: Oid | null,
  paths: readonly RepoPath[],
): Promise<boolean> {
  if (tree === null) return false;
  for (const path of paths) if ((await findEntry(store, tree, path))?.mode === '040000') return true;
  return false;
}

function byName(a: RepoPath, b: RepoPath): number {
  return a < b ? -1 : 1;
}

function isGlob(pattern: string): boolean {
  return /[*?[{]/.test(pattern);
}

function notTracked(context: RepositoryContext, typed: string, similar: RepoPath | undefined): ConfigError {
  return new ConfigError('E_FILE_NOT_FOUND', `path '${typed}' is not tracked`, {
    hint:
      similar === undefined
        ? `if it is new, add it first: cfg add ${shellWord(typed)}`
        : `did you mean '${asTyped(context, similar)}'?`,
    details: { path: typed },
  });
}

function isNamedBy(pattern: string, path: RepoPath): boolean {
  if (pattern === '' || path === pattern || path.startsWith(`${pattern}/`)) return true;
  return isGlob(pattern) && matchPath(pattern, path);
}
