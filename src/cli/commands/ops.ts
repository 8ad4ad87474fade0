import type { CommandSpec } from '../command.js';
import { operationLines } from '../render/operations.js';
import { lines } from '../render/text.js';

const defaultNumber = 20;

export const command: CommandSpec = {
  usage: ['ops [-n N]'],
  about:
    'Lists the commands of cfg that changed refs, index or files in this worktree, newest first. cfg undo takes back the last of them, cfg restore --at goes back to right after one.',
  arguments: [],
  options: [{ flags: '-n, --number <N>', about: `how many (default: ${defaultNumber})` }],
  examples: [
    { command: 'cfg ops', about: 'what was done here' },
    { command: 'cfg ops -n 1 --json', about: 'the last command, for a program' },
  ],
  answer:
    '{operations: [{id, command, at, summary, undone, undoes?, refs: [{ref, before, after}], files: [path]}]}',
  run: async (session, input) => {
    const limit = input.number('number') ?? defaultNumber;
    const answer = await (await session.open()).operations({ limit });
    return {
      answer,
      text: (style) =>
        lines(
          answer.operations.length === 0
            ? ['Nothing was recorded yet']
            : operationLines(answer.operations, style),
        ),
    };
  },
};
