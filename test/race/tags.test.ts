import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { fsck, git, newStore, setRef, temporaryFolder, writeCommit } from '../store/sandbox.js';
import { bundled } from './bundle.js';

const rounds = process.env['CFG_FULL'] ? 50 : 1;
const processes = 8;

interface Racer {
  readonly ready: Promise<unknown>;
  readonly ended: Promise<{ readonly code: number | null; readonly errors: string }>;
}

function racer(...args: readonly string[]): Racer {
  const child = spawn(process.execPath, [bundled(join(import.meta.dirname, 'tag-process.ts')), ...args]);
  let errors = '';
  child.stderr.on('data', (data: Buffer) => (errors += data.toString()));
  const ready = new Promise((done) => child.stdout.once('data', done));
  const ended = new Promise<{ code: number | null; errors: string }>((done) =>
    child.once('close', (code) => done({ code, errors })),
  );
  return { ready, ended };
}

it.each(Array.from({ length: rounds }, (_, n) => n))(
  'of eight processes that tag one version one wins, and the tag is its own (%i)',
  { timeout: 120_000 },
  async () => {
    const { dir, store } = await newStore();
    const commits: string[] = [];
    for (let n = 0; n < processes; n += 1)
      commits.push((await writeCommit(store, { files: { 'a.yaml': `a: ${n}\n` } })).oid);
    await setRef(store, 'refs/heads/main', commits[0] ?? '');
    const start = join(temporaryFolder(), 'start');
    const racers = commits.map((commit) => racer(dir, commit, start));
    await Promise.all(racers.map(({ ready }) => ready));
    writeFileSync(start, '');
    const ended = await Promise.all(racers.map((one) => one.ended));
    const codes = ended.map(({ code }) => code ?? -1).toSorted((a, b) => a - b);
    expect([codes, ended.filter(({ code }) => code !== 0 && code !== 3)]).toEqual([
      [0, ...Array.from({ length: processes - 1 }, () => 3)],
      [],
    ]);
    const winner = commits.find((_, n) => ended[n]?.code === 0);
    expect(git(dir, 'rev-parse', 'v1.0.0^{commit}')).toBe(winner);
    expect(fsck(dir)).toBe('');
  },
);
