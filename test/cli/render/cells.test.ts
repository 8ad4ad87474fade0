import { describe, expect, it } from 'vitest';
import { cellsOf, clipCells, padCells } from '../../../src/cli/render/cells.js';
import { padded } from '../../../src/cli/render/text.js';

describe('cells of a terminal', () => {
  it.each([
    ['port', 4],
    ['größe', 5],
    ['gro\u0308ße', 5],
    ['設定', 4],
    ['👩‍💻', 2],
    ['', 0],
  ])('%j takes %d', (text, cells) => {
    expect(cellsOf(text)).toBe(cells);
  });

  it('are what columns are made of', () => {
    expect(
      padded([
        ['設定', 'x'],
        ['port', 'x'],
        ['é', 'x'],
      ]).map((row) => row.join('|')),
    ).toEqual(['設定|x', 'port|x', 'é   |x']);
    expect(
      padded(
        [
          ['a long one', 'x'],
          ['ab', 'x'],
          ['c', 'x'],
        ],
        5,
      ).map((row) => row.join('|')),
    ).toEqual(['a long one|x', 'ab|x', 'c |x']);
    expect(padCells('wide', 2)).toBe('wide');
  });

  it.each([
    ['port', 4, 'port'],
    ['ports', 4, 'por…'],
    ['設定値', 6, '設定値'],
    ['設定値', 5, '設定…'],
    ['設定値', 4, '設…'],
    ['gro\u0308ße', 4, 'gro\u0308…'],
  ])('%j cut to %d is %j', (text, max, cut) => {
    expect(clipCells(text, max)).toBe(cut);
    expect(cellsOf(cut)).toBeLessThanOrEqual(max);
  });
});
