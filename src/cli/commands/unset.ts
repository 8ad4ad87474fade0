import type { CommandSpec } from '../command.js';
import { address, inline, lines } from '../render/text.js';

export const command: CommandSpec = {
  usage: ['unset FILE#KEY'],
  about: 'Removes one key and its value from a file of the worktree; everything else stays as it is.',
  arguments: [{ name: 'FILE#KEY', about: 'the key', required: true }],
  options: [],
  examples: [
    { command: 'cfg unset services/api.yaml#db.pool.min', about: 'remove a key' },
    { command: "cfg unset 'services/api.yaml#containers[name=proxy]'", about: 'remove an item of a list' },
  ],
  answer: '{file, path, before, after}; after is null',
  run: async (session, input) => {
    const answer = await (await session.open()).unset(input.operand(0));
    return {
      answer: {
        file: answer.file,
        path: answer.path,
        before: answer.before ?? null,
        after: answer.after ?? null,
      },
      text: (style) =>
        lines([
          `${address(answer.file, answer.path)}: removed (was ${inline(answer.before, style.columns - 40)})`,
        ]),
      confirmation: true,
    };
  },
};
