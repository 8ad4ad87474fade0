import { onTestFinished } from 'vitest';
import type { ConfigError } from '../../../src/errors.js';
import {
  watchConfig,
  type ConfigChange,
  type InvalidConfig,
  type LiveConfig,
  type WatchOptions,
} from '../../../src/load/index.js';

/** A live configuration, and everything it told. */
export interface Followed {
  readonly live: LiveConfig;
  readonly changes: ConfigChange[];
  readonly invalid: InvalidConfig[];
  readonly errors: ConfigError[];
  /** How often it became valid again. */
  readonly valid: () => number;
}

/** Watches a stack until the test is over. */
export async function follow(
  options: WatchOptions,
  watch: (options: WatchOptions) => Promise<LiveConfig> = watchConfig,
): Promise<Followed> {
  const live = await watch({ env: {}, ...options });
  onTestFinished(() => live.close());
  const [changes, invalid, errors]: [ConfigChange[], InvalidConfig[], ConfigError[]] = [[], [], []];
  let valid = 0;
  live.on('change', (_changes, change) => changes.push(change));
  live.on('invalid', (problem) => invalid.push(problem));
  live.on('error', (error) => errors.push(error));
  live.on('valid', () => (valid += 1));
  return { live, changes, invalid, errors, valid: () => valid };
}

/** For `expect.poll`: far longer than it ever takes, since a busy machine is no failure. */
export const patient: { readonly timeout: number; readonly interval: number } = {
  timeout: 15_000,
  interval: 5,
};

/** Resolves when something is so. */
export async function until(
  what: string,
  isSo: () => boolean,
  timeoutMs: number = patient.timeout,
): Promise<void> {
  const end = performance.now() + timeoutMs;
  while (!isSo()) {
    if (performance.now() > end) throw new Error(`not within ${timeoutMs} ms: ${what}`);
    await pause(5);
  }
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
