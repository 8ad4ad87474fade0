import type { CommandSpec } from '../command.js';
import { renderStatus } from '../render/status.js';

export const command: CommandSpec = {
  usage: ['status'],
  about:
    'Shows the branch and its protection, what is staged, changed, new or in conflict, and the next command to run.',
  arguments: [],
  options: [],
  examples: [
    { command: 'cfg status', about: 'where am I, and what changed?' },
    { command: 'cfg status --json', about: 'the same for a program' },
  ],
  answer:
    '{branch, head, protection, upstream: {ref, ahead, behind} | null, merging, staged: [{path, change, from?}], unstaged: [{path, change}], untracked: [path], conflicts: [path], unreadable?: [path]}',
  run: async (session) => {
    const repo = await session.open();
    const [answer, waiting] = [await repo.status(), await repo.waiting()];
    return { answer, text: (style) => renderStatus(answer, style, waiting) };
  },
};
