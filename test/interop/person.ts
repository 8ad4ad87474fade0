import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { main } from '../../src/cli/index.js';
import { environment } from '../cli/command-line.js';

const root = join(import.meta.dirname, '../..');
/** The command line in one file: the hook runs it for every push. */
const bundle = join(root, 'node_modules/.cache/cfg-release-test.mjs');
const self = [process.execPath, bundle];

/** How a command ended; stdout and stderr together. */
export interface Run {
  readonly code: number;
  readonly out: string;
}

/** Someone with a clone of their own. */
export class Person {
  private readonly name: string;
  readonly dir: string;

  constructor(name: string, dir: string) {
    this.name = name;
    this.dir = dir;
  }

  get env(): Record<string, string> {
    const [name, email] = [this.name, `${this.name}@example.com`];
    return environment({
      GIT_AUTHOR_NAME: name,
      GIT_AUTHOR_EMAIL: email,
      GIT_COMMITTER_NAME: name,
      GIT_COMMITTER_EMAIL: email,
    });
  }

  git(...args: readonly string[]): Run {
    const { status, stdout, stderr } = spawnSync('git', args, {
      cwd: this.dir,
      env: this.env,
      encoding: 'utf8',
    });
    return { code: status ?? 1, out: stdout + stderr };
  }

  /** The same with cfg: it must work. */
  async ran(...argv: readonly string[]): Promise<string> {
    const { code, out } = await this.cfg(...argv);
    if (code !== 0) throw new Error(`cfg ${argv.join(' ')} exits with ${code}: ${out}`);
    return out;
  }

  /** A git command that must work; its output without the last line break. */
  done(...args: readonly string[]): string {
    const { code, out } = this.git(...args);
    if (code !== 0) throw new Error(`git ${args.join(' ')} exits with ${code}: ${out}`);
    return out.trim();
  }

  async cfg(...argv: readonly string[]): Promise<Run> {
    const out: string[] = [];
    const stream = { isTTY: false, columns: 80, write: (text: string): void => void out.push(text) };
    const { dir: cwd, env } = this;
    const io = { stdout: stream, stderr: stream, env, cwd, self, now: () => new Date() };
    const code = await main(argv, { ...io, readStdin: async () => '' });
    return { code, out: out.join('') };
  }

  write(path: string, text: string): void {
    mkdirSync(join(this.dir, path, '..'), { recursive: true });
    writeFileSync(join(this.dir, path), text);
  }

  /** Everything that the server has. */
  sync(): void {
    this.done(
      'fetch',
      '-q',
      '--prune',
      'origin',
      '+refs/heads/*:refs/remotes/origin/*',
      'refs/cfg/approvals/*:refs/cfg/approvals/*',
      '+refs/tags/*:refs/tags/*',
    );
  }
}

/** A bare repository with the server hook, and clones of it, in a folder of their own. */
export class Hub extends Person {
  readonly folder: string;

  private constructor(folder: string) {
    super('hub', join(folder, 'hub.git'));
    this.folder = folder;
  }

  static async open(): Promise<Hub> {
    await bundleProgram();
    const hub = new Hub(mkdtempSync(join(realpathSync(tmpdir()), 'cfg-release-')));
    new Person('hub', hub.folder).done('init', '-q', '--bare', '-b', 'main', 'hub.git');
    await hub.ran('hooks', 'install', '--server');
    return hub;
  }

  /** Somebody with a clone. */
  clone(name: string): Person {
    const dir = join(this.folder, name);
    this.done('clone', '-q', this.dir, dir);
    return new Person(name, dir);
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Makes the program that hooks run. */
async function bundleProgram(): Promise<void> {
  await build({
    entryPoints: [join(root, 'test/cli/process-entry.ts')],
    outfile: bundle,
    bundle: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
    logLevel: 'error',
  });
}
