import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { catalogue } from '../../src/cli/catalogue.js';
import { type Fs, nodeFileSystem } from '../../src/store/index.js';
import { run } from '../cli/command-line.js';
import { temporaryFolder } from '../store/sandbox.js';
import {
  cases,
  type CommandCase,
  elsewhere,
  prepareRepository,
  readOnly,
  stepwise,
} from './command-cases.js';
import { disorder } from './durable-order.js';
import { type Fault, faultDisk, faultModes, isWrite } from './fault-fs.js';
import { differences, observe, type Observed, strayParts } from './observed.js';
import { runOn } from './run-on.js';
import { problemsAfterCut, type Recorded } from './power-cut.js';
import { type PowerCut, powerCuts, recordingFs } from './recording-fs.js';
import { isFull, seed, someOf } from './some-of.js';

/** With CFG_FULL=1 every fault of every command; otherwise some of each, chosen by CFG_SEED. */
const faultsPerCase = isFull ? Number.POSITIVE_INFINITY : 10;

/** Disks after a power cut are many more. */
const cutsPerCase = isFull ? 100 : 2;

vi.mock('../../src/store/fs.js', async (importOriginal) => {
  const { behind } = await import('./current-disk.js');
  return behind(await importOriginal<{ readonly nodeFileSystem: Fs }>());
});

interface Scene extends Recorded {
  readonly subject: CommandCase;
  readonly calls: readonly string[];
}

/** The repository that most begin with, made once. */
const base = mkdtempSync(join(realpathSync(tmpdir()), 'cfg-crash-'));
beforeAll(() => prepareRepository(base));
afterAll(() => rmSync(base, { recursive: true, force: true }));

async function sceneOf(subject: CommandCase): Promise<Scene> {
  const start = join(temporaryFolder(), 'start');
  mkdirSync(start);
  if (subject.isFromNothing !== true) {
    cpSync(base, start, { recursive: true, preserveTimestamps: true });
    await subject.prepare?.(start);
  }
  const dir = copyOf(start);
  const counting = faultDisk();
  const { fs, calls } = recordingFs(counting.fs);
  const { code, stderr } = await runOn(fs, subject.line, { cwd: dir });
  expect([subject.name, code, stderr]).toEqual([subject.name, subject.code ?? 0, expect.any(String)]);
  const recorded = { dir, calls };
  return { subject, start, before: observe(start), after: observe(dir), calls: counting.calls, recorded };
}

function copyOf(start: string): string {
  const dir = join(temporaryFolder(), 'copy');
  cpSync(start, dir, { recursive: true, preserveTimestamps: true });
  return dir;
}

function faultsOf({ calls }: Scene): Fault[] {
  return calls.flatMap((call, at) =>
    faultModes
      .filter((mode) => isWrite(call) || (mode !== 'zero' && mode !== 'half'))
      .map((mode) => ({ at, mode })),
  );
}

/** Always a disk that lost whatever was not synced when the command had reported; otherwise some of all. */
function someCuts({ recorded: { calls } }: Scene, salt: number): readonly PowerCut[] {
  const [worst, ...others] = calls.flatMap((_, at) => powerCuts(calls, at + 1)).toReversed();
  return worst === undefined ? [] : [worst, ...someOf(others, cutsPerCase - 1, salt)];
}

/** What is not as promised after running into a fault. */
async function problemsWith(scene: Scene, fault: Fault, inner?: Fs): Promise<string[]> {
  const dir = copyOf(scene.start);
  const faulty = faultDisk(fault, inner);
  const { code, stderr } = await runOn(faulty.fs, scene.subject.line, { cwd: dir });
  const isAlive = fault.mode.startsWith('error');
  const now = await observeSettled(dir, scene.subject);
  const problems = strayParts(now, scene.before, scene.after);
  if (![scene.before.complaint, scene.after.complaint].includes(now.complaint))
    problems.push(`git fsck: ${now.complaint}`);
  if (isAlive && code === 70) problems.push(`untyped error: ${stderr}`);
  if (fault.mode === 'error-once')
    problems.push(...afterError(scene, { now, code, call: faulty.calls[fault.at] }));
  problems.push(...(await afterRetry(scene, dir)));
  const where = `${fault.mode} at ${fault.at} (${faulty.calls[fault.at]?.replaceAll(dir, '')})`;
  return problems.map(
    (problem) => `${where}: ${problem.replaceAll(dir, '').replaceAll('\n', '⏎').slice(0, 400)}`,
  );
}

/** A change of several refs may be half done, as long as it is written down: then the next command, whichever it is, ends it. */
async function observeSettled(dir: string, { mayLeave }: CommandCase): Promise<Observed> {
  const now = observe(dir, mayLeave);
  if (!now.litter.some((name) => name.includes('/journal.'))) return now;
  await run(['branch'], { cwd: dir });
  return observe(dir, mayLeave);
}

