import { cpSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isConfigError } from '../../src/errors.js';
import { type Fs, nodeFileSystem } from '../../src/store/index.js';
import { fsck, git, temporaryFolder, writeCommit } from '../store/sandbox.js';
import { Crash, type Fault, faultDisk, faultModes, isWrite } from './fault-fs.js';
import { open, type Operation, operations, prepareRepository, transaction } from './operations.js';
import { describeCut, powerCuts, recordingFs, replay } from './recording-fs.js';

/** With CFG_FULL=1 every point; otherwise every n-th, with another first one for each operation. */
const stride = process.env['CFG_FULL'] ? 1 : 17;

/** Disks after a power cut are many more; all of those after the last call are always tried. */
const powerStride = process.env['CFG_FULL'] ? 1 : 136;

const full = { timeout: 1_200_000 };

/** What a user sees of a repository: refs, HEAD, index, state of a merge. */
function observed(dir: string): string {
  return [
    git(dir, 'for-each-ref', '--format=%(refname) %(objectname)'),
    readFileSync(join(dir, '.git/HEAD'), 'utf8'),
    git(dir, 'ls-files', '-s'),
    readdirSync(join(dir, '.git')).filter((name) => name.startsWith('MERGE')),
  ].join('\n');
}

interface Scene {
  readonly operation: Operation;
  /** The repository before the operation. */
  readonly start: string;
  readonly before: string;
  readonly after: string;
  readonly calls: readonly string[];
}

async function prepared(operation: Operation): Promise<Scene> {
  const start = join(temporaryFolder(), 'start');
  mkdirSync(start);
  prepareRepository(start);
  operation.prepare?.(start);
  const dir = copyOf(start);
  const disk = faultDisk();
  await operation.run(await open(dir, disk.fs), dir);
  return { operation, start, before: observed(start), after: observed(dir), calls: disk.calls };
}

function copyOf(start: string): string {
  const dir = join(temporaryFolder(), 'copy');
  cpSync(start, dir, { recursive: true, preserveTimestamps: true });
  return dir;
}

function faultsOf({ calls }: Scene, offset: number): Fault[] {
  const all = calls.flatMap((call, at) =>
    faultModes
      .filter((mode) => isWrite(call) || (mode !== 'zero' && mode !== 'half'))
      .map((mode) => ({ at, mode })),
  );
  return all.filter((_, index) => index % stride === offset % stride);
}

/** Runs into the fault; undefined when all is as promised, otherwise what is wrong. */
async function problemWith(
  scene: Scene,
  fault: Fault,
  inner: Fs = nodeFileSystem,
): Promise<string | undefined> {
  const dir = copyOf(scene.start);
  const disk = faultDisk(fault, inner);
  const outcome = await runTo(scene, dir, disk.fs);
  const where = `${fault.mode} at ${fault.at} (${disk.calls[fault.at]})`;
  if (outcome !== 'done' && outcome !== 'failed') return `${where}: untyped error ${String(outcome)}`;
  const problem = (await stateProblem(scene, dir)) ?? leftovers(dir, fault, disk.calls);
  return problem === undefined ? undefined : `${where}: ${problem}`;
}

async function runTo(scene: Scene, dir: string, disk: Fs): Promise<unknown> {
  try {
    await scene.operation.run(await open(dir, disk), dir);
    return 'done';
  } catch (error) {
    return error instanceof Crash || isConfigError(error) ? 'failed' : error;
  }
}

async function stateProblem(scene: Scene, dir: string): Promise<string | undefined> {
  const complaint = fsck(dir);
  if (complaint !== '') return `git fsck: ${complaint}`;
  const state = observed(dir);
  if (state !== scene.before && state !== scene.after) return `neither old nor new: ${state}`;
  return state === scene.before ? retryProblem(scene, dir) : nextProblem(dir);
}

/** The same command again, by a new process, must reach the new state without help. */
async function retryProblem(scene: Scene, dir: string): Promise<string | undefined> {
  try {
    await scene.operation.run(await open(dir, nodeFileSystem), dir);
  } catch (error) {
    return `again: ${String(error)}`;
  }
  if (observed(dir) !== scene.after) return `again: ${observed(dir)}`;
  return fsck(dir) === '' ? undefined : `again: git fsck: ${fsck(dir)}`;
}

/** Where it did happen, the next command must work. */
async function nextProblem(dir: string): Promise<string | undefined> {
  try {
    const store = await open(dir, nodeFileSystem);
    await writeCommit(store, { files: { 'next.yaml': 'a: 1\n' } });
    await store.state.write('cfg/next', 'x');
    await store.index?.update(({ entries }) => entries);
    return undefined;
  } catch (error) {
    return `next: ${String(error)}`;
  }
}

/** A process that lives on after an error cleans up; one that died cannot. */
function leftovers(dir: string, { mode, at }: Fault, calls: readonly string[]): string | undefined {
  if (mode !== 'error-once' || calls[at]?.startsWith('unlink ')) return undefined;
  const left = readdirSync(join(dir, '.git'), { recursive: true, encoding: 'utf8' }).filter((name) =>
    /tmp_|\.lock$|cfg\/locks\//.test(name),
  );
  return left.length === 0 ? undefined : `left behind: ${left.join(', ')}`;
}

