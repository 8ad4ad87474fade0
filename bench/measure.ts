/** Side-by-side timing: every round runs each contender once, so that whatever else the machine does hits all of them alike. */
import { performance } from 'node:perf_hooks';

export interface Contender {
  readonly name: string;
  /** Done before each run, outside the clock. */
  readonly prepare?: () => void | Promise<void>;
  readonly run: () => unknown;
}

export interface Timing {
  readonly name: string;
  readonly medianMs: number;
  readonly minMs: number;
  readonly maxMs: number;
}

/** Milliseconds of each contender over `rounds` interleaved rounds, after one round that does not count. */
export async function measure(contenders: readonly Contender[], rounds: number): Promise<readonly Timing[]> {
  const samples = new Map<string, number[]>(contenders.map(({ name }) => [name, []]));
  for (let round = 0; round <= rounds; round += 1) {
    for (const { name, prepare, run } of contenders) {
      await prepare?.();
      const started = performance.now();
      await run();
      const elapsed = performance.now() - started;
      if (round > 0) samples.get(name)?.push(elapsed);
    }
  }
  return contenders.map(({ name }) => timing(name, samples.get(name) ?? []));
}

function timing(name: string, samples: readonly number[]): Timing {
  const sorted = samples.toSorted((a, b) => a - b);
  return { name, medianMs: median(sorted), minMs: sorted[0] ?? 0, maxMs: sorted.at(-1) ?? 0 };
}

function median(sorted: readonly number[]): number {
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? 0)) / 2;
}

/** A Markdown table of timings; the ratio is to the first row named `reference`. */
export function table(title: string, timings: readonly Timing[], reference: string): string {
  const base = timings.find(({ name }) => name === reference)?.medianMs ?? 0;
  const rows = timings.map(
    ({ name, medianMs, minMs, maxMs }) =>
      `| ${name} | ${ms(medianMs)} | ${ms(minMs)} - ${ms(maxMs)} | ${base === 0 ? '' : (medianMs / base).toFixed(2)} |`,
  );
  return [`| ${title} | median ms | min - max | x ${reference} |`, '| --- | --- | --- | --- |', ...rows].join(
    '\n',
  );
}

function ms(value: number): string {
  return value < 10 ? value.toFixed(2) : value.toFixed(1);
}
