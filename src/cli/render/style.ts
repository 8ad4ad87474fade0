import type { ColorWhen } from '../globals.js';
import type { Io, Output } from '../io.js';

type Paint = (text: string) => string;

/** How human output is written to one stream: with colour or without, for a terminal or for a program. */
export interface Style {
  /** Characters in a line of the terminal; unlimited when the reader is a program. */
  readonly columns: number;
  /** Text of several lines as it is, except that a terminal never gets its control characters. */
  readonly block: Paint;
  readonly bold: Paint;
  readonly dim: Paint;
  readonly red: Paint;
  readonly green: Paint;
  readonly yellow: Paint;
  readonly cyan: Paint;
}

/**
 * The style for an output. `--color` decides; without it: colour on a terminal, unless `NO_COLOR` is set (no-color.org), `TERM` is
 * `dumb` or `CLICOLOR` is `0`; `FORCE_COLOR` and `CLICOLOR_FORCE` mean colour into a pipe too (bixense.com/clicolors).
 */
export function styleFor(output: Output, env: Io['env'], color: ColorWhen): Style {
  const isColored = color === 'auto' ? wantsColor(output, env) : color === 'always';
  const paint = isColored ? ansi : (): Paint => (text) => text;
  return {
    columns: output.isTTY ? output.columns : Number.POSITIVE_INFINITY,
    block: output.isTTY ? withoutControls : (text): string => text,
    bold: paint(1, 22),
    dim: paint(2, 22),
    red: paint(31, 39),
    green: paint(32, 39),
    yellow: paint(33, 39),
    cyan: paint(36, 39),
  };
}

function wantsColor(output: Output, env: Io['env']): boolean {
  if ((env['NO_COLOR'] ?? '') !== '') return false;
  const forced = env['FORCE_COLOR'];
  if (forced !== undefined) return forced !== '0' && forced !== 'false';
  if ((env['CLICOLOR_FORCE'] ?? '0') !== '0') return true;
  return output.isTTY && env['TERM'] !== 'dumb' && env['CLICOLOR'] !== '0';
}

function ansi(on: number, off: number): Paint {
  return (text) => (text === '' ? '' : `\u001b[${on}m${text}\u001b[${off}m`);
}

// What a terminal obeys instead of showing, and what reorders the line around it.
const controls = /[\p{Cc}\p{Bidi_Control}]/gu;

/** Text on one line: line breaks and every other control character as `\uXXXX`. */
export function visible(text: string): string {
  return text.replace(controls, escaped);
}

function withoutControls(text: string): string {
  return text.replace(controls, (c) => (c === '\n' || c === '\t' ? c : escaped(c)));
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