describe('whatever happens at any write, the old or the new state remains', () => {
  it.each(operations.map((operation, at) => [operation.name, operation, at] as const))(
    '%s',
    full,
    async (_, operation, at) => {
      const scene = await prepared(operation);
      expect(scene.after).not.toBe(scene.before);
      const problems: string[] = [];
      for (const fault of faultsOf(scene, at)) {
        const problem = await problemWith(scene, fault);
        if (problem !== undefined) problems.push(problem);
      }
      expect(problems).toEqual([]);
    },
  );

  it('a failing transaction takes back what it had done', full, async () => {
    const scene = await prepared(transaction);
    const problems: string[] = [];
    for (const fault of faultsOf(scene, 0).filter(({ mode }) => mode === 'error-once')) {
      const problem = await problemWith(scene, fault);
      if (problem !== undefined) problems.push(problem);
    }
    expect(problems).toEqual([]);
  });

  it('making a repository can be begun again', full, async () => {
    const count = faultDisk();
    await open(temporaryFolder(), count.fs, true);
    const problems: string[] = [];
    for (let at = 0; at < count.calls.length; at += 1)
      for (const mode of faultModes.filter((_, index) => (at + index) % Math.min(stride, 5) === 0)) {
        const dir = temporaryFolder();
        await open(dir, faultDisk({ at, mode }).fs, true).catch(() => undefined);
        await open(dir, nodeFileSystem, true);
        const complaint = fsck(dir) + (git(dir, 'symbolic-ref', 'HEAD') === 'refs/heads/main' ? '' : 'HEAD');
        if (complaint !== '') problems.push(`${mode} at ${count.calls[at]}: ${complaint}`);
      }
    expect(problems).toEqual([]);
  });
});

describe('a power cut takes nothing that was reported as done', () => {
  it.each(operations.slice(0, 8).map((operation, at) => [operation.name, operation, at] as const))(
    '%s',
    full,
    async (_, operation, at) => {
      expect(await powerProblems(operation, at, () => true)).toEqual([]);
    },
  );
});

/** Builds the disks that a cut may leave, from copies of the start; `keeps` seeds a fault: which syncs really happen. */
async function powerProblems(
  operation: Operation,
  offset: number,
  keeps: (path: string) => boolean,
): Promise<string[]> {
  const scene = await prepared(operation);
  const recordedIn = copyOf(scene.start);
  const recording = recordingFs();
  await operation.run(await open(recordedIn, recording.fs), recordedIn);
  const calls = recording.calls.filter(
    ({ name, args }) => !name.startsWith('sync') || keeps(String(args[0])),
  );
  const cuts = calls.flatMap((_call, length) => powerCuts(calls, length + 1));
  const chosen = cuts.filter(
    (cut, index) => cut.length === calls.length || index % powerStride === offset % powerStride,
  );
  const problems: string[] = [];
  for (const cut of chosen) {
    const dir = copyOf(scene.start);
    replay(calls, cut, (path) => (path.startsWith(recordedIn) ? dir + path.slice(recordedIn.length) : path));
    const problem = await powerProblem(scene, { dir, isReported: cut.length === calls.length });
    if (problem !== undefined) problems.push(`${describeCut(calls, cut)}: ${problem}`);
  }
  return problems;
}

async function powerProblem(
  scene: Scene,
  { dir, isReported }: { readonly dir: string; readonly isReported: boolean },
): Promise<string | undefined> {
  if (isReported && observed(dir) !== scene.after) return `lost: ${observed(dir)}`;
  return fsck(dir) === '' ? undefined : fsck(dir);
}

describe('the harness notices', () => {
  const commit = operations.slice(0, 1)[0] ?? transaction;

  it('a rename that is not atomic', full, async () => {
    const careless: Fs = {
      ...nodeFileSystem,
      rename: (from, to) => {
        if (nodeFileSystem.lstat(to) !== undefined) nodeFileSystem.unlink(to);
        nodeFileSystem.createFile(to, new Uint8Array());
        nodeFileSystem.appendFile(to, nodeFileSystem.readFile(from));
        nodeFileSystem.unlink(from);
      },
    };
    const scene = await prepared(commit);
    const torn: Fs = {
      ...careless,
      rename: (from, to) => {
        careless.rename(from, to);
        if (to.endsWith('refs/heads/main')) {
          nodeFileSystem.unlink(to);
          nodeFileSystem.createFile(to, new Uint8Array());
        }
      },
    };
    const at = scene.calls.findIndex((call) => call.startsWith('rename') && call.endsWith('refs/heads/main'));
    expect(await problemWith(scene, { at, mode: 'after' })).toBeUndefined();
    expect(await problemWith(scene, { at, mode: 'after' }, torn)).toContain('git fsck');
  });

  it.each([
    ['objects', (path: string) => !/tmp_obj/.test(path)],
    ['folders of objects', (path: string) => !/objects\/..$/.test(path)],
    ['folders of refs', (path: string) => !path.endsWith('refs/heads')],
  ])('that %s are not made durable', full, async (_, keeps) => {
    expect(await powerProblems(commit, 0, keeps)).not.toEqual([]);
  });
});
