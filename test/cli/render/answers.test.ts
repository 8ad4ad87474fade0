import { describe, expect, it } from 'vitest';
import { renderConflicts } from '../../../src/cli/render/conflicts.js';
import { renderDiff } from '../../../src/cli/render/diff.js';
import { renderExplanation } from '../../../src/cli/render/explanation.js';
import { renderCommit, renderLog, renderOneline } from '../../../src/cli/render/history.js';
import { renderStatus } from '../../../src/cli/render/status.js';
import { styleFor, type Style } from '../../../src/cli/render/style.js';
import { inline } from '../../../src/cli/render/text.js';
import type { KeyCommitInfo, StatusAnswer, Waiting } from '../../../src/repo/index.js';

const oid = (digit: string): string => digit.repeat(40);
const plain: Style = styleFor({ write: () => {}, isTTY: false, columns: 80 }, {}, 'never');
const terminal: Style = styleFor({ write: () => {}, isTTY: true, columns: 40 }, {}, 'never');
const colored: Style = styleFor({ write: () => {}, isTTY: false, columns: 80 }, {}, 'always');

const clean: StatusAnswer = {
  branch: 'main',
  head: oid('a'),
  protection: 'none',
  upstream: null,
  merging: false,
  staged: [],
  unstaged: [],
  untracked: [],
  conflicts: [],
};

describe('status', () => {
  it('of a clean worktree is two lines', () => {
    expect(renderStatus(clean, plain)).toBe('On branch main\n\nNothing to commit, working tree clean\n');
    expect(renderStatus({ ...clean, untracked: ['other/'] }, plain)).toMatch(/\n\nNothing to commit\n$/);
  });

  it('lists everything, and says what to do', () => {
    const answer: StatusAnswer = {
      ...clean,
      protection: 'strict',
      upstream: { ref: 'origin/main', ahead: 2, behind: 1 },
      staged: [
        { path: 'a.yaml', change: 'added' },
        { path: 'new.yaml', change: 'renamed', from: 'old.yaml' },
      ],
      unstaged: [{ path: 'b\u001b.yaml', change: 'modified' }],
      untracked: ['c.yaml'],
    };
    expect(renderStatus(answer, plain)).toMatchInlineSnapshot(`
      "On branch main (strict protection)
      2 commits ahead, 1 commit behind origin/main

      Staged:
        added     a.yaml
        renamed   old.yaml -> new.yaml

      Not staged:
        modified  b\\u001b.yaml

      Untracked:
        c.yaml

      Next: 'cfg add PATH…' to stage more, or cfg commit -m "MESSAGE"
      "
    `);
  });

  it.each<[string, Partial<StatusAnswer>, string, Waiting?]>([
    [
      'conflicts',
      { merging: true, conflicts: ['a.yaml'] },
      "Next: 'cfg conflicts' shows what to decide; 'cfg merge --abort' goes back",
      { by: 'cfg', verb: 'merge' },
    ],
    [
      'conflicts of a rebase',
      { conflicts: ['a.yaml'] },
      "Next: 'cfg conflicts' shows what to decide; 'git rebase --abort' goes back",
      { by: 'git', verb: 'rebase' },
    ],
    ['conflicts of a stash', { conflicts: ['a.yaml'] }, "Next: 'cfg conflicts' shows what to decide"],
    [
      'a merge without conflicts',
      { merging: true },
      'Next: cfg merge --continue',
      { by: 'cfg', verb: 'merge' },
    ],
    ['staged changes', { staged: [{ path: 'a', change: 'added' }] }, 'Next: cfg commit -m "MESSAGE"'],
    [
      'changes',
      { unstaged: [{ path: 'a', change: 'modified' }] },
      `Next: 'cfg diff' to look, cfg commit -a -m "MESSAGE" to record`,
    ],
    ['new files', { untracked: ['a'] }, 'Next: cfg add -A'],
  ])('with %s', (_name, part, next, waiting) => {
    expect(
      renderStatus({ ...clean, ...part }, plain, waiting)
        .split('\n')
        .at(-2),
    ).toBe(next);
  });

  it('of a detached HEAD, and of no commit', () => {
    expect(renderStatus({ ...clean, branch: null }, plain)).toMatch(/^HEAD detached at aaaaaaa\n/);
    expect(renderStatus({ ...clean, head: null }, plain)).toMatch(/^On branch main \(no commits yet\)\n/);
  });
});

