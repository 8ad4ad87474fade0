import { execFile, spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { openRepository } from '../../src/repo/index.js';
import { bundled } from './bundle.js';
import { fsck, git, newStore, setRef, storeEnv, writeCommit } from '../store/sandbox.js';

const full = process.env['CFG_FULL'] !== undefined;

interface Ended {
  readonly acknowledged: readonly { readonly commit: string; readonly ms: number }[];
  readonly errors: string;
}

async function cfgProcess(dir: string, name: string, options: readonly string[]): Promise<Ended> {
  const args = [bundled(join(import.meta.dirname, 'cfg-process.ts')), dir, name, ...options];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let [output, errors] = ['', ''];
  child.stdout.on('data', (data: Buffer) => (output += data.toString()));
  child.stderr.on('data', (data: Buffer) => (errors += data.toString()));
  await new Promise((done) => child.once('close', done));
  const lines = output.split('\n').slice(0, -1);
  const acknowledged = lines.map((line) => ({
    commit: line.slice(line.indexOf(' ') + 1),
    ms: Number.parseInt(line, 10),
  }));
  return { acknowledged, errors };
}

async function repository(): Promise<string> {
  const { dir, store } = await newStore();
  const { oid } = await writeCommit(store, { files: { 'shared.yaml': 'first: 1\n' } });
  await setRef(store, 'refs/heads/main', oid);
  git(dir, 'reset', '-q', '--hard');
  return dir;
}

/** Reads the branch again and again, as an application would. */
async function readUntil(dir: string, isOver: () => boolean): Promise<{ reads: number; bad: string[] }> {
  const seen = { reads: 0, bad: [] as string[] };
  while (!isOver()) {
    try {
      const repo = await openRepository({ dir, env: storeEnv });
      for (let n = 0; n < 10; n += 1, seen.reads += 1) await repo.get('main:shared.yaml#first');
    } catch (error) {
      seen.bad.push(String(error));
    }
    await sleep(5);
  }
  return seen;
}

/** Git beside cfg: commits of its own, packed refs, and garbage collected. It gives up where a lock is held, and tries again. */
async function gitUntil(dir: string, isOver: () => boolean): Promise<string[]> {
  const done: string[] = [];
  for (let n = 0; !isOver(); n += 1) {
    const file = `git/f${n}.yaml`;
    mkdirSync(join(dir, 'git'), { recursive: true });
    writeFileSync(join(dir, file), `n: ${n}\n`);
    while (!(await tryGitCommit(dir, file, `git ${n}`))) await sleep(Math.random() * 20);
    done.push(`git ${n}`);
    await gitAsync(dir, 'pack-refs', '--all');
    if (n % 5 === 4) await gitAsync(dir, 'gc', '-q');
  }
  return done;
}

async function tryGitCommit(dir: string, file: string, message: string): Promise<boolean> {
  if (!(await gitAsync(dir, 'add', file))) return false;
  return gitAsync(dir, 'commit', '-q', '-m', message, '--', file);
}

/** Whether it went well. */
async function gitAsync(dir: string, ...args: readonly string[]): Promise<boolean> {
  const who = ['-c', 'user.name=git', '-c', 'user.email=git@example.com'];
  return new Promise((done) => {
    execFile('git', [...who, ...args], { cwd: dir, env: { ...process.env, HOME: '/nonexistent' } }, (error) =>
      done(error === null),
    );
  });
}

/** `NAME N` of every change that is on the branch. */
function changesIn(dir: string, mode: string): string[] {
  if (mode !== 'keys')
    return git(dir, 'ls-tree', '-r', '--name-only', 'main')
      .split('\n')
      .flatMap((path) => /^(w\d+)\/f(\d+)\.yaml$/.exec(path)?.slice(1, 3).join(' ') ?? []);
  let writer = '';
  return git(dir, 'show', 'main:shared.yaml')
    .split('\n')
    .flatMap((line) => {
      writer = /^(w\d+):$/.exec(line)?.[1] ?? writer;
      const number = /^ +k(\d+):/.exec(line)?.[1];
      return number === undefined ? [] : [`${writer} ${number}`];
    });
}

const counts = full ? [2, 8, 16] : [8];

it.each(counts.flatMap((count) => ['paths', 'index', 'keys'].map((mode) => [count, mode] as const)))(
  '%i processes commit to one branch (%s): what was acknowledged is there, once',
  { timeout: full ? 7_200_000 : 900_000 },
  async (processes, mode) => {
    const dir = await repository();
    const each = full ? Math.ceil(400 / processes) : 3;
    const race = { isOver: false };
    const names = Array.from({ length: processes }, (_, n) => `w${n}`);
    const running = Promise.all(names.map((name) => cfgProcess(dir, name, [String(each), mode]))).finally(
      () => (race.isOver = true),
    );
    const theirs = mode === 'paths' ? gitUntil(dir, () => race.isOver) : Promise.resolve([]);
    const { reads, bad } = await readUntil(dir, () => race.isOver);
    const ended = await running;
    const byGit = await theirs;
    const acknowledged = ended.flatMap((one) => one.acknowledged);
    const waits = acknowledged.map(({ ms }) => ms).toSorted((a, b) => a - b);
    console.log(
      `${processes} processes, ${mode}: ${waits.length} commits (git: ${byGit.length}), ${reads} reads, p50 ${waits[waits.length >> 1]} ms, p99 ${waits[Math.floor(waits.length * 0.99)]} ms`,
    );
    expect(ended.map(({ errors }) => errors)).toEqual(names.map(() => ''));
    expect(bad).toEqual([]);
    const all = git(dir, 'log', '--format=%H %an %s', 'main').split('\n').slice(0, -1);
    expect(all.flatMap((line) => / git (git .*)/.exec(line)?.[1] ?? []).toReversed()).toEqual(byGit);
    const reachable = all.filter((line) => !line.includes(' git ')).map((line) => line.slice(0, 40));
    const commits = acknowledged
      .map(({ commit }) => commit)
      .filter((commit) => /^[0-9a-f]{40}$/.test(commit));
    expect(commits.toSorted()).toEqual(reachable.toSorted());
    expect(mode === 'index' || commits.length === processes * each).toBe(true);
    expect(changesIn(dir, mode).toSorted()).toEqual(
      names.flatMap((name) => Array.from({ length: each }, (_, n) => `${name} ${n}`)).toSorted(),
    );
    expect(git(dir, 'status', '--porcelain')).toBe('');
    expect(fsck(dir)).toBe('');
  },
);

it('8 processes make the same version of different commits: exactly one does, the others are refused', async () => {
  const { dir, store } = await newStore();
  const names = Array.from({ length: 8 }, (_, n) => `w${n}`);
  for (const name of names) {
    const { oid } = await writeCommit(store, { files: { 'a.yaml': `by: ${name}\n` } });
    await setRef(store, `refs/heads/${name}`, oid);
  }
  const ended = await Promise.all(names.map((name) => cfgProcess(dir, name, ['1', 'tag'])));
  expect(ended.map(({ errors }) => errors)).toEqual(names.map(() => ''));
  const said = ended.flatMap(({ acknowledged }) => acknowledged.map(({ commit }) => commit));
  const tagged = git(dir, 'rev-parse', 'v1.0.0^{commit}').trim();
  expect(said.toSorted()).toEqual([tagged, ...names.slice(1).map(() => 'E_EXISTS')].toSorted());
  expect(await (await openRepository({ dir, env: storeEnv })).verify('v1.0.0')).toMatchObject({ ok: true });
  expect(fsck(dir)).toBe('');
});
