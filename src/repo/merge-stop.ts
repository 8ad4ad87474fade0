import { objectOid, type RepoPath } from '../store/index.js';
import { checkedOut, type RepositoryContext } from './context.js';
import { requireCleanPaths, requireNothingStaged } from './clean.js';
import { treeOf } from './head.js';
import type { MergePlan } from './merge-plan.js';
import { writeMergeRecord, type MergeRecord, type WholeFile } from './merge-record.js';
import { writeMergeState } from './merge-state.js';
import { mergeMessage } from './merge-target.js';
import type { MergeStep } from './merge.js';

/**
 * Leaves a merge with conflicts for decisions: clean parts and markers in the worktree, the originals in the index, Git's own merge
 * state, and cfg's record. The record goes first and is marked complete last: what a crash leaves can be aborted, not continued.
 */
export async function applyConflicts(
  context: RepositoryContext,
  step: MergeStep,
  plan: MergePlan,
): Promise<void> {
  const { source, target, draft, options } = step;
  const { worktree } = checkedOut(context, 'merge');
  await requireCleanPaths(context, plan.files, source.label);
  await requireNothingStaged(context, source.label);
  if (options.dryRun === true || target.tip === null) return;
  await draft.publish([plan.merged.tree]);
  const record = recordOf(step, plan);
  await writeMergeRecord(context, { ...record, complete: false });
  try {
    await worktree.checkout(await treeOf(context.store, target.tip), plan.merged.tree, plan.merged.unmerged);
  } catch (error) {
    await writeMergeRecord(context, undefined);
    throw error;
  }
  const message = options.message ?? (await mergeMessage(context, source, target.branch));
  await writeMergeState(context, {
    head: source.commit,
    ours: target.tip,
    message: withConflicts(message, plan),
  });
  await writeMergeRecord(context, record);
}

function recordOf({ source, options }: MergeStep, plan: MergePlan): MergeRecord {
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
    head: source.commit,
    complete: true,
    labels: plan.rules.labels,
    strategy: options.strategy ?? 'manual',
    files: plan.files,
    whole,
    choices: plan.choices,
  };
}

/** git: sequencer.c append_conflicts_hint. */
function withConflicts(message: string, { conflicts }: MergePlan): string {
  const files = [...new Set(conflicts.map(({ file }) => `#\t${file}\n`))];
  return `${message.trimEnd()}\n\n# Conflicts:\n${files.join('')}`;
}