const files = [
  {
    path: 'api.yaml',
    status: 'modified' as const,
    changes: [
      { path: 'a', kind: 'added' as const, after: { b: 1 } },
      { path: 'c', kind: 'removed' as const, before: 'x' },
      { path: 'd', kind: 'changed' as const, before: 90071992547409931n, after: 2 },
      { path: 'e', kind: 'type-changed' as const, before: 80, after: '80' },
      { path: 'f', kind: 'moved' as const, from: 'g' },
      { path: '', kind: 'changed' as const, before: null, after: [] },
    ],
  },
  {
    path: 'new.txt',
    from: 'old.txt',
    status: 'renamed' as const,
    changes: [],
    text: 'diff --git a/a b/b\n--- a\n+++ b\n@@ -1 +1 @@\n-x\n+y\n',
  },
];

describe('diff', () => {
  it('by key and by line', () => {
    expect(renderDiff(files, plain)).toMatchInlineSnapshot(`
      "api.yaml  modified
        + a.b: 1
        - c: "x"
        ~ d: 90071992547409931 -> 2
        ~ e: 80 -> "80" (another type)
        ~ f: moved from g
        ~ (whole document): null -> []

      diff --git a/a b/b
      --- a
      +++ b
      @@ -1 +1 @@
      -x
      +y
      "
    `);
  });

  it('in colour', () => {
    expect(renderDiff(files.slice(1), colored)).toMatchInlineSnapshot(`
      "[1mdiff --git a/a b/b[22m
      [1m--- a[22m
      [1m+++ b[22m
      [36m@@ -1 +1 @@[39m
      [31m-x[39m
      [32m+y[39m
      "
    `);
  });

  it('fits the terminal', () => {
    const long = { path: 'key', kind: 'added' as const, after: 'x'.repeat(100) };
    const text = renderDiff([{ path: 'a', status: 'modified', changes: [long] }], terminal);
    expect(text.split('\n')[1]).toHaveLength(40);
    expect(text).toContain('…');
  });

  it('shows what came as a whole value by value, and a person the first thirty', () => {
    const after = { name: 'web', hosts: ['a', 'b'], ports: [{ port: 80 }, { port: 443 }], labels: {} };
    const change = { path: 'app', kind: 'added', after } as const;
    const keys = {
      ...change,
      path: '',
      after: Object.fromEntries(Array.from({ length: 40 }, (_, n) => [`k${n}`, n])),
    };
    expect(renderDiff([{ path: 'a', status: 'modified', changes: [change] }], plain)).toBe(
      'a  modified\n  + app.name: "web"\n  + app.hosts: ["a","b"]\n  + app.ports[0].port: 80\n  + app.ports[1].port: 443\n  + app.labels: {}\n',
    );
    const added = [{ path: 'a', status: 'added', changes: [change, keys] }] as const;
    expect(renderDiff(added, terminal)).toMatch(
      /\+ app\.labels: \{\}\n( {2}\+ k\d+: \d+\n){25} {2}… and 15 more values\n$/,
    );
    expect(renderDiff(added, plain)).toContain('+ k39: 39\n');
  });
});

const commit: KeyCommitInfo = {
  commit: oid('c'),
  parents: [oid('a'), oid('b')],
  author: { name: 'Author', email: 'author@example.com', date: '2026-01-31T12:00:00+01:00' },
  message: 'Raise the pool\n\nIt was too small.',
  tags: ['v1.0.0'],
  before: 10,
  after: 20,
};

