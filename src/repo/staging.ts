import type { Index, IndexEntry, RepoPath } from '../store/index.js';
import { checkedOut, type RepositoryContext } from './context.js';

/** Stages paths, runs `use` on the index (and on what it was before), and takes the staging back when that fails. */
export async function withStaged<T>(
  context: RepositoryContext,
  paths: readonly RepoPath[],
  use: (index: Index, before: Index) => Promise<T>,
): Promise<T> {
  const { index, worktree } = checkedOut(context, 'commit');
  const before = await index.read();
  const present = new Set(before.entries.map(({ path }) => path));
  const stageable: RepoPath[] = [];
  for (const path of paths)
    if (present.has(path) || (await worktree.read(path)) !== undefined) stageable.push(path);
  if (stageable.length === 0) return use(before, before);
  await worktree.stage(stageable);
  try {
    return await use(await index.read(), before);
  } catch (error) {
    const staged = new Set(paths);
    const kept = before.entries.filter(({ path }) => staged.has(path));
    await index.update((now) =>
      [...now.entries.filter(({ path }) => !staged.has(path)), ...kept].toSorted(byPathAndStage),
    );
    throw error;
  }
}

/** The order of the index. */
export function byPathAndStage(a: IndexEntry, b: IndexEntry): number {
  const order = Buffer.compare(Buffer.from(a.path), Buffer.from(b.path));
  return order === 0 ? a.stage - b.stage : order;
}
