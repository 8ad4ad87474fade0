import { ConfigError, isConfigError } from '../errors.js';
import { needsMergeCommit } from '../policy/index.js';
import { diffTrees, isAncestor, resolveCommit, type Oid, type RepoPath } from '../store/index.js';
import { checkedOut, type RepositoryContext } from './context.js';
import { draftOf, type Draft } from './draft.js';
import { requireMergeAllowed } from './gate.js';
import { treeOf } from './head.js';
import { writeMergeState } from './merge-state.js';
import { applyConflicts, type StoppedState } from './merge-stop.js';
import { requireSigned, requireSigning } from './protection.js';
import { mergeMessage, mergeTarget, unrelated, type MergeSource, type MergeTarget } from './merge-target.js';
import { notesOf, planMerge, type MergePlan } from './merge-plan.js';
import type { MergeOptions } from './repository.js';
import { identify, reflogSignature } from './identity.js';
import { withCheckout } from './switch.js';
import type { MergeAnswer } from './types.js';
import { writeCommit } from './write-commit.js';

/** One merge on its way: where it goes, what comes, and the store that holds what is not written yet. */
export interface MergeStep {
  readonly target: MergeTarget;
  readonly source: MergeSource;
  readonly draft: Draft;
  readonly options: InnerMergeOptions;
}

export interface InnerMergeOptions extends MergeOptions {
  /** Every step of this fast-forward was found to meet the rules of the branch. */
  readonly verifiedForward?: { readonly from: Oid; readonly to: Oid };
}

/**
 * Merges a revision into the current branch, or into another one or a bare repository's without touching files. Conflicts are an
 * answer: with a worktree the merge then waits for decisions, otherwise nothing happens at all.
 * Throws E_PROTECTED, E_LOCAL_CHANGES, E_MERGE_IN_PROGRESS, E_REVISION_NOT_FOUND, E_STALE, E_USAGE, E_NO_IDENTITY.
 */
export async function merge(
  context: RepositoryContext,
  revision: string,
  options: InnerMergeOptions = {},
): Promise<MergeAnswer> {
  const target = await mergeTarget(context, options.into);
  const source = { commit: await resolveCommit(context.store, revision), label: revision };
  const step: MergeStep = { target, source, draft: draftOf(context.store), options };
  const { tip } = target;
  if (tip !== null && (await isAncestor(context.store, source.commit, tip)))
    return { result: 'up-to-date', commit: tip, conflicts: [], files: [] };
  if (await canFastForward(context, step)) return fastForward(context, step);
  if (tip === null) throw new ConfigError('E_INTERNAL', 'an empty branch was not fast-forwarded');
  return threeWay(context, step, tip);
}

/** Whether the branch may just move. A branch whose protection asks for merges never does, except from nothing. */
async function canFastForward(context: RepositoryContext, step: MergeStep): Promise<boolean> {
  const { target, source, options } = step;
  if (target.tip === null) return true;
  const possible = await isAncestor(context.store, target.tip, source.commit);
  const protectedBranch = needsMergeCommit(target.protection.level) && !isVerified(step);
  if (options.fastForward !== 'only') return possible && !protectedBranch && options.fastForward !== 'never';
  if (!possible)
    throw new ConfigError(
      'E_STALE',
      `cannot fast-forward: '${target.branch ?? 'HEAD'}' and '${source.label}' have diverged`,
      {
        hint: 'merge without --ff-only',
      },
    );
  if (protectedBranch) throw neverForward(target);
  return true;
}

function neverForward({ branch, protection: { level: protection } }: MergeTarget): ConfigError {
  const message = `branch '${branch ?? ''}' is protected (${protection}): each step of it is a merge commit, never a fast-forward`;
  const reason = { rule: 'merges-only', message, hint: 'merge without --ff-only' };
  return new ConfigError('E_PROTECTED', message, {
    hint: reason.hint,
    details: { branch, protection, reasons: [reason] },
  });
}

function isVerified({ target, source, options: { verifiedForward: verified } }: MergeStep): boolean {
  return verified !== undefined && verified.from === target.tip && verified.to === source.commit;
}

async function fastForward(context: RepositoryContext, step: MergeStep): Promise<MergeAnswer> {
  const { target, source } = step;
  const from = await treeOf(context.store, target.tip);
  const to = await treeOf(context.store, source.commit);
  const files = (await diffTrees(context.store, from, to)).map(({ path }) => path);
  await finish(context, step, { from, to, files, commit: source.commit, log: 'Fast-forward' });
  return { result: 'fast-forward', commit: source.commit, conflicts: [], files };
}

