import type { MergeConflict } from '../../repo/index.js';
import { visible, type Style } from './style.js';
import { address, count, inline, lines, padded, shellWord } from './text.js';

/** What the two sides of a merge are called. */
export interface SideLabels {
  readonly ours: string;
  readonly theirs: string;
}

/** Every conflict with the values of its three sides, and how to decide it. */
export function renderConflicts(
  conflicts: readonly MergeConflict[],
  labels: SideLabels,
  { style, next }: { readonly style: Style; /** Tell what to type. */ readonly next: boolean },
): string {
  return lines([
    `${style.red(count(conflicts.length, 'conflict'))}:`,
    ...conflicts.flatMap((conflict) => conflictRows(conflict, labels, style)),
    ...(next ? nextSteps(conflicts) : []),
  ]);
}

function nextSteps(conflicts: readonly MergeConflict[]): string[] {
  const example = conflicts[0] === undefined ? 'FILE#KEY' : address(conflicts[0].file, conflicts[0].path);
  return [
    '',
    'Next:',
    `  cfg resolve ${shellWord(example)} --ours | --theirs | --base | --value VALUE`,
    '  cfg merge --continue    when everything is decided',
    '  cfg merge --abort       to go back',
  ];
}

function conflictRows(conflict: MergeConflict, labels: SideLabels, style: Style): string[] {
  const sides = padded([
    ['base', '', inlineSide(conflict, 'base', style)],
    ['ours', visible(labels.ours), inlineSide(conflict, 'ours', style)],
    ['theirs', visible(labels.theirs), inlineSide(conflict, 'theirs', style)],
  ]);
  return [
    '',
    `  ${style.bold(address(conflict.file, conflict.path))}  ${style.dim(conflict.kind)}`,
    ...sides.map((row) => `    ${row.join('  ')}`),
  ];
}

function inlineSide(conflict: MergeConflict, side: 'base' | 'ours' | 'theirs', style: Style): string {
  return inline(conflict[side], style.columns - 30);
}
