import type { UndoAnswer } from '../../repo/index.js';
import type { CommandSpec } from '../command.js';
import { operationLines, refMoves } from '../render/operations.js';
import { visible, type Style } from '../render/style.js';
import { firstFew, lines } from '../render/text.js';

export const command: CommandSpec = {
  usage: ['undo [-n N]'],
  about:
    'Takes back the last command of cfg that changed refs, index or files: all of them become what they were before it. Refuses when anything else changed them since, and says what; protected branches stay protected. What it replaces is kept, and cfg restore --at brings it back.',
  arguments: [],
  options: [{ flags: '-n, --number <N>', about: 'the last N commands (default: 1)' }],
  examples: [
    { command: 'cfg undo', about: 'the last command' },
    { command: 'cfg undo -n 3', about: 'the last three' },
    { command: 'cfg undo --json', about: 'what was taken back, for a program' },
  ],
  answer:
    '{undone: [{id, command, at, summary, undone, refs: [{ref, before, after}], files: [path]}], restored: [ref or path]}',
  run: async (session, input) => {
    const count = input.number('number');
    const answer = await (await session.open()).undo(count === undefined ? {} : { count });
    return { answer, text: (style) => render(answer, style), confirmation: true };
  },
};

function render({ undone, restored }: UndoAnswer, style: Style): string {
  const told = undone.map((operation) => ({ ...operation, undone: false }));
  const done = operationLines(told, style);
  const rows = undone.flatMap((operation, at) => [`Took back ${done[at]}`, ...refMoves(operation)]);
  const paths = restored.filter((name) => !name.startsWith('refs/') && name !== 'HEAD');
  const [last] = undone;
  return lines([
    ...rows,
    ...firstFew(paths.map((path) => `  ${visible(path)}`)),
    ...(restored.length === 0 ? ['Everything was as before it already'] : []),
    ...(last === undefined ? [] : [`It is kept: cfg restore --at ${last.id}`]),
  ]);
}
