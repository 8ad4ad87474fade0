import { ConfigError } from '../errors.js';
import { checkedOut, fromRoot, type RepositoryContext } from './context.js';
import { readHead, treeOf } from './head.js';
import type { AddAnswer } from './types.js';

/** Stages paths, folders and globs, or every change and new file. Throws E_FILE_NOT_FOUND, E_BAD_PATH. */
export async function add(
  context: RepositoryContext,
  patterns: readonly string[] | 'all',
): Promise<AddAnswer> {
  const { worktree } = checkedOut(context, 'add');
  if (patterns === 'all') return { staged: await worktree.stage(await changedPaths(context, 'add')) };
  if (patterns.length === 0)
    throw new ConfigError('E_USAGE', 'nothing to add was named', { hint: 'cfg add PATH, or cfg add -A' });
  const typed = patterns.map((pattern) => fromRoot(context, pattern) || '.');
  return { staged: await worktree.stage(await worktree.match(typed)) };
}

/** Everything that differs from the index: changed, deleted, conflicted and untracked files. */
async function changedPaths(context: RepositoryContext, verb: string): Promise<readonly string[]> {
  const { worktree } = checkedOut(context, verb);
  const { commit } = await readHead(context.store);
  const status = await worktree.status(await treeOf(context.store, commit));
  return [...status.unstaged.map(({ path }) => path), ...status.conflicts, ...status.untracked];
}