async function threeWay(context: RepositoryContext, step: MergeStep, tip: Oid): Promise<MergeAnswer> {
  const { target, source, draft, options } = step;
  const plan = await planMerge(context, step, tip);
  if (plan.base.commits.length === 0 && options.allowUnrelated !== true) throw unrelated(source.label);
  const { conflicts, files } = plan;
  if (conflicts.length > 0) {
    if (target.checkedOut) await stop(context, step, { plan, tip });
    return { result: 'conflicts', conflicts, files, ...notesOf(plan) };
  }
  const { tree } = plan.merged;
  const { protection, branch } = target;
  await requireMergeAllowed(context, {
    protection,
    branch,
    ours: tip,
    theirs: source.commit,
    label: source.label,
    tree,
    store: draft.store,
  });
  requireSigning(context, { protection, branch, sign: options.sign });
  const commit = await mergeCommit(context, step, plan);
  const from = await treeOf(context.store, tip);
  await finish(context, step, { from, to: tree, files, commit, log: "Merge made by the 'cfg' strategy." });
  const made = options.dryRun === true ? {} : { commit };
  return { result: 'merged', ...made, conflicts: [], files, ...notesOf(plan) };
}

async function stop(
  context: RepositoryContext,
  { target, source, draft, options }: MergeStep,
  { plan, tip }: { readonly plan: MergePlan; readonly tip: Oid },
): Promise<void> {
  const { commit: head, label } = source;
  const { strategy, dryRun } = options;
  const message = options.message ?? (await mergeMessage(context, source, target.branch));
  const writeState = (state: StoppedState): Promise<void> => writeMergeState(context, state);
  await applyConflicts(
    context,
    { draft, ours: tip, head, label, message, strategy, dryRun, writeState },
    plan,
  );
}

async function mergeCommit(context: RepositoryContext, step: MergeStep, { merged }: MergePlan): Promise<Oid> {
  const { target, source, draft, options } = step;
  const message = options.message ?? (await mergeMessage(context, source, target.branch));
  const parents = [...(target.tip === null ? [] : [target.tip]), source.commit];
  const made = await writeCommit(context, draft.store, {
    tree: merged.tree,
    parents,
    message,
    author: options.author,
    sign: options.dryRun === true ? false : options.sign,
  });
  return made.commit;
}

interface Outcome {
  readonly from: Oid | null;
  readonly to: Oid | null;
  readonly files: readonly RepoPath[];
  readonly commit: Oid;
  readonly log: string;
}

/** Makes a clean merge real: objects, then files (where the branch is checked out), then the ref. */
async function finish(context: RepositoryContext, step: MergeStep, outcome: Outcome): Promise<void> {
  const { target, source, draft, options } = step;
  // What is refused writes nothing, not even objects.
  if (target.checkedOut)
    await checkedOut(context, 'merge').worktree.preview(
      await diffTrees(draft.store, outcome.from, outcome.to),
    );
  if (options.dryRun === true) return;
  await requireArrivalSigned(context, step, outcome.commit);
  const committer =
    options.author === undefined ? reflogSignature(context) : identify(context, options.author).committer;
  await draft.publish([outcome.commit]);
  const edits = [{ name: target.ref, expected: target.tip, value: outcome.commit }];
  const move = (): void | Promise<void> =>
    context.store.refs.update(edits, { committer, message: `merge ${source.label}: ${outcome.log}` });
  try {
    if (!target.checkedOut) return await move();
    await withCheckout(context, outcome, () => withOrigHead(context, target.tip, move));
  } catch (error) {
    throw isConfigError(error, 'E_STALE') ? moved(target, error) : error;
  }
}

/** A merge commit: what it brings was judged with the merge. */
async function requireArrivalSigned(
  context: RepositoryContext,
  { target, source, draft }: MergeStep,
  commit: Oid,
): Promise<void> {
  const { protection, branch, tip } = target;
  if (tip === null) return;
  const exclude = commit === source.commit ? [tip] : [tip, source.commit];
  await requireSigned({ ...context, store: draft.store }, { protection, branch, tip: commit, exclude });
}

/** ORIG_HEAD says where the branch was; when it does not move, it says what it said before. */
async function withOrigHead(
  { store: { state } }: RepositoryContext,
  tip: Oid | null,
  move: () => void | Promise<void>,
): Promise<void> {
  const before = await state.read('ORIG_HEAD');
  if (tip !== null) await state.write('ORIG_HEAD', `${tip}\n`);
  try {
    await move();
  } catch (error) {
    await state.write('ORIG_HEAD', before);
    throw error;
  }
}

function moved({ branch }: MergeTarget, cause: ConfigError): ConfigError {
  return new ConfigError('E_STALE', `'${branch ?? 'HEAD'}' moved while the merge was made`, {
    hint: 'merge again',
    ...(cause.details && { details: cause.details }),
    cause,
  });
}
