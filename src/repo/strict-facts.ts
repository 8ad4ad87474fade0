import type { Facts, Protection } from '../policy/index.js';
import { isAncestor, type Oid, type Store } from '../store/index.js';
import { countStale, reviewOf } from './approvals.js';
import { treeOf } from './head.js';

/** A merge commit that is about to be made, or was. */
export interface MergeIntoBranch {
  readonly protection: Protection;
  /** The tip of the branch before. */
  readonly tip: Oid;
  /** What is merged; more than one only in an octopus merge. */
  readonly heads: readonly Oid[];
  /** The tree of the merge. */
  readonly tree: Oid;
}

/** The facts of a merge that only `strict` asks for; empty for other levels. */
export async function strictFacts(
  store: Store,
  merge: MergeIntoBranch,
): Promise<Pick<Facts, 'upToDate' | 'exact' | 'approvals' | 'discounted'>> {
  const { protection, tip, heads, tree } = merge;
  if (protection.level !== 'strict') return {};
  let upToDate = true;
  let exact = true;
  for (const head of heads) {
    upToDate &&= await isAncestor(store, tip, head);
    exact &&= (await treeOf(store, head)) === tree;
  }
  return { upToDate, exact, ...(await approvalFacts(store, merge)) };
}

/** Of several heads the one with the fewest approvals counts. */
async function approvalFacts(
  store: Store,
  { protection, tip, heads }: MergeIntoBranch,
): Promise<Pick<Facts, 'approvals' | 'discounted'>> {
  if (protection.approvals === 0) return { approvals: 0 };
  let least: Pick<Facts, 'approvals' | 'discounted'> = {};
  for (const head of heads) {
    const review = await reviewOf(store, { head, tip });
    const approvals = review.filter(({ counts }) => counts).length;
    if (least.approvals !== undefined && least.approvals <= approvals) continue;
    const stale = approvals < protection.approvals ? await countStale(store, { head, tip }) : 0;
    least = { approvals, discounted: { own: review.length - approvals, stale } };
  }
  return least;
}
