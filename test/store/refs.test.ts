import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openStore } from '../../src/store/index.js';
import { fsck, git, newStore, setRef, storeEnv, temporaryFolder, writeCommit } from './sandbox.js';

it('reads refs that git packed, with what tags peel to', async () => {
  const { dir, store } = await newStore();
  const { oid } = await writeCommit(store);
  await setRef(store, 'refs/heads/main', oid);
  git(dir, 'tag', '-a', '-m', 'x', 'v1', oid);
  const tag = git(dir, 'rev-parse', 'v1');
  git(dir, 'pack-refs', '--all', '--prune');
  expect(existsSync(join(dir, '.git/refs/heads/main'))).toBe(false);
  expect(await store.refs.list('refs/')).toEqual([
    { name: 'refs/heads/main', oid },
    { name: 'refs/tags/v1', oid: tag, peeled: oid },
  ]);
});

it('sees at once when git packs again', async () => {
  const { dir, store } = await newStore();
  const one = await writeCommit(store, { message: 'one' });
  const two = await writeCommit(store, { message: 'two' });
  for (const { oid } of [one, two, one, two]) {
    await setRef(store, 'refs/heads/main', oid);
    git(dir, 'pack-refs', '--all');
    expect(await store.refs.read('refs/heads/main')).toEqual({ name: 'refs/heads/main', oid });
  }
});

it('deletes a packed ref for good, and nothing else', async () => {
  const { dir, store } = await newStore();
  const { oid } = await writeCommit(store);
  for (const name of ['a', 'b', 'c']) await setRef(store, `refs/heads/${name}`, oid);
  git(dir, 'tag', '-a', '-m', 'x', 'b', oid);
  git(dir, 'pack-refs', '--all');
  await setRef(store, 'refs/heads/b', null, oid);
  expect(git(dir, 'for-each-ref', '--format=%(refname)').split('\n')).toEqual([
    'refs/heads/a',
    'refs/heads/c',
    'refs/tags/b',
  ]);
  await setRef(store, 'refs/tags/b', null);
  expect(readFileSync(join(dir, '.git/packed-refs'), 'utf8')).not.toContain('^');
  expect(git(dir, 'for-each-ref', '--format=%(refname)')).toBe('refs/heads/a\nrefs/heads/c');
  expect(git(dir, 'reflog', 'show', 'refs/heads/a').split('\n')).toHaveLength(1);
});

it.each([
  ['empty', ''],
  ['of zeros', '\0'.repeat(41)],
  ['garbage', 'not a ref\n'],
  ['cut short', `${'a'.repeat(20)}\n`],
  ['a bad symbolic ref', 'ref: ../../etc/passwd\n'],
])('calls a ref file that is %s damaged, never absent', async (_, content) => {
  const { dir, store } = await newStore();
  const { oid } = await writeCommit(store);
  await setRef(store, 'refs/heads/main', oid);
  git(dir, 'pack-refs', '--all');
  writeFileSync(join(dir, '.git/refs/heads/main'), content);
  const asked = async (): Promise<unknown> => store.refs.read('refs/heads/main');
  await expect(asked()).rejects.toMatchObject({ code: 'E_CORRUPT' });
  await expect(setRef(store, 'refs/heads/main', oid)).rejects.toMatchObject({ code: 'E_CORRUPT' });
  await expect((async () => store.refs.list('refs/'))()).rejects.toMatchObject({ code: 'E_CORRUPT' });
});

it('calls packed-refs that were cut short damaged', async () => {
  const { dir, store } = await newStore();
  const { oid } = await writeCommit(store);
  await setRef(store, 'refs/heads/main', oid);
  git(dir, 'pack-refs', '--all');
  const path = join(dir, '.git/packed-refs');
  writeFileSync(path, readFileSync(path).subarray(0, -5));
  await expect((async () => store.refs.list('refs/'))()).rejects.toMatchObject({ code: 'E_CORRUPT' });
});

it('passes over lock files, junk names and empty folders', async () => {
  const { dir, store } = await newStore();
  const { oid } = await writeCommit(store);
  await setRef(store, 'refs/heads/main', oid);
  writeFileSync(join(dir, '.git/refs/heads/main.lock'), '');
  writeFileSync(join(dir, '.git/refs/heads/.DS_Store'), 'x');
  mkdirSync(join(dir, '.git/refs/heads/feature/deep'), { recursive: true });
  expect((await store.refs.list('refs/')).map(({ name }) => name)).toEqual(['refs/heads/main']);
  await setRef(store, 'refs/heads/feature', oid);
  expect(git(dir, 'rev-parse', 'feature')).toBe(oid);
});

