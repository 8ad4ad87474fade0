import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { repositoryWith, type Sandbox } from '../repo/sandbox.js';
import { SigningKeys } from '../repo/signing-keys.js';
import { identity, run, type Run } from './command-line.js';

const files = { 'a.yaml': 'a: 1\n' };

describe('log --show-signature', () => {
  const keys = new SigningKeys(['dev', 'outsider']);
  afterAll(() => keys.remove());

  it('tells who signed, in long and in short', async () => {
    const box = repositoryWith(files);
    keys.configure(box, 'dev');
    const cfg = (...argv: readonly string[]): Promise<Run> => run(argv, { cwd: box.dir });
    await cfg('set', 'a.yaml#a', '2');
    expect(await cfg('commit', '-a', '-S', '-m', 'two')).toMatchObject({ code: 0, stderr: '' });
    box.git('config', 'user.signingKey', join(keys.dir, 'outsider'));
    await cfg('set', 'a.yaml#a', '3');
    expect(await cfg('commit', '-a', '-S', '-m', 'three')).toMatchObject({ code: 0, stderr: '' });

    const lines = (await cfg('log', '--oneline', '--show-signature')).stdout.split('\n');
    expect(lines).toEqual([
      expect.stringMatching(/^[0-9a-f]{7} three {2}\(signed, by nobody known here, key SHA256:.*\)$/),
      expect.stringMatching(/^[0-9a-f]{7} two {2}\(signed by dev@example.com, key SHA256:.*\)$/),
      expect.stringMatching(/^[0-9a-f]{7} first$/),
      '',
    ]);
    expect((await cfg('log', '--show-signature')).stdout).toMatch(
      /^ {4}signed by dev@example.com, key SHA256:/m,
    );
    expect((await cfg('log', '--oneline', 'a.yaml#a', '--show-signature')).stdout).toMatch(
      /^[0-9a-f]{7} two {2}1 -> 2 {2}\(signed by dev@example.com/m,
    );
  });
});

/** A repository whose commits are to be signed as Git does it by default. */
function signing({ program, home }: { readonly program: string; readonly home?: string }): {
  readonly box: Sandbox;
  readonly cfg: (...argv: readonly string[]) => Promise<Run>;
} {
  const box = repositoryWith(files);
  box.git('config', 'user.signingKey', 'dev@example.com');
  box.git('config', 'gpg.program', program);
  return {
    box,
    cfg: (...argv) => run(argv, { cwd: box.dir, env: home === undefined ? {} : { GNUPGHOME: home } }),
  };
}

/** Signs with the hash of what it gets, and so finds out whether Git verifies what cfg signed. Its words are those of GnuPG's doc/DETAILS. */
const standIn = `#!/bin/sh
hash() { sha256sum | cut -d' ' -f1; }
case "$*" in
  *--verify*)
    while [ "$1" != --verify ]; do shift; done
    if grep -qx "$(hash)" "$2"; then word=GOODSIG; else word=BADSIG; fi
    printf '\n[GNUPG:] %s 0123456789ABCDEF dev <dev@example.com>\n[GNUPG:] TRUST_ULTIMATE 0 pgp\n' $word ;;
  *)
    printf '%s\n\n%s\n%s\n' '-----BEGIN PGP SIGNATURE-----' "$(hash)" '-----END PGP SIGNATURE-----'
    printf '\n[GNUPG:] SIG_CREATED D 22 10 00 0 0123456789ABCDEF\n' >&2 ;;
esac
`;

const hasGpg = spawnSync('gpg', ['--version']).error === undefined;

describe.each(hasGpg ? ['a stand-in', 'gpg'] : ['a stand-in'])(
  'a signature by OpenPGP, made by %s',
  (name) => {
    const home = mkdtempSync(join(tmpdir(), 'cfg-gpg-'));
    const isStandIn = name === 'a stand-in';
    const program = isStandIn ? join(home, 'gpg') : 'gpg';
    beforeAll(() => {
      if (isStandIn) return writeFileSync(program, standIn, { mode: 0o755 });
      const own = ['--batch', '--quiet', '--pinentry-mode', 'loopback', '--passphrase', ''];
      const key = ['--quick-generate-key', 'dev <dev@example.com>', 'ed25519', 'sign', 'never'];
      execFileSync('gpg', [...own, ...key], { env: { ...process.env, GNUPGHOME: home }, stdio: 'pipe' });
    });
    afterAll(() => {
      if (!isStandIn) execFileSync('gpgconf', ['--homedir', home, '--kill', 'all']);
      rmSync(home, { recursive: true, force: true });
    });

    it('is one that git verifies; cfg says that it does not check it', async () => {
      const { box, cfg } = signing({ program, home });
      await cfg('set', 'a.yaml#a', '2');
      expect(await cfg('commit', '-a', '-S', '-m', 'two')).toMatchObject({ code: 0, stderr: '' });
      expect(await cfg('tag', '1.0.0', '--sign')).toMatchObject({ code: 0, stderr: '' });
      const env = { ...box.env, ...identity, GNUPGHOME: home };
      execFileSync('git', ['verify-commit', 'HEAD'], { cwd: box.dir, env, stdio: 'pipe' });
      execFileSync('git', ['verify-tag', 'v1.0.0'], { cwd: box.dir, env, stdio: 'pipe' });
      expect((await cfg('log', '--oneline', '--show-signature')).stdout).toMatch(
        / two {2}\(signed, not checked \(openpgp\): cfg checks signatures by SSH keys only\)$/m,
      );
    });

    it('meets no demand, and the refusal says why', async () => {
      const { box, cfg } = signing({ program, home });
      await cfg('protect', 'main', 'basic', '--signed');
      expect(await cfg('commit', '-m', 'the rule')).toMatchObject({ code: 0 });
      await cfg('set', 'a.yaml#a', '2');
      expect(await cfg('commit', '-a', '-S', '-m', 'two')).toMatchObject({
        code: 3,
        stderr: expect.stringMatching(
          /^error: branch 'main' is protected \(basic\): a new commit is not signed by an allowed signer \([0-9a-f]{7}: cfg checks signatures by SSH keys only\)\n/,
        ),
      });
      expect(box.git('log', '-1', '--format=%s')).toBe('the rule\n');
    });
  },
);

it('of OpenPGP that the stand-in made is bad for another commit', async () => {
  const home = mkdtempSync(join(tmpdir(), 'cfg-gpg-'));
  writeFileSync(join(home, 'gpg'), standIn, { mode: 0o755 });
  const { box, cfg } = signing({ program: join(home, 'gpg') });
  await cfg('set', 'a.yaml#a', '2');
  expect(await cfg('commit', '-a', '-S', '-m', 'two')).toMatchObject({ code: 0 });
  const other = box.git('cat-file', 'commit', 'HEAD').replace(/two\n$/, 'three\n');
  writeFileSync(join(home, 'commit'), other);
  const oid = box.git('hash-object', '-t', 'commit', '-w', join(home, 'commit')).trim();
  expect(() => box.git('verify-commit', oid)).toThrow('verify-commit');
  rmSync(home, { recursive: true, force: true });
});

describe('without gpg', () => {
  it('there is no signature, and nothing is committed', async () => {
    const program = '/nonexistent/gpg';
    const { box, cfg } = signing({ program });
    await cfg('set', 'a.yaml#a', '2');
    expect(await cfg('commit', '-a', '-S', '-m', 'two')).toEqual({
      code: 4,
      stdout: '',
      stderr:
        `error: cannot run '${program}', which makes and checks signatures\n` +
        'hint: install it, or correct the program in the Git configuration: git config --get-regexp gpg\n',
    });
    expect(box.git('log', '-1', '--format=%s')).toBe('first\n');
  });
});
