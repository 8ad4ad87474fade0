import { ConfigError } from '../errors.js';
import { judgesSteps, needsMergeCommit } from '../policy/index.js';
import { isAncestor, readVisibleCommit, type Oid, type Store } from '../store/index.js';
import type { RepositoryContext } from './context.js';
import { protectionAt, requireSigned } from './protection.js';
import { branchViolations, type Violation } from './verify-branch.js';

/** Whether a ref can go from one object to another without losing a commit: both are here, and the first leads to the second. */
export async function isForward(store: Store, from: Oid, to: Oid): Promise<boolean> {
  for (const oid of [from, to])
    if (!(await store.objects.has(oid)) || (await store.objects.read(oid)).type !== 'commit') return false;
  return isAncestor(store, from, to);
}

/** A branch that is to move forward over commits that were made elsewhere. */
export interface Forward {
  readonly branch: string;
  readonly from: Oid;
  readonly to: Oid;
}

/**
 * Throws E_PROTECTED unless every step of the first-parent history from `from` to `to` is one that the protection of the branch allows,
 * each judged by the settings before it. `hint` is for commits that are no merges.
 */
export async function requireForwardAllowed(
  context: RepositoryContext,
  { branch, from, to }: Forward,
  hint: string,
): Promise<void> {
  const protection = await protectionAt(context, branch, from);
  const { level } = protection;
  if (!judgesSteps(protection)) return;
  const violations: Violation[] = [...(await branchViolations(context, { branch, tip: to, since: from }))];
  if (!(await continues(context, { branch, from, to }))) {
    await requireSigned(context, { protection, branch, tip: to, exclude: [from] });
    if (needsMergeCommit(level))
      violations.push({
        commit: to,
        rule: 'merges-only',
        message: `branch '${branch}' is protected (${level}): its first-parent history would not go on from where it is`,
        hint,
      });
  }
  const [first] = violations;
  if (first === undefined) return;
  throw new ConfigError('E_PROTECTED', `${first.message} (commit ${first.commit.slice(0, 7)})`, {
    hint: first.rule === 'merges-only' ? hint : first.hint,
    details: {
      branch,
      protection: level,
      violations: violations.map(({ commit, rule, message }) => ({ commit, rule, message })),
    },
  });
}

/** Whether `from` is one of the first parents of `to`: otherwise the branch was merged into something else, not that into it. */
async function continues(context: RepositoryContext, { from, to }: Forward): Promise<boolean> {
  for (let oid: Oid | undefined = to; oid !== undefined;) {
    if (oid === from) return true;
    oid = (await readVisibleCommit(context.store, oid)).parents[0];
  }
  return false;
}
