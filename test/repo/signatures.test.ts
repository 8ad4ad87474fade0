import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Repository } from '../../src/repo/index.js';
import { change, repositoryWith, requireSound, type Sandbox } from './sandbox.js';
import { SigningKeys } from './signing-keys.js';

let keys: SigningKeys;
beforeAll(() => {
  keys = new SigningKeys(['dev', 'rev', 'outsider']);
});
afterAll(() => keys.remove());

const files = { 'a.yaml': 'a: 1\n' };

function signing(name = 'dev'): Sandbox {
  const box = repositoryWith(files);
  keys.configure(box, name);
  return box;
}

const set = async (repo: Repository, value: number, sign?: boolean): Promise<string> => {
  await repo.set('a.yaml#a', value);
  const made = await repo.commit({ message: 'x', all: true, ...(sign !== undefined && { sign }) });
  return made.commit;
};

const signatureOf = async (repo: Repository, revision = 'HEAD'): Promise<unknown> => {
  const shown = await repo.show(revision);
  return 'commit' in shown ? shown.signature : 'no commit';
};

const good = {
  format: 'ssh',
  status: 'good',
  signers: ['dev@example.com'],
  key: expect.stringMatching(/^SHA256:/),
};

describe('a signature by cfg', () => {
  it('of a commit or tag is one that git verifies', async () => {
    const box = signing();
    const repo = await box.open();
    await set(repo, 2, true);
    await repo.tag({ version: '1.0.0', sign: true, message: 'release\n\nof something' });
    box.git('verify-commit', 'HEAD');
    box.git('verify-tag', 'v1.0.0');
    expect(await repo.verify('v1.0.0')).toMatchObject({ ok: true, signature: good });
    expect((await repo.tags()).tags).toMatchObject([
      { version: '1.0.0', digest: expect.stringMatching(/^sha256:/) },
    ]);
    requireSound(box);
  });

  it('is made as the configuration says, unless it is said otherwise', async () => {
    const box = signing();
    box.git('config', 'commit.gpgSign', 'true');
    const repo = await box.open();
    await set(repo, 2);
    expect(await signatureOf(repo)).toEqual(good);
    await set(repo, 3, false);
    expect(await signatureOf(repo)).toBeUndefined();
    await repo.commitChanges('main', [{ path: 'a.yaml', set: { a: 4 } }], { message: 'x' });
    await repo.batch('main', [{ message: 'x', changes: [{ path: 'a.yaml', set: { a: 5 } }] }]);
    await repo.revert('HEAD');
    await repo.rollback('HEAD~1');
    await repo.createBranch('topic', 'HEAD~1');
    await repo.merge('topic', { fastForward: 'never' });
    await repo.approve('HEAD');
    const { commits } = await repo.log({ limit: 4, signatures: true });
    expect(commits.map(({ signature }) => signature?.status)).toEqual(['good', 'good', 'good', 'good']);
    expect((await repo.approvals('HEAD')).approvals).toMatchObject([{ signature: { status: 'good' } }]);
    box.git('config', 'tag.gpgSign', 'true');
    await (await box.open()).tag({ version: '1.0.0' });
    box.git('verify-tag', 'v1.0.0');
  });

  it('is made with a key that is written in the configuration, as the agent would have it', async () => {
    const box = signing();
    box.git('config', 'user.signingKey', `key::${keys.publicKey('dev').trim()}`);
    const repo = await box.open();
    await expect(set(repo, 2, true)).rejects.toMatchObject({
      code: 'E_SIGNATURE',
      message: expect.stringMatching(/^'ssh-keygen' made no signature: .+/),
    });
    expect(box.git('rev-list', '--count', 'HEAD')).toBe('1\n');
  });

  it('is made with the key that a command names, where the configuration names none', async () => {
    const box = signing();
    box.git('config', '--unset', 'user.signingKey');
    box.git(
      'config',
      'gpg.ssh.defaultKeyCommand',
      `echo key::${keys.publicKey('dev').trim()} && echo key::other`,
    );
    const run = set(await box.open(), 2, true);
    // the key was found: what is missing is an agent that has it
    await expect(run).rejects.toMatchObject({
      message: expect.stringMatching(/^'ssh-keygen' made no signature: /),
    });
    box.git('config', 'gpg.ssh.defaultKeyCommand', 'exit 1');
    await expect(set(await box.open(), 3, true)).rejects.toMatchObject({
      message: 'no key to sign with is configured',
    });
  });

  it.each([
    ['user.signingKey', '', 'no key to sign with is configured', /git config --global gpg\.format ssh/],
    ['gpg.format', 'nothing', "'gpg.format' is 'nothing', which is no kind of signature", /gpg\.format ssh/],
    [
      'gpg.ssh.program',
      'no-such-program',
      "cannot run 'no-such-program', which makes and checks signatures",
      /gpg/,
    ],
  ])('without %s says what is missing', async (name, value, message, hint) => {
    const box = signing();
    box.git('config', name, value);
    await expect(set(await box.open(), 2, true)).rejects.toMatchObject({
      code: 'E_SIGNATURE',
      message,
      hint: expect.stringMatching(hint),
    });
    expect(box.git('rev-list', '--count', 'HEAD')).toBe('1\n');
  });

  it('by OpenPGP is made by the program that git would run, and not checked', async () => {
    const box = signing();
    const program = join(box.dir, '.git/fake-gpg');
    const armour = ['-----BEGIN PGP SIGNATURE-----', '', 'iQ==', '-----END PGP SIGNATURE-----'];
    writeFileSync(
      program,
      `#!/bin/sh\necho "$*" > "$0.args"; cat > "$0.payload"\necho '[GNUPG:] SIG_CREATED D' >&2\nprintf '%s\\n' ${armour.map((line) => `'${line}'`).join(' ')}\n`,
    );
    chmodSync(program, 0o755);
    box.git('config', 'gpg.format', 'openpgp');
    box.git('config', 'gpg.program', program);
    const repo = await box.open();
    await set(repo, 2, true);
    expect(box.read('.git/fake-gpg.args')).toBe(`--status-fd=2 -bsau ${join(keys.dir, 'dev')}\n`);
    expect(box.read('.git/fake-gpg.payload')).toBe(
      box.git('cat-file', 'commit', 'HEAD').replace(/^gpgsig .*\n( .*\n)*/m, ''),
    );
    expect(await signatureOf(repo)).toEqual({
      format: 'openpgp',
      status: 'unchecked',
      reason: 'cfg checks signatures by SSH keys only',
    });
    requireSound(box);
  });
});

