import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openRepository } from '../../src/repo/index.js';
import { repositoryWith, requireSound, sandboxAt } from './sandbox.js';

it('needs nobody to have a name for what makes no commit', async () => {
  const box = repositoryWith({ 'a.yaml': 'a: 1\n' });
  const repo = await openRepository({ dir: box.dir, env: { HOME: box.dir, USER: 'ci' } });
  await repo.createBranch('work');
  await repo.switch('work');
  await repo.renameBranch('work', 'other');
  expect(await repo.merge('main')).toMatchObject({ result: 'up-to-date' });
  await repo.switch('main');
  await repo.deleteBranch('other');
  await expect(
    repo.commitChanges('main', [{ path: 'a.yaml', set: { a: 2 } }], { message: 'm' }),
  ).rejects.toMatchObject({
    code: 'E_NO_IDENTITY',
  });
  expect(box.git('log', '-g', '-1', '--format=%gn <%ge> %gs', 'HEAD')).toBe(
    'ci <> checkout: moving from other to main\n',
  );
});

it.each(['-', '@{-1}'])('switches back with %s, as git does', async (name) => {
  const box = repositoryWith({ 'a.yaml': 'a: 1\n' });
  const repo = await box.open();
  await expect(repo.switch(name)).rejects.toMatchObject({ code: 'E_REVISION_NOT_FOUND' });
  await repo.switch('work', { create: true });
  expect(await repo.switch(name)).toMatchObject({ branch: 'main' });
  expect(await repo.switch(name)).toMatchObject({ branch: 'work' });
  box.git('switch', '-q', '-');
  expect(await repo.switch(name)).toMatchObject({ branch: 'work' });
});

