import { describe, expect, it } from 'vitest';
import { similarity, summarize, summarizeStacks, type FileSummary } from '../../src/diff/index.js';

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
        'Version bump: **major** (`a.yaml#db.port was removed`)',
        '',
        '### `a.yaml` (modified)',
        '',
        '| key | change | before | after |',
        '| --- | --- | --- | --- |',
        '| `db.port` | **removed** | `1` |  |',
        '| `db.host` | changed | `"a"` | `"b"` |',
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
      '**0 keys in 1 file**\n\nVersion bump: **patch** (`notes.txt changed`)\n\n### `notes.txt` (modified)\n',
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

describe('summaries', () => {
  const breaking = { path: 'port', kind: 'removed', before: 1 } as const;
  const fine = { path: 'host', kind: 'changed', before: 'a', after: 'b' } as const;

  it('begin with the files that break something', () => {
    const text = summarize([file({ changes: [fine] }), file({ path: 'z.yaml', changes: [breaking] })]);
    expect([...text.matchAll(/^### `(.*)` /gm)].map(([, path]) => path)).toEqual(['z.yaml', 'a.yaml']);
  });

  it('mask what may be a secret, nested values included', () => {
    const changes = [
      { path: 'db.password', kind: 'changed', before: 'hunter2', after: 12345 },
      { path: 'auth', kind: 'added', after: { token: 'abc', user: 'me', password: null } },
    ] as const;
    const text = summarize([file({ changes })]);
    expect(text).toContain('| `db.password` | changed | `"***"` | `"***"` |');
    expect(text).toContain('`{"token":"***","user":"me","password":null}`');
    expect(text).not.toMatch(/hunter2|12345|abc/);
  });

  it('of stacks tell environments that change alike together', () => {
    const stacks = ['dev', 'staging', 'prod'].map((env) => ({
      stack: 'app',
      variables: { env },
      changes: env === 'prod' ? [fine, breaking] : [fine],
    }));
    expect(summarizeStacks(stacks)).toBe(
      [
        '**4 keys in 3 environments**: 1 removed, 3 changed',
        '',
        'Version bump: **major** (`app env=prod#port was removed`)',
        '',
        '### `app env=prod`',
        '',
        '| key | change | before | after |',
        '| --- | --- | --- | --- |',
        '| `port` | **removed** | `1` |  |',
        '| `host` | changed | `"a"` | `"b"` |',
        '',
        '### `app env=dev`, `app env=staging`',
        '',
        '| key | change | before | after |',
        '| --- | --- | --- | --- |',
        '| `host` | changed | `"a"` | `"b"` |',
        '',
      ].join('\n'),
    );
    expect(summarizeStacks([])).toBe('No merged configuration changes.\n');
  });

  it('of stacks tell what does not load first, and the others all the same', () => {
    const failure = { side: 'after', message: 'prod.yaml:1:1: no `value`' } as const;
    const text = summarizeStacks([
      { stack: 'app', variables: { env: 'dev' }, changes: [fine] },
      { stack: 'app', variables: { env: 'prod' }, changes: [], failure },
      {
        stack: 'app',
        variables: { env: 'test' },
        changes: [],
        failure: { ...failure, before: 'it did not' },
      },
    ]);
    expect(text.split('\n').slice(0, 7)).toEqual([
      '**2 environments cannot be compared**',
      '',
      '- `app env=prod` does not load: `` prod.yaml:1:1: no `value` ``',
      '- `app env=test` does not load: `` prod.yaml:1:1: no `value` ``; did not load before: `it did not`',
      '',
      '**1 key in 1 environment**: 1 changed',
      '',
    ]);
    expect(text).toContain('### `app env=dev`');
  });

  it.each([
    [null, { a: 1 }, '**minor** (`app was added`)', '| (whole document) | added |  | `{"a":1}` |'],
    [{ a: 1 }, null, '**major** (`app was removed`)', '| (whole document) | **removed** | `{"a":1}` |  |'],
  ])('of stacks call a stack that was %j and is %j what it is', (before, after, bump, line) => {
    const changes = [{ path: '', kind: 'type-changed', before, after }] as const;
    const text = summarizeStacks([{ stack: 'app', variables: {}, changes }]);
    expect(text).toContain(`Version bump: ${bump}\n`);
    expect(text).toContain(line);
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
