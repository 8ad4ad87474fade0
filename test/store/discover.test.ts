import { createHash } from 'node:crypto';
import {
  cpSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { initStore, openStore } from '../../src/store/index.js';
import { fsck, git, newStore, setRef, storeEnv, temporaryFolder, tryGit, writeCommit } from './sandbox.js';

/** Names, kinds and contents of everything below a folder. */
function fingerprint(dir: string): string {
  const hash = createHash('sha1');
  for (const name of readdirSync(dir, { recursive: true, encoding: 'utf8' }).toSorted()) {
    const stat = lstatSync(join(dir, name));
    hash.update(`${name}\0${stat.mode}\0`);
    if (stat.isFile()) hash.update(readFileSync(join(dir, name)));
  }
  return hash.digest('hex');
}

describe('a repository that cfg cannot keep whole is refused, and nothing is written', () => {
  it.each<[string, (dir: string) => void]>([
    ['of a newer format', (dir) => git(dir, 'config', 'core.repositoryformatversion', '99')],
    ['of no format', (dir) => git(dir, 'config', 'core.repositoryformatversion', 'x')],
    ['with an unknown extension', (dir) => extension(dir, 'future', 'true')],
    [
      'with objects of SHA-256',
      (dir) => {
        rmSync(join(dir, '.git'), { recursive: true });
        git(dir, 'init', '-q', '--object-format=sha256');
      },
    ],
    ['with SHA-256 beside SHA-1', (dir) => extension(dir, 'compatObjectFormat', 'sha256')],
    ['with reftable', (dir) => extension(dir, 'refStorage', 'reftable')],
    [
      'with a symlink for HEAD',
      (dir) => {
        rmSync(join(dir, '.git/HEAD'));
        symlinkSync('refs/heads/main', join(dir, '.git/HEAD'));
      },
    ],
  ])('%s', async (_, change) => {
    const { dir } = await newStore();
    change(dir);
    const before = fingerprint(dir);
    const refusal = { code: 'E_UNSUPPORTED_REPOSITORY', hint: expect.stringMatching(/git|cfg/) };
    await expect(openStore({ dir, env: storeEnv })).rejects.toMatchObject(refusal);
    await expect(initStore({ dir, env: storeEnv })).rejects.toMatchObject(refusal);
    expect(fingerprint(dir)).toBe(before);
  });

  it.each(['preciousObjects', 'worktreeConfig', 'noop', 'relativeWorktrees'])(
    'but not one with %s',
    async (name) => {
      const { dir } = await newStore();
      extension(dir, name, 'true');
      expect((await openStore({ dir, env: storeEnv })).gitDir).toBe(join(dir, '.git'));
    },
  );
});

function extension(dir: string, name: string, value: string): void {
  const path = join(dir, '.git/config');
  const text = readFileSync(path, 'utf8').replace(
    'repositoryformatversion = 0',
    'repositoryformatversion = 1',
  );
  writeFileSync(path, `${text}[extensions]\n\t${name} = ${value}\n`);
}

describe('the repository of a folder', () => {
  it('is found from below', async () => {
    const { dir } = await newStore();
    mkdirSync(join(dir, 'a/b'), { recursive: true });
    const store = await openStore({ dir: join(dir, 'a/b'), env: storeEnv });
    expect([store.gitDir, store.worktree?.root]).toEqual([join(dir, '.git'), dir]);
  });

  it('is found through a symlink, under its real name', async () => {
    const { dir } = await newStore();
    const link = join(temporaryFolder(), 'link');
    symlinkSync(dir, link);
    expect((await openStore({ dir: link, env: storeEnv })).gitDir).toBe(join(dir, '.git'));
  });

  it('is the folder itself when it is bare', async () => {
    const { dir } = await newStore({ bare: true });
    const store = await openStore({ dir: join(dir, 'refs'), env: storeEnv });
    expect([store.gitDir, store.worktree, store.index]).toEqual([dir, undefined, undefined]);
    expect(git(dir, 'rev-parse', '--is-bare-repository')).toBe('true');
  });

  it('is where GIT_DIR and GIT_WORK_TREE say', async () => {
    const { dir } = await newStore();
    const elsewhere = temporaryFolder();
    const env = { ...storeEnv, GIT_DIR: join(dir, '.git'), GIT_WORK_TREE: elsewhere };
    const store = await openStore({ dir: elsewhere, env });
    expect([store.gitDir, store.worktree?.root]).toEqual([join(dir, '.git'), elsewhere]);
  });

  it('is where core.worktree says', async () => {
    const { dir } = await newStore();
    const elsewhere = temporaryFolder();
    git(dir, 'config', 'core.worktree', elsewhere);
    expect((await openStore({ dir, env: storeEnv })).worktree?.root).toBe(elsewhere);
  });

  it('of a submodule is its own', async () => {
    const { dir: inner, store } = await newStore();
    const { oid } = await writeCommit(store, { files: { 'a.yaml': 'a: 1\n' } });
    await setRef(store, 'refs/heads/main', oid);
    const { dir } = await newStore();
    git(dir, '-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', inner, 'sub');
    const opened = await openStore({ dir: join(dir, 'sub'), env: storeEnv });
    expect([opened.gitDir, opened.worktree?.root]).toEqual([join(dir, '.git/modules/sub'), join(dir, 'sub')]);
  });

  it('is not looked for above a ceiling, nor where there is none', async () => {
    const { dir } = await newStore();
    mkdirSync(join(dir, 'a/b'), { recursive: true });
    const env = { ...storeEnv, GIT_CEILING_DIRECTORIES: join(dir, 'a') };
    await expect(openStore({ dir: join(dir, 'a/b'), env })).rejects.toMatchObject({
      code: 'E_NOT_A_REPOSITORY',
    });
    await expect(openStore({ dir: temporaryFolder(), env: storeEnv })).rejects.toMatchObject({
      code: 'E_NOT_A_REPOSITORY',
      hint: expect.stringContaining('cfg init'),
    });
    await expect(openStore({ dir: '/does/not/exist', env: storeEnv })).rejects.toMatchObject({
      code: 'E_IO',
    });
  });

  it('is not reached through a link that leads to itself, which is an error of the disk', async () => {
    const dir = temporaryFolder();
    symlinkSync('.git', join(dir, '.git'));
    await expect(openStore({ dir, env: storeEnv })).rejects.toMatchObject({
      code: 'E_IO',
      message: `cannot read '${join(dir, '.git')}': ELOOP`,
    });
  });

  it('is not where a broken .git file points', async () => {
    const dir = temporaryFolder();
    writeFileSync(join(dir, '.git'), 'gitdir: /nowhere\n');
    await expect(openStore({ dir, env: storeEnv })).rejects.toMatchObject({ code: 'E_NOT_A_REPOSITORY' });
  });
});

describe('a new repository', () => {
  it.each([
    ['plain', {}, 'main'],
    ['bare', { bare: true }, 'main'],
    ['with another branch', { branch: 'trunk/x' }, 'trunk/x'],
  ])('%s is one for git', async (_, options, branch) => {
    const dir = temporaryFolder();
    const { created } = await initStore({ dir: join(dir, 'new/deep'), env: storeEnv, ...options });
    const inside = join(dir, 'new/deep');
    expect([created, git(inside, 'symbolic-ref', 'HEAD'), fsck(inside)]).toEqual([
      true,
      `refs/heads/${branch}`,
      '',
    ]);
    expect(git(inside, 'config', 'core.bare')).toBe(String('bare' in options));
    expect((await initStore({ dir: inside, env: storeEnv, ...options })).created).toBe(false);
  });

  it('has the files that git gives one', async () => {
    const { dir } = await newStore();
    git(dir, 'commit', '-q', '--allow-empty', '-m', 'one');
    expect(tryGit(dir, 'status', '--porcelain')).toEqual({ status: 0, output: '' });
    expect(git(dir, 'reflog').split('\n')).toHaveLength(1);
  });

  it('leaves one that is there as it is', async () => {
    const dir = temporaryFolder();
    git(dir, 'init', '-q', '-b', 'old');
    git(dir, 'commit', '-q', '--allow-empty', '-m', 'one');
    const before = fingerprint(dir);
    expect((await initStore({ dir, env: storeEnv })).created).toBe(false);
    expect(fingerprint(dir)).toBe(before);
  });

  it('heals one that was begun and not ended', async () => {
    const { dir } = await newStore();
    const copy = join(temporaryFolder(), 'copy');
    cpSync(dir, copy, { recursive: true });
    rmSync(join(copy, '.git/HEAD'));
    writeFileSync(join(copy, '.git/config'), '');
    expect(tryGit(copy, 'status').status).not.toBe(0);
    expect((await initStore({ dir: copy, env: storeEnv })).created).toBe(true);
    expect(fsck(copy)).toBe('');
  });

  it.each(['a b', '-x', 'a..b', 'HEAD'])('does not begin with a branch called %j', async (branch) => {
    const dir = temporaryFolder();
    await expect(initStore({ dir, env: storeEnv, branch })).rejects.toMatchObject({ code: 'E_BAD_REF_NAME' });
    expect(readdirSync(dir)).toEqual([]);
  });
});