describe('branches', () => {
  it('lists, creates, renames and deletes, and git agrees', async () => {
    const box = repositoryWith({
      'a.yaml': 'a: 1\n',
      'cfg.yaml': 'version: 1\nbranches:\n  main: { protection: basic }\n',
    });
    const repo = await box.open();
    const commit = box.git('rev-parse', 'HEAD').trim();
    expect(await repo.createBranch('feature/x')).toEqual({
      branches: [
        { name: 'feature/x', commit, current: false, protection: 'none' },
        { name: 'main', commit, current: true, protection: 'basic' },
      ],
    });
    expect(box.git('reflog', '-1', '--format=%gs', 'feature/x')).toBe('branch: Created from HEAD\n');
    await repo.renameBranch('feature/x', 'feature');
    expect(box.git('for-each-ref', '--format=%(refname)', 'refs/heads')).toBe(
      'refs/heads/feature\nrefs/heads/main\n',
    );
    await repo.deleteBranch('feature');
    expect(box.git('branch', '--format=%(refname:short)')).toBe('main\n');
    requireSound(box);
  });

  it.each([
    ['main', 'E_EXISTS'],
    ['HEAD', 'E_BAD_REF_NAME'],
    ['-x', 'E_BAD_REF_NAME'],
    ['a..b', 'E_BAD_REF_NAME'],
    ['main/x', 'E_EXISTS'],
  ])('does not create %s (%s)', async (name, code) => {
    const repo = await repositoryWith({ 'a.yaml': 'a: 1\n' }).open();
    await expect(repo.createBranch(name)).rejects.toMatchObject({ code });
  });

  it('does not delete the current, a protected, an unknown or an unmerged branch', async () => {
    const box = repositoryWith({ 'cfg.yaml': 'version: 1\nbranches:\n  rel: { protection: basic }\n' });
    box.git('branch', 'rel');
    box.git('checkout', '-q', '-b', 'work');
    box.git('commit', '-q', '--allow-empty', '-m', 'work');
    box.git('checkout', '-q', 'main');
    const repo = await box.open();
    await expect(repo.deleteBranch('main')).rejects.toMatchObject({ code: 'E_CHECKED_OUT' });
    await expect(repo.deleteBranch('HEAD~1')).rejects.toMatchObject({ code: 'E_REVISION_NOT_FOUND' });
    await repo.switch('rel');
    await expect(repo.deleteBranch('rel')).rejects.toMatchObject({ code: 'E_PROTECTED' });
    await repo.switch('main');
    await expect(repo.deleteBranch('rel')).rejects.toMatchObject({ code: 'E_PROTECTED' });
    await expect(repo.renameBranch('rel', 'other')).rejects.toMatchObject({ code: 'E_PROTECTED' });
    await expect(repo.deleteBranch('wrok')).rejects.toMatchObject({
      code: 'E_REVISION_NOT_FOUND',
      hint: "did you mean 'work'?",
    });
    await expect(repo.deleteBranch('work')).rejects.toMatchObject({ code: 'E_PROTECTED' });
    await repo.deleteBranch('work', { force: true });
    expect(box.git('branch', '--list', 'work')).toBe('');
  });

  it.each([
    ['another branch', 'side', 'other'],
    ['the current branch', 'main', 'trunk'],
    ['into its own folder', 'side', 'side/deep'],
    ['out of its folder', 'team/x', 'team'],
  ])('renames %s with its reflog and its settings, as git does', async (_, from, to) => {
    const outcomes = ['git', 'cfg'].map(async (who) => {
      const box = repositoryWith({ 'a.yaml': 'a: 1\n' });
      for (const name of ['side', 'team/x']) box.git('branch', name);
      box.git('commit', '-q', '--allow-empty', '-m', 'two');
      box.git('branch', '-f', 'side', 'main');
      box.git('config', `branch.${from}.remote`, 'origin');
      box.git('config', `branch.${from}.merge`, 'refs/heads/x"y');
      if (who === 'git') box.git('branch', '-m', from, to);
      else await (await box.open()).renameBranch(from, to);
      requireSound(box);
      return {
        refs: box.git('for-each-ref', '--format=%(refname)', 'refs/heads'),
        head: box.git('symbolic-ref', 'HEAD'),
        log: box.git('log', '-g', '--format=%gs', to),
        settings: box.git('config', '--get-regexp', '^branch\\.'),
        leftLog: existsSync(join(box.dir, '.git/logs/refs/heads', from)) && to !== 'team',
      };
    });
    const [byGit, byCfg] = await Promise.all(outcomes);
    expect(byCfg).toEqual(byGit);
  });

  it('renames the current branch, before the first commit too', async () => {
    const box = repositoryWith();
    const repo = await box.open();
    await repo.renameBranch('main', 'trunk');
    expect(box.git('symbolic-ref', 'HEAD')).toBe('refs/heads/trunk\n');
    box.git('commit', '-q', '--allow-empty', '-m', 'x');
    await repo.renameBranch('trunk', 'main');
    expect(box.git('symbolic-ref', 'HEAD')).toBe('refs/heads/main\n');
    expect(box.git('log', '--format=%s')).toBe('x\n');
  });
});

