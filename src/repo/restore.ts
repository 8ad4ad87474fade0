import { ConfigError } from '../errors.js';
import { checkedOut, type RepositoryContext } from './context.js';
import { readHead, treeOf } from './head.js';
import { filesOf, list } from './index-changes.js';
import { selectPaths } from './pathspec.js';
import type { RestoreAnswer } from './types.js';

/**
 * Drops changes of the worktree, back to the index; with `staged`, changes of the index, back to HEAD (the worktree keeps them).
 * Throws E_FILE_NOT_FOUND, E_CONFLICT for files with conflicts.
 */
export async function restore(
  context: RepositoryContext,
  patterns: readonly string[],
  options: { readonly staged?: boolean } = {},
): Promise<RestoreAnswer> {
  const { index, worktree } = checkedOut(context, 'restore');
  if (patterns.length === 0)
    throw new ConfigError('E_USAGE', 'nothing to restore was named', { hint: 'cfg restore PATH' });
  const tracked = (await index.read()).entries.map(({ path }) => path);
  if (options.staged === true) {
    const tree = await treeOf(context.store, (await readHead(context.store)).commit);
    const candidates = new Set([...tracked, ...(await filesOf(context.store, tree)).keys()]);
    return { restored: await worktree.unstage(selectPaths(context, patterns, candidates), tree) };
  }
  const paths = selectPaths(context, patterns, new Set(tracked));
  const unmerged = new Set(await index.unmerged());
  const conflicting = paths.filter((path) => unmerged.has(path));
  if (conflicting.length > 0)
    throw new ConfigError('E_CONFLICT', `cannot restore ${list(conflicting)}: a merge left conflicts`, {
      hint: 'cfg resolve FILE --ours (or --theirs), or cfg merge --abort',
      details: { paths: conflicting },
    });
  return { restored: await worktree.restore(paths) };
}
