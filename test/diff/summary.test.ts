import { describe, expect, it } from 'vitest';
import { similarity, summarize, type FileSummary } from '../../src/diff/index.js';

const file = (change: Partial<FileSummary>): FileSummary => ({
  path: 'a.yaml',
  status: 'modified',
  changes: [],
  ...change,
});

describe('summarize', () => {
  it('counts the changes and lists them by file', () => {
    const text = summarize([
      file({
        changes: [
          { path: 'db.host', kind: 'changed', before: 'a', after: 'b' },
          { path: 'db.port', kind: 'removed', before: 1 },
        ],
      }),
      file({ path: 'b.yaml', status: 'renamed', from: 'c.yaml' }),
    ]);
    expect(text).toBe(
      [
        '**2 keys in 2 files**: 1 removed, 1 changed',
        '',
        '### `a.yaml` (modified)',
        '',
        '| key | change | before | after |',
        '| --- | --- | --- | --- |',
        '| `db.host` | changed | `"a"` | `"b"` |',
        '| `db.port` | removed | `1` |  |',
        '',
        '### `b.yaml` (renamed, was `c.yaml`)',
        '',
        'No key changed.',
        '',
      ].join('\n'),
    );
  });

  it('says nothing of keys where a file was compared by line', () => {
    expect(summarize([file({ path: 'notes.txt', text: 'diff' })])).toBe(
      '**0 keys in 1 file**\n\n### `notes.txt` (modified)\n',
    );
  });

  it.each([
    ['nothing', [], 'No changes.\n'],
    ['a pipe', 'a|b', '`"a\\|b"`'],
    ['a backtick', 'a`b', '``"a`b"``'],
    ['a line break', 'a\nb', '`"a\\nb"`'],
    ['a huge integer', 12345678901234567890n, '`"12345678901234567890"`'],
    ['a long value', 'x'.repeat(100), `\`"${'x'.repeat(78)}…\``],
  ])('prints %s so that the table stays whole', (_, after, expected) => {
    const files = Array.isArray(after) ? [] : [file({ changes: [{ path: 'k', kind: 'added', after }] })];
    expect(summarize(files)).toContain(expected);
  });
});

describe('similarity', () => {
  it.each([
    [{ a: 1, b: 2 }, { a: 1, b: 2 }, 1],
    [{ a: 1, b: 2 }, { a: 1, b: 3 }, 0.5],
    [{ a: 1, b: 2 }, { a: 1 }, 2 / 3],
    [{ a: 1 }, { b: 1 }, 0],
    [[1, 2], { 0: 1, 1: 2 }, 0],
    [{}, {}, 1],
    ['1', 1, 0],
  ])('of %j and %j', (a, b, expected) => {
    expect(similarity(a, b)).toBeCloseTo(expected);
  });
});
