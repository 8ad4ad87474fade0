import type { CommandSpec } from '../command.js';
import { sideLabels } from '../labels.js';
import { renderConflicts } from '../render/conflicts.js';
import { lines } from '../render/text.js';

export const command: CommandSpec = {
  usage: ['conflicts'],
  about:
    'Lists what the merge in progress left to decide, with the value of each side. Exits with 1 while there is something.',
  arguments: [],
  options: [],
  examples: [
    { command: 'cfg conflicts', about: 'what is left?' },
    { command: 'cfg conflicts --json', about: 'the same for a program' },
  ],
  answer: '{conflicts: [{file, path, kind, base?, ours?, theirs?, suggestion?: {take, reason}}]}',
  run: async (session) => {
    const repo = await session.open();
    const answer = await repo.conflicts();
    const [labels, next] = [await sideLabels(repo), await repo.waiting()];
    return {
      answer,
      text: (style) =>
        answer.conflicts.length === 0
          ? lines(['No conflicts'])
          : renderConflicts(answer.conflicts, labels, { style, next }),
      exitCode: answer.conflicts.length === 0 ? 0 : 1,
    };
  },
};
