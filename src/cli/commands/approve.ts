import type { ApprovalsAnswer, Repository } from '../../repo/index.js';
import type { CommandSpec } from '../command.js';
import { approvalLines } from '../render/approvals.js';
import { count, lines, short } from '../render/text.js';
import { signOf, signOptions } from '../signing.js';

export const command: CommandSpec = {
  usage: ['approve REV [-m MSG] [-S | --no-sign]'],
  about:
    'Records that you approve of exactly one commit: a new commit on the branch needs a new approval. A strict branch counts approvals by people other than the authors of what is merged. They are refs under refs/cfg/approvals/, and are pushed and fetched as such.',
  arguments: [{ name: 'REV', about: 'the commit, or the branch whose last commit it is', required: true }],
  options: [{ flags: '-m, --message <MSG>', about: 'what you looked at' }, ...signOptions],
  examples: [
    { command: 'cfg approve raise-pool', about: 'the last commit of a branch' },
    { command: 'cfg approve abc1234 -m "Load-tested"', about: 'with a remark' },
    { command: 'cfg approve raise-pool -S', about: 'signed, for a branch that asks for that' },
  ],
  answer: '{commit, approvals: [{by, at, message, signature?}]}',
  run: async (session, input) => {
    const message = input.text('message');
    const repo = await session.open();
    const answer = await repo.approve(input.operand(0), {
      ...(message === undefined ? {} : { message }),
      ...signOf(input),
    });
    const { approvals, commit } = answer;
    const note = await ownWork(repo, answer);
    return {
      answer,
      text: () =>
        lines([
          `Approved ${short(commit)}: ${count(approvals.length, 'approval')}`,
          ...approvalLines(approvals),
          ...note,
        ]),
      confirmation: true,
    };
  },
};

/** That an approval of one's own work does not count is said at once, not when the merge is refused. */
async function ownWork(repo: Repository, { commit, approvals }: ApprovalsAnswer): Promise<readonly string[]> {
  const { commits } = await repo.log({ revision: commit, limit: 1 });
  const [author, approver] = [commits[0]?.author.email ?? '', approvals.at(-1)?.by ?? ''];
  return approver.toLowerCase().endsWith(`<${author.toLowerCase()}>`)
    ? ['This commit is your own: a strict branch counts approvals by other people only.']
    : [];
}
