import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { unifiedDiff } from '../../src/diff/unified.js';

let dir: string;
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'cfg-diff-'));
});
afterAll(() => {
  rmSync(dir, { recursive: true });
});

const labels = { from: 'a/x', to: 'b/x' };

/** What git prints, from `---` on. */
function gitDiff(before: string, after: string): string {
  writeFileSync(join(dir, 'before'), before);
  writeFileSync(join(dir, 'after'), after);
  const { stdout } = spawnSync('git', ['diff', '--no-index', '--minimal', '-U3', 'before', 'after'], {
    cwd: dir,
    encoding: 'utf8',
  });
  return stdout.replace(/^diff[^]*?(?=^---)/m, '').replace(/^--- .*\n\+\+\+ .*\n/, '--- a/x\n+++ b/x\n');
}

const size = (diff: string): number => diff.split('\n').filter((line) => /^[-+ ]/.test(line)).length;

describe('unifiedDiff', () => {
  it.each([
    ['equal', 'a\n', 'a\n', ''],
    ['one line', 'a\n', 'b\n', '--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+b\n'],
    ['into an empty file', '', 'a\nb\n', '--- a/x\n+++ b/x\n@@ -0,0 +1,2 @@\n+a\n+b\n'],
    [
      'a lost final newline',
      'a\n',
      'a',
      '--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+a\n\\ No newline at end of file\n',
    ],
    [
      'a heading',
      'db:\n  a: 1\n  b: 2\n  c: 3\n  d: 4\n',
      'db:\n  a: 1\n  b: 2\n  c: 3\n  d: 5\n',
      '--- a/x\n+++ b/x\n@@ -2,4 +2,4 @@ db:\n   a: 1\n   b: 2\n   c: 3\n-  d: 4\n+  d: 5\n',
    ],
  ])('prints %s', (_, before, after, expected) => {
    expect(unifiedDiff(before, after, labels)).toBe(expected);
  });

  const line = fc.constantFrom('a:', '  b: 1', '  c: 2', '', '- x', 'd: é', '    deep: "1"', '  - y');
  const text = fc
    .tuple(fc.array(line, { maxLength: 30 }), fc.boolean())
    .map(([lines, ended]) => lines.join('\n') + (ended && lines.length > 0 ? '\n' : ''));

  it('is as short as what git prints', () => {
    fc.assert(
      fc.property(text, text, (before, after) => {
        const [own, git] = [unifiedDiff(before, after, labels), gitDiff(before, after)];
        expect(size(own)).toBeLessThanOrEqual(size(git));
      }),
      { numRuns: 200 },
    );
  });

  it('slides an edit of a text to where git has it', () => {
    const edit = fc.record({ at: fc.nat(30), remove: fc.nat(4), insert: fc.array(line, { maxLength: 5 }) });
    fc.assert(
      fc.property(fc.array(line, { minLength: 1, maxLength: 30 }), edit, (lines, { at, remove, insert }) => {
        const before = `${lines.join('\n')}\n`;
        const after = `${lines.toSpliced(at, remove, ...insert).join('\n')}\n`;
        const [own, git] = [unifiedDiff(before, after, labels), gitDiff(before, after)];
        expect(size(own)).toBeLessThanOrEqual(size(git));
        expect(own).toBe(git);
      }),
      { numRuns: 300 },
    );
  });

  it('applies with git apply', () => {
    fc.assert(
      fc.property(text, text, (before, after) => {
        fc.pre(before !== after);
        writeFileSync(join(dir, 'x'), before);
        execFileSync('git', ['apply', '--whitespace=nowarn', '-'], {
          cwd: dir,
          input: unifiedDiff(before, after, labels),
        });
        expect(readFileSync(join(dir, 'x'), 'utf8')).toBe(after);
      }),
      { numRuns: 100 },
    );
  });
});
