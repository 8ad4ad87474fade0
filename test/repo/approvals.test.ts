import { describe, expect, it } from 'vitest';
import { openRepository, type Repository } from '../../src/repo/index.js';
import { change, repositoryWith, requireSound, type Sandbox } from './sandbox.js';

const settings = (approvals: number): string =>
  `version: 1\nbranches:\n  main: { protection: strict, approvals: ${approvals} }\n`;

/** A strict `main`, and `topic` one commit ahead of it by `author@example.com`; on `main`. */
function reviewed(approvals = 1): Sandbox {
  const box = repositoryWith({ 'cfg.yaml': settings(approvals), 'a.yaml': 'a: 1\n' });
  box.git('checkout', '-q', '-b', 'topic');
  change(box, { 'a.yaml': 'a: 2\n' }, 'topic');
  box.git('checkout', '-q', 'main');
  return box;
}

/** The repository as somebody else uses it. */
function as(box: Sandbox, email: string, dir = box.dir): Promise<Repository> {
  const [name] = email.split('@');
  const person = { GIT_AUTHOR_EMAIL: email, GIT_COMMITTER_EMAIL: email, GIT_COMMITTER_NAME: name ?? '' };
  return openRepository({
    dir,
    env: { ...box.env, ...person },
    now: () => new Date(Date.UTC(2026, 1, 1)),
  });
}

const missing = async (repo: Repository): Promise<readonly string[]> => {
  const { allowed, reasons } = await repo.checkMerge('main', 'topic');
  expect(allowed).toBe(reasons.length === 0);
  return reasons.map(({ rule, message, hint }) => `${rule}: ${message.split(': ')[1]}: ${hint}`);
};

const command = 'someone other than its authors approves it: cfg approve topic';

