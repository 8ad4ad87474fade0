/**
 * Status and branch switch beside git as a process: medians of interleaved rounds, on a tree of folders of ten files, three levels deep.
 *
 *     npx tsx bench/store-status.ts [FILES...]
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { openStore, type Worktree } from '../src/store/index.js';

const sizes = process.argv.slice(2).map(Number);
const rounds = 15;
const identity = {
  GIT_AUTHOR_NAME: 'A',
  GIT_AUTHOR_EMAIL: 'a@x',
  GIT_COMMITTER_NAME: 'A',
  GIT_COMMITTER_EMAIL: 'a@x',
};
const env = { ...process.env, ...identity, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1' };

type Case = readonly [name: string, run: () => unknown];

async function measureAll(): Promise<void> {
  for (const size of sizes.length > 0 ? sizes : [1_000, 10_000]) {
    const dir = mkdtempSync(join(tmpdir(), 'cfg-bench-'));
    try {
      const names = createFiles(dir, size);
      await measureStatus(dir, size);
      for (const changed of [1, 100, 1_000])
        if (changed <= size / 10) await measureSwitch({ dir, size, names, changed });
    } finally {
      rmSync(dir, { recursive: true, force: true });
    }
  }
  console.log(`peak memory: ${Math.round(process.resourceUsage().maxRSS / 1024)} MB`);
}

function createFiles(dir: string, size: number): string[] {
  git(dir, 'init', '-q', '-b', 'main');
  const names = Array.from({ length: size }, (_, at) => {
    const [a, b, c] = [Math.floor(at / 1000), Math.floor(at / 100) % 10, Math.floor(at / 10) % 10];
    return `services/region-${a}/zone-${b}/host-${c}/settings-${at}.yaml`;
  });
  for (const [at, name] of names.entries()) {
    mkdirSync(join(dir, dirname(name)), { recursive: true });
    writeFileSync(join(dir, name), `name: service-${at}\nreplicas: ${at % 7}\nimage:\n  tag: v${at}\n`);
  }
  git(dir, 'add', '-A');
  git(dir, 'commit', '-q', '-m', 'base');
  // Older than the index, as in a repository that somebody works in.
  execFileSync('sleep', ['1.1']);
  git(dir, 'update-index', '--refresh', '--force-write-index');
  return names;
}

async function measureStatus(dir: string, size: number): Promise<void> {
  const tree = git(dir, 'rev-parse', 'HEAD^{tree}').trim();
  const warm = await worktreeOf(dir);
  await report(`status of ${size} files`, [
    ['git status', () => git(dir, 'status', '--porcelain', '-uall')],
    ['cfg, opened anew', async () => (await worktreeOf(dir)).status(tree)],
    ['cfg, long-lived', () => warm.status(tree)],
  ]);
}

interface Switch {
  readonly dir: string;
  readonly size: number;
  readonly names: readonly string[];
  readonly changed: number;
}

async function measureSwitch({ dir, size, names, changed }: Switch): Promise<void> {
  git(dir, 'checkout', '-q', '-B', 'other', 'main');
  const step = Math.floor(size / changed);
  for (let at = 0; at < changed; at += 1)
    writeFileSync(join(dir, names[at * step] ?? ''), `changed: ${at}\n`);
  git(dir, 'commit', '-q', '-a', '-m', 'other');
  const [main = '', other = ''] = git(dir, 'rev-parse', 'main^{tree}', 'other^{tree}').split('\n');
  git(dir, 'checkout', '-q', 'main');
  let onMain = true;
  await report(`switch of ${changed} of ${size} files`, [
    [
      'git checkout',
      () => {
        git(dir, 'checkout', '-q', onMain ? 'other' : 'main');
        onMain = !onMain;
      },
    ],
    [
      'cfg checkout',
      async () => {
        const [from, to] = onMain ? [main, other] : [other, main];
        const store = await openStore({ dir, env });
        await store.worktree?.checkout(from, to);
        writeFileSync(join(dir, '.git', 'HEAD'), `ref: refs/heads/${onMain ? 'other' : 'main'}\n`);
        onMain = !onMain;
      },
    ],
  ]);
  const left = git(dir, 'status', '--porcelain');
  if (left !== '') throw new Error(`not clean after the switch:\n${left}`);
  git(dir, 'checkout', '-q', 'main');
}

async function worktreeOf(dir: string): Promise<Worktree> {
  const { worktree } = await openStore({ dir, env });
  if (!worktree) throw new Error(`no worktree in ${dir}`);
  return worktree;
}

async function report(title: string, cases: readonly Case[]): Promise<void> {
  const times = new Map<string, number[]>(cases.map(([name]) => [name, []]));
  for (let round = 0; round < rounds; round += 1) {
    for (const [name, run] of cases) {
      const start = performance.now();
      await run();
      times.get(name)?.push(performance.now() - start);
    }
  }
  const base = median(times.get(cases[0]?.[0] ?? '') ?? []);
  console.log(title);
  for (const [name, list] of times)
    console.log(
      `  ${name.padEnd(18)} ${median(list).toFixed(1).padStart(8)} ms  ${(median(list) / base).toFixed(2)}x`,
    );
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;
}

function git(dir: string, ...args: readonly string[]): string {
  return execFileSync('git', args, { cwd: dir, env, encoding: 'utf8', maxBuffer: 1 << 28 });
}

await measureAll();