describe('switch', () => {
  it('says which commit it leaves that is on no branch', async () => {
    const box = repositoryWith({ 'a.yaml': 'a: 1\n' });
    box.git('tag', '-a', '-m', 'm', 'v1.0.0');
    box.git('tag', 'tree', 'HEAD^{tree}');
    box.git('checkout', '-q', '--detach');
    const repo = await box.open();
    expect(await repo.switch('main')).not.toHaveProperty('left');
    box.git('checkout', '-q', '--detach');
    await repo.set('a.yaml#a', 2);
    const { commit } = await repo.commit({ message: 'x', all: true });
    expect(await repo.switch('main')).toMatchObject({ left: commit });
    await repo.switch('kept', { create: true, start: commit });
    box.git('checkout', '-q', '--detach');
    expect(await repo.switch('main')).not.toHaveProperty('left');
  });

  it('moves worktree, index and HEAD, and carries changes that do not collide', async () => {
    const box = repositoryWith({ 'a.yaml': 'a: 1\n', 'b.yaml': 'b: 1\n' });
    const repo = await box.open();
    expect(await repo.switch('side', { create: true })).toEqual({
      branch: 'side',
      commit: box.git('rev-parse', 'HEAD').trim(),
    });
    box.write('a.yaml', 'a: 2\n');
    box.git('commit', '-qam', 'side');
    box.write('b.yaml', 'b: local\n');
    await repo.switch('main');
    expect([box.read('a.yaml'), box.read('b.yaml')]).toEqual(['a: 1\n', 'b: local\n']);
    expect(box.git('status', '--porcelain', '-b')).toBe('## main\n M b.yaml\n');
    expect(box.git('reflog', '-1', '--format=%gs')).toBe('checkout: moving from side to main\n');
    expect(box.git('rev-parse', '--abbrev-ref', '@{-1}')).toBe('side\n');
  });

  it('refuses to overwrite changes and new files, naming them, and changes nothing', async () => {
    const box = repositoryWith({ 'a.yaml': 'a: 1\n' });
    box.git('checkout', '-q', '-b', 'side');
    box.write('a.yaml', 'a: 2\n');
    box.write('new.yaml', 'n: 1\n');
    box.git('add', '-A');
    box.git('commit', '-qm', 'side');
    box.git('checkout', '-q', 'main');
    box.write('a.yaml', 'a: local\n');
    box.write('new.yaml', 'n: local\n');
    const repo = await box.open();
    await expect(repo.switch('side')).rejects.toMatchObject({
      code: 'E_LOCAL_CHANGES',
      details: { paths: ['a.yaml', 'new.yaml'] },
    });
    expect(box.git('status', '--porcelain', '-b')).toBe('## main\n M a.yaml\n?? new.yaml\n');
  });

  it('begins a branch at a revision, and knows unborn branches', async () => {
    const empty = repositoryWith();
    await (await empty.open()).switch('trunk', { create: true });
    expect(empty.git('symbolic-ref', 'HEAD')).toBe('refs/heads/trunk\n');
    await (await empty.open()).renameBranch(null, 'line');
    expect(empty.git('symbolic-ref', 'HEAD')).toBe('refs/heads/line\n');
    const box = repositoryWith({ 'a.yaml': 'a: 1\n' });
    box.write('a.yaml', 'a: 2\n');
    box.git('commit', '-qam', 'second');
    await (await box.open()).switch('old', { create: true, start: 'main~1' });
    expect(box.read('a.yaml')).toBe('a: 1\n');
    expect(box.git('status', '--porcelain', '-b')).toBe('## old\n');
    expect(box.git('reflog', '-1', '--format=%gs', 'old')).toBe('branch: Created from main~1\n');
  });

  it('refuses what is checked out in another worktree', async () => {
    const box = repositoryWith({ 'a.yaml': 'a: 1\n' });
    box.git('worktree', 'add', '-q', '-b', 'linked', `${box.dir}/linked`);
    const [repo, linked] = [await box.open(), await box.open(`${box.dir}/linked`)];
    await expect(repo.switch('linked')).rejects.toMatchObject({ code: 'E_CHECKED_OUT' });
    await expect(linked.switch('main')).rejects.toMatchObject({ code: 'E_CHECKED_OUT' });
    await expect(repo.deleteBranch('linked')).rejects.toMatchObject({ code: 'E_CHECKED_OUT' });
    await expect(
      repo.commitChanges('linked', [{ path: 'a.yaml', content: 'a: 2\n' }], { message: 'x' }),
    ).rejects.toMatchObject({ code: 'E_CHECKED_OUT' });
    const inside = sandboxAt(`${box.dir}/linked`);
    inside.write('a.yaml', 'a: 3\n');
    await linked.commit({ message: 'in the linked one', all: true });
    expect(inside.git('status', '--porcelain', '-b')).toBe('## linked\n');
    await linked.switch('other', { create: true });
    expect(inside.git('status', '--porcelain', '-b')).toBe('## other\n');
    expect(box.git('log', '-1', '--format=%s', 'linked', '--')).toBe('in the linked one\n');
    requireSound(box);
  });

  it('says what is unknown', async () => {
    const repo = await repositoryWith({ 'a.yaml': 'a: 1\n' }).open();
    await expect(repo.switch('mian')).rejects.toMatchObject({
      code: 'E_REVISION_NOT_FOUND',
      hint: "did you mean 'main'?",
    });
    await expect(repo.switch('HEAD~0')).rejects.toMatchObject({
      hint: "it is a commit: a branch that begins there is made with: cfg switch -c NAME 'HEAD~0'",
    });
  });
});
