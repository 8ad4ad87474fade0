import type { Facts, Protection } from '../policy/index.js';
import { isAncestor, type Oid } from '../store/index.js';
import { countStale, reviewOf } from './approvals.js';
import type { RepositoryContext } from './context.js';
import { treeOf } from './head.js';
import { CommitSignatures } from './signatures.js';

/** A merge commit that is about to be made, or was. */
export interface MergeIntoBranch {
  readonly protection: Protection;
  /** The tip of the branch before. */
  readonly tip: Oid;
  /** What is merged; more than one only in an octopus merge. */
  readonly heads: readonly Oid[];
  /** The tree of the merge. */
  readonly tree: Oid;
  /** The merge commit, where it is there already. */
  readonly made?: Oid;
}

/** The facts of a merge that only `strict` and `signed` ask for; empty for other rules. */
export async function strictFacts(
  context: RepositoryContext,
  merge: MergeIntoBranch,
): Promise<Pick<Facts, 'upToDate' | 'exact' | 'approvals' | 'discounted' | 'unsigned'>> {
  const { store } = context;
  const { protection, tip, heads, tree, made } = merge;
  const signatures = new CommitSignatures(context);
  const tips = made === undefined ? heads : [made];
  const unsigned =
    protection.signed === true ? await signatures.missing({ tips, exclude: [tip] }) : undefined;
  const signing = unsigned === undefined ? {} : { unsigned };
  if (protection.level !== 'strict') return signing;
  let upToDate = true;
  let exact = true;
  for (const head of heads) {
    upToDate &&= await isAncestor(store, tip, head);
    exact &&= (await treeOf(store, head)) === tree;
  }
  return { upToDate, exact, ...signing, ...(await approvalFacts(context, merge, signatures)) };
}

/** Of several heads the one with the fewest approvals counts. */
async function approvalFacts(
  context: RepositoryContext,
  { protection, tip, heads }: MergeIntoBranch,
  signatures: CommitSignatures,
): Promise<Pick<Facts, 'approvals' | 'discounted'>> {
  if (protection.approvals === 0) return { approvals: 0 };
  const signed = protection.signedApprovals === true;
  let least: Pick<Facts, 'approvals' | 'discounted'> = {};
  for (const head of heads) {
    const review = await reviewOf(context, { head, tip }, { signed, signatures });
    const approvals = review.filter(({ counts }) => counts).length;
    if (least.approvals !== undefined && least.approvals <= approvals) continue;
    const stale = approvals < protection.approvals ? await countStale(context.store, { head, tip }) : 0;
    const own = review.filter(({ discounted }) => discounted === 'author').length;
    const unsigned = review.filter(({ discounted }) => discounted === 'unsigned').length;
    least = { approvals, discounted: { own, stale, unsigned } };
  }
  return least;
}
