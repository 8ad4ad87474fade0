import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { once } from 'node:events';
import { expect, it, onTestFinished } from 'vitest';
import { openRepository } from '../../src/repo/index.js';
import { fsck, git, newStore, setRef, storeEnv, writeCommit } from '../store/sandbox.js';
import { bundled } from './bundle.js';

interface Member {
  /** What it printed, line by line. */
  readonly lines: readonly string[];
  readonly first: Promise<unknown>;
  /** Tells it to end; how it ended, and what it complained of. */
  readonly end: () => Promise<{ readonly code: number | null; readonly errors: string }>;
}

function member(dir: string, role: string): Member {
  const child = spawn(process.execPath, [bundled(join(import.meta.dirname, 'rule-process.ts')), dir, role]);
  onTestFinished(() => void child.kill());
  const lines: string[] = [];
  let errors = '';
  child.stdout.on('data', (data: Buffer) => void lines.push(...data.toString().trim().split('\n')));
  child.stderr.on('data', (data: Buffer) => (errors += data.toString()));
  const first = once(child.stdout, 'data');
  const closed = new Promise<number | null>((done) => child.once('close', done));
  const end: Member['end'] = async () => {
    child.stdin.end();
    return { code: await closed, errors };
  };
  return { lines, first, end };
}

const well = { code: 0, errors: '' };

/** Commits of a branch, newest first, that came directly although the rules at the tip before them said merges only. */
function brokeRules(dir: string): readonly string[] {
  const steps = git(dir, 'rev-list', '--first-parent', '--parents', 'main').split('\n');
  return steps.filter((step) => {
    const [, parent, merged] = step.split(' ');
    return (
      parent !== undefined &&
      merged === undefined &&
      git(dir, 'show', `${parent}:cfg.yaml`).includes('protection: standard')
    );
  });
}

it(
  'judges by the rules at the tip that a branch moves from, while another process raises and lifts them',
  { timeout: 120_000 },
  async () => {
    const { dir, store } = await newStore();
    const files = { 'cfg.yaml': 'version: 1\nbranches:\n  main: { protection: none }\n' };
    await setRef(store, 'refs/heads/main', (await writeCommit(store, { files })).oid);
    git(dir, 'symbolic-ref', 'HEAD', 'refs/heads/elsewhere'); // no worktree follows main
    const [direct, merges] = [member(dir, 'commit'), member(dir, 'merge')];
    await Promise.all([direct.first, merges.first]);
    const toggling = member(dir, 'toggle');
    expect(await toggling.end()).toEqual(well);
    // Protected now, and for good.
    await expect.poll(() => direct.lines.at(-1), { timeout: 60_000 }).toBe('E_PROTECTED');
    expect(await Promise.all([direct.end(), merges.end()])).toEqual([well, well]);

    const isCommit = (line: string): boolean => line.length === 40;
    expect(direct.lines.filter((line) => !isCommit(line) && line !== 'E_PROTECTED')).toEqual([]);
    expect(merges.lines.filter((line) => !isCommit(line) && line !== 'E_STALE')).toEqual([]);
    const done = [...direct.lines, ...merges.lines].filter(isCommit);
    const reached = new Set(git(dir, 'rev-list', 'main').split('\n'));
    expect(done.filter((oid) => !reached.has(oid))).toEqual([]);
    expect(direct.lines.filter(isCommit).length).toBeGreaterThan(0);
    expect(merges.lines.filter(isCommit).length).toBeGreaterThan(0);
    expect(brokeRules(dir)).toEqual([]);
    expect(await (await openRepository({ dir, env: storeEnv })).verify('main')).toMatchObject({ ok: true });
    expect(fsck(dir)).toBe('');
  },
);