/** A process that goes on after an error has either done it all or nothing, and cleans up. */
function afterError(
  { subject, before, after }: Scene,
  {
    now,
    code,
    call = '',
  }: { readonly now: Observed; readonly code: number; readonly call: string | undefined },
): string[] {
  const wanted = code > 1 ? before : after;
  // Of a repository that is being made HEAD is a step like others; refs that follow a remote go before its settings do.
  const isWhole = (part: string): boolean =>
    !/^(init|remote)$/.test(subject.command) && /^(refs|head):/.test(part);
  // Settings are in place then, and whether they are durable nobody knows.
  const isUnsure = (part: string): boolean => call.startsWith('sync') && part.startsWith('state .git/config');
  const isStep = (part: string): boolean =>
    isUnsure(part) || (stepwise.has(subject.command) && !isWhole(part));
  const problems = differences(now, wanted)
    .filter((part) => !isStep(part) && !part.includes('cfg/merge.json'))
    .map((part) => `exit ${code}, but ${part}`);
  const left = now.litter.filter((name) => !before.litter.includes(name));
  if (left.length > 0 && !/^(unlink|rmdir) /.test(call)) problems.push(`left behind: ${left.join(', ')}`);
  return problems;
}

/** The same command by a new process comes to the new state without help. */
async function afterRetry({ subject, after }: Scene, dir: string): Promise<string[]> {
  const { code, stderr } = await run(subject.line, { cwd: dir });
  const problems = code === 70 ? [`again: ${stderr}`] : [];
  const now = observe(dir, subject.mayLeave);
  const missing = subject.isOnce === true ? [] : differences(now, after);
  problems.push(...missing.map((part) => `again (exit ${code}: ${stderr.trim()}): ${part}`));
  if (now.complaint !== '') problems.push(`again: git fsck: ${now.complaint}`);
  const left = now.litter.filter((name) => !/tmp_(obj|pack|idx)_/.test(name));
  if (left.length > 0) problems.push(`again: left behind: ${left.join(', ')}`);
  const next = subject.line.includes('--bare') ? undefined : await run(['status'], { cwd: dir });
  if (next !== undefined && next.code !== 0) problems.push(`cfg status: ${next.stderr}`);
  return problems;
}

describe('a command that dies or fails at any write leaves the old state or the new one', () => {
  it.each(cases.map((subject, at) => [`${subject.command}: ${subject.name}`, subject, at] as const))(
    '%s',
    { timeout: isFull ? 7_200_000 : 1_200_000 },
    async (_, subject, at) => {
      const scene = await sceneOf(subject);
      const faults = someOf(faultsOf(scene), faultsPerCase, at);
      const problems = disorder(scene.recorded.calls);
      const cuts = someCuts(scene, at);
      for (const cut of cuts) problems.push(...(await problemsAfterCut(scene, cut)));
      for (const fault of faults) problems.push(...(await problemsWith(scene, fault)));
      if (isFull)
        console.log(
          `${subject.command}: ${subject.name}: ${faults.length} faults, ${problems.length} problems`,
        );
      expect({ seed, problems }).toEqual({ seed, problems: [] });
      tried.faults += faults.length;
      tried.cuts += cuts.length;
    },
  );

  it('so many were tried', () => {
    console.log(`CFG_SEED=${seed}: ${tried.faults} faults, ${tried.cuts} power cuts`);
    expect(Math.min(tried.faults, tried.cuts)).toBeGreaterThan(cases.length);
  });
});

const tried = { faults: 0, cuts: 0 };

describe('the harness notices', () => {
  const subject = cases.find(({ name }) => name === 'one path, another staged');

  it.each<readonly [string, RegExp, RegExp, (actual: Fs) => Partial<Fs>]>([
    [
      'a branch that is written in place',
      /^rename .*refs\/heads\/main$/,
      /refs: |git fsck/,
      (actual) => ({
        rename: (from, to) => {
          if (!to.endsWith('refs/heads/main')) return actual.rename(from, to);
          actual.unlink(to);
          actual.createFile(to, new Uint8Array());
        },
      }),
    ],
    [
      'an object that is not whole',
      /^createFile .*tmp_obj/,
      /git fsck/,
      (actual) => ({
        createFile: (path, data, options) =>
          actual.createFile(path, /tmp_obj/.test(path) ? data.subarray(0, 5) : data, options),
      }),
    ],
    [
      "a lock that stays and is nobody's",
      /^unlink .*HEAD\.lock$/,
      /left behind/,
      (actual) => ({
        unlink: (path) => {
          actual.unlink(path);
          if (path.endsWith('HEAD.lock')) actual.createFile(path, new Uint8Array());
        },
      }),
    ],
  ])('%s', async (_, call, complaint, spoil) => {
    if (subject === undefined) throw new Error('no such case');
    const scene = await sceneOf(subject);
    const at = scene.calls.findIndex((one) => call.test(one));
    const careless: Fs = { ...nodeFileSystem, ...spoil(nodeFileSystem) };
    const problems = await problemsWith(scene, { at, mode: 'after' }, careless);
    expect(problems.join('\n')).toMatch(complaint);
  });
});

describe('every command of the catalogue', () => {
  it('has a case above, or writes nothing', () => {
    const known = new Set([...cases.map(({ command }) => command), ...Object.keys(readOnly), ...elsewhere]);
    expect(catalogue.map(({ name }) => name).filter((name) => !known.has(name))).toEqual([]);
  });

  it.each(Object.entries(readOnly))('%s writes nothing', async (_, line) => {
    const dir = copyOf(base);
    const counting = faultDisk();
    const before = observe(dir);
    await runOn(counting.fs, line, { cwd: dir, env: { GIT_OPTIONAL_LOCKS: '0' } });
    expect(counting.calls).toEqual([]);
    expect(observe(dir)).toEqual(before);
  });
});
