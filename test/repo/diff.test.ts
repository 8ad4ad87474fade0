import { execFileSync } from 'node:child_process';
import { chmodSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { diff } from '../../src/repo/diff.js';
import type { DiffOptions } from '../../src/repo/repository.js';
import type { FileDiff } from '../../src/repo/types.js';
import { GitRepo } from './git-repo.js';

const files = async (repo: GitRepo, options: DiffOptions = {}): Promise<readonly FileDiff[]> =>
  (await diff(await repo.context(), options)).files;

/** `status path key-change...` in one line each. */
const shown = async (repo: GitRepo, options: DiffOptions = {}): Promise<readonly string[]> =>
  (await files(repo, options)).map(({ status, path, changes }) =>
    [status, path, ...changes.map((change) => `${change.kind}:${change.path}`)].join(' '),
  );

/** HEAD, index and worktree differ in a.yaml; staged and unstaged changes elsewhere; an untracked file. */
function threeStates(): GitRepo {
  const repo = new GitRepo();
  repo.commit({ 'a.yaml': 'k: 1\n', 'gone.json': '{"x": 1}\n', 'old.ini': '[s]\na = 1\nb = 2\n' });
  repo.commit({ 'c.txt': 'one\n' });
  repo.write({
    'a.yaml': 'k: 2\n',
    'new.yaml': 'n: 1\n',
    'old.ini': null,
    'moved.ini': '[s]\na = 1\nb = 3\n',
  });
  repo.git('add', '-A');
  repo.write({ 'a.yaml': 'k: 2\nj: 1\n', 'c.txt': 'two\n', 'untracked.yaml': 'u: 1\n', 'gone.json': null });
  return repo;
}

describe('diff', () => {
  it.each<[string, DiffOptions, readonly string[]]>([
    ['index and worktree', {}, ['modified a.yaml added:j', 'modified c.txt', 'deleted gone.json removed:x']],
    [
      'HEAD and index',
      { staged: true },
      ['modified a.yaml changed:k', 'renamed moved.ini changed:s.b', 'added new.yaml added:n'],
    ],
    [
      'HEAD and worktree',
      { revisions: ['HEAD'] },
      [
        'modified a.yaml added:j changed:k',
        'modified c.txt',
        'deleted gone.json removed:x',
        'added moved.ini added:s',
        'added new.yaml added:n',
        'deleted old.ini removed:s',
      ],
    ],
    [
      'an older revision and the worktree',
      { revisions: ['HEAD~1'], paths: ['a.yaml', 'c.txt'] },
      ['modified a.yaml added:j changed:k', 'added c.txt'],
    ],
    ['two revisions', { revisions: ['HEAD~1', 'HEAD'] }, ['added c.txt']],
    ['two revisions the other way', { revisions: ['HEAD', 'HEAD~1'] }, ['deleted c.txt']],
    ['a path without changes', { revisions: ['HEAD~1', 'HEAD'], paths: ['a.yaml'] }, []],
    ['the old name of a rename', { staged: true, paths: ['old.ini'] }, ['renamed moved.ini changed:s.b']],
    ['a glob', { paths: ['*.json'] }, ['deleted gone.json removed:x']],
  ])('compares %s', async (_, options, expected) => {
    const repo = threeStates();
    expect(await shown(repo, options)).toEqual(expected);
  });

  it.each<[string, DiffOptions, readonly string[]]>([
    ['index and worktree', {}, []],
    ['HEAD and index', { staged: true }, ['--cached', '-M']],
    ['HEAD and worktree', { revisions: ['HEAD'] }, ['--no-renames', 'HEAD']],
    ['two revisions', { revisions: ['HEAD~1', 'HEAD'] }, ['-M', 'HEAD~1', 'HEAD']],
  ])('finds the files that git finds between %s', async (_, options, args) => {
    const repo = threeStates();
    const paths = (await files(repo, options)).map(({ path }) => path);
    expect(paths).toEqual(repo.lines('diff', '--name-only', ...args));
  });

  it('has no changes for another layout, and the values otherwise', async () => {
    const repo = new GitRepo();
    repo.commit({ 'a.yaml': 'k: 1\nl: [a, b]\n', 'b.yaml': 'k: 1 # why\n' });
    repo.write({ 'a.yaml': 'l: [b]\nk: "1"\n', 'b.yaml': 'k:  1\n' });
    expect(await files(repo)).toEqual([
      {
        path: 'a.yaml',
        status: 'modified',
        changes: [
          { path: 'k', kind: 'type-changed', before: 1, after: '1' },
          { path: 'l[0]', kind: 'removed', before: 'a' },
        ],
      },
      { path: 'b.yaml', status: 'modified', changes: [] },
    ]);
  });

  it('shows lines where there are no keys to compare', async () => {
    const repo = new GitRepo();
    repo.commit({ 'a.yaml': 'k: 1\n', 'b.txt': 'x\n', 'c.bin': 'a\0b' });
    repo.write({ 'a.yaml': 'k: [\n', 'b.txt': 'y\n', 'c.bin': 'a\0c' });
    expect((await files(repo)).map(({ changes, text }) => ({ changes, text }))).toEqual([
      {
        changes: [],
        text: 'diff --git a/a.yaml b/a.yaml\n--- a/a.yaml\n+++ b/a.yaml\n@@ -1 +1 @@\n-k: 1\n+k: [\n',
      },
      { changes: [], text: 'diff --git a/b.txt b/b.txt\n--- a/b.txt\n+++ b/b.txt\n@@ -1 +1 @@\n-x\n+y\n' },
      { changes: [], text: 'diff --git a/c.bin b/c.bin\nBinary files a/c.bin and b/c.bin differ\n' },
    ]);
  });

  it('prints with text what git apply turns the old tree into the new one with', async () => {
    const repo = new GitRepo();
    const before = repo.commit({
      'a.yaml': 'k: 1\n',
      'gone.yaml': 'x: 1\n',
      'old name.ini': 'a = 1\nb = 2\nc = 3\n',
      'run.sh': '#!/bin/sh\n',
      'no-newline.json': '{}',
      'quote".txt': '1\n',
    });
    repo.git('mv', 'old name.ini', 'new name.ini');
    chmodSync(join(repo.dir, 'run.sh'), 0o755);
    repo.commit({
      'a.yaml': 'k: 2\n',
      'gone.yaml': null,
      'd/new.yaml': 'n: 1\n',
      'new name.ini': 'a = 1\nb = 2\nc = 4\n',
      'no-newline.json': '{"a": 1}\n',
      'quote".txt': '2\n',
    });
    const patch = (await files(repo, { revisions: [before, 'HEAD'], text: true }))
      .map(({ text }) => text)
      .join('');
    repo.git('checkout', '-q', before);
    execFileSync('git', ['apply', '--index', '-'], { cwd: repo.dir, env: repo.env, input: patch });
    expect(repo.git('write-tree')).toBe(repo.git('rev-parse', 'main^{tree}'));
  });

  it('compares our side of a conflict with the worktree', async () => {
    const repo = new GitRepo();
    repo.commit({ 'a.yaml': 'k: 1\n' });
    repo.git('switch', '-q', '-c', 'topic');
    repo.commit({ 'a.yaml': 'k: 2\n' });
    repo.git('switch', '-q', 'main');
    repo.commit({ 'a.yaml': 'k: 3\n' });
    expect(() => repo.merge('topic')).toThrow('Command failed');
    const [file] = await files(repo);
    expect(file).toMatchObject({ path: 'a.yaml', status: 'modified', changes: [] });
    expect(file?.text).toContain('+<<<<<<< HEAD');
  });

  it('works in a bare repository between revisions only', async () => {
    const repo = new GitRepo();
    repo.commit({ 'a.yaml': 'k: 1\n' });
    repo.commit({ 'a.yaml': 'k: 2\n' });
    repo.git('config', 'core.bare', 'true');
    rmSync(join(repo.dir, '.git/index'));
    expect(await shown(repo, { revisions: ['HEAD~1', 'HEAD'] })).toEqual(['modified a.yaml changed:k']);
    await expect(files(repo)).rejects.toMatchObject({ code: 'E_USAGE' });
  });

  it('masks what looks secret, what a schema of either side marks, and what aliases take from there', async () => {
    const repo = new GitRepo();
    const marked = JSON.stringify({ properties: { pin: { writeOnly: true } } });
    const settings = (...layers: readonly unknown[]): string =>
      JSON.stringify({
        schemas: [{ files: 'own/*.yaml', schema: 'marked.json' }],
        stacks: { app: { layers, schema: 'marked.json' } },
      });
    const values = (canary: string): string =>
      `password: &p ${canary}-1\nother: *p\nlicense: ${canary}-2\npin: ${canary}-3\nplain: ${canary}-4\n`;
    const paths = ['own/a.yaml', 'env/prod.yaml', 'conf/a.yaml', 'spare/a.yaml', 'named.yaml', 'free.yaml'];
    const all = (canary: string): Record<string, string> =>
      Object.fromEntries(
        paths.map((path) => [
          path,
          `${path === 'named.yaml' ? '$schema: ./marked.json\n' : ''}${values(canary)}`,
        ]),
      );
    repo.commit({
      'cfg.yaml': settings('env/${env}.yaml', 'conf/', { failover: ['spare/a.yaml'] }),
      'marked.json': marked,
      ...all('old'),
    });
    repo.commit({
      'cfg.yaml': settings('free.yaml').replace('marked', 'none'),
      'marked.json': '{}',
      ...all('new'),
    });
    const secrets = async (options: DiffOptions): Promise<Record<string, readonly string[]>> => {
      const found = await files(repo, { ...options, mask: true, paths });
      return Object.fromEntries(
        found.map(({ path, changes }) => [
          path,
          changes.filter(({ before, after }) => before === '***' && after === '***').map((one) => one.path),
        ]),
      );
    };
    const expected = Object.fromEntries(
      paths.map((path) => [
        path,
        path === 'free.yaml' ? ['other', 'password'] : ['other', 'password', 'pin'],
      ]),
    );
    expect(await secrets({ revisions: ['HEAD~1', 'HEAD'] })).toEqual(expected);
    repo.git('reset', '-q', '--soft', 'HEAD~1');
    expect(await secrets({ staged: true })).toEqual(expected);
    repo.git('reset', '-q');
    expect(await secrets({})).toEqual(expected);
  });

  it('masks all the same where the settings do not parse', async () => {
    const repo = new GitRepo();
    repo.commit({ 'cfg.yaml': 'stacks: [\n', 'a.yaml': 'password: old\n' });
    repo.write({ 'a.yaml': 'password: new\n' });
    expect(await files(repo, { mask: true })).toMatchObject([
      { changes: [{ path: 'password', before: '***', after: '***' }] },
    ]);
  });

  it.each<[DiffOptions, string]>([
    [{ revisions: ['HEAD', 'HEAD', 'HEAD'] }, 'E_USAGE'],
    [{ revisions: ['HEAD'], staged: true }, 'E_USAGE'],
    [{ revisions: ['nothing'] }, 'E_REVISION_NOT_FOUND'],
    [{ paths: ['nothing.yaml'] }, 'E_FILE_NOT_FOUND'],
    [{ paths: ['../x'] }, 'E_BAD_PATH'],
  ])('refuses %j with %s', async (options, code) => {
    const repo = new GitRepo();
    repo.commit({ 'a.yaml': 'k: 1\n' });
    await expect(files(repo, options)).rejects.toMatchObject({ code });
  });
});
