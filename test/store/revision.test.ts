import { beforeAll, describe, expect, it } from 'vitest';
import { mkdtempSync, realpathSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { memoryStore, openStore, resolveCommit, resolveRevision, type Store } from '../../src/store/index.js';
import { git, gitWith, setRef, storeEnv, tryGit, writeCommit } from './sandbox.js';

let dir = '';
let store: Store;

/** A merge, tags of every kind, a remote, and a ref that is called like another one. */
beforeAll(async () => {
  dir = realpathSync(mkdtempSync(join(tmpdir(), 'cfg-revision-')));
  git(dir, 'init', '-q', '-b', 'main');
  const commit = (message: string, seconds: number): string =>
    gitWith(
      dir,
      { env: { GIT_COMMITTER_DATE: `${1_700_000_000 + seconds} +0000` } },
      'commit',
      '-q',
      '--allow-empty',
      '-m',
      message,
    );
  for (let n = 0; n < 6; n += 1) commit(`c${n}`, n * 100);
  git(dir, 'switch', '-q', '-c', 'feature/x', 'HEAD~2');
  commit('side', 700);
  git(dir, 'switch', '-q', 'main');
  git(dir, 'merge', '-q', '--no-ff', '-m', 'merge', 'feature/x');
  git(dir, 'tag', 'light', 'HEAD~3');
  for (const [tag, at] of [
    ['v1.0.0', 'HEAD~4'],
    ['v1.2.0', 'HEAD~3'],
    ['v1.10.0', 'HEAD~2'],
    ['v2.0.0-rc.1', 'HEAD~1'],
    ['v2.0.0', 'HEAD'],
  ] as const)
    git(dir, 'tag', '-a', '-m', tag, tag, at);
  git(dir, 'tag', '-a', '-m', 'of a tag', 'nested', 'v1.0.0');
  git(dir, 'tag', 'both', 'HEAD~5');
  git(dir, 'branch', 'both', 'HEAD~4');
  git(dir, 'update-ref', 'refs/remotes/origin/main', 'HEAD~1');
  git(dir, 'symbolic-ref', 'refs/remotes/origin/HEAD', 'refs/remotes/origin/main');
  git(dir, 'config', 'remote.origin.url', '/nowhere');
  git(dir, 'config', 'remote.origin.fetch', '+refs/heads/*:refs/remotes/origin/*');
  git(dir, 'config', 'branch.main.remote', 'origin');
  git(dir, 'config', 'branch.main.merge', 'refs/heads/main');
  git(dir, 'config', 'branch.feature/x.remote', '.');
  git(dir, 'config', 'branch.feature/x.merge', 'refs/heads/main');
  store = await openStore({ dir, env: storeEnv });
});

describe('a revision means what git rev-parse says', () => {
  it.each([
    'HEAD',
    '@',
    'heads/main',
    'refs/heads/main',
    'main',
    'both',
    'heads/both',
    'tags/both',
    'feature/x',
    'light',
    'v1.0.0',
    'nested',

    'origin',
    'origin/main',
    'remotes/origin/main',
    'HEAD~',
    'HEAD~0',
    'HEAD~3',
    'HEAD^',
    'HEAD^2',
    'HEAD^0',
    'HEAD^^',
    'HEAD^2~1',
    'HEAD~2^{tree}',
    'v1.0.0^{}',
    'v1.0.0^{commit}',
    'v1.0.0^{tree}',
    'nested^{}',

    'nested^{tag}',
    'nested^{object}',
    'light^0',
    'HEAD^{}',
    '@{0}',
    '@{1}',
    'HEAD@{1}',
    'heads/main@{2}',
    'both@{0}',
    'feature/x@{0}',

    '@{u}',
    '@{upstream}',
    'main@{u}',
    'feature/x@{upstream}',
    '@{u}~1',
    '@{-1}',
    '@{-1}~1',
    '@{-2}',
    '@^',
    '@~2',

    'HEAD@{2023-11-14 22:20:00 +0000}',
    'v1.2.0-3-gHASH',
    'SHORT',
    'SHORT^',
    'FULL',
    'FULL^{tree}',
    'HEAD@{1}^',

    ':/c3',
    ':/^side',
    ':/m.rge',
    ':/!-merge',
    'HEAD^{/c2}',
    'HEAD^{/c}~1',
    'v1.0.0^{/}',
    'v1.0.0^{/c1}',
    'HEAD~1^{/!-c5}^{tree}',
    'main@{now}',
    'main@{yesterday}',
    'main@{2.weeks.ago}',
    'HEAD@{1 day ago}~1',
  ])('%s', async (template) => {
    const full = git(dir, 'rev-parse', 'HEAD~1');
    const text = template
      .replace('FULL', full)
      .replace('SHORT', full.slice(0, 8))
      .replace('HASH', full.slice(0, 7));
    expect(await resolveRevision(store, text)).toBe(git(dir, 'rev-parse', '--verify', '-q', text));
  });

  it.each([
    'nothing',
    'HEAD^3',
    'HEAD~99',
    'v1.0.0^{blob}',
    'HEAD^{nonsense}',
    '@{99}',
    '@{-9}',
    'main@{-1}',
    ':/',
    'HEAD^{',
    'a..b',
    '',
    '^',
    '~',
    'light@{u}',
    'refs/heads',
    'heads/',
    '..',
    '@{nonsense}',
    'ffffffff',
    'config',
    'index',
    '-1',
    ':/nothing like it',
    'HEAD^{/nothing like it}',
    'HEAD~3^{/side}',
  ])('not %j', async (text) => {
    expect(tryGit(dir, 'rev-parse', '--verify', '-q', text).status).not.toBe(0);
    await expect(resolveRevision(store, text)).rejects.toMatchObject({ code: 'E_REVISION_NOT_FOUND' });
  });
});

it('goes back to the commit of a detached HEAD', async () => {
  git(dir, 'switch', '-q', '--detach', 'HEAD~2');
  git(dir, 'switch', '-q', 'main');
  expect(await resolveRevision(store, '@{-1}')).toBe(git(dir, 'rev-parse', '--verify', '-q', '@{-1}'));
});

describe('a range of versions means the highest tag in it', () => {
  it.each([
    ['^1.2', 'v1.10.0'],
    ['~1.2', 'v1.2.0'],
    ['1.x', 'v1.10.0'],
    ['>=1 <1.5', 'v1.2.0'],
    ['1.2.0', 'v1.2.0'],
    ['^2.0.0-rc', 'v2.0.0'],
    ['*', 'v2.0.0'],
  ])('%s is %s', async (range, tag) => {
    expect(await resolveCommit(store, range)).toBe(git(dir, 'rev-parse', `${tag}^{commit}`));
  });

  it('and is not found when none is', async () => {
    await expect(resolveRevision(store, '^9')).rejects.toMatchObject({
      code: 'E_REVISION_NOT_FOUND',
      message: "no version tag matches '^9'",
    });
  });
});

it('says what may have been meant', async () => {
  await expect(resolveRevision(store, 'featre/x')).rejects.toMatchObject({
    hint: "did you mean 'feature/x'?",
  });
});

it('refuses a short id that is ambiguous, with the candidates', async () => {
  const memory = memoryStore();
  const blobs = Array.from({ length: 3000 }, (_, n) => ({
    type: 'blob' as const,
    data: Buffer.from(`${n}`),
  }));
  const oids = (await memory.objects.write(blobs)).map((oid) => oid.slice(0, 4)).toSorted();
  const twice = oids.find((prefix, at) => oids[at + 1] === prefix) ?? '';
  await expect(resolveRevision(memory, twice)).rejects.toMatchObject({
    code: 'E_REVISION_NOT_FOUND',
    message: expect.stringContaining('ambiguous'),
    details: { candidates: expect.arrayContaining([expect.stringMatching(`^${twice}`)]) },
  });
});

it('is not found before the first commit, and says how to make one', async () => {
  await expect(resolveRevision(memoryStore(), 'HEAD')).rejects.toMatchObject({
    code: 'E_REVISION_NOT_FOUND',
    hint: expect.stringContaining('cfg commit'),
  });
});

it('resolves to a commit only what is one', async () => {
  await expect(resolveCommit(store, 'HEAD^{tree}')).rejects.toMatchObject({ code: 'E_REVISION_NOT_FOUND' });
  expect(await resolveCommit(store, 'nested')).toBe(git(dir, 'rev-parse', 'nested^{commit}'));
});

it('finds its way through a circle of symbolic refs', async () => {
  const memory = memoryStore();
  const { oid } = await writeCommit(memory);
  await setRef(memory, 'refs/heads/a', { target: 'refs/heads/b' });
  await setRef(memory, 'refs/heads/b', { target: 'refs/heads/a' });
  await setRef(memory, 'refs/heads/c', oid);
  await expect(resolveRevision(memory, 'a')).rejects.toMatchObject({ code: 'E_CORRUPT' });
  expect(await resolveRevision(memory, 'c')).toBe(oid);
});
