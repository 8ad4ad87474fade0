import type { BlameAnswer } from '../../repo/index.js';
import type { CommandSpec } from '../command.js';
import { dateOf } from '../render/history.js';
import { visible, type Style } from '../render/style.js';
import { cellsOf } from '../render/cells.js';
import { inline, lines, padded, short } from '../render/text.js';

export const command: CommandSpec = {
  usage: ['blame FILE[#KEY] [REV]'],
  about:
    'Shows for each key of a file the commit that gave it its present value: who set it, and when. Comments, layout and other keys do not count.',
  arguments: [
    { name: 'FILE[#KEY]', about: 'a file, or the keys below one of its keys', required: true },
    { name: 'REV', about: 'as of this revision (default: the worktree)' },
  ],
  options: [],
  examples: [
    { command: 'cfg blame services/api.yaml', about: 'every key' },
    { command: 'cfg blame services/api.yaml#db v1.2.0', about: 'the keys below db, as of a release' },
  ],
  answer:
    '{keys: [{path, line, commit, author, date, value}]}; commit, author and date are null for a value that is not committed',
  run: async (session, input) => {
    const answer = await (await session.open()).blame(input.operand(0), input.operands[1]);
    return { answer, text: (style) => render(answer, style) };
  },
};

function render({ keys }: BlameAnswer, style: Style): string {
  const rows = padded(
    keys.map(({ path, line, commit, author, date }) => [
      commit === null ? '-' : short(commit),
      dateOf(date ?? ''),
      visible((author ?? 'not committed').replace(/ <.*/s, '')),
      String(line),
      visible(path),
      '',
    ]),
    style.columns / 2,
  );
  return lines(
    rows.map(([commit = '', date = '', author = '', line = '', path = ''], i) => {
      const before = [date, author, line, path].join('  ');
      const room = style.columns - cellsOf(commit) - cellsOf(before) - 4;
      return [style.yellow(commit), before, inline(keys[i]?.value, Math.max(room, 20))].join('  ');
    }),
  );
}
