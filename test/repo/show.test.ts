import { describe, expect, it } from 'vitest';
import { openRepository } from '../../src/repo/index.js';
import { pick } from '../../src/repo/pick.js';
import { show } from '../../src/repo/show.js';
import { GitRepo } from './git-repo.js';

describe('show', () => {
  it('answers with a commit and what it changed by key', async () => {
    const repo = new GitRepo();
    const first = repo.commit({ 'a.yaml': 'k: 1\n', 'b.yaml': 'x: 1\ny: 2\nz: 3\n' }, { message: 'first' });
    const second = repo.commit({ 'a.yaml': 'k: 2\n', 'b.yaml': null, 'c.yaml': 'x: 1\ny: 2\nz: 3\n' });
    expect(await show(await repo.context(), 'HEAD')).toMatchObject({
      commit: second,
      parents: [first],
      changes: [
        {
          path: 'a.yaml',
          status: 'modified',
          changes: [{ path: 'k', kind: 'changed', before: 1, after: 2 }],
        },
        { path: 'c.yaml', from: 'b.yaml', status: 'renamed', changes: [] },
      ],
    });
    expect(await show(await repo.context(), 'main~1')).toMatchObject({
      message: 'first',
      changes: [{ path: 'a.yaml', status: 'added', changes: [{ path: 'k', kind: 'added', after: 1 }] }, {}],
    });
  });

  it('has all that is in it of a commit where a shallow clone ends, as git does', async () => {
    const repo = new GitRepo();
    repo.commit({ 'a.yaml': 'k: 1\n' });
    const last = repo.commit({ 'a.yaml': 'k: 2\n' });
    repo.git('clone', '-q', '--depth', '1', `file://${repo.dir}`, 'clone');
    const { store } = await openRepository({ dir: `${repo.dir}/clone`, env: repo.env });
    const context = { ...(await repo.context()), store };
    expect(await show(context, 'HEAD')).toMatchObject({
      commit: last,
      parents: [],
      changes: [{ path: 'a.yaml', status: 'added' }],
    });
    await expect(pick(context, 'HEAD', { verb: 'revert' })).rejects.toMatchObject({
      code: 'E_OBJECT_MISSING',
    });
  });

  it('has of a merge what none of its parents has, by key', async () => {
    const repo = new GitRepo();
    repo.commit({ 'a.yaml': 'k: 1\nl: 1\nm: {n: 1}\n', 'b.yaml': 'k: 1\n', 'c.txt': '1\n' });
    repo.git('switch', '-q', '-c', 'topic');
    repo.commit({ 'a.yaml': 'k: 2\nl: 2\nm: {n: 2}\n', 'b.yaml': 'k: 2\n', 'c.txt': '2\n' });
    repo.git('switch', '-q', 'main');
    repo.commit({ 'a.yaml': 'k: 3\nl: 1\nm: {n: 1}\n', 'd.yaml': 'k: 1\n' });
    repo.git('merge', '-q', '-s', 'ours', '--no-commit', 'topic');
    // k is decided, l is as in topic, m.n is new; b.yaml is as in topic, c.txt and d.yaml are as nowhere
    const merged = {
      'a.yaml': 'k: 4\nl: 2\nm: {n: 3}\n',
      'b.yaml': 'k: 2\n',
      'c.txt': '3\n',
      'd.yaml': 'k: 2\n',
    };
    repo.commit(merged);
    const answer = await show(await repo.context(), 'HEAD');
    expect('changes' in answer && answer.changes.map(({ path, changes }) => [path, changes])).toEqual([
      [
        'a.yaml',
        [
          { path: 'k', kind: 'changed', before: 3, after: 4 },
          { path: 'm.n', kind: 'changed', before: 1, after: 3 },
        ],
      ],
      ['c.txt', []],
      ['d.yaml', [{ path: 'k', kind: 'changed', before: 1, after: 2 }]],
    ]);
  });

  it('has nothing of a merge that only joins', async () => {
    const repo = new GitRepo();
    repo.commit({ 'a.yaml': 'k: 1\n' });
    repo.git('switch', '-q', '-c', 'topic');
    repo.commit({ 'b.yaml': 'x: 1\n' });
    repo.git('switch', '-q', 'main');
    repo.commit({ 'a.yaml': 'k: 2\n' });
    repo.merge('topic');
    expect(await show(await repo.context(), 'HEAD')).toMatchObject({ changes: [] });
  });

  it.each([
    ['a.yaml#k', 3],
    ['HEAD:a.yaml#k', 2],
    ['HEAD~1:a.yaml#k', 1],
    ['v1.0.0:a.yaml', { k: 1 }],
    ['^1:a.yaml#k', 1],
    ['a.yaml', { k: 3 }],
    ['note.txt', 'hello\n'],
    ['HEAD:note.txt', 'hello\n'],
  ])('answers %s with a value', async (address, value) => {
    const repo = new GitRepo();
    repo.commit({ 'a.yaml': 'k: 1\n', 'note.txt': 'hello\n' });
    repo.git('tag', '-a', '-m', 'm', 'v1.0.0');
    repo.commit({ 'a.yaml': 'k: 2\n' });
    repo.write({ 'a.yaml': 'k: 3\n' });
    expect(await show(await repo.context(), address)).toEqual({ value });
  });

  it('takes a tag for the commit behind it, and a word that is a revision for the revision', async () => {
    const repo = new GitRepo();
    const commit = repo.commit({ main: 'a file called like the branch\n' });
    repo.git('tag', '-a', '-m', 'm', 'v1.0.0');
    for (const word of ['v1.0.0', 'main', '^1', commit.slice(0, 8)])
      expect(await show(await repo.context(), word)).toMatchObject({ commit, tags: ['v1.0.0'] });
  });

  it.each([
    ['mian', 'E_REVISION_NOT_FOUND'],
    ['HEAD:b.yaml', 'E_FILE_NOT_FOUND'],
    ['a.yaml#x', 'E_KEY_NOT_FOUND'],
    ['nothing:a.yaml', 'E_REVISION_NOT_FOUND'],
    ['a.yaml#[', 'E_BAD_PATH'],
  ])('refuses %s with %s', async (address, code) => {
    const repo = new GitRepo();
    repo.commit({ 'a.yaml': 'k: 1\n' });
    await expect(show(await repo.context(), address)).rejects.toMatchObject({ code });
  });

  it('names the revision in what it hints at', async () => {
    const repo = new GitRepo();
    repo.commit({ 'a.yaml': 'key: 1\n' });
    const hints = ['HEAD:a.yaml#kay', 'HEAD:a.yaml#other', 'a.yaml#kay'].map(async (address) =>
      show(await repo.context(), address).catch((error: unknown) => error),
    );
    expect(await Promise.all(hints)).toMatchObject([
      { hint: "did you mean 'HEAD:a.yaml#key'?" },
      { hint: 'see what is there: cfg get HEAD:a.yaml' },
      { hint: "did you mean 'a.yaml#key'?" },
    ]);
  });
});
