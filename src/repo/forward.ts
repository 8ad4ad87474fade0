import { ConfigError } from '../errors.js';
import { needsMergeCommit } from '../policy/index.js';
import { readCommit, type Oid } from '../store/index.js';
import type { RepositoryContext } from './context.js';
import { protectionAt } from './protection.js';
import { branchViolations, type Violation } from './verify-branch.js';

/** A branch that is to move forward over commits that were made elsewhere. */
export interface Forward {
  readonly branch: string;
  readonly from: Oid;
  readonly to: Oid;
}

/**
 * Throws E_PROTECTED unless every step of the first-parent history from `from` to `to` is one that the protection of the branch allows,
 * each judged by the settings before it.
 */
export async function requireForwardAllowed(
  context: RepositoryContext,
  { branch, from, to }: Forward,
  hint: string,
): Promise<void> {
  const { level } = await protectionAt(context, branch, from);
  if (!needsMergeCommit(level)) return;
  const violations: Violation[] = [...(await branchViolations(context, { branch, tip: to, since: from }))];
  if (!(await continues(context, { branch, from, to })))
    violations.push({
      commit: to,
      rule: 'merges-only',
      message: `branch '${branch}' is protected (${level}): its first-parent history would not go on from where it is`,
    });
  const [first] = violations;
  if (first === undefined) return;
  throw new ConfigError('E_PROTECTED', `${first.message} (commit ${first.commit.slice(0, 7)})`, {
    hint,
    details: { branch, protection: level, violations },
  });
}

/** Whether `from` is one of the first parents of `to`: otherwise the branch was merged into something else, not that into it. */
async function continues(context: RepositoryContext, { from, to }: Forward): Promise<boolean> {
  for (let oid: Oid | undefined = to; oid !== undefined;) {
    if (oid === from) return true;
    oid = (await readCommit(context.store, oid)).parents[0];
  }
  return false;
}
