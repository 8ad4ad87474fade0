import { cpSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isConfigError } from '../../src/errors.js';
import { openRepository } from '../../src/repo/index.js';
import { commit } from '../../src/repo/commit.js';
import type { RepositoryContext } from '../../src/repo/context.js';
import { merge } from '../../src/repo/merge.js';
import { abortMerge } from '../../src/repo/merge-abort.js';
import { operate } from '../../src/repo/operations/operate.js';
import { restore } from '../../src/repo/restore.js';
import { switchBranch } from '../../src/repo/switch.js';
import { type Fs, openStore } from '../../src/store/index.js';
import { diverged, sandboxAt, type Sandbox } from '../repo/sandbox.js';
import { temporaryFolder } from '../store/sandbox.js';
import { Crash, type Fault, faultDisk, isWrite } from './fault-fs.js';

/** With CFG_FULL=1 every point, otherwise every n-th. */
const stride = process.env['CFG_FULL'] ? 1 : 9;

type Command = (context: RepositoryContext) => Promise<unknown>;

const commands: readonly (readonly [name: string, run: Command, prepare: Command | undefined])[] = [
  ['commit -a', (context) => commit(context, { message: 'm', all: true }), undefined],
  ['restore', (context) => restore(context, ['.']), undefined],
  ['switch', (context) => switchBranch(context, 'easy'), undefined],
  ['merge that stops', (context) => merge(context, 'feature'), undefined],
  ['merge --abort', abortMerge, (context) => merge(context, 'feature')],
];

function start(): Sandbox {
  const files = { 'a.yaml': 'a: 1\n', 'b.yaml': 'b: 1\n', 'cfg.yaml': 'version: 1\n' };
  const box = diverged(files, { 'a.yaml': 'a: 2\n' }, { 'a.yaml': 'a: 3\n', 'd.yaml': 'd: 1\n' });
  box.git('branch', 'easy', 'main~1');
  box.write('b.yaml', 'b: typed\n');
  return box;
}

async function contextOf({ dir, env }: Sandbox, fs?: Fs): Promise<RepositoryContext> {
  const store = await openStore({ dir, env, ...(fs && { fs }) });
  return { store, prefix: '', env, now: () => new Date(0), settingsCache: new Map() };
}

/** What undo answers for. */
function observed(box: Sandbox): unknown {
  const files = readdirSync(box.dir).filter((name) => statSync(join(box.dir, name)).isFile());
  const refs = box.git('for-each-ref', '--format=%(refname) %(objectname)').split('\n');
  return {
    refs: refs.filter((line) => !line.startsWith('refs/cfg/ops/')),
    head: readFileSync(join(box.dir, '.git/HEAD'), 'utf8'),
    index: box.git('ls-files', '-s'),
    merging: readdirSync(join(box.dir, '.git')).filter((name) => /^MERGE_(HEAD|MODE)$/.test(name)),
    files: files.filter((name) => !name.startsWith('tmp_cfg')).map((name) => [name, box.read(name)]),
  };
}

function copyOf({ dir }: Sandbox): Sandbox {
  const copy = join(temporaryFolder(), 'copy');
  cpSync(dir, copy, { recursive: true, preserveTimestamps: true });
  return sandboxAt(copy);
}

/** Runs a command into a crash, then undoes what is recorded of it; what is left of it, if anything. */
async function leftOf(base: Sandbox, command: Command, fault: Fault): Promise<unknown> {
  const box = copyOf(base);
  const before = observed(box);
  const disk = faultDisk(fault);
  const context = await contextOf(box, disk.fs);
  await operate(context, { command: 'command' }, command).catch((error: unknown) => {
    if (!(error instanceof Crash) && !isConfigError(error)) throw error;
  });
  const repo = await openRepository({ dir: box.dir, env: box.env });
  const [last] = (await repo.operations()).operations;
  if (last?.command === 'command') await repo.undo();
  const after = observed(box);
  return JSON.stringify(after) === JSON.stringify(before)
    ? undefined
    : { fault, call: disk.calls[fault.at], before, after };
}

describe('a command that dies', () => {
  it.each(commands)(
    'in the middle of %s is taken back by undo, or never happened',
    async (_, command, prepare) => {
      const base = start();
      if (prepare) {
        base.git('checkout', '-q', 'b.yaml');
        await prepare(await contextOf(base));
      }
      const counted = faultDisk();
      await operate(await contextOf(copyOf(base), counted.fs), { command: 'command' }, command);
      const faults = counted.calls.flatMap((call, at) =>
        (['before', 'after', 'half'] as const)
          .filter((mode) => mode !== 'half' || isWrite(call))
          .map((mode): Fault => ({ at, mode })),
      );
      const bad: unknown[] = [];
      for (const fault of faults.filter((__, at) => at % stride === 0)) {
        const left = await leftOf(base, command, fault);
        if (left !== undefined) bad.push(left);
      }
      expect(bad).toEqual([]);
    },
    120_000,
  );
});
