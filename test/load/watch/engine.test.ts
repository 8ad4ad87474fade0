import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Engine } from '../../../src/load/watch/engine.js';
import { writes, type Write } from './styles.js';
import { World, type Fate } from './world.js';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

interface Times {
  readonly settleMs: number;
  readonly rescanMs: number;
}

const usual: Times = { settleMs: 50, rescanMs: 3000 };

/** What is wrong with what an engine published while these writes were made; undefined when nothing is. */
async function flaw(
  all: readonly Write[],
  fates: readonly Fate[],
  times: Times,
): Promise<string | undefined> {
  const world = new World(fates);
  const published: string[] = [];
  const listener = {
    onConfig: (config: { readonly value: unknown }) => published.push(JSON.stringify(config.value)),
    onFailure: () => undefined,
    onTrouble: () => undefined,
  };
  const engine = new Engine(
    { sources: world.sources(), openHints: world.hints(), listener },
    { ...times, persistent: true },
  );
  const starting = engine.start();
  await vi.advanceTimersByTimeAsync(1000);
  await starting;
  await make(all, world);
  await vi.advanceTimersByTimeAsync(fates.every((fate) => fate === 'told') ? 1000 : 6000);
  const last = world.state();
  const closing = engine.close();
  await vi.advanceTimersByTimeAsync(100);
  await closing;
  const torn = published.find((state) => !world.complete.has(state));
  if (torn !== undefined) return `published ${torn}, which nobody wrote`;
  if (world.mostReading > 1) return 'two readings at a time';
  if (vi.getTimerCount() > 0) return 'a timer is left';
  const reached = published.at(-1) ?? [...world.complete][0];
  if (!last.includes('invalid') && reached !== last) return `ended at ${reached}, not ${last}`;
  return undefined;
}

async function make(all: readonly Write[], world: World): Promise<void> {
  for (const [index, write] of all.entries()) {
    await vi.advanceTimersByTimeAsync(write.afterMs);
    for (const { afterMs, act, done } of write.steps(index + 1)) {
      await vi.advanceTimersByTimeAsync(afterMs);
      act(world);
      if (done === true) world.complete.add(world.state());
    }
  }
}

const faults = fc.array(fc.constantFrom<Fate>('told', 'dropped', 'doubled', 'delayed'), {
  minLength: 1,
  maxLength: 7,
});
const numRuns = process.env['CFG_FULL'] ? 3000 : 150;

describe('an engine', () => {
  it('publishes only what was written whole, and the last of it within a second', async () => {
    await fc.assert(
      fc.asyncProperty(writes, async (all) => {
        expect(await flaw(all, ['told'], usual)).toBeUndefined();
      }),
      { numRuns },
    );
  });

  it('does so within six when hints are dropped, doubled and delayed', async () => {
    await fc.assert(
      fc.asyncProperty(writes, faults, async (all, fates) => {
        expect(await flaw(all, fates, usual)).toBeUndefined();
      }),
      { numRuns },
    );
  });

  it('says once that a source keeps changing, publishes nothing of it, and its last state when it rests', async () => {
    const world = new World(['told']);
    const [published, troubles]: [string[], string[]] = [[], []];
    const engine = new Engine(
      {
        sources: world.sources(),
        openHints: world.hints(),
        listener: {
          onConfig: ({ value }) => published.push(JSON.stringify(value)),
          onFailure: ({ message }) => troubles.push(message),
          onTrouble: ({ message }) => troubles.push(message),
        },
      },
      { ...usual, persistent: true },
    );
    const starting = engine.start();
    await vi.advanceTimersByTimeAsync(1000);
    await starting;
    const unrest: Write = {
      style: 'unrest',
      afterMs: 0,
      steps: () =>
        Array.from({ length: 800 }, (_, n) => ({
          afterMs: 30,
          act: (there) => there.replace('a', [`${n}`, `${n}`, `${n}`]),
        })),
    };
    await make([unrest], world);
    expect([published, troubles]).toEqual([[], ["'a' has kept changing for 10 s"]]);
    await vi.advanceTimersByTimeAsync(1000);
    expect(published).toEqual([world.state()]);
    const closing = engine.close();
    await vi.advanceTimersByTimeAsync(100);
    await closing;
  });

  it.each([
    ['waiting for quiet', { ...usual, settleMs: 0 }, 'published'],
    ['a rescan', { ...usual, rescanMs: 80_000 }, 'ended at'],
  ])('fails at that without %s, so the trial is one', async (_what, times, complaint) => {
    const trial = await fc.check(
      fc.asyncProperty(writes, faults, async (all, fates) => {
        expect(await flaw(all, fates, times)).toBeUndefined();
      }),
      { numRuns: 300 },
    );
    expect(trial.failed).toBe(true);
    expect(String(trial.errorInstance)).toContain(complaint);
  });
});