describe('history', () => {
  it('in full', () => {
    expect(renderLog([commit, { ...commit, tags: [], parents: [], commit: oid('d') }], plain, new Map()))
      .toMatchInlineSnapshot(`
      "ccccccc (v1.0.0)  2026-01-31 12:00  Author  merge of aaaaaaa bbbbbbb
          Raise the pool

          It was too small.
          10 -> 20

      ddddddd  2026-01-31 12:00  Author
          Raise the pool

          It was too small.
          10 -> 20
      "
    `);
  });

  it('one line a commit', () => {
    expect(renderOneline([commit], plain)).toBe('ccccccc (v1.0.0) Raise the pool  10 -> 20\n');
  });

  it('of one commit, with its changes', () => {
    const { before: _before, after: _after, ...info } = commit;
    expect(renderCommit({ ...info, changes: files.slice(0, 1) }, plain)).toMatchInlineSnapshot(`
      "ccccccc (v1.0.0)  2026-01-31 12:00  Author  merge of aaaaaaa bbbbbbb
          Raise the pool

          It was too small.

      api.yaml  modified
        + a.b: 1
        - c: "x"
        ~ d: 90071992547409931 -> 2
        ~ e: 80 -> "80" (another type)
        ~ f: moved from g
        ~ (whole document): null -> []
      "
    `);
  });
});

it('conflicts, and how to decide them', () => {
  const conflicts = [
    {
      file: 'a.yaml',
      path: 'containers[name=web].image',
      kind: 'modify' as const,
      base: 1,
      ours: 2,
      theirs: 3,
    },
    { file: 'b.yaml', path: 'x', kind: 'modify/delete' as const, base: 1, ours: 'changed' },
  ];
  expect(
    renderConflicts(
      conflicts,
      { ours: 'main', theirs: 'feature' },
      {
        style: plain,
        next: { by: 'cfg', verb: 'merge' },
      },
    ),
  ).toMatchInlineSnapshot(`
      "2 conflicts:

        a.yaml#containers[name=web].image  modify
          base             1
          ours    main     2
          theirs  feature  3

        b.yaml#x  modify/delete
          base             1
          ours    main     "changed"
          theirs  feature  (none)

      Next:
        cfg resolve 'a.yaml#containers[name=web].image' --ours | --theirs | --base | --value VALUE
        cfg add a.yaml          instead, after editing it by hand
        cfg merge --continue    when everything is decided
        cfg merge --abort       to go back
      "
    `);
});

it('an explanation', () => {
  const answer = {
    path: 'db.pool.max',
    value: 80,
    from: {
      layer: 'env/${env}.yaml',
      file: 'env/prod.yaml',
      line: 8,
      column: 10,
      commit: oid('c'),
      author: 'Author <author@example.com>',
      date: '2026-01-31T12:00:00+01:00',
    },
    overridden: [
      { value: 40, layer: 'env:SHOP_', variable: 'SHOP_DB__POOL__MAX' },
      { value: 10, layer: 'base.yaml', file: 'base.yaml', line: 15, column: 10 },
    ],
  };
  expect(renderExplanation(answer, plain)).toMatchInlineSnapshot(`
    "db.pool.max = 80
      from    env/prod.yaml:8:10 (layer env/\${env}.yaml)
      set by  ccccccc  2026-01-31 12:00  Author <author@example.com>
    overrides
      40  environment variable SHOP_DB__POOL__MAX (layer env:SHOP_)
      10  base.yaml:15:10
    "
  `);
  const variable = { ...answer.from, file: null, line: null, column: null };
  const uncommitted = { ...answer.from, commit: null, author: null, date: null };
  expect(renderExplanation({ ...answer, from: { ...variable, variable: 'X' } }, plain)).not.toContain(
    'set by',
  );
  expect(renderExplanation({ ...answer, from: uncommitted }, plain)).toContain('nobody yet: not committed');
});

it.each([
  [undefined, '(none)'],
  ['80', '"80"'],
  [80, '80'],
  [{ a: [1, 'x\u001b\u202e'] }, '{"a":[1,"x\\u001b\\u202e"]}'],
])('the value %o on one line', (value, text) => {
  expect(inline(value)).toBe(text);
});
