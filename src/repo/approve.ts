import { formatTag, readCommit, resolveCommit, type Oid } from '../store/index.js';
import { approvalRef, approvalsOf, type Approval } from './approvals.js';
import { personOf } from './commit-info.js';
import type { RepositoryContext } from './context.js';
import { identify } from './identity.js';
import { cleanMessage } from './message.js';
import type { ApprovalInfo, ApprovalsAnswer } from './types.js';

/**
 * Records that the committer approves of exactly one commit. Approving again adds the new message; a person counts once.
 * Throws E_REVISION_NOT_FOUND, E_NO_IDENTITY.
 */
export async function approve(
  context: RepositoryContext,
  revision: string,
  { message }: { readonly message?: string } = {},
): Promise<ApprovalsAnswer> {
  const { store } = context;
  const commit = await resolveCommit(store, revision);
  await readCommit(store, commit);
  const { committer } = identify(context);
  const data = formatTag({
    object: commit,
    type: 'commit',
    tag: 'approval',
    tagger: committer,
    message: message === undefined ? '' : cleanMessage(message),
  });
  const [value = ''] = await store.objects.write([{ type: 'tag', data }]);
  await store.refs.update([{ name: approvalRef(commit, value), value }], {
    committer,
    message: `approve: ${commit}`,
  });
  return answerOf(context, commit);
}

/** The approvals of a commit, whether or not they count for a merge. Throws E_REVISION_NOT_FOUND. */
export async function approvals(context: RepositoryContext, revision: string): Promise<ApprovalsAnswer> {
  return answerOf(context, await resolveCommit(context.store, revision));
}

async function answerOf({ store }: RepositoryContext, commit: Oid): Promise<ApprovalsAnswer> {
  return { commit, approvals: (await approvalsOf(store, commit)).map(approvalInfo) };
}

/** An approval as it is answered. */
export function approvalInfo({ approver, message }: Approval): ApprovalInfo {
  const { name, email, date } = personOf(approver);
  return { by: `${name} <${email}>`, at: date, message };
}
