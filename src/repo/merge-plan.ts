import { requireStrategy, type Choices, type ContentMerge } from '../merge/index.js';
import { writeTree, type Oid, type RepoPath, type Store } from '../store/index.js';
import type { RepositoryContext } from './context.js';
import { decideOpen } from './decide-open.js';
import { treeOf } from './head.js';
import { invalidAfterMerge } from './invalid-merge.js';
import { findMergeBase, type MergeBase } from './merge-base.js';
import type { MergeRulesOfTrees } from './merge-file.js';
import { mergeTrees, type MergedTrees } from './merge-trees.js';
import type { MergeStep } from './merge.js';
import { governingSettings } from './protection.js';
import type { Resolver } from './repository.js';
import type { FileNote, MergeConflict } from './types.js';
import { contentOf, fileConflict, stagesOf } from './unmerged.js';

/** Everything that a three-way merge is going to do; nothing is written yet. */
export interface MergePlan extends PlannedTrees {
  readonly base: MergeBase;
}

/** What joining three trees comes to. */
export interface PlannedTrees {
  readonly rules: MergeRulesOfTrees;
  readonly merged: MergedTrees;
  readonly conflicts: readonly MergeConflict[];
  /** Paths that differ from ours afterwards, conflicts included; sorted. */
  readonly files: readonly RepoPath[];
  /** What strategies and resolvers decided that need more than the file to decide it. */
  readonly choices: ReadonlyMap<RepoPath, Choices>;
}

/** Plans the merge of `source` into the tip of the target, by the settings at that tip. */
export async function planMerge(context: RepositoryContext, step: MergeStep, tip: Oid): Promise<MergePlan> {
  const { source } = step;
  const { store } = step.draft;
  const { base, rules } = await measure(context, step, tip);
  const trees = {
    base: base.tree,
    ours: await treeOf(store, tip),
    theirs: (await treeOf(store, source.commit)) ?? '',
  };
  const tips = { ours: tip, theirs: source.commit, bases: base.commits };
  return {
    base,
    ...(await planTrees(context, { store, rules, trees, tips, resolver: step.options.resolver })),
  };
}

export interface TreesToPlan {
  /** A draft's. */
  readonly store: Store;
  readonly rules: MergeRulesOfTrees;
  readonly trees: { readonly base: Oid | null; readonly ours: Oid | null; readonly theirs: Oid };
  /** Commits whose history tells which side is newer. */
  readonly tips: { readonly ours: Oid; readonly theirs: Oid; readonly bases: readonly Oid[] };
  readonly resolver?: Resolver | undefined;
}

/** Plans the merge of three trees: by key, then what strategies and resolvers decide, then what the result breaks. */
export async function planTrees(
  context: RepositoryContext,
  { store, rules, trees, tips, resolver }: TreesToPlan,
): Promise<PlannedTrees> {
  const first = await mergeTrees(store, { ...rules, ...trees });
  const choices = await decideOpen(context, { conflicts: first.conflicts, rules, resolver, tips });
  const again = choices.size === 0 ? first : await mergeTrees(store, { ...rules, ...trees, choices });
  const invalid = await invalidAfterMerge(context, store, { merged: again, sides: trees });
  const merged = await reopen(store, again, { invalid, ours: trees.ours });
  const files = [...new Set([...merged.patches, ...merged.unmerged].map(({ path }) => path))].toSorted();
  return { rules, merged, conflicts: merged.conflicts, files, choices };
}

/** The notes of a plan for an answer. */
export function notesOf({ merged }: PlannedTrees): { readonly notes?: readonly FileNote[] } {
  return merged.notes.length === 0 ? {} : { notes: merged.notes };
}

/** The merge base, and the rules with the names that markers show. */
async function measure(
  context: RepositoryContext,
  { target, source, draft, options }: MergeStep,
  tip: Oid,
): Promise<{ readonly base: MergeBase; readonly rules: MergeRulesOfTrees }> {
  if (options.strategy !== undefined) requireStrategy(options.strategy);
  const labels = { base: 'merged common ancestors', ours: target.branch ?? 'HEAD', theirs: source.label };
  const settings = await governingSettings(context, tip);
  const rules: MergeRulesOfTrees = { settings, labels, strategy: options.strategy };
  const base = await findMergeBase(draft.store, { ours: tip, theirs: source.commit }, rules);
  const [only, second] = base.commits;
  if (only === undefined || second !== undefined) return { base, rules };
  return { base, rules: { ...rules, labels: { ...labels, base: only.slice(0, 7) } } };
}

/** Files that merged cleanly into something invalid become conflicts, with the merged text standing in the worktree. */
async function reopen(
  store: Store,
  merged: MergedTrees,
  { invalid, ours }: { readonly invalid: readonly ContentMerge[]; readonly ours: Oid | null },
): Promise<MergedTrees> {
  if (invalid.length === 0) return merged;
  const paths = new Set(invalid.map(({ path }) => path));
  const patches = merged.patches.filter(({ path }) => !paths.has(path));
  const unmerged = [...merged.unmerged];
  for (const conflict of invalid) {
    const entry = merged.patches.find(({ path }) => path === conflict.path)?.entry;
    const content = entry && (await contentOf(store, entry));
    unmerged.push({ ...stagesOf(conflict), ...(content && { content }) });
  }
  const kind = 'invalid-after-merge';
  return {
    tree: await writeTree(store, ours, patches),
    patches,
    merged: merged.merged.filter(({ path }) => !paths.has(path)),
    unmerged,
    notes: merged.notes,
    conflicts: [...merged.conflicts, ...invalid.map((conflict) => fileConflict({ ...conflict, kind }))],
  };
}
