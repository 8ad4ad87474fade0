import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openRepository, type Repository } from '../../src/repo/index.js';
import type { Sandbox } from './sandbox.js';

/** SSH keys of people, and the file of those who may sign. */
export class SigningKeys {
  readonly dir: string = mkdtempSync(join(tmpdir(), 'cfg-keys-'));
  readonly allowed: string = join(this.dir, 'allowed');

  /** A key for each; `outsider` is not among those who may sign. */
  constructor(people: readonly string[]) {
    for (const name of people)
      execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', name, '-f', join(this.dir, name)]);
    const lines = people.map((name) => `${name}@example.com ${this.publicKey(name)}`);
    writeFileSync(this.allowed, lines.filter((line) => !line.startsWith('outsider')).join(''));
  }

  publicKey(name: string): string {
    return readFileSync(join(this.dir, `${name}.pub`), 'utf8');
  }

  /** Configures a repository: whose key signs, and the allowed signers. */
  configure(box: { git(...args: readonly string[]): unknown }, name: string): void {
    box.git('config', 'gpg.format', 'ssh');
    box.git('config', 'user.signingKey', join(this.dir, name));
    box.git('config', 'gpg.ssh.allowedSignersFile', this.allowed);
  }

  /** The repository as somebody with a key of theirs. */
  async as(box: Sandbox, name: string, more: Readonly<Record<string, string>> = {}): Promise<Repository> {
    const email = `${name}@example.com`;
    const env = {
      ...box.env,
      GIT_AUTHOR_EMAIL: email,
      GIT_COMMITTER_EMAIL: email,
      GIT_CONFIG_COUNT: '1',
      GIT_CONFIG_KEY_0: 'user.signingKey',
      GIT_CONFIG_VALUE_0: join(this.dir, name),
      ...more,
    };
    return openRepository({ dir: box.dir, env });
  }

  remove(): void {
    rmSync(this.dir, { recursive: true, force: true });
  }
}
