import { isConfigError } from '../errors.js';
import { diffTrees, findFile, objectOid, type Oid, type RepoPath, type Store } from '../store/index.js';
import { checkedOut, type RepositoryContext } from './context.js';
import { requireCleanPaths, requireNothingStaged } from './clean.js';
import { treeOf } from './head.js';
import type { Draft } from './draft.js';
import type { PlannedTrees } from './merge-plan.js';
import { takeBack } from './merge-leftover.js';
import { writeMergeRecord, type MergeRecord, type WholeFile } from './merge-record.js';
import type { Strategy } from './repository.js';

/** A merge that stops. */
export interface StoppedMerge {
  readonly draft: Draft;
  /** The commit that stays. */
  readonly ours: Oid;
  /** The commit that came. */
  readonly head: Oid;
  /** What it is called. */
  readonly label: string;
  readonly message: string;
  readonly strategy?: Strategy | undefined;
  readonly dryRun?: boolean | undefined;
  /** Writes Git's own state of it. */
  readonly writeState: (state: StoppedState) => Promise<void>;
}

export interface StoppedState {
  readonly head: Oid;
  readonly ours: Oid;
  readonly message: string;
}

/**
 * Leaves a merge with conflicts for decisions: clean parts and markers in the worktree, the originals in the index, Git's own merge
 * state, and cfg's record. The record goes first and is marked complete last: what a crash leaves can be aborted, not continued.
 */
export async function applyConflicts(
  context: RepositoryContext,
  stopped: StoppedMerge,
  plan: PlannedTrees,
): Promise<void> {
  const { worktree } = checkedOut(context, 'merge');
  const { draft, ours, head } = stopped;
  await requireCleanPaths(context, plan.files, stopped.label);
  await requireNothingStaged(context, stopped.label);
  const tree = await treeOf(context.store, ours);
  await worktree.preview(await diffTrees(draft.store, tree, plan.merged.tree));
  if (stopped.dryRun === true) return;
  await draft.publish([plan.merged.tree]);
  const record = { ...recordOf(stopped, plan), wrote: await writtenFiles(draft.store, plan) };
  await writeMergeRecord(context, { ...record, complete: false, writer: context.store.state.owner() });
  try {
    await worktree.checkout(tree, plan.merged.tree, plan.merged.unmerged);
    await stopped.writeState({ head, ours, message: withConflicts(stopped.message, plan) });
    await writeMergeRecord(context, record);
  } catch (error) {
    // Refused, so nothing was written; otherwise some of it was.
    if (isConfigError(error, 'E_LOCAL_CHANGES')) await writeMergeRecord(context, undefined);
    else await takeBack(context, record);
    throw error;
  }
}

/** What tells files of this merge from somebody's own when a crash left them half written. */
async function writtenFiles(
  store: Store,
  { files, merged }: PlannedTrees,
): Promise<readonly (readonly [RepoPath, Oid | null])[]> {
  const wrote: [RepoPath, Oid | null][] = [];
  for (const path of files) {
    const unmerged = merged.unmerged.find((file) => file.path === path);
    const { content } = unmerged ?? {};
    const clean = unmerged === undefined ? await findFile(store, merged.tree, path) : undefined;
    wrote.push([path, content ? objectOid('blob', content.data) : (clean?.oid ?? null)]);
  }
  return wrote;
}

function recordOf({ head, strategy }: StoppedMerge, plan: PlannedTrees): MergeRecord {
  const whole = new Map<RepoPath, WholeFile>();
  for (const { file, path, kind } of plan.conflicts) {
    const isOnly = plan.conflicts.every((other) => other.file !== file || other.kind === kind);
    if (path !== '' || kind === 'text' || !isOnly) continue;
    const content = plan.merged.unmerged.find((unmerged) => unmerged.path === file)?.content;
    whole.set(file, {
      kind,
      wrote: content === undefined ? null : objectOid('blob', content.data),
    });
  }
  return {
    head,
    complete: true,
    labels: plan.rules.labels,
    strategy: strategy ?? 'manual',
    files: plan.files,
    whole,
    choices: plan.choices,
  };
}

/** git: sequencer.c append_conflicts_hint. */
function withConflicts(message: string, { conflicts }: PlannedTrees): string {
  const files = [...new Set(conflicts.map(({ file }) => `#\t${file}\n`))];
  return `${message.trimEnd()}\n\n# Conflicts:\n${files.join('')}`;
}