describe('approvals', () => {
  it('are what a strict branch wants before a merge, and then it is merged', async () => {
    const box = reviewed();
    const repo = await box.open();
    expect(await missing(repo)).toEqual([`approvals: 'topic' lacks 1 of 1 approval: ${command}`]);
    await expect(repo.merge('topic')).rejects.toMatchObject({ code: 'E_PROTECTED', hint: command });
    const answer = await (await as(box, 'rev@example.com')).approve('topic', { message: 'good\n\nreally' });
    expect(answer).toEqual({
      commit: box.git('rev-parse', 'topic').trim(),
      approvals: [{ by: 'rev <rev@example.com>', at: '2026-02-01T00:00:00Z', message: 'good\n\nreally' }],
    });
    expect(await repo.approvals('topic')).toEqual(answer);
    expect(await missing(repo)).toEqual([]);
    expect((await repo.merge('topic')).result).toBe('merged');
    expect(await repo.verify('main')).toMatchObject({ ok: true });
    expect((await repo.approvals('main')).approvals).toEqual([]);
    requireSound(box);
  });

  it.each(['author@example.com', 'Author@EXAMPLE.com'])(
    'by an author of the commits (%s) do not count',
    async (email) => {
      const box = reviewed();
      await (await as(box, email)).approve('topic');
      expect(await missing(await box.open())).toEqual([
        `approvals: 'topic' lacks 1 of 1 approval (not counting 1 by an author of it): ${command}`,
      ]);
      expect((await (await box.open()).checkMerge('main', 'topic')).approvals).toMatchObject([
        { counts: false },
      ]);
    },
  );

  it('count one a person, whatever the case of the address', async () => {
    const box = reviewed(2);
    for (const email of ['rev@example.com', 'REV@example.com']) await (await as(box, email)).approve('topic');
    expect(await missing(await box.open())).toEqual([
      `approvals: 'topic' lacks 1 of 2 approvals: ${command}`,
    ]);
    await (await as(box, 'other@example.com')).approve('topic');
    expect(await missing(await box.open())).toEqual([]);
  });

  it('are of exactly one commit: a new one makes them stale', async () => {
    const box = reviewed();
    await (await as(box, 'rev@example.com')).approve('topic');
    box.git('checkout', '-q', 'topic');
    change(box, { 'a.yaml': 'a: 3\n' }, 'more');
    box.git('checkout', '-q', 'main');
    expect(await missing(await box.open())).toEqual([
      `approvals: 'topic' lacks 1 of 1 approval (not counting 1 of an earlier commit): ${command}`,
    ]);
  });

  it('do not let a merge bring in what nobody approved', async () => {
    const box = reviewed();
    await (await as(box, 'rev@example.com')).approve('topic');
    box.git('merge', '-q', '--no-ff', '--no-commit', 'topic');
    box.write('b.yaml', 'secret: 1\n');
    box.git('add', '-A');
    await expect((await box.open()).mergeContinue()).rejects.toMatchObject({
      code: 'E_PROTECTED',
      details: { reasons: [{ rule: 'exact' }] },
    });
    box.git('commit', '-q', '-m', 'merge');
    expect(await (await box.open()).verify('main')).toMatchObject({ violations: [{ rule: 'exact' }] });
  });

  it('are what is asked for where a merge without them is pushed, of one head at a time', async () => {
    const box = reviewed();
    box.git('clone', '-q', '--bare', '.', '.git/remote.git');
    box.git('remote', 'add', 'origin', `${box.dir}/.git/remote.git`);
    box.git('merge', '-q', '--no-ff', '-m', 'merge', 'topic');
    const commit = box.git('rev-parse', '--short=7', 'topic').trim();
    await expect((await box.open()).push({ refs: ['main'] })).rejects.toMatchObject({
      code: 'E_PROTECTED',
      hint: `someone other than its authors approves it: cfg approve ${commit}`,
    });
    box.git('reset', '-q', '--hard', 'HEAD~1');
    const before = box.git('rev-parse', 'main').trim();
    box.git('branch', 'other');
    box.git('checkout', '-q', 'other');
    change(box, { 'b.yaml': 'b: 1\n' }, 'other');
    box.git('checkout', '-q', 'main');
    box.git('merge', '-q', '--no-ff', '-m', 'octopus', 'topic', 'other');
    const after = box.git('rev-parse', 'main').trim();
    const { refused } = await (await box.open()).judgePush([{ ref: 'refs/heads/main', before, after }]);
    expect(refused.map(({ rule, hint }) => [rule, hint])).toEqual([
      ['exact', 'merge one branch at a time: cfg merge BRANCH'],
      ['approvals', 'merge one branch at a time: cfg merge BRANCH'],
    ]);
  });

  it('of one commit made in two clones, by the same person too, meet in one repository by plain push', async () => {
    const box = reviewed(2);
    const bare = repositoryWith();
    bare.git('clone', '-q', '--bare', box.dir, 'hub.git');
    for (const [at, email] of [
      ['one', 'rev@example.com'],
      ['two', 'rev@example.com'],
      ['three', 'x@example.com'],
    ] as const) {
      bare.git('clone', '-q', 'hub.git', at);
      await (await as(box, email, `${bare.dir}/${at}`)).approve('origin/topic', { message: at });
      bare.git('-C', at, 'push', '-q', 'origin', 'refs/cfg/approvals/*:refs/cfg/approvals/*');
    }
    bare.git('-C', 'one', 'fetch', '-q', 'origin', 'refs/cfg/approvals/*:refs/cfg/approvals/*');
    const { approvals } = await (await bare.open(`${bare.dir}/one`)).approvals('origin/topic');
    expect(approvals.map(({ by }) => by)).toEqual(['rev <rev@example.com>', 'x <x@example.com>']);
    bare.git('-C', 'one', 'fsck', '--strict');
    bare.git('-C', 'hub.git', 'fsck', '--strict');
  });

  it('that are not what their ref says are none', async () => {
    const box = reviewed();
    await (await as(box, 'rev@example.com')).approve('topic');
    const [ref = ''] = box.git('for-each-ref', '--format=%(refname)', 'refs/cfg/approvals').split('\n');
    const [oid, head] = [ref.split('/').at(-1) ?? '', box.git('rev-parse', 'main').trim()];
    const commit = ref.split('/').at(-2) ?? '';
    box.git('update-ref', '-d', ref);
    box.git('update-ref', `refs/cfg/approvals/${head}/${oid}`, oid);
    box.git('update-ref', `refs/cfg/approvals/${commit}/${commit}`, commit);
    box.git('update-ref', `refs/cfg/approvals/${commit}/${head}`, oid);
    const repo = await box.open();
    expect((await repo.approvals('main')).approvals).toEqual([]);
    expect((await repo.approvals('topic')).approvals).toEqual([]);
  });

  it('survive gc, as does what they approve', async () => {
    const box = reviewed();
    const head = box.git('rev-parse', 'topic').trim();
    await (await as(box, 'rev@example.com')).approve('topic');
    box.git('branch', '-D', 'topic');
    box.git('reflog', 'expire', '--expire=now', '--all');
    box.git('gc', '-q', '--prune=now');
    expect((await (await box.open()).approvals(head)).approvals).toHaveLength(1);
  });
});
