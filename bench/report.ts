/** The last figures of each area: docs/benchmarks.json, and docs/benchmarks.md made from it. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, platform, release } from 'node:os';
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import type { Figures, Table } from './measure.js';
import { isMet, targetsOf, type Target } from './targets.js';

export interface Recorded {
  /** The day, the machine, how busy it was. */
  readonly conditions: string;
  readonly tables: readonly Table[];
}

const docs = join(import.meta.dirname, '../docs');
const data = join(docs, 'benchmarks.json');

/** What was measured last, by area. */
export function recorded(): Readonly<Record<string, Recorded>> {
  return existsSync(data) ? JSON.parse(readFileSync(data, 'utf8')) : {};
}

/** Prints the tables of an area, and puts them in place of those of the same title. */
export async function report(area: string, tables: readonly Table[]): Promise<void> {
  for (const table of tables) console.log(`${markdown(area, table)}\n`);
  const before = recorded();
  const kept = (before[area]?.tables ?? []).filter(
    (old) => !tables.some((table) => headOf(table) === headOf(old)),
  );
  const all = { ...before, [area]: { conditions: conditions(), tables: [...kept, ...tables] } };
  await writeFormatted(data, JSON.stringify(all));
  await writeFormatted(join(docs, 'benchmarks.md'), page(all));
}

async function writeFormatted(filepath: string, text: string): Promise<void> {
  writeFileSync(filepath, await format(text, { ...(await resolveConfig(filepath)), filepath }));
}

function conditions(): string {
  const gitVersion = execFileSync('git', ['--version'], { encoding: 'utf8' }).trim();
  return [
    new Date().toISOString().slice(0, 10),
    `${cpus()[0]?.model ?? 'unknown processor'}, ${cpus().length} cores, ${platform()} ${release()}, Node ${process.versions.node}, ${gitVersion}`,
    `load ${loadavg()[0]?.toFixed(1)}, peak memory of the run ${Math.round(process.resourceUsage().maxRSS / 1024)} MB`,
  ].join('; ');
}

const preface = `# Benchmarks

Each table is one run in which the contenders took turns, round by round; a ratio is to the first named one of the same round: median, and
the smallest and the greatest. Compare the ratios, not the times. \`git\` is a process started for each call.

\`npm run bench\` measures everything (about 30 minutes), \`npm run bench -- AREA…\` a part of it (\`store\`, \`store/status\`), and writes this page and
\`benchmarks.json\`; \`--rounds N\` sets how often. \`npm run bench -- --check\` holds the last figures against \`bench/targets.json\`. \`CFG_BENCH_REPO\` names
a repository with a long history; without it the rows about one are left out.
`;

function page(all: Readonly<Record<string, Recorded>>): string {
  const sections = Object.entries(all)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([area, { conditions: when, tables }]) => [
      `## ${area}`,
      `${when}.`,
      ...tables.map((table) => markdown(area, table)),
    ]);
  return `${[preface.trimEnd(), ...sections].join('\n\n')}\n`;
}

function headOf({ title, place }: Table): string {
  return place === undefined ? title : `${place}: ${title}`;
}

function markdown(area: string, table: Table): string {
  const targets = targetsOf(area, table);
  const rows = table.rows.map((row) => {
    const own = targets.filter(({ contender }) => contender === row.name);
    const cells = [
      row.name,
      time(row.medianMs),
      spread(row),
      own.map((target) => aim(target, table)).join('; '),
    ];
    return `| ${cells.join(' | ')} |`;
  });
  const head = `| ${headOf(table)} | median ms | x ${table.reference} | at most |`;
  return [head, '| --- | --- | --- | --- |', ...rows].join('\n');
}

function spread({ ratio }: Figures): string {
  return `${times(ratio.median)} (${times(ratio.min)} - ${times(ratio.max)})`;
}

function aim(target: Target, table: Table): string {
  const to = target.to === table.reference ? '' : ` of ${target.to}`;
  return `${target.atMost}${to}${isMet(target, table) ? '' : ' (missed)'}`;
}

function time(ms: number): string {
  return ms < 10 ? ms.toPrecision(3) : ms.toFixed(1);
}

function times(ratio: number): string {
  return ratio < 0.1 ? ratio.toFixed(3) : ratio.toFixed(2);
}
