import type { Explanation } from '../../load/index.js';
import type { ExplainAnswer } from '../../repo/index.js';
import { dateOf } from './history.js';
import { visible, type Style } from './style.js';
import { inline, lines, padded, short } from './text.js';
import { cellsOf } from './cells.js';

type Place = Explanation['from'] | ExplainAnswer['from'];

/** The value, who set it where, and below it what lost, strongest first. */
export function renderExplanation({ path, value, from, overridden }: ExplainAnswer, style: Style): string {
  const key = path === '' ? '(whole configuration)' : visible(path);
  const losers = padded(overridden.map((loser) => [inline(loser.value, 40), place(loser)]));
  return lines([
    `${style.bold(key)} = ${style.green(inline(value, style.columns - cellsOf(key) - 3))}`,
    `  from    ${place(from)}`,
    ...(from.file === null ? [] : [`  set by  ${setter(from)}`]),
    ...(losers.length === 0 ? [] : ['overrides', ...losers.map((row) => style.dim(`  ${row.join('  ')}`))]),
  ]);
}

/** `FILE:LINE:COLUMN`, which editors and terminals open, and the layer where its name says something else. */
function place({ layer, file, line, column, variable }: Place): string {
  if (variable !== undefined) return `environment variable ${visible(variable)} (layer ${visible(layer)})`;
  const where = file ?? layer;
  const position = [where, line, column].filter((part) => part !== undefined && part !== null).join(':');
  if (where === layer) return file === where ? visible(position) : `layer ${visible(position)}`;
  return `${visible(position)} (layer ${visible(layer)})`;
}

function setter({ commit, author, date }: ExplainAnswer['from']): string {
  if (commit === null) return 'nobody yet: not committed';
  return `${short(commit)}  ${dateOf(date ?? '')}  ${visible(author ?? '')}`;
}
