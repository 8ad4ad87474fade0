import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { openStore, readCommit, resolveCommit } from '../../src/store/index.js';
import { bundled } from './bundle.js';
import { fsck, git, gitWith, newStore, setRef, storeEnv, tryGit, writeCommit } from '../store/sandbox.js';

const full = process.env['CFG_FULL'] !== undefined;

interface WriterResult {
  readonly status: number | null;
  /** Ids of the commits that were reported as done. */
  readonly acknowledged: readonly string[];
  readonly errors: string;
}

interface WriterOptions {
  readonly count: number;
  readonly mode?: string;
  /** Kill it after so many milliseconds. */
  readonly killAfterMs?: number;
}

/** A process of its own that commits to `main`. */
async function writer(dir: string, name: string, options: WriterOptions): Promise<WriterResult> {
  const script = bundled(join(import.meta.dirname, 'writer.ts'));
  const args = [script, dir, name, String(options.count), options.mode ?? ''];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let [output, errors] = ['', ''];
  child.stdout.on('data', (data: Buffer) => (output += data.toString()));
  child.stderr.on('data', (data: Buffer) => (errors += data.toString()));
  const ended = new Promise<number | null>((done) => child.once('close', done));
  const timer = options.killAfterMs && setTimeout(() => child.kill('SIGKILL'), options.killAfterMs);
  const status = await ended;
  if (timer) clearTimeout(timer);
  return { status, acknowledged: output.split('\n').slice(0, -1), errors };
}

async function startedRepository(): Promise<string> {
  const { dir, store } = await newStore();
  const { oid } = await writeCommit(store, { files: { 'first.yaml': 'a: 1\n' } });
  await setRef(store, 'refs/heads/main', oid);
  return dir;
}

function reachable(dir: string): Set<string> {
  return new Set(git(dir, 'rev-list', '--all').split('\n'));
}

/** What went wrong, as counts; all zero when nothing was lost. */
function verdict(dir: string, results: readonly WriterResult[]): object {
  const found = reachable(dir);
  const acknowledged = results.flatMap((result) => result.acknowledged);
  const files = git(dir, 'ls-tree', '-r', '--name-only', 'main').split('\n').length;
  return {
    lost: acknowledged.filter((oid) => !found.has(oid)).length,
    twice: acknowledged.length - new Set(acknowledged).size,
    filesMissing: found.size - files,
    failed: results.filter(({ status }) => status !== 0).map(({ errors }) => errors),
    fsck: fsck(dir),
  };
}

const nothing = { lost: 0, twice: 0, filesMissing: 0, failed: [], fsck: '' };

it.each(full ? [2, 4, 8, 16] : [2, 4])(
  '%i processes lose nothing',
  { timeout: 600_000 },
  async (processes) => {
    const dir = await startedRepository();
    const count = full ? Math.ceil(2000 / processes) : 15;
    const names = Array.from({ length: processes }, (_, n) => `w${n}`);
    const results = await Promise.all(names.map((name) => writer(dir, name, { count })));
    expect(verdict(dir, results)).toEqual(nothing);
    expect(reachable(dir).size).toBe(processes * count + 1);
  },
);

it('nor beside git, which commits, packs refs and collects garbage', { timeout: 600_000 }, async () => {
  const dir = await startedRepository();
  const count = full ? 200 : 20;
  const race = { isOver: false };
  const ours = Promise.all(['a', 'b'].map((name) => writer(dir, name, { count }))).finally(
    () => (race.isOver = true),
  );
  const theirs = gitCommits(dir, () => race.isOver);
  const packing = (async (): Promise<void> => {
    for (let n = 0; !race.isOver; n += 1) {
      tryGit(dir, 'pack-refs', '--all');
      if (n % 10 === 9) tryGit(dir, 'gc', '-q');
      await nextTurn();
    }
  })();
  const bad = await badReads(dir, () => race.isOver);
  const results = [...(await ours), { status: 0, acknowledged: await theirs, errors: '' }];
  await packing;
  expect({ ...verdict(dir, results), bad }).toEqual({ ...nothing, bad: [] });
});

/** Plumbing of git with its own compare-and-swap; it gives up at once where a lock is held, so it tries again. */
async function gitCommits(dir: string, isOver: () => boolean): Promise<string[]> {
  const done: string[] = [];
  for (let n = 0; !isOver(); n += 1) {
    const parent = git(dir, 'rev-parse', 'main');
    const blob = gitWith(dir, { input: `git: ${n}\n` }, 'hash-object', '-w', '--stdin');
    const env = { GIT_INDEX_FILE: join(dir, '.git', 'index-of-git') };
    gitWith(dir, { env }, 'read-tree', parent);
    gitWith(dir, { env }, 'update-index', '--add', '--cacheinfo', `100644,${blob},git/f${n}.yaml`);
    const commit = git(
      dir,
      'commit-tree',
      '-p',
      parent,
      '-m',
      `git ${n}`,
      gitWith(dir, { env }, 'write-tree'),
    );
    if (tryGit(dir, 'update-ref', 'refs/heads/main', commit, parent).status === 0) done.push(commit);
    await nextTurn();
  }
  return done;
}

/** A reader never sees anything but a whole commit on the branch. */
async function badReads(dir: string, isOver: () => boolean): Promise<string[]> {
  const bad: string[] = [];
  while (!isOver()) {
    try {
      const store = await openStore({ dir, env: storeEnv });
      for (let n = 0; n < 20; n += 1) {
        await readCommit(store, await resolveCommit(store, 'main'));
        await store.refs.list('refs/');
      }
    } catch (error) {
      bad.push(String(error));
    }
    await nextTurn();
  }
  return bad;
}

it(
  'a process that is killed loses nothing that it had reported, and blocks nobody',
  { timeout: 900_000 },
  async () => {
    const dir = await startedRepository();
    const seed = Number(process.env['CFG_SEED'] ?? Date.now() % 100_000);
    const results: WriterResult[] = [];
    for (let round = 0; round < (full ? 200 : 6); round += 1) {
      const killAfterMs = 300 + ((seed + round * 137) % 700);
      const killed = await writer(dir, `k${round}`, { count: 100_000, killAfterMs });
      results.push(killed);
      const found = reachable(dir);
      const lost = results.flatMap((r) => r.acknowledged).filter((oid) => !found.has(oid));
      // It was killed, and had not given up before.
      expect({ seed, round, lost, status: killed.status, errors: killed.errors }).toEqual({
        seed,
        round,
        lost: [],
        status: null,
        errors: '',
      });
    }
    console.log(
      `CFG_SEED=${seed}: ${results.length} killed after ${results.flatMap((r) => r.acknowledged).length} commits`,
    );
    expect(fsck(dir)).toBe('');
    const after = await writer(dir, 'last', { count: 1 });
    expect(after).toMatchObject({ status: 0, errors: '' });
    expect(after.acknowledged).toHaveLength(1);
  },
);

it.each(['no-check', 'no-locks'])(
  'is a test that notices writers with %s',
  { timeout: 600_000 },
  async (mode) => {
    const dir = await startedRepository();
    const names = ['w0', 'w1', 'w2', 'w3'];
    const results = await Promise.all(names.map((name) => writer(dir, name, { count: 60, mode })));
    expect(verdictOrComplaint(dir, results)).not.toEqual(nothing);
  },
);

/** What was lost, or what git says when the damage is such that it cannot even list the commits. */
function verdictOrComplaint(...given: Parameters<typeof verdict>): unknown {
  try {
    return verdict(...given);
  } catch (error) {
    return String(error);
  }
}
