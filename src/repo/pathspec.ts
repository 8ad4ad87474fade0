import { closest, ConfigError } from '../errors.js';
import { matchPath } from '../doc/index.js';
import type { RepoPath } from '../store/index.js';
import { fromRoot, type RepositoryContext } from './context.js';

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
    if (matches.length === 0) throw notTracked(typed, closest(pattern, paths));
    return matches;
  });
  return [...new Set(selected)].toSorted((a, b) => (a < b ? -1 : 1));
}

function notTracked(typed: string, similar: RepoPath | undefined): ConfigError {
  return new ConfigError('E_FILE_NOT_FOUND', `path '${typed}' is not tracked`, {
    hint:
      similar === undefined ? `if it is new, add it first: cfg add ${typed}` : `did you mean '${similar}'?`,
    details: { path: typed },
  });
}

function isNamedBy(pattern: string, path: RepoPath): boolean {
  if (pattern === '' || path === pattern || path.startsWith(`${pattern}/`)) return true;
  return /[*?[{]/.test(pattern) && matchPath(pattern, path);
}
