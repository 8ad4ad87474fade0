import type { Parameters } from 'fast-check';

const isFull = process.env['CFG_FULL'] === '1';

/** How often a property runs: `count` times, or `full` with CFG_FULL=1. CFG_SEED repeats a run. */
export function runs<T>(count: number, full: number = count * 50): Parameters<T> {
  const seed = process.env['CFG_SEED'];
  return {
    numRuns: isFull ? full : count,
    ...(seed === undefined ? {} : { seed: Number(seed) }),
    ...(isFull ? {} : { interruptAfterTimeLimit: 20_000 }),
  };
}

/** How long a property may take, in milliseconds: an hour at full length. */
export const runTimeoutMs: number = isFull ? 3_600_000 : 30_000;
