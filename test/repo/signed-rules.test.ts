import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Repository } from '../../src/repo/index.js';
import { change, repositoryWith, type Sandbox } from './sandbox.js';
import { SigningKeys } from './signing-keys.js';

let keys: SigningKeys;
beforeAll(() => {
  keys = new SigningKeys(['dev', 'rev', 'outsider']);
});
afterAll(() => keys.remove());

/** `main` with a rule, and `topic` one commit ahead, signed or not; on `main`. */
function ruled(rule: string, signedTopic = true): Sandbox {
  const box = repositoryWith({ 'a.yaml': 'a: 1\n' });
  keys.configure(box, 'dev');
  change(box, { 'cfg.yaml': `version: 1\nbranches:\n  main: ${rule}\n  release/*: ${rule}\n` }, 'the rule');
  box.git('checkout', '-q', '-b', 'topic');
  box.write('b.yaml', 'b: 1\n');
  box.git('add', '-A');
  box.git('commit', '-q', ...(signedTopic ? ['-S'] : []), '-m', 'topic');
  box.git('checkout', '-q', 'main');
  return box;
}

const tipOf = (box: Sandbox, name = 'main'): string => box.git('rev-parse', name).trim();
const refusal = async (run: Promise<unknown>): Promise<unknown> =>
  run.then(
    () => 'allowed',
    (error: unknown) =>
      error instanceof Error && 'code' in error ? `${String(error.code)}: ${error.message}` : error,
  );

type Route = (repo: Repository, box: Sandbox, sign: boolean) => Promise<unknown>;

const routes: readonly (readonly [name: string, run: Route])[] = [
  [
    'commit',
    (repo, box, sign) => (box.write('a.yaml', 'a: 2\n'), repo.commit({ message: 'x', all: true, sign })),
  ],
  [
    'commitChanges',
    (repo, _, sign) =>
      repo.commitChanges('main', [{ path: 'a.yaml', set: { a: 2 } }], { message: 'x', sign }),
  ],
  [
    'batch',
    (repo, _, sign) =>
      repo.batch('main', [{ message: 'x', changes: [{ path: 'a.yaml', set: { a: 2 } }] }], { sign }),
  ],
  ['cherry-pick', (repo, _, sign) => repo.cherryPick('topic', { sign })],
  [
    'revert',
    (repo, box, sign) => repo.revert(box.git('rev-list', '--max-parents=0', 'HEAD').trim(), { sign }),
  ],
  ['rollback', (repo, _, sign) => repo.rollback('topic', { paths: ['b.yaml'], sign })],
  ['merge --no-ff', (repo, _, sign) => repo.merge('topic', { fastForward: 'never', sign })],
  [
    'merge --no-ff --dry-run',
    (repo, _, sign) => repo.merge('topic', { fastForward: 'never', dryRun: true, sign }),
  ],
  [
    'merge --continue',
    async (repo, box, sign) => {
      if ((await repo.waiting()) === undefined) box.git('merge', '-q', '--no-ff', '--no-commit', 'topic');
      return repo.mergeContinue({ sign });
    },
  ],
];

