import type { Index, IndexEntry, IndexStore, RawObject, RepoPath, StagePlan } from '../store/index.js';
import { checkedOut, type RepositoryContext } from './context.js';

/** The index as it is and as it will be, when some paths are staged. */
export interface Staging {
  readonly before: Index;
  readonly index: Index;
  /** New blobs, which have to be in the store before {@link apply}. */
  readonly objects: readonly RawObject[];
  /** Makes the index what {@link index} says; once, however often it is called. */
  readonly apply: () => Promise<void>;
  /** Takes back what {@link apply} did. */
  readonly takeBack: () => Promise<void>;
}

/** Plans to stage paths; one that is neither in the worktree nor in the index has nothing to be staged. Throws as `Worktree.stage` does. */
export async function planStaging(context: RepositoryContext, paths: readonly RepoPath[]): Promise<Staging> {
  const { index, worktree } = checkedOut(context, 'commit');
  const before = await index.read();
  const present = new Set(before.entries.map(({ path }) => path));
  const stageable: RepoPath[] = [];
  for (const path of paths)
    if (present.has(path) || (await worktree.read(path)) !== undefined) stageable.push(path);
  const plan = await worktree.planStage(stageable);
  let applied = false;
  return {
    before,
    index: { entries: withPlanned(before, plan) },
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

function withPlanned(before: Index, { entries: planned }: StagePlan): readonly IndexEntry[] {
  const rest = new Map(planned);
  const entries: IndexEntry[] = [];
  const enter = (path: RepoPath): void => {
    const entry = rest.get(path);
    if (entry) entries.push({ path, mode: entry.mode, oid: entry.oid, stage: 0 });
    rest.delete(path);
  };
  for (const entry of before.entries) {
    if (!planned.has(entry.path)) entries.push(entry);
    else enter(entry.path);
  }
  if (rest.size === 0) return entries;
  for (const path of rest.keys()) enter(path);
  return entries.toSorted(byPathAndStage);
}

async function putBack(index: IndexStore, before: Index, paths: ReadonlySet<RepoPath>): Promise<void> {
  const old = before.entries.filter(({ path }) => paths.has(path));
  await index.update(({ entries }) =>
    [...entries.filter(({ path }) => !paths.has(path)), ...old].toSorted(byPathAndStage),
  );
}

/** The order of the index. */
export function byPathAndStage(a: IndexEntry, b: IndexEntry): number {
  const order = Buffer.compare(Buffer.from(a.path), Buffer.from(b.path));
  return order === 0 ? a.stage - b.stage : order;
}
