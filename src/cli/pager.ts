/** Long answers are shown page by page, as Git shows them (git: pager.c). */
import { gitSettings } from './git-settings.js';
import type { Globals } from './globals.js';
import type { Io, Output } from './io.js';
import { cellsOf } from './render/cells.js';

/** Shows a text in the user's pager when it is longer than the terminal; false when it is to be printed as it is. */
export async function showInPager(text: string, io: Io, globals: Globals): Promise<boolean> {
  if (io.page === undefined || !globals.pager || globals.json || fits(text, io.stdout)) return false;
  const program = await pagerFor(io, globals);
  return program !== '' && program !== 'cat' && io.page(text, program);
}

/** `CFG_PAGER`, then as Git: `GIT_PAGER`, `core.pager`, `PAGER`, `less`. */
async function pagerFor(io: Io, globals: Globals): Promise<string> {
  const { CFG_PAGER: own, GIT_PAGER: git, PAGER: general } = io.env;
  return own ?? git ?? (await gitSettings(io, globals)).get('core.pager') ?? general ?? 'less';
}

/** With a line left for the prompt. */
function fits(text: string, { rows = Number.POSITIVE_INFINITY, columns }: Output): boolean {
  let left = rows - 1;
  for (const line of text.split('\n').slice(0, -1)) {
    left -= Math.max(1, Math.ceil(cellsOf(line.replace(colours, '')) / columns));
    if (left < 0) return false;
  }
  return true;
}

// oxlint-disable-next-line no-control-regex
const colours = /\u001b\[\d+m/g;
