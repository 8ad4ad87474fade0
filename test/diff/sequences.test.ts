import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { diffSequences, type MatchingRun } from '../../src/diff/sequences.js';

const runs = (before: string, after: string): readonly MatchingRun[] =>
  diffSequences(before.split(''), after.split(''), (item) => item);

/** The common subsequence that runs describe; throws when they are not in order or do not match. */
function subsequence<T>(
  before: readonly T[],
  after: readonly T[],
  found: readonly MatchingRun[],
): readonly T[] {
  let [i, j] = [0, 0];
  return found.flatMap((run) => {
    expect(run.length).toBeGreaterThan(0);
    expect(run.before).toBeGreaterThanOrEqual(i);
    expect(run.after).toBeGreaterThanOrEqual(j);
    [i, j] = [run.before + run.length, run.after + run.length];
    const items = before.slice(run.before, i);
    expect(items).toEqual(after.slice(run.after, j));
    return items;
  });
}

/** The length of a longest common subsequence by the textbook table. */
function longest<T>(before: readonly T[], after: readonly T[]): number {
  let row = Array.from({ length: after.length + 1 }, () => 0);
  for (const item of before) {
    const next = [0];
    for (const [at, other] of after.entries())
      next.push(item === other ? (row[at] ?? 0) + 1 : Math.max(row[at + 1] ?? 0, next[at] ?? 0));
    row = next;
  }
  return row.at(-1) ?? 0;
}

describe('diffSequences', () => {
  it.each([
    ['', '', []],
    ['abc', '', []],
    ['', 'abc', []],
    ['abc', 'xyz', []],
    ['abc', 'abc', [{ before: 0, after: 0, length: 3 }]],
    ['abc', 'xabc', [{ before: 0, after: 1, length: 3 }]],
    [
      'abcd',
      'abxcd',
      [
        { before: 0, after: 0, length: 2 },
        { before: 2, after: 3, length: 2 },
      ],
    ],
    [
      'axb',
      'ayb',
      [
        { before: 0, after: 0, length: 1 },
        { before: 2, after: 2, length: 1 },
      ],
    ],
  ])('matches %j and %j', (before, after, expected) => {
    expect(runs(before, after)).toEqual(expected);
  });

  it('joins neighbouring matches into one run', () => {
    const found = runs('abcabba', 'cbabac');
    for (const [at, run] of found.entries()) {
      const next = found[at + 1];
      const touching =
        next !== undefined &&
        run.before + run.length === next.before &&
        run.after + run.length === next.after;
      expect(touching).toBe(false);
    }
  });

  it('is a longest common subsequence', () => {
    const list = fc.array(fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'), { maxLength: 40 });
    fc.assert(
      fc.property(list, list, (before, after) => {
        const found = diffSequences(before, after, (item) => item);
        expect(subsequence(before, after, found)).toHaveLength(longest(before, after));
      }),
      { numRuns: 2000 },
    );
  });

  it('stays a common subsequence, and ends, far beyond its limit of edits', () => {
    const size = 20_000;
    const before = Array.from({ length: size }, (_, at) => (at * 7919) % size);
    const after = Array.from({ length: size }, (_, at) => (at * 104_729) % size);
    const found = diffSequences(before, after, String);
    expect(subsequence(before, after, found).length).toBeGreaterThan(30);
  });
});
