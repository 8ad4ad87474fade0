import { describe, expect, it, vi } from 'vitest';
import { catalogue } from '../../src/cli/catalogue.js';
import type { Fs } from '../../src/store/index.js';
import { cases, elsewhere, readOnly } from './command-cases.js';
import { disorder } from './durable-order.js';
import { faultDisk } from './fault-fs.js';
import { problemsWith } from './fault-verdict.js';
import { observe } from './observed.js';
import { problemsAfterCut } from './power-cut.js';
import { type PowerCut, powerCuts } from './recording-fs.js';
import { runOn } from './run-on.js';
import { base, copyOf, faultsOf, type Scene, sceneOf } from './scene.js';
import { isFull, seed, someOf } from './some-of.js';

/** With CFG_FULL=1 every fault of every command; otherwise some of each, chosen by CFG_SEED. */
const faultsPerCase = isFull ? Number.POSITIVE_INFINITY : 8;

/** Disks after a power cut are many more. */
const cutsPerCase = isFull ? 100 : 2;

vi.mock('../../src/store/fs.js', async (importOriginal) => {
  const { behind } = await import('./current-disk.js');
  return behind(await importOriginal<{ readonly nodeFileSystem: Fs }>());
});

/** Always a disk that lost whatever was not synced when the command had reported; otherwise some of all. */
function someCuts({ recorded: { calls } }: Scene, salt: number): readonly PowerCut[] {
  const [worst, ...others] = calls.flatMap((_, at) => powerCuts(calls, at + 1)).toReversed();
  return worst === undefined ? [] : [worst, ...someOf(others, cutsPerCase - 1, salt)];
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
