import { formatTag, readCommit, resolveCommit, type Oid, type Tag } from '../store/index.js';
import { approvalRef, approvalsOf, type Approval } from './approvals.js';
import { personOf } from './commit-info.js';
import type { RepositoryContext } from './context.js';
import { identify } from './identity.js';
import { cleanMessage } from './message.js';
import type { ApproveOptions } from './repository.js';
import { signatureFor } from './signatures.js';
import type { ApprovalInfo, ApprovalsAnswer } from './types.js';

/**
 * Records that the committer approves of exactly one commit. Approving again adds the new message; a person counts once.
 * Throws E_REVISION_NOT_FOUND, E_NO_IDENTITY, E_SIGNATURE.
 */
export async function approve(
  context: RepositoryContext,
  revision: string,
  { message, sign }: ApproveOptions = {},
): Promise<ApprovalsAnswer> {
  const { store } = context;
  const commit = await resolveCommit(store, revision);
  await readCommit(store, commit);
  const { committer } = identify(context);
  const approval: Tag = {
    object: commit,
    type: 'commit',
    tag: 'approval',
    tagger: committer,
    message: message === undefined ? '' : cleanMessage(message),
  };
  const payload = formatTag(approval);
  const signature = await signatureFor(context, { kind: 'approval', payload, signer: committer, sign });
  const data = signature === undefined ? payload : formatTag({ ...approval, signature });
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

async function answerOf(context: RepositoryContext, commit: Oid): Promise<ApprovalsAnswer> {
  return { commit, approvals: (await approvalsOf(context, commit)).map(approvalInfo) };
}

/** An approval as it is answered. */
export function approvalInfo({ approver, message, signature }: Approval): ApprovalInfo {
  const { name, email, date } = personOf(approver);
  return { by: `${name} <${email}>`, at: date, message, ...(signature && { signature }) };
}
