import { ConfigError } from '../errors.js';
import type { RepoPath } from '../store/index.js';
import { checkedOut, type RepositoryContext } from './context.js';
import { readHead, treeOf } from './head.js';
import { list } from './index-changes.js';

/** Throws E_LOCAL_CHANGES when one of the paths has changes that are not committed, or a new file stands in its place. */
export async function requireCleanPaths(
  context: RepositoryContext,
  paths: readonly RepoPath[],
  label: string,
): Promise<void> {
  const { worktree } = checkedOut(context, 'merge');
  const status = await worktree.status(await treeOf(context.store, (await readHead(context.store)).commit));
  const wanted = new Set(paths);
  const dirty = [...status.staged, ...status.unstaged].flatMap(({ path, from }) =>
    from === undefined ? [path] : [path, from],
  );
  const inTheWay = [...new Set([...dirty, ...status.untracked])]
    .filter((path) => wanted.has(path))
    .toSorted();
  if (inTheWay.length > 0) throw localChanges(inTheWay, label);
}

/** Throws E_LOCAL_CHANGES when anything is staged: a merge that stops shares the index with whatever is in it. */
export async function requireNothingStaged(context: RepositoryContext, label: string): Promise<void> {
  const { worktree } = checkedOut(context, 'merge');
  const { staged } = await worktree.status(
    await treeOf(context.store, (await readHead(context.store)).commit),
  );
  if (staged.length === 0) return;
  const paths = staged.map(({ path }) => path);
  throw new ConfigError(
    'E_LOCAL_CHANGES',
    `merging '${label}' has conflicts, and ${list(paths)} is staged: the merge would take it along`,
    {
      hint: "commit what is staged first, or 'cfg restore --staged PATH'",
      details: { paths },
    },
  );
}

function localChanges(paths: readonly RepoPath[], label: string): ConfigError {
  return new ConfigError(
    'E_LOCAL_CHANGES',
    `merging '${label}' would overwrite changes of ${list(paths)} that are not committed`,
    {
      hint: "commit them, or drop them with 'cfg restore PATH'",
      details: { paths },
    },
  );
}