describe('a signature by git', () => {
  it('of a commit, tag, merge or amended commit is checked', async () => {
    const box = signing();
    change(box, { 'b.yaml': 'b: 1\n' }, 'unsigned');
    box.git('commit', '-q', '--amend', '-S', '-m', 'Grüße');
    box.git('tag', '-s', '-m', 'x', 'v1.0.0');
    const repo = await box.open();
    expect(await signatureOf(repo)).toEqual(good);
    expect(await signatureOf(repo, 'HEAD~1')).toBeUndefined();
  });

  it('of other content is bad', async () => {
    const box = signing();
    const repo = await box.open();
    const commit = await set(repo, 2, true);
    const text = box.git('cat-file', 'commit', commit).replace(/x\n$/, 'y\n');
    const [forged = ''] = await repo.store.objects.write([{ type: 'commit', data: Buffer.from(text) }]);
    expect(await signatureOf(repo, forged)).toEqual({
      format: 'ssh',
      status: 'bad',
      reason: 'incorrect signature',
    });
    expect(() => box.git('verify-commit', forged)).toThrow(/^Command failed: git verify-commit/);
  });

  it('that was made for something else is bad', async () => {
    const box = signing();
    const repo = await box.open();
    await repo.approve('HEAD', { sign: true });
    const [ref] = await repo.store.refs.list('refs/cfg/approvals/');
    box.git('update-ref', 'refs/tags/v1.0.0', ref?.name ?? '');
    expect(() => box.git('verify-tag', 'v1.0.0')).toThrow(/^Command failed: git verify-tag/);
    expect((await repo.approvals('HEAD')).approvals).toMatchObject([{ signature: good }]);
  });

  it('by a key that nobody here knows is unknown, one of a revoked key bad', async () => {
    const box = signing('outsider');
    await set(await box.open(), 2, true);
    expect(await signatureOf(await box.open())).toMatchObject({
      status: 'unknown',
      key: expect.stringMatching(/^SHA256:/),
      reason: 'its key is not one of an allowed signer',
    });
    box.git('config', 'gpg.ssh.allowedSignersFile', '~/nothing');
    expect(await signatureOf(await box.open())).toMatchObject({
      status: 'unknown',
      reason: `cannot read the allowed signers '${box.dir}/nothing'`,
    });
    box.git('config', '--unset', 'gpg.ssh.allowedSignersFile');
    expect(await signatureOf(await box.open())).toMatchObject({
      status: 'unknown',
      reason: 'no allowed signers are configured here (gpg.ssh.allowedSignersFile)',
    });
    keys.configure(box, 'dev');
    await set(await box.open(), 3, true);
    box.git('config', 'gpg.ssh.revocationFile', join(keys.dir, 'dev.pub'));
    expect(await signatureOf(await box.open())).toMatchObject({ status: 'bad' });
    expect(() => box.git('verify-commit', 'HEAD')).toThrow(/^Command failed: git verify-commit/);
  });

  it('is of a key that was allowed at the time', async () => {
    const box = signing();
    const past = join(box.dir, '.git/past');
    writeFileSync(past, `dev@example.com valid-before="20200101" ${keys.publicKey('dev')}`);
    box.git('config', 'gpg.ssh.allowedSignersFile', past);
    for (const [date, status] of [
      ['2019-06-01T00:00:00Z', 'good'],
      ['2021-06-01T00:00:00Z', 'unknown'],
    ] as const) {
      const repo = await keys.as(box, 'dev', { GIT_COMMITTER_DATE: date });
      await set(repo, Number(date.slice(0, 4)), true);
      expect(await signatureOf(repo)).toMatchObject({ status });
    }
  });

  it('is told without ssh-keygen too, as not checked', async () => {
    const box = signing();
    await set(await box.open(), 2, true);
    box.git('config', 'gpg.ssh.program', 'no-such-program');
    expect(await signatureOf(await box.open())).toEqual({
      format: 'ssh',
      status: 'unchecked',
      reason: "cannot run 'no-such-program', which makes and checks signatures",
    });
  });
});
