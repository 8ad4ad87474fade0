/** Side-by-side timing: every round runs each contender once, so that whatever else the machine does hits all of them alike. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, platform, release } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';

export interface Contender {
  readonly name: string;
  /** Done before each run, outside the clock. */
  readonly prepare?: (() => void | Promise<void>) | undefined;
  readonly run: () => unknown;
  /** What `run` does is one of so many parts of the whole. Default 1. */
  readonly parts?: number;
}

interface Timing {
  readonly name: string;
  readonly medianMs: number;
  readonly minMs: number;
  readonly maxMs: number;
}

/** Milliseconds of each contender over `rounds` interleaved rounds, after one round that does not count. */
async function measure(contenders: readonly Contender[], rounds: number): Promise<readonly Timing[]> {
  const samples = new Map<string, number[]>(contenders.map(({ name }) => [name, []]));
  for (let round = 0; round <= rounds; round += 1) {
    for (const { name, prepare, run, parts = 1 } of contenders) {
      await prepare?.();
      const started = performance.now();
      await run();
      const elapsed = (performance.now() - started) * parts;
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

/** What is measured against what. */
export interface Comparison {
  readonly title: string;
  /** The contender that ratios are to. */
  readonly reference: string;
  readonly contenders: readonly (Contender & { readonly target?: number })[];
}

/** Measures a comparison, prints it, and returns it as a Markdown table. */
export async function measureAll(comparison: Comparison, rounds: number): Promise<string> {
  const timings = await measure(comparison.contenders, rounds);
  const text = table(comparison, timings);
  console.log(`${text}\n`);
  return text;
}

function table({ title, reference, contenders }: Comparison, timings: readonly Timing[]): string {
  const base = timings.find(({ name }) => name === reference)?.medianMs ?? 0;
  const rows = timings.map(({ name, medianMs, minMs, maxMs }) => {
    const ratio = base === 0 ? 0 : medianMs / base;
    const target = contenders.find((contender) => contender.name === name)?.target;
    const aim = target === undefined ? '' : `${target}${ratio <= target ? '' : ' (missed)'}`;
    return `| ${name} | ${ms(medianMs)} | ${ms(minMs)} - ${ms(maxMs)} | ${ratio.toFixed(2)} | ${aim} |`;
  });
  const head = `| ${title} | median ms | min - max | x ${reference} | at most |`;
  return [head, '| --- | --- | --- | --- | --- |', ...rows].join('\n');
}

function ms(value: number): string {
  return value < 10 ? value.toFixed(2) : value.toFixed(1);
}

const file = join(import.meta.dirname, '../docs/benchmarks.md');
const preface = `# Benchmarks

Each table is one run in which the contenders took turns, round by round: compare the ratios, not the times. \`git\` is a process started for each
call. \`npm run bench -- AREA\` measures an area again and writes its part of this page.
`;

/** Puts the tables of an area into docs/benchmarks.md, with the machine and the date. */
export function report(area: string, tables: readonly string[]): void {
  const parts = existsSync(file)
    ? readFileSync(file, 'utf8')
        .split(/^(?=## )/m)
        .slice(1)
    : [];
  const memoryMb = Math.round(process.resourceUsage().maxRSS / 1024);
  const machine = `${cpus()[0]?.model ?? 'unknown processor'}, ${cpus().length} cores, ${platform()} ${release()}, Node ${process.versions.node}, ${execFileSync('git', ['--version'], { encoding: 'utf8' }).trim()}`;
  const load = `load ${loadavg()[0]?.toFixed(1)}, peak memory of the run ${memoryMb} MB`;
  const heading = `## ${area}\n\n${new Date().toISOString().slice(0, 10)}; ${machine}; ${load}.\n`;
  const others = parts.filter((part) => !part.startsWith(`## ${area}\n`)).map((part) => part.trimEnd());
  const sections = [...others, [heading, ...tables].join('\n\n').replace(/\n{3,}/g, '\n\n')].toSorted();
  writeFileSync(file, `${[preface.trimEnd(), ...sections].join('\n\n')}\n`);
}
