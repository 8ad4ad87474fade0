import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import { installProgram } from '../cli/installed.js';

export const program: string = installProgram().program;

export interface Ended {
  readonly code: number;
  /** Stdout and stderr. */
  readonly output: string;
}

/** A folder with a repository in it, and git and cfg as processes of their own. */
export class DriverRepo {
  readonly dir: string;
  private minutes = 0;

  constructor(name = 'repo') {
    const root = mkdtempSync(join(realpathSync(tmpdir()), 'cfg-driver-'));
    onTestFinished(() => rmSync(root, { recursive: true, force: true }));
    this.dir = join(root, name);
    mkdirSync(this.dir);
    this.git('init', '-q', '-b', 'main');
    this.git('config', 'core.fsync', 'none');
    this.git('config', 'gc.auto', '0');
  }

  run(command: string, args: readonly string[], cwd: string = this.dir): Ended {
    const date = `${1_700_000_000 + 60 * this.minutes++} +0000`;
    const person = { NAME: 'Author', EMAIL: 'author@example.com', DATE: date };
    const identity = Object.entries(person).flatMap(([key, value]) => [
      [`GIT_AUTHOR_${key}`, value],
      [`GIT_COMMITTER_${key}`, value],
    ]);
    const env = {
      PATH: process.env['PATH'] ?? '',
      HOME: '/nonexistent',
      TZ: 'UTC',
      GIT_CONFIG_NOSYSTEM: '1',
      GIT_CONFIG_GLOBAL: '/dev/null',
      GIT_EDITOR: 'true',
      ...Object.fromEntries(identity),
    };
    const { status, stdout, stderr } = spawnSync(command, args, { cwd, env, encoding: 'utf8' });
    return { code: status ?? 255, output: stdout + stderr };
  }

  /** Runs git, which must succeed. */
  git(...args: readonly string[]): string {
    const { code, output } = this.tryGit(...args);
    if (code !== 0) throw new Error(`git ${args.join(' ')} exited with ${code}: ${output}`);
    return output;
  }

  tryGit(...args: readonly string[]): Ended {
    return this.run('git', args);
  }

  cfg(...args: readonly string[]): Ended {
    return this.run(process.execPath, [program, ...args]);
  }

  write(path: string, content: string | Uint8Array): void {
    mkdirSync(dirname(join(this.dir, path)), { recursive: true });
    writeFileSync(join(this.dir, path), content);
  }

  read(path: string): string {
    return readFileSync(join(this.dir, path), 'utf8');
  }

  commit(path: string, content: string | Uint8Array, message = 'change'): void {
    this.write(path, content);
    this.git('add', '-A');
    this.git('commit', '-q', '--no-verify', '-m', message);
  }

  /** `main` at `ours`, branch `other` at `theirs`, the drivers installed and committed with the base. */
  diverge(path: string, versions: readonly [base: string | null, ours: string, theirs: string]): void {
    const [base, ours, theirs] = versions;
    const { code, output } = this.cfg('hooks', 'install');
    if (code !== 0) throw new Error(output);
    if (base !== null) this.write(path, base);
    this.git('add', '-A');
    this.git('commit', '-q', '--no-verify', '-m', 'base');
    this.git('switch', '-q', '-c', 'other');
    this.commit(path, theirs, 'theirs');
    this.git('switch', '-q', 'main');
    this.commit(path, ours, 'ours');
  }
}