it('leaves no empty folder behind a deleted branch', async () => {
  const { dir, store } = await newStore();
  const { oid } = await writeCommit(store);
  await setRef(store, 'refs/heads/a/b/c', oid);
  await setRef(store, 'refs/heads/a/b/c', null);
  expect(existsSync(join(dir, '.git/refs/heads/a'))).toBe(false);
  expect(existsSync(join(dir, '.git/logs/refs/heads/a'))).toBe(false);
  expect(existsSync(join(dir, '.git/refs/heads'))).toBe(true);
});

it('writes logs that git reads, and reads those of git', async () => {
  const { dir, store } = await newStore();
  const one = await writeCommit(store, { message: 'one' });
  const two = await writeCommit(store, { message: 'two', parents: [one.oid] });
  await setRef(store, 'refs/heads/main', one.oid, null);
  git(dir, 'update-ref', '-m', 'by git', 'refs/heads/main', two.oid);
  await setRef(store, 'refs/heads/main', one.oid, two.oid);
  const shown = git(dir, 'reflog', '--format=%H %gs', 'main');
  expect(shown.split('\n')).toEqual([`${one.oid} test`, `${two.oid} by git`, `${one.oid} test`]);
  expect(
    (await store.refs.reflog('refs/heads/main')).map(({ after, message }) => `${after} ${message}`),
  ).toEqual(shown.split('\n'));
  expect(fsck(dir)).toBe('');
});

it.each([['true'], ['always'], ['false']])(
  'logs the refs that git logs with core.logAllRefUpdates=%s',
  async (setting) => {
    const { dir } = await newStore();
    git(dir, 'config', 'core.logAllRefUpdates', setting);
    const store = await openStore({ dir, env: storeEnv });
    const { oid } = await writeCommit(store);
    const kinds = ['heads', 'remotes/origin', 'notes', 'tags', 'cfg/ops', 'other'];
    const logged = (name: string): boolean => existsSync(join(dir, '.git/logs/refs', name));
    for (const kind of kinds) {
      git(dir, 'update-ref', `refs/${kind}/git`, oid);
      await setRef(store, `refs/${kind}/cfg`, oid);
      expect([kind, logged(`${kind}/cfg`)]).toEqual([kind, logged(`${kind}/git`)]);
    }
  },
);

it('ends a line of a log that was torn', async () => {
  const { dir, store } = await newStore();
  const { oid } = await writeCommit(store);
  mkdirSync(join(dir, '.git/logs/refs/heads'), { recursive: true });
  writeFileSync(join(dir, '.git/logs/refs/heads/main'), `${'0'.repeat(40)} ${'1'.repeat(17)}`);
  await setRef(store, 'refs/heads/main', oid);
  expect(await store.refs.reflog('refs/heads/main')).toMatchObject([{ after: oid }]);
  expect(git(dir, 'rev-parse', 'main@{0}')).toBe(oid);
});

it('keeps the refs of a linked worktree apart, and shares the branches', async () => {
  const { dir, store } = await newStore();
  const { oid } = await writeCommit(store, { files: { 'a.yaml': 'a: 1\n' } });
  await setRef(store, 'refs/heads/main', oid);
  const linked = join(temporaryFolder(), 'linked');
  git(dir, 'worktree', 'add', '-q', '-b', 'side', linked);
  const other = await openStore({ dir: linked, env: storeEnv });
  expect(await other.refs.read('HEAD')).toEqual({ name: 'HEAD', target: 'refs/heads/side' });
  const { oid: next } = await writeCommit(other, { parents: [oid], files: { 'a.yaml': 'a: 2\n' } });
  await setRef(other, 'refs/heads/side', next, oid);
  await setRef(other, 'refs/bisect/bad', next);
  expect(git(linked, 'rev-parse', 'HEAD')).toBe(next);
  expect(git(dir, 'rev-parse', 'side', 'HEAD')).toBe(`${next}\n${oid}`);
  expect(git(linked, 'rev-parse', 'HEAD@{1}', 'refs/bisect/bad')).toBe(`${oid}\n${next}`);
  expect((await store.refs.list('refs/')).map(({ name }) => name)).toEqual([
    'refs/heads/main',
    'refs/heads/side',
  ]);
  expect((await other.refs.list('refs/bisect/')).map(({ name }) => name)).toEqual(['refs/bisect/bad']);
  expect(fsck(dir)).toBe('');
});
