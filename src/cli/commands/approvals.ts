import type { CommandSpec } from '../command.js';
import { approvalLines } from '../render/approvals.js';
import { count, lines, short } from '../render/text.js';

export const command: CommandSpec = {
  usage: ['approvals REV'],
  about:
    'Lists who approved of exactly one commit, one line a person. Whether they count for a merge depends on the branch: cfg check tells.',
  arguments: [{ name: 'REV', about: 'the commit, or the branch whose last commit it is', required: true }],
  options: [],
  examples: [
    { command: 'cfg approvals raise-pool', about: 'who approved the last commit of a branch' },
    { command: 'cfg approvals HEAD --json', about: 'for a program' },
  ],
  answer:
    '{commit, approvals: [{by, at, message, signature?: {format, status: "good" | "unknown" | "bad" | "unchecked", signers?: [principal], key?, reason?}}]}',
  run: async (session, input) => {
    const answer = await (await session.open()).approvals(input.operand(0));
    const { approvals, commit } = answer;
    const head = approvals.length === 0 ? 'no approvals' : count(approvals.length, 'approval');
    return { answer, text: () => lines([`${short(commit)}: ${head}`, ...approvalLines(approvals)]) };
  },
};
