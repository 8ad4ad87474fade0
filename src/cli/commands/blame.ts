import type { BlameAnswer } from '../../repo/index.js';
import type { CommandSpec } from '../command.js';
import { dateOf } from '../render/history.js';
import { visible, type Style } from '../render/style.js';
import { cellsOf, clipCells } from '../render/cells.js';
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

/** Where a line has fewer cells, days and short names leave room for keys and values; what does not fit all the same stands on a line of its own. */
const roomy = 100;
const leastValue = 20;

function render({ keys }: BlameAnswer, style: Style): string {
  const isNarrow = style.columns < roomy;
  const rows = padded(
    keys.map(({ path, line, commit, author, date }) => [
      commit === null ? '-' : short(commit),
      dateOf(date ?? '').slice(0, isNarrow ? 10 : undefined),
      clipCells(visible((author ?? 'not committed').replace(/ <.*/s, '')), isNarrow ? 14 : Infinity),
      String(line),
      visible(path),
      '',
    ]),
    style.columns / 2,
  );
  return lines(
    rows.map(([commit = '', date = '', author = '', line = '', path = ''], i) => {
      const head = `${style.yellow(commit)}  ${date}  ${author}  ${line}`;
      const taken = cellsOf([commit, date, author, line].join('  ')) + 2;
      const value = keys[i]?.value;
      const valueAfter = (place: number): string => inline(value, style.columns - place - 2);
      const fits = style.columns - taken - cellsOf(path) - 2 >= Math.min(leastValue, cellsOf(inline(value)));
      if (fits) return `${head}  ${path}  ${valueAfter(taken + cellsOf(path))}`;
      const own = path.trimEnd();
      return `${head}\n    ${own}  ${valueAfter(4 + cellsOf(own))}`;
    }),
  );
}