describe('a branch that wants signed commits', () => {
  it.each(routes)('refuses an unsigned %s, and takes a signed one', async (_, run) => {
    const box = ruled('{ protection: basic, signed: true }');
    const before = tipOf(box);
    expect(await refusal(run(await box.open(), box, false))).toMatch(
      /^E_PROTECTED: branch 'main' is protected \(basic\): a new commit is not signed by an allowed signer \(/,
    );
    expect(tipOf(box)).toBe(before);
    expect(await refusal(run(await box.open(), box, true))).toBe('allowed');
    expect(await (await box.open()).verify('main')).toMatchObject({ ok: true });
  });

  it.each([
    ['merge', (repo: Repository) => repo.merge('topic')],
    ['merge --no-ff', (repo: Repository) => repo.merge('topic', { fastForward: 'never', sign: true })],
  ])('refuses a %s that brings unsigned commits, and says how to sign them', async (_, run) => {
    const box = ruled('{ protection: basic, signed: true }', false);
    expect(await refusal(run(await box.open()))).toMatch(
      /a new commit is not signed .*\([0-9a-f]{7}: not signed\)$/,
    );
    expect(await (await box.open()).checkMerge('main', 'topic')).toMatchObject({
      allowed: false,
      reasons: [
        { rule: 'signed', hint: expect.stringContaining('git rebase --force-rebase --gpg-sign main topic') },
      ],
    });
    box.git('rebase', '-q', '--force-rebase', '--gpg-sign', 'main', 'topic');
    box.git('checkout', '-q', 'main');
    expect(await refusal(run(await box.open()))).toBe('allowed');
  });

  it('refuses the signature of somebody else, and says whose machine decides', async () => {
    const box = ruled('{ protection: basic, signed: true }');
    const repo = await keys.as(box, 'outsider');
    box.write('a.yaml', 'a: 2\n');
    expect(await refusal(repo.commit({ message: 'x', all: true, sign: true }))).toContain(
      'its key is not one of an allowed signer',
    );
    box.git('config', '--unset', 'gpg.ssh.allowedSignersFile');
    expect(await refusal((await box.open()).commit({ message: 'x', all: true, sign: true }))).toContain(
      'no allowed signers are configured here',
    );
    box.git('config', 'gpg.ssh.program', 'no-such-program');
    expect(await refusal((await box.open()).merge('topic'))).toContain("cannot run 'no-such-program'");
  });

  it('is verified, and guarded by the server, against whatever git did', async () => {
    const box = ruled('{ protection: basic, signed: true }');
    const repo = await box.open();
    const before = tipOf(box);
    const push = async (
      ref: string,
      after: string,
      from: string | null = before,
    ): Promise<readonly string[]> =>
      (await repo.judgePush([{ ref: `refs/heads/${ref}`, before: from, after }])).refused.map(
        ({ rule }) => rule,
      );
    const topic = tipOf(box, 'topic');
    expect(await push('main', topic)).toEqual([]);
    expect(await push('release/1', topic, null)).toEqual([]);
    box.git('checkout', '-q', '--detach');
    change(box, { 'a.yaml': 'a: 2\n' }, 'unsigned');
    const unsigned = tipOf(box, 'HEAD');
    box.git('checkout', '-q', 'main');
    expect(await push('main', unsigned)).toEqual(['signed']);
    expect(await push('release/1', unsigned, null)).toEqual(['signed']);
    // main merged into an unsigned history of other rules, which would take its place
    box.git('checkout', '-q', '--orphan', 'other');
    box.git('rm', '-q', '--cached', 'cfg.yaml');
    box.git('commit', '-q', '-m', 'other');
    box.git('clean', '-qf');
    box.git('merge', '-q', '--allow-unrelated-histories', '-s', 'ours', '-S', '-m', 'swap', before);
    expect(await push('main', tipOf(box, 'HEAD'))).toEqual(['signed']);
    expect(await repo.verify('main')).toMatchObject({ ok: true });
    box.git('update-ref', 'refs/heads/main', unsigned);
    expect(await repo.verify('main')).toMatchObject({
      ok: false,
      violations: [{ commit: unsigned, rule: 'signed' }],
    });
  });
});

const strict = '{ protection: strict, approvals: { count: 1, signed: true } }';

describe('a branch that wants signed approvals', () => {
  const missing = async (box: Sandbox): Promise<string> =>
    (await (await box.open()).checkMerge('main', 'topic')).reasons.map(({ message }) => message).join('; ');

  it('counts only those of allowed signers', async () => {
    const box = ruled(strict);
    await (await keys.as(box, 'rev')).approve('topic');
    expect(await missing(box)).toMatch(
      /lacks 1 of 1 signed approval \(not counting 1 without the signature of an allowed signer\)$/,
    );
    await (await keys.as(box, 'outsider')).approve('topic', { sign: true });
    expect(await missing(box)).toMatch(/not counting 2 without/);
    // Two of one second stand in the order of their names.
    const listed = (await (await box.open()).checkMerge('main', 'topic')).approvals;
    expect(
      listed.map(({ counts, discounted, signature }) => [counts, discounted, signature?.status]),
    ).toEqual(
      expect.arrayContaining([
        [false, 'unsigned', undefined],
        [false, 'unsigned', 'unknown'],
      ]),
    );
    expect(listed).toHaveLength(2);
    await (await keys.as(box, 'rev')).approve('topic', { sign: true });
    expect(await missing(box)).toBe('');
    expect((await (await box.open()).merge('topic')).result).toBe('merged');
    expect(await (await box.open()).verify('main')).toMatchObject({ ok: true });
  });

  it('takes the key for the person, whatever names the objects have', async () => {
    const box = ruled(strict);
    // the commit is signed by dev in the name of author@example.com, the approval in that of rev@example.com
    const dev = await keys.as(box, 'dev', { GIT_COMMITTER_EMAIL: 'rev@example.com' });
    await dev.approve('topic', { sign: true });
    expect(await missing(box)).toMatch(/not counting 1 by an author of it/);
  });

  it('counts a person once', async () => {
    const box = ruled('{ protection: strict, approvals: { count: 2, signed: true } }');
    for (const email of ['rev@example.com', 'x@example.com', 'y@example.com'])
      await (await keys.as(box, 'rev', { GIT_COMMITTER_EMAIL: email })).approve('topic', { sign: true });
    expect(await missing(box)).toMatch(/lacks 1 of 2 signed approvals$/);
  });

  it('is pushed no approval that is not signed', async () => {
    const box = ruled(strict);
    const repo = await keys.as(box, 'rev');
    await repo.approve('topic');
    const judge = async (): Promise<readonly string[]> => {
      const [ref] = await repo.store.refs.list('refs/cfg/approvals/');
      if (ref === undefined || !('oid' in ref)) throw new Error('no approval');
      box.git('update-ref', '-d', ref.name);
      const { refused } = await repo.judgePush([{ ref: ref.name, before: null, after: ref.oid }]);
      return refused.map(({ rule, message }) => `${rule}: ${message.replace(/'.*'/, 'it')}`);
    };
    expect(await judge()).toEqual(['approval: it is not signed by an allowed signer (not signed)']);
    await (await keys.as(box, 'outsider')).approve('topic', { sign: true });
    expect(await judge()).toEqual([
      'approval: it is not signed by an allowed signer (its key is not one of an allowed signer)',
    ]);
    await repo.approve('topic', { sign: true });
    expect(await judge()).toEqual([]);
  });
});
