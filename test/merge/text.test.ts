import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import diff3Merge from 'diff3';
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mergeText } from '../../src/merge/index.js';
import { runs } from './runs.js';

let dir = '';
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'cfg-text-'));
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

/** What `git merge-file` makes of it; undefined when it finds a conflict. */
function gitMerge(base: string, ours: string, theirs: string): string | undefined {
  writeFileSync(join(dir, 'base'), base);
  writeFileSync(join(dir, 'ours'), ours);
  writeFileSync(join(dir, 'theirs'), theirs);
  const answer = spawnSync('git', ['merge-file', '-p', 'ours', 'base', 'theirs'], {
    cwd: dir,
    encoding: 'utf8',
  });
  return answer.status === 0 ? answer.stdout : undefined;
}

/** The same by the diff3 package, which aligns in its own way. */
function packageMerge(base: string, ours: string, theirs: string): string | undefined {
  const [o, b, t] = [ours, base, theirs].map((text) => text.split(/(?<=\n)/));
  const blocks = diff3Merge(o ?? [], b ?? [], t ?? []);
  return blocks.every((block) => 'ok' in block) ? blocks.flatMap(({ ok }) => ok).join('') : undefined;
}

type Edit = readonly [at: number, remove: number, insert: readonly string[]];

/** A text and two edited copies; few different lines, so that there are many ways to align them. */
function texts(alphabet: number): fc.Arbitrary<readonly [string, string, string]> {
  const line = fc.integer({ min: 0, max: alphabet - 1 }).map((n) => `line ${n}\n`);
  const edit: fc.Arbitrary<Edit> = fc.tuple(fc.nat(40), fc.nat(2), fc.array(line, { maxLength: 2 }));
  const edits = fc.array(edit, { minLength: 1, maxLength: 4 });
  return fc
    .tuple(fc.array(line, { minLength: 3, maxLength: 40 }), edits, edits)
    .map(([base, mine, other]) => [base.join(''), apply(base, mine), apply(base, other)] as const);
}

function apply(base: readonly string[], edits: readonly Edit[]): string {
  const lines = [...base];
  for (const [at, remove, insert] of edits) lines.splice(at % (lines.length + 1), remove, ...insert);
  return lines.join('');
}

function manyLines(prefix: string): string {
  return Array.from({ length: 20_000 }, (_, n) => `${prefix}${n}\n`).join('');
}

describe('mergeText', () => {
  it.each([3, 6, 30, 1000])('gives the bytes of git merge-file (%i different lines)', (alphabet) => {
    fc.assert(
      fc.property(texts(alphabet), ([base, ours, theirs]) => {
        const merged = mergeText({ base, ours, theirs });
        const ownText = merged.conflicts.length === 0 ? merged.text : undefined;
        expect(ownText).toBe(gitMerge(base, ours, theirs));
      }),
      runs(60),
    );
  });

  it('agrees with the diff3 package where lines can be aligned in one way only', () => {
    fc.assert(
      fc.property(texts(10_000), ([base, ours, theirs]) => {
        const merged = mergeText({ base, ours, theirs });
        const expected = packageMerge(base, ours, theirs);
        fc.pre(expected !== undefined);
        expect(merged).toEqual({ text: expected, conflicts: [] });
      }),
      runs(400),
    );
  });

  it.each([
    ['a side that changed nothing', 'a\n', 'a\n', 'b\n', 'b\n'],
    ['edits with a line between them', 'a\nb\nc\n', 'A\nb\nc\n', 'a\nb\nC\n', 'A\nb\nC\n'],
    ['the same change twice', 'a\nb\n', 'a\nX\n', 'a\nX\n', 'a\nX\n'],
    ['all line ends against a line', 'a\nb\nc\n', 'a\r\nb\r\nc\r\n', 'a\nB\nc\n', 'a\r\nB\r\nc\r\n'],
    ['a line against all line ends', 'a\r\nb\r\n', 'a\r\nB\r\n', 'a\nb\n', 'a\nB\n'],
    ['the final newline against the line before', 'a\nb\nc', 'a\nb\nc\n', 'a\nb\nC', 'a\nb\nC\n'],
    ['a byte order mark against the first line', 'a\nb\n', '\uFEFFa\nb\n', 'A\nb\n', '\uFEFFA\nb\n'],
  ])('merges %s', (_, base, ours, theirs, expected) => {
    expect(mergeText({ base, ours, theirs })).toEqual({ text: expected, conflicts: [] });
  });

  it('marks what both changed, without what they have in common', () => {
    const merged = mergeText({
      base: 'a\nb\nc\n',
      ours: 'a\nx\n1\ny\nc\n',
      theirs: 'a\nx\n2\ny\nc\n',
      labels: { ours: 'main', theirs: 'feature', base: 'abc1234' },
      markerSize: 9,
    });
    expect(merged.text).toBe(
      'a\nx\n<<<<<<<<< main\n1\n||||||||| abc1234\nb\n=========\n2\n>>>>>>>>> feature\ny\nc\n',
    );
    expect(merged.conflicts).toEqual([
      {
        base: 'b\n',
        ours: '1\n',
        theirs: '2\n',
        lines: { base: { from: 2, to: 2 }, ours: { from: 3, to: 3 }, theirs: { from: 3, to: 3 } },
      },
    ]);
  });

  it('uses the line ends of the file in markers, and ends a last line before one', () => {
    expect(mergeText({ base: 'a\r\nb', ours: 'a\r\nc', theirs: 'a\r\nd' }).text).toBe(
      'a\r\n<<<<<<< ours\r\nc\r\n||||||| base\r\nb\r\n=======\r\nd\r\n>>>>>>> theirs\r\n',
    );
  });

  it('is quick on large texts that share nothing', () => {
    expect(
      mergeText({ base: manyLines('a'), ours: manyLines('b'), theirs: manyLines('c') }).conflicts,
    ).toHaveLength(1);
  });
});
