import type { IndexEntry, IndexStore, Oid, RawObject, RepoPath, StagePlan } from '../store/index.js';
import { checkedOut, type RepositoryContext } from './context.js';
import { patchesOf, treePatches, type TreePatch } from './index-changes.js';

/** What becomes of the index when some paths are staged. */
export interface Staging {
  /** Paths that are in conflict as it is, sorted. */
  readonly unmerged: readonly RepoPath[];
  /** What each path becomes; null: it goes. */
  readonly planned: StagePlan['entries'];
  /** New blobs, which have to be in the store before {@link apply}. */
  readonly objects: readonly RawObject[];
  /** Stages the paths; once, however often it is called. */
  readonly apply: () => Promise<void>;
  /** Takes back what {@link apply} did. */
  readonly takeBack: () => Promise<void>;
}

/** Plans to stage paths; one that is neither in the worktree nor in the index has nothing to be staged. Throws as `Worktree.stage` does. */
export async function planStaging(context: RepositoryContext, paths: readonly RepoPath[]): Promise<Staging> {
  const { index, worktree } = checkedOut(context, 'commit');
  const before = await index.find(paths);
  const present = new Set(before.map(({ path }) => path));
  const stageable: RepoPath[] = [];
  for (const path of paths)
    if (present.has(path) || (await worktree.read(path)) !== undefined) stageable.push(path);
  const plan = await worktree.planStage(stageable);
  let applied = false;
  return {
    unmerged: await index.unmerged(),
    planned: plan.entries,
    objects: plan.objects,
    apply: async () => {
      if (!applied && stageable.length > 0) await plan.apply();
      applied = true;
    },
    takeBack: async () => {
      if (applied && stageable.length > 0) await putBack(index, before, new Set(stageable));
    },
  };
}

/**
 * What has to change in a tree to make it the index with the paths staged, sorted by path; of `only`, where given, and no others.
 * No path may be in conflict.
 */
export async function stagedPatches(
  context: RepositoryContext,
  tree: Oid | null,
  {
    planned,
    only,
  }: { readonly planned: StagePlan['entries']; readonly only?: ReadonlySet<RepoPath> | undefined },
): Promise<readonly TreePatch[]> {
  const { index, worktree } = checkedOut(context, 'commit');
  const paths = [...(only ?? planned.keys())];
  const after = new Map<RepoPath, Pick<IndexEntry, 'mode' | 'oid'> | null>(
    (await index.find(paths)).map((entry) => [entry.path, entry]),
  );
  for (const [path, entry] of planned) after.set(path, entry);
  const chosen = await patchesOf(context.store, tree, { after, paths });
  if (only !== undefined) return chosen;
  const others = (await worktree.staged(tree)).filter(({ path }) => !planned.has(path));
  return [...treePatches(others), ...chosen].toSorted((a, b) => (a.path < b.path ? -1 : 1));
}

async function putBack(
  index: IndexStore,
  before: readonly IndexEntry[],
  paths: ReadonlySet<RepoPath>,
): Promise<void> {
  await index.update(({ entries }) =>
    [...entries.filter(({ path }) => !paths.has(path)), ...before].toSorted(byPathAndStage),
  );
}

/** The order of the index. */
export function byPathAndStage(a: IndexEntry, b: IndexEntry): number {
  const order = Buffer.compare(Buffer.from(a.path), Buffer.from(b.path));
  return order === 0 ? a.stage - b.stage : order;
}
