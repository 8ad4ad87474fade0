import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
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

const hasGpg = spawnSync('gpg', ['--version']).error === undefined;

/** A repository whose commits are to be signed as Git does it by default. */
function signing(env: Readonly<Record<string, string>> = {}): {
  readonly box: Sandbox;
  readonly cfg: (...argv: readonly string[]) => Promise<Run>;
} {
  const box = repositoryWith(files);
  box.git('config', 'user.signingKey', 'dev@example.com');
  return { box, cfg: (...argv) => run(argv, { cwd: box.dir, env }) };
}

describe.runIf(hasGpg)('a signature by OpenPGP (needs gpg)', () => {
  let home = '';
  beforeAll(() => {
    home = mkdtempSync(join(tmpdir(), 'cfg-gpg-'));
    const own = ['--batch', '--quiet', '--pinentry-mode', 'loopback', '--passphrase', ''];
    const key = ['--quick-generate-key', 'dev <dev@example.com>', 'ed25519', 'sign', 'never'];
    execFileSync('gpg', [...own, ...key], { env: { ...process.env, GNUPGHOME: home }, stdio: 'pipe' });
  });
  afterAll(() => {
    execFileSync('gpgconf', ['--homedir', home, '--kill', 'all']);
    rmSync(home, { recursive: true, force: true });
  });

  it('is one that git verifies; cfg says that it does not check it', async () => {
    const { box, cfg } = signing({ GNUPGHOME: home });
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
    const { box, cfg } = signing({ GNUPGHOME: home });
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
});

describe('without gpg', () => {
  const missing = ['/nonexistent/gpg', ...(hasGpg ? [] : ['gpg'])];

  it.each(missing)("'%s' makes no signature, and nothing is committed", async (program) => {
    const { box, cfg } = signing();
    box.git('config', 'gpg.program', program);
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
