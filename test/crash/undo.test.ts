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
import { undo } from '../../src/repo/undo.js';
import { type Fs, openStore } from '../../src/store/index.js';
import { diverged, sandboxAt, type Sandbox } from '../repo/sandbox.js';
import { temporaryFolder } from '../store/sandbox.js';
import { Crash, type Fault, faultDisk, faultModes, isWrite } from './fault-fs.js';

/** With CFG_FULL=1 every point, otherwise every n-th. */
const stride = process.env['CFG_FULL'] ? 1 : 31;

const timeout = process.env['CFG_FULL'] ? 7_200_000 : 120_000;

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

/** Runs a command into a fault, then undoes what is recorded of it; what is left of it, if anything. */
async function leftOf(base: Sandbox, command: Command, fault: Fault): Promise<unknown> {
  const box = copyOf(base);
  const before = observed(box);
  const call = await runInto(box, fault, (context) => operate(context, { command: 'command' }, command));
  const repo = await openRepository({ dir: box.dir, env: box.env });
  const [last] = (await repo.operations()).operations;
  if (last?.command === 'command') await repo.undo();
  return differenceOf({ fault, call, before, after: observed(box) });
}

/** Undoes a command into a fault, then undoes it again if that says that it is still to do. */
async function leftOfUndone(done: Sandbox, before: unknown, fault: Fault): Promise<unknown> {
  const box = copyOf(done);
  const call = await runInto(box, fault, (context) => undo(context));
  const repo = await openRepository({ dir: box.dir, env: box.env });
  const isOver = (await repo.operations()).operations.some(
    ({ command, undone }) => command === 'command' && undone,
  );
  if (!isOver) await repo.undo();
  return differenceOf({ fault, call, before, after: observed(box) });
}

/** The call that the fault hit. */
async function runInto(box: Sandbox, fault: Fault, run: Command): Promise<string | undefined> {
  const disk = faultDisk(fault);
  await contextOf(box, disk.fs)
    .then(run)
    .catch((error: unknown) => {
      if (!(error instanceof Crash) && !isConfigError(error)) throw error;
    });
  return disk.calls[fault.at];
}

interface Outcome {
  readonly fault: Fault;
  readonly call: string | undefined;
  readonly before: unknown;
  readonly after: unknown;
}

function differenceOf(outcome: Outcome): Outcome | undefined {
  return JSON.stringify(outcome.after) === JSON.stringify(outcome.before) ? undefined : outcome;
}

/** Every n-th fault of an operation, which is run once on a copy to count its calls. */
async function faultsOf(base: Sandbox, run: Command): Promise<readonly Fault[]> {
  const counted = faultDisk();
  await run(await contextOf(copyOf(base), counted.fs));
  const faults = counted.calls.flatMap((call, at) =>
    faultModes
      .filter((mode) => isWrite(call) || (mode !== 'zero' && mode !== 'half'))
      .map((mode): Fault => ({ at, mode })),
  );
  return faults.filter((_, at) => at % stride === 0);
}

async function prepared(prepare: Command | undefined): Promise<Sandbox> {
  const base = start();
  if (prepare === undefined) return base;
  base.git('checkout', '-q', 'b.yaml');
  await prepare(await contextOf(base));
  return base;
}

describe('a command that dies or fails', () => {
  it.each(commands)(
    'in the middle of %s is taken back by undo, or never happened',
    { timeout },
    async (_, command, prepare) => {
      const base = await prepared(prepare);
      const bad: unknown[] = [];
      for (const fault of await faultsOf(base, (context) =>
        operate(context, { command: 'command' }, command),
      ))
        bad.push(await leftOf(base, command, fault));
      expect(bad.filter((left) => left !== undefined)).toEqual([]);
    },
  );
});

describe('an undo that dies or fails', () => {
  it.each(commands)('while it takes back %s can be done again', { timeout }, async (_, command, prepare) => {
    const base = await prepared(prepare);
    const before = observed(base);
    await operate(await contextOf(base), { command: 'command' }, command);
    const bad: unknown[] = [];
    for (const fault of await faultsOf(base, (context) => undo(context)))
      bad.push(await leftOfUndone(base, before, fault));
    expect(bad.filter((left) => left !== undefined)).toEqual([]);
  });
});
