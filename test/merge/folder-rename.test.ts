import { describe, expect, it } from 'vitest';
import { folderMoves, type TreeChange } from '../../src/merge/index.js';

const added = (path: string, oid: string): TreeChange => ({ path, after: { path, mode: '100644', oid } });
const deleted = (path: string, oid: string): TreeChange => ({ path, before: { path, mode: '100644', oid } });
const moved = (from: string, to: string, oid: string): readonly TreeChange[] => [
  deleted(from, oid),
  added(to, oid),
];

describe('folderMoves', () => {
  it.each<readonly [string, readonly TreeChange[], readonly TreeChange[], readonly string[]]>([
    ['into the new name', moved('a/f', 'b/f', '1'), [added('a/new', '9')], ['a b/new']],
    ['with folders of its own', moved('a/f', 'b/f', '1'), [added('a/x/new', '9')], ['a b/x/new']],
    ['by the folders above', moved('a/x/f', 'b/x/f', '1'), [added('a/new', '9')], ['a b/new']],
    ['to the top', moved('a/f', 'f', '1'), [added('a/new', '9')], ['a new']],
    [
      'where most files went',
      [...moved('a/f', 'b/f', '1'), ...moved('a/g', 'b/g', '2'), ...moved('a/h', 'c/h', '3')],
      [added('a/new', '9')],
      ['a b/new'],
    ],
    [
      'nowhere when two are equal',
      [...moved('a/f', 'b/f', '1'), ...moved('a/g', 'c/g', '2')],
      [added('a/new', '9')],
      [],
    ],
    ['not from elsewhere', moved('a/f', 'b/f', '1'), [added('c/new', '9')], []],
    ['not when the file itself was renamed', moved('a/f', 'b/f', '1'), moved('c/f', 'a/g', '9'), []],
    ['not by a file with another name', moved('a/f', 'b/g', '1'), [added('a/new', '9')], []],
  ])('goes %s', (_, renaming, adding, expected) => {
    expect(folderMoves(renaming, adding).map(({ folder, to }) => `${folder} ${to}`)).toEqual(expected);
  });
});
