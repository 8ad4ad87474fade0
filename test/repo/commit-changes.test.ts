import { describe, expect, it } from 'vitest';
import type { Change } from '../../src/repo/index.js';
import { repositoryWith, requireSound } from './sandbox.js';

const message = 'change';

describe('commitChanges', () => {
  it('writes, edits in place and deletes, without a worktree', async () => {
    const box = repositoryWith({
      'a.yaml': '# keep\na: 1 # this\nb: 2\n',
      'gone.yaml': 'g: 1\n',
      'run.sh': 'x\n',
    });
    box.git('update-index', '--chmod=+x', 'run.sh');
    box.git('commit', '-qm', 'mode');
    box.git('clone', '-q', '--bare', '.', 'bare.git');
    const repo = await box.open(`${box.dir}/bare.git`);
    const answer = await repo.commitChanges(
      'main',
      [
        { path: 'a.yaml', set: { a: 5, 'c.d': 'x' }, unset: ['b'] },
        { path: 'dir/new.json', content: '{"n": 1}\n' },
        { path: 'gone.yaml', delete: true },
        { path: 'run.sh', content: 'y\n' },
        { path: 'fresh.yaml', set: { k: 1 } },
      ],
      { message, author: 'Reviewer <reviewer@example.com>' },
    );
    expect(answer).toMatchObject({ branch: 'main', changes: { files: 5 } });
    const show = (path: string): string => box.git('--git-dir=bare.git', 'show', `main:${path}`);
    expect(show('a.yaml')).toBe('# keep\na: 5 # this\nc:\n  d: x\n');
    expect(box.git('--git-dir=bare.git', 'ls-tree', '-r', '--format=%(objectmode) %(path)', 'main')).toBe(
      '100644 a.yaml\n100644 dir/new.json\n100644 fresh.yaml\n100755 run.sh\n',
    );
    expect(box.git('--git-dir=bare.git', 'log', '-1', '--format=%an %cn %s', 'main')).toBe(
      'Reviewer Author change\n',
    );
    box.git('--git-dir=bare.git', 'fsck', '--strict');
  });

  it('takes the author in parts, with the date of the commit', async () => {
    const box = repositoryWith({ 'a.yaml': 'a: 1\n' });
    const author = { name: 'Reviewer', email: 'reviewer@example.com' };
    const repo = await box.open();
    await repo.commitChanges('main', [{ path: 'a.yaml', set: { a: 2 } }], { message, author });
    await repo.batch('main', [{ changes: [{ path: 'a.yaml', set: { a: 3 } }], message, author }]);
    box.write('a.yaml', 'a: 4\n');
    await repo.commit({ message, author, all: true });
    expect(box.git('log', '-3', '--format=%an <%ae> %cn')).toBe(
      'Reviewer <reviewer@example.com> Author\n'.repeat(3),
    );
    requireSound(box);
  });

  it('asks callers without types for a message', async () => {
    const repo = await repositoryWith({ 'a.yaml': 'a: 1\n' }).open();
    const options: { message: string } = JSON.parse('{}');
    await expect(
      repo.commitChanges('main', [{ path: 'a.yaml', set: { a: 2 } }], options),
    ).rejects.toMatchObject({ code: 'E_USAGE', message: 'the commit message is empty' });
  });

  it('takes a clean worktree along, and refuses where it has other changes', async () => {
    const box = repositoryWith({ 'a.yaml': 'a: 1\n', 'b.yaml': 'b: 1\n' });
    box.write('b.yaml', 'b: local\n');
    const repo = await box.open();
    await repo.commitChanges('main', [{ path: 'a.yaml', set: { a: 2 } }], { message });
    expect(box.read('a.yaml')).toBe('a: 2\n');
    expect(box.git('status', '--porcelain')).toBe(' M b.yaml\n');
    const tip = box.git('rev-parse', 'main');
    await expect(
      repo.commitChanges('main', [{ path: 'b.yaml', set: { b: 3 } }], { message }),
    ).rejects.toMatchObject({ code: 'E_LOCAL_CHANGES' });
    expect(box.git('rev-parse', 'main')).toBe(tip);
    expect(box.git('status', '--porcelain')).toBe(' M b.yaml\n');
  });

  it('makes branches: from a revision, or as the first of an empty repository', async () => {
    const empty = repositoryWith();
    await (await empty.open()).commitChanges('main', [{ path: 'a.yaml', content: 'a: 1\n' }], { message });
    expect(empty.git('status', '--porcelain', '-b')).toBe('## main\n');
    const box = repositoryWith({ 'a.yaml': 'a: 1\n' });
    const repo = await box.open();
    await repo.commitChanges('next', [{ path: 'a.yaml', set: { a: 2 } }], { message, from: 'main' });
    expect(box.git('log', '--format=%s', 'next')).toBe('change\nfirst\n');
    await expect(
      repo.commitChanges('typo', [{ path: 'a.yaml', set: { a: 2 } }], { message }),
    ).rejects.toMatchObject({ code: 'E_REVISION_NOT_FOUND' });
    await expect(
      repo.commitChanges('next', [{ path: 'a.yaml', set: { a: 3 } }], { message, expect: null }),
    ).rejects.toMatchObject({ code: 'E_STALE' });
  });

  it('refuses another tip than the expected one', async () => {
    const box = repositoryWith({ 'a.yaml': 'a: 1\n' });
    const repo = await box.open();
    const expected = box.git('rev-parse', 'main').trim();
    await repo.commitChanges('main', [{ path: 'a.yaml', set: { a: 2 } }], { message, expect: expected });
    await expect(
      repo.commitChanges('main', [{ path: 'a.yaml', set: { a: 3 } }], { message, expect: expected }),
    ).rejects.toMatchObject({
      code: 'E_STALE',
      details: { branch: 'main', expected },
    });
  });

  it.each([
    [[{ path: 'a.yaml', set: { a: 1 } }], 'E_NOTHING_TO_DO'],
    [[], 'E_NOTHING_TO_DO'],
    [[{ path: 'a.yaml', content: 'a: [\n' }], 'E_GATE'],
    [[{ path: 'a.yaml', unset: ['z'] }], 'E_KEY_NOT_FOUND'],
    [[{ path: 'z.yaml', delete: true }], 'E_FILE_NOT_FOUND'],
    [[{ path: '../z.yaml', content: '' }], 'E_BAD_PATH'],
    [[{ path: '.git/config', content: '' }], 'E_BAD_PATH'],
    [[{ path: 'a.yaml/b.yaml', content: '' }], 'E_BAD_PATH'],
    [[{ path: 'n.txt', set: { a: 1 } }], 'E_USAGE'],
    // what code without types may give
    [[{ path: 'a.yaml', contents: 'a: 2\n' }], 'E_USAGE'],
    [[{ path: 'a.yaml', content: undefined }], 'E_USAGE'],
    [[{ path: 'a.yaml', content: 5 }], 'E_USAGE'],
    [[{ path: 'a.yaml', delete: false }], 'E_USAGE'],
    [[{ path: 'a.yaml', set: { a: 2 }, delete: true }], 'E_USAGE'],
    [[{ path: 'a.yaml', set: { a: undefined } }], 'E_INVALID'],
    [[{ path: 'a.yaml', set: { a: new Date(0) } }], 'E_INVALID'],
  ])('refuses %j (%s), and writes no commit', async (given, code) => {
    const changes = given as unknown as readonly Change[];
    const box = repositoryWith({ 'a.yaml': 'a: 1\n' });
    const repo = await box.open();
    await expect(repo.commitChanges('main', changes, { message })).rejects.toMatchObject({ code });
    await expect(repo.batch('main', [{ changes, message }])).rejects.toMatchObject({ code });
    expect(box.git('rev-list', '--count', 'main')).toBe('1\n');
  });

  it('loses no commit when several commit to different keys at once', async () => {
    const keys = Array.from({ length: 12 }, (_, index) => `k${index}`);
    const box = repositoryWith({ 'a.yaml': keys.map((key) => `${key}: 0\n\n\n`).join('') });
    const write = async (key: string): Promise<unknown> => {
      const repo = await box.open();
      return repo.commitChanges('main', [{ path: 'a.yaml', set: { [key]: 1 } }], { message: key });
    };
    await Promise.all(keys.map(write));
    expect(box.git('log', '--format=%s').trim().split('\n').toSorted()).toEqual(
      ['first', ...keys].toSorted(),
    );
    expect(box.read('a.yaml')).toBe(keys.map((key) => `${key}: 1\n\n\n`).join(''));
    expect(box.git('status', '--porcelain')).toBe('');
    requireSound(box);
  });

  it('tells one of two that wanted the same key', async () => {
    const box = repositoryWith({ 'a.yaml': 'a: 1\n' });
    box.git('clone', '-q', '--bare', '.', 'bare.git');
    const [one, two] = [await box.open(`${box.dir}/bare.git`), await box.open(`${box.dir}/bare.git`)];
    const results = await Promise.allSettled(
      [one, two].map((repo, index) =>
        repo.commitChanges('main', [{ path: 'a.yaml', set: { a: 10 + index } }], { message }),
      ),
    );
    const failed = results.flatMap((result) =>
      result.status === 'rejected' ? [result.reason as unknown] : [],
    );
    expect(failed).toMatchObject([{ code: 'E_CONFLICT' }]);
  });
});
