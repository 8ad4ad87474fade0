/**
 * A clone over HTTP from `git http-backend`, which runs in another process, beside git. `CFG_BENCH_REPO` names the repository that is served;
 * without it a small one is made.
 */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { type AreaOptions, type Comparison, measureAll } from '../measure.js';
import { report } from '../report.js';
import { contentOf, env, fileNames, git, gitFed } from '../store/repository.js';

const executable = join(import.meta.dirname, '../../bin/cfg.js');

export async function measureArea({ rounds = 3 }: AreaOptions): Promise<void> {
  const root = mkdtempSync(join(tmpdir(), 'cfg-bench-'));
  const given = process.env['CFG_BENCH_REPO'];
  if (given === undefined) console.log('without CFG_BENCH_REPO: a clone of a large repository is left out\n');
  const repository = given === undefined ? makeHistory(root) : realpathSync(given);
  const server = await serve(dirname(repository));
  try {
    const url = `${server.url}/${basename(repository)}`;
    await report('remote', [await measureAll(clone({ root, repository, url }), rounds)]);
    console.log(`peak memory of cfg clone: ${peakMemoryMb(root, url)} MB`);
  } finally {
    server.stop();
    rmSync(root, { recursive: true, force: true });
  }
}

/** 2,000 commits of 1,000 files. */
function makeHistory(root: string): string {
  const dir = join(root, 'served');
  const names = fileNames(1_000);
  git(root, 'init', '-q', '--bare', '-b', 'main', dir);
  const commands = Array.from({ length: 2_000 }, (_, at) => {
    const [message, text] = [`change ${at}`, contentOf(at)];
    const file = `M 100644 inline ${names[at % names.length]}\ndata ${text.length}\n${text}\n`;
    return `commit refs/heads/main\ncommitter B <b@x> ${1_700_000_000 + at} +0000\ndata ${message.length}\n${message}\n${file}`;
  });
  gitFed(dir, commands.join(''), 'fast-import', '--quiet');
  git(dir, 'repack', '-q', '-a', '-d');
  return dir;
}

async function serve(folder: string): Promise<{ readonly url: string; readonly stop: () => void }> {
  const words = ['--import', 'tsx', join(import.meta.dirname, 'server.ts'), folder];
  const child = spawn(process.execPath, words, { stdio: ['ignore', 'pipe', 'inherit'] });
  const [address]: unknown[] = await once(child.stdout, 'data');
  return { url: String(address).trim(), stop: () => void child.kill() };
}

interface Places {
  readonly root: string;
  readonly repository: string;
  readonly url: string;
}

function clone({ root, repository, url }: Places): Comparison {
  const to = join(root, 'clone');
  const prepare = (): void => rmSync(to, { recursive: true, force: true });
  const cfg = [executable, 'clone', '-q', url, to];
  return {
    title: 'clone over HTTP',
    place: `${git(repository, 'rev-list', '--count', 'HEAD').trim()} commits`,
    reference: 'git clone',
    contenders: [
      { name: 'git clone', prepare, run: () => git(root, 'clone', '-q', url, to) },
      { name: 'cfg clone', prepare, run: () => execFileSync(process.execPath, cfg, { cwd: root, env }) },
    ],
  };
}

function peakMemoryMb(root: string, url: string): number {
  const tell = `process.on('exit', () => console.error('peak ' + process.resourceUsage().maxRSS))`;
  const words = ['--import', `data:text/javascript,${encodeURIComponent(tell)}`, executable];
  const shell = ['-c', 'exec "$@" 2>&1', 'sh', process.execPath, ...words, 'clone', '-q', url, 'measured'];
  const told = execFileSync('sh', shell, { cwd: root, env, encoding: 'utf8' });
  return Math.round(Number(/peak (\d+)/.exec(told)?.[1] ?? 0) / 1024);
}
