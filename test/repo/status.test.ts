import { mkdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { initRepository } from '../../src/repo/index.js';
import { emptyFolder, repositoryWith } from './sandbox.js';

describe('init', () => {
  it('makes a repository that git accepts, with settings', async () => {
    const box = emptyFolder();
    const answer = await initRepository({ dir: `${box.dir}/new/shop`, env: box.env, branch: 'trunk' });
    expect(answer).toEqual({ dir: expect.stringMatching(/new\/shop$/), branch: 'trunk', created: true });
    expect(box.git('-C', 'new/shop', 'status', '--porcelain', '-b')).toBe(
      '## No commits yet on trunk\n?? cfg.yaml\n',
    );
    const repo = await box.open(`${box.dir}/new/shop`);
    expect((await repo.settings()).files).toEqual(['**/*.{yaml,yml,json,ini}']);
    expect((await initRepository({ dir: `${box.dir}/new/shop`, env: box.env })).created).toBe(false);
  });

  it('adds settings to a repository, and overwrites nothing', async () => {
    const box = repositoryWith({ 'cfg.yaml': 'version: 1\n' });
    expect(await initRepository({ dir: box.dir, env: box.env })).toMatchObject({
      branch: 'main',
      created: false,
    });
    expect(box.read('cfg.yaml')).toBe('version: 1\n');
  });

  it('makes a bare one', async () => {
    const box = emptyFolder();
    await initRepository({ dir: `${box.dir}/x.git`, bare: true, env: box.env });
    expect(box.git('-C', 'x.git', 'rev-parse', '--is-bare-repository')).toBe('true\n');
    const repo = await box.open(`${box.dir}/x.git`);
    expect(repo.root).toBeUndefined();
    await expect(repo.status()).rejects.toMatchObject({ code: 'E_USAGE' });
  });

  it('leaves a bare one as it is', async () => {
    const box = emptyFolder();
    const bare = { dir: `${box.dir}/x.git`, env: box.env };
    await initRepository({ ...bare, bare: true, branch: 'trunk' });
    expect(await initRepository(bare)).toEqual({ dir: bare.dir, branch: 'trunk', created: false });
    expect(box.git('-C', 'x.git', 'rev-parse', '--git-dir')).toBe('.\n');
  });
});

describe('status, add and restore', () => {
  it('says what git says', async () => {
    const box = repositoryWith({ 'a.yaml': 'a: 1\n', 'b.yaml': 'b: 1\nlong: text\n', 'c.yaml': 'c: 1\n' });
    box.git('mv', 'b.yaml', 'moved.yaml');
    box.write('a.yaml', 'a: 2\n');
    box.git('rm', '-q', 'c.yaml');
    box.write('dir/new.yaml', 'n: 1\n');
    const repo = await box.open();
    expect(await repo.status()).toEqual({
      branch: 'main',
      head: box.git('rev-parse', 'HEAD').trim(),
      protection: 'none',
      upstream: null,
      merging: false,
      staged: [
        { path: 'c.yaml', change: 'deleted' },
        { path: 'moved.yaml', change: 'renamed', from: 'b.yaml' },
      ],
      unstaged: [{ path: 'a.yaml', change: 'modified' }],
      untracked: ['dir/new.yaml'],
      conflicts: [],
    });
  });

  it('counts against the upstream', async () => {
    const box = repositoryWith({ 'a.yaml': 'a: 1\n' });
    box.git('branch', 'base');
    box.git('branch', '--set-upstream-to=base');
    box.git('commit', '-q', '--allow-empty', '-m', 'one');
    box.git('commit', '-q', '--allow-empty', '-m', 'two');
    expect((await (await box.open()).status()).upstream).toEqual({ ref: 'base', ahead: 2, behind: 0 });
  });

  it('takes paths relative to the folder that was opened', async () => {
    const box = repositoryWith({ 'top.yaml': 't: 1\n', 'dir/a.yaml': 'a: 1\n' });
    box.write('top.yaml', 't: 2\n');
    box.write('dir/a.yaml', 'a: 2\n');
    const repo = await box.open(`${box.dir}/dir`);
    expect(await repo.add(['a.yaml'])).toEqual({ staged: ['dir/a.yaml'] });
    expect(await repo.add(['../top.yaml'])).toEqual({ staged: ['top.yaml'] });
    expect(await repo.restore(['.'], { staged: true })).toEqual({ restored: ['dir/a.yaml'] });
    await expect(repo.add(['../../outside.yaml'])).rejects.toMatchObject({ code: 'E_BAD_PATH' });
    expect((await repo.get('a.yaml#a')).source).toEqual({ file: 'dir/a.yaml', line: 1, column: 4 });
    expect((await repo.get('HEAD:dir/a.yaml#a')).value).toBe(1);
  });

  it('restores the worktree from the index, and the index from HEAD', async () => {
    const box = repositoryWith({ 'a.yaml': 'a: 1\n', 'b.yaml': 'b: 1\n' });
    box.write('a.yaml', 'a: 2\n');
    box.git('add', 'a.yaml');
    box.write('a.yaml', 'a: 3\n');
    box.git('rm', '-q', 'b.yaml');
    const repo = await box.open();
    expect(await repo.restore(['a.yaml'])).toEqual({ restored: ['a.yaml'] });
    expect(box.read('a.yaml')).toBe('a: 2\n');
    expect(await repo.restore(['.'], { staged: true })).toEqual({ restored: ['a.yaml', 'b.yaml'] });
    expect(box.git('status', '--porcelain')).toBe(' M a.yaml\n D b.yaml\n');
    await repo.restore(['*.yaml']);
    expect(box.git('status', '--porcelain')).toBe('');
    await expect(repo.restore(['nope'])).rejects.toMatchObject({ code: 'E_FILE_NOT_FOUND' });
  });

  it('adds everything from anywhere, and nothing of .git', async () => {
    const box = repositoryWith({ 'a.yaml': 'a: 1\n' });
    mkdirSync(`${box.dir}/dir`);
    box.write('top.yaml', 't: 1\n');
    box.git('rm', '-q', '--cached', 'a.yaml');
    const repo = await box.open(`${box.dir}/dir`);
    expect(await repo.add('all')).toEqual({ staged: ['a.yaml', 'top.yaml'] });
    await expect(repo.add(['../.git/config'])).rejects.toMatchObject({
      code: expect.stringMatching(/E_BAD_PATH|E_FILE_NOT_FOUND/),
    });
  });
});
