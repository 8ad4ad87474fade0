import { bringIn, decide, type Reason } from '../policy/index.js';
import { isAncestor, resolveCommit, type Oid, type Store } from '../store/index.js';
import { reviewOf } from './approvals.js';
import { approvalInfo } from './approve.js';
import { existingTip } from './branch.js';
import { bumpOfTrees } from './bump.js';
import { changesBetween, fileDiff, readChange } from './compare.js';
import type { RepositoryContext } from './context.js';
import { draftOf, type Draft } from './draft.js';
import { mergeIntent, type MergeIntent } from './gate.js';
import { branchRef, readHead, treeOf } from './head.js';
import { planMerge } from './merge-plan.js';
import type { MergeTarget } from './merge-target.js';
import { protectionAt } from './protection.js';
import { CommitSignatures } from './signatures.js';
import type { CheckAnswer, FileDiff } from './types.js';
import { seenBranch } from './upstream.js';

/**
 * Whether a merge of a revision into a branch would be allowed, what stands in its way, and which version bump it calls for. Nothing is
 * written. The branch may be one of a remote (`origin/main`); where there is no such branch here, that of `origin` is meant, as in a clone of CI.
 * Throws E_REVISION_NOT_FOUND.
 */
export async function checkMerge(
  context: RepositoryContext,
  branch: string,
  revision = 'HEAD',
): Promise<CheckAnswer> {
  const target = await targetOf(context, branch);
  const source = { commit: await resolveCommit(context.store, revision), label: revision };
  const { tip } = target;
  if (tip === null || (await isAncestor(context.store, source.commit, tip))) return upToDate;
  const draft = draftOf(context.store);
  const { store } = draft;
  const { merged, conflicts } = await planMerge(context, { target, source, draft, options: {} }, tip);
  const { tree } = merged;
  const { label } = source;
  const result = { ...target, ours: tip, theirs: source.commit, label, tree, store };
  const intent = await mergeIntent(context, result);
  const reasons = [
    ...(intent === undefined ? [] : reasonsOf(intent)),
    ...(conflicts.length === 0 ? [] : [undecided(conflicts.length, branch, revision)]),
  ];
  const bump = conflicts.length > 0 ? null : await bumpOf(context, { draft, tip, tree });
  const inner = { ...context, store };
  const review = await reviewOf(
    inner,
    { head: source.commit, tip },
    { signed: target.protection.signedApprovals === true, signatures: new CommitSignatures(inner) },
  );
  return {
    allowed: reasons.length === 0,
    reasons,
    conflicts,
    bump,
    problems: intent?.details.problems ?? [],
    changes: await changesOf(store, { tip, tree, conflicts }),
    approvals: review.map(({ counts, discounted, ...approval }) => {
      return { ...approvalInfo(approval), counts, ...(discounted && { discounted }) };
    }),
  };
}

const upToDate: CheckAnswer = {
  allowed: true,
  reasons: [],
  conflicts: [],
  bump: 'none',
  problems: [],
  changes: [],
  approvals: [],
};

async function changesOf(
  store: Store,
  { tip, tree, conflicts }: { readonly tip: Oid; readonly tree: Oid } & Pick<CheckAnswer, 'conflicts'>,
): Promise<readonly FileDiff[]> {
  const open = new Set(conflicts.map(({ file }) => file));
  const changes: FileDiff[] = [];
  for (const change of await changesBetween(store, await treeOf(store, tip), tree))
    if (!open.has(change.path)) changes.push(fileDiff(await readChange(store, change)));
  return changes;
}

/** No rule of a branch, but the merge would stop all the same. */
function undecided(count: number, branch: string, revision: string): Reason {
  return {
    rule: 'conflicts',
    message: `the merge of '${revision}' into '${branch}' has ${count === 1 ? 'a conflict' : `${count} conflicts`}`,
    hint: `decide on the side of '${revision}': ${bringIn(revision, branch)}`,
  };
}

function reasonsOf({ protection, action, facts, branch }: MergeIntent): CheckAnswer['reasons'] {
  return decide(protection, action, { ...facts, branch }).reasons;
}

async function targetOf(context: RepositoryContext, name: string): Promise<MergeTarget> {
  const { store } = context;
  const { branch, tip: seen } = await seenBranch(context, name);
  const head = await readHead(store);
  const unborn = head.branch === branch && head.commit === null;
  const tip = seen ?? (unborn ? null : await existingTip(context, branch));
  const protection = await protectionAt(context, branch, tip);
  return { branch, ref: branchRef(branch), tip, protection, checkedOut: false };
}

async function bumpOf(
  context: RepositoryContext,
  { draft, tip, tree }: { readonly draft: Draft; readonly tip: Oid; readonly tree: Oid },
): Promise<CheckAnswer['bump']> {
  const before = await treeOf(draft.store, tip);
  return (await bumpOfTrees({ ...context, store: draft.store }, before, tree)).bump;
}
