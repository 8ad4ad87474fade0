import { describe, expect, it } from 'vitest';
import type { Repository } from '../../src/repo/index.js';
import { repositoryWith, type Sandbox } from './sandbox.js';

const routes: readonly (readonly [string, (repo: Repository, box: Sandbox) => Promise<unknown>])[] = [
  ['commit', (repo, box) => (box.write('a.yaml', 'a: 9\n'), repo.commit({ message: 'x', all: true }))],
  [
    'commit by path',
    (repo, box) => (box.write('a.yaml', 'a: 9\n'), repo.commit({ message: 'x', paths: ['a.yaml'] })),
  ],
  [
    'commit without checks',
    (repo, box) => (box.write('a.yaml', 'a: 9\n'), repo.commit({ message: 'x', all: true, verify: false })),
  ],
  [
    'commitChanges',
    (repo) => repo.commitChanges('main', [{ path: 'a.yaml', set: { a: 9 } }], { message: 'x' }),
  ],
  [
    'commitChanges that lifts the rule',
    (repo) => repo.commitChanges('main', [{ path: 'cfg.yaml', delete: true }], { message: 'x' }),
  ],
  [
    'commitChanges through a symbolic ref',
    (repo, box) => (
      box.git('symbolic-ref', 'refs/heads/alias', 'refs/heads/main'),
      repo.commitChanges('alias', [{ path: 'a.yaml', set: { a: 9 } }], { message: 'x' })
    ),
  ],
  [
    'delete',
    (repo, box) => (box.git('checkout', '-q', 'feature'), repo.deleteBranch('main', { force: true })),
  ],
  ['rename', (repo) => repo.renameBranch('main', 'other')],
  ['rename onto', (repo) => repo.renameBranch('feature', 'main')],
  ['create over', (repo) => repo.createBranch('main', 'feature')],
  ['switch that creates', (repo) => repo.switch('main', { create: true, start: 'feature' })],
  ['fast-forward', (repo) => repo.merge('feature', { fastForward: 'only' })],
];

describe('a branch that takes merges only', () => {
  it.each(routes)('does not move by %s', async (_, attempt) => {
    const box = repositoryWith({
      'cfg.yaml': 'version: 1\nbranches:\n  main: { protection: standard }\n',
      'a.yaml': 'a: 1\n',
    });
    box.git('checkout', '-q', '-b', 'feature');
    box.write('a.yaml', 'a: 2\n');
    box.git('commit', '-qam', 'feature');
    box.git('checkout', '-q', 'main');
    const tip = box.git('rev-parse', 'refs/heads/main');
    const failed = await attempt(await box.open(), box).catch((error: unknown) => error);
    expect(failed).toMatchObject({ code: expect.stringMatching(/^E_(PROTECTED|EXISTS)$/) });
    expect(box.git('rev-parse', 'refs/heads/main')).toBe(tip);
    expect(box.git('diff', '--cached', '--name-only')).toBe('');
  });

  it('takes its first commit', async () => {
    const box = repositoryWith();
    const repo = await box.open();
    const settings = 'version: 1\nbranches:\n  main: { protection: strict }\n';
    await repo.commitChanges('main', [{ path: 'cfg.yaml', content: settings }], { message: 'first' });
    expect((await repo.status()).protection).toBe('strict');
    await expect(
      repo.commitChanges('main', [{ path: 'a.yaml', content: 'a: 1\n' }], { message: 'x' }),
    ).rejects.toMatchObject({ code: 'E_PROTECTED' });
  });
});
