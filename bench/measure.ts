/** Side-by-side timing: every round runs each contender once, so that whatever else the machine does hits all of them alike. */
import { performance } from 'node:perf_hooks';

export interface Contender {
  readonly name: string;
  /** Done before each run, outside the clock. */
  readonly prepare?: (() => void | Promise<void>) | undefined;
  readonly run: () => unknown;
  /** What `run` does is one of so many parts of the whole; its time is multiplied. Default 1. */
  readonly parts?: number;
}

/** What is measured against what. */
export interface Comparison {
  readonly title: string;
  /** Where, when the same is measured in several places: `tmpfs`. */
  readonly place?: string;
  /** The contender that ratios are to. */
  readonly reference: string;
  readonly contenders: readonly Contender[];
}

/** How an area is measured. */
export interface AreaOptions {
  /** How often each contender runs; default what the area needs for a steady median. */
  readonly rounds?: number;
  /** The part of the area that is wanted; default all. */
  readonly part?: string;
}

export interface Figures {
  readonly name: string;
  /** Milliseconds of the median round. */
  readonly medianMs: number;
  /** To the reference in the same round: the smallest, the median, the greatest. */
  readonly ratio: { readonly min: number; readonly median: number; readonly max: number };
}

export interface Table extends Pick<Comparison, 'title' | 'place' | 'reference'> {
  readonly rounds: number;
  readonly rows: readonly Figures[];
}

/** Measures a comparison over interleaved rounds, after one that does not count. */
export async function measureAll(comparison: Comparison, rounds: number): Promise<Table> {
  const { contenders, reference, title, place } = comparison;
  const samples = new Map<string, number[]>(contenders.map(({ name }) => [name, []]));
  for (let round = 0; round <= rounds; round += 1) {
    for (const contender of contenders) {
      const elapsedMs = await elapsed(contender);
      if (round > 0) samples.get(contender.name)?.push(elapsedMs);
    }
  }
  const base = samples.get(reference);
  if (base === undefined) throw new Error(`'${title}' has no contender '${reference}'`);
  const rows = [...samples].map(([name, times]) => figures(name, times, base));
  return { title, ...(place !== undefined && { place }), reference, rounds, rows };
}

async function elapsed({ prepare, run, parts = 1 }: Contender): Promise<number> {
  await prepare?.();
  const started = performance.now();
  await run();
  return (performance.now() - started) * parts;
}

function figures(name: string, times: readonly number[], base: readonly number[]): Figures {
  const ratios = times.map((time, round) => time / (base[round] ?? Number.NaN)).toSorted((a, b) => a - b);
  const ratio = { min: ratios[0] ?? 0, median: median(ratios), max: ratios.at(-1) ?? 0 };
  return { name, medianMs: median(times.toSorted((a, b) => a - b)), ratio };
}

function median(sorted: readonly number[]): number {
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? 0)) / 2;
}
