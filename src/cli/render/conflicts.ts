import { shellWord } from '../../errors.js';
import { fitsBoth } from '../../merge/index.js';
import type { FileNote, MergeConflict, Waiting } from '../../repo/index.js';
import { visible, type Style } from './style.js';
import { address, count, firstFew, inline, lines, padded, short } from './text.js';

/** What the two sides of a merge are called. */
export interface SideLabels {
  readonly ours: string;
  readonly theirs: string;
}

/** Every conflict with the values of its three sides, and how to decide it. */
export function renderConflicts(
  conflicts: readonly MergeConflict[],
  labels: SideLabels,
  {
    style,
    next,
  }: {
    readonly style: Style;
    /** Tell what to type, and what goes on afterwards. */
    readonly next?: Waiting | undefined;
  },
): string {
  return lines([
    `${style.red(count(conflicts.length, 'conflict'))}:`,
    ...conflicts.flatMap((conflict) => conflictRows(conflict, labels, style)),
    ...(next === undefined ? [] : nextSteps(conflicts, next)),
  ]);
}

/** What a merge did that somebody should look at. */
export function noteRows(notes: readonly FileNote[] | undefined, style: Style): readonly string[] {
  const rows = (notes ?? []).map(
    ({ file, path, message }) => `  ${style.yellow('note:')} ${address(file, path)}: ${visible(message)}`,
  );
  return firstFew(rows);
}

/** The commands that go on with what waits, and back. */
export function proceedings({ by, verb }: Waiting): { readonly proceed: string; readonly back: string } {
  return { proceed: `${by} ${verb} --continue`, back: `${by} ${verb} --abort` };
}

function nextSteps([first]: readonly MergeConflict[], waiting: Waiting): string[] {
  const { proceed, back } = proceedings(waiting);
  const example = first === undefined ? 'FILE#KEY' : address(first.file, first.path);
  const both = first !== undefined && fitsBoth(first) ? ' | --both' : '';
  const value = first?.path === '' ? '' : ' | --value VALUE';
  const file = shellWord(first?.file ?? 'FILE');
  return [
    '',
    'Next:',
    `  cfg resolve ${shellWord(example)} --ours | --theirs${both} | --base${value}`,
    ...padded([
      [`  cfg add ${file}`, 'instead, after editing it by hand'],
      [`  ${proceed}`, 'when everything is decided'],
      [`  ${back}`, 'to go back'],
    ]).map((row) => row.join('    ')),
  ];
}

/** One conflict with the values of its sides. */
export function conflictRows(conflict: MergeConflict, labels: SideLabels, style: Style): string[] {
  const sides = padded([
    ['base', '', inlineSide(conflict, 'base', style)],
    ['ours', visible(labels.ours), inlineSide(conflict, 'ours', style)],
    ['theirs', visible(labels.theirs), inlineSide(conflict, 'theirs', style)],
  ]);
  return [
    '',
    `  ${style.bold(address(conflict.file, conflict.path))}  ${style.dim(conflict.kind)}`,
    ...sides.map((row) => `    ${row.join('  ')}`),
    ...suggested(conflict, labels),
  ];
}

function suggested({ suggestion }: MergeConflict, labels: SideLabels): string[] {
  if (suggestion === undefined) return [];
  const { take, reason } = suggestion;
  const what = take === 'both' ? 'both' : `${take} (${visible(labels[take])})`;
  return [`    suggested: ${what}, as ${reason}`];
}

/** A whole file is shown by its object id, which is no value; a submodule is known by a commit. */
function inlineSide(conflict: MergeConflict, side: 'base' | 'ours' | 'theirs', style: Style): string {
  const value = conflict[side];
  const isFile = conflict.path === '' && typeof value === 'string' && /^[0-9a-f]{40}$/.test(value);
  const what = conflict.kind === 'submodule' ? 'the commit' : 'the file';
  return isFile ? `${what} (${short(value)})` : inline(value, style.columns - 30);
}
