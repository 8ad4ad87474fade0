/**
 * Measures cfg beside its peers, side by side in one run: `npm run bench -- [AREA…] [--rounds N]`, all areas by default, `AREA/PART` for a part of one.
 * What was measured goes into docs/benchmarks.md. `--check` compares what was measured last with the targets and fails with those missed.
 */
import { parseArgs } from 'node:util';
import type { AreaOptions } from './measure.js';
import { recorded } from './report.js';
import { areasWithTargets, missed } from './targets.js';

interface Area {
  readonly measureArea: (options: AreaOptions) => Promise<void>;
}

const areas: Readonly<Record<string, () => Promise<Area>>> = {
  batch: () => import('./batch/area.js'),
  history: () => import('./history/area.js'),
  load: () => import('./load/area.js'),
  merge: () => import('./merge/area.js'),
  remote: () => import('./remote/area.js'),
  'start-up': () => import('./start-up/area.js'),
  store: () => import('./store/area.js'),
  validate: () => import('./validate/area.js'),
  watch: () => import('./watch/area.js'),
};

const given = commandLine();
const rounds = given?.values.rounds === undefined ? undefined : Number(given.values.rounds);
const wanted = given?.positionals.length ? given.positionals : Object.keys(areas);
const unknown = wanted.filter((word) => areas[nameIn(word)] === undefined);

if (given === undefined || unknown.length > 0 || (rounds !== undefined && !(rounds >= 1))) {
  console.error(
    `usage: npm run bench -- [--check] [--rounds N] [AREA[/PART]…]; areas: ${Object.keys(areas).join(', ')}`,
  );
  process.exitCode = 2;
} else if (given.values.check === true) check(wanted);
else for (const word of wanted) await measure(word);

/** Undefined for an option that there is not. */
function commandLine() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: { check: { type: 'boolean' }, rounds: { type: 'string' } },
    });
  } catch {
    return undefined;
  }
}

async function measure(word: string): Promise<void> {
  const name = nameIn(word);
  const part = word.slice(name.length + 1);
  const area = await areas[name]?.();
  await area?.measureArea({ ...(rounds !== undefined && { rounds }), ...(part !== '' && { part }) });
}

function check(names: readonly string[]): void {
  const figures = recorded();
  const checked = names.filter((name) => areasWithTargets.includes(name));
  const lines = checked.flatMap((name) => missed(name, figures[name]?.tables ?? []));
  console.log(lines.length === 0 ? `all targets reached: ${checked.join(', ')}` : lines.join('\n'));
  if (lines.length > 0) process.exitCode = 1;
}

function nameIn(word: string): string {
  return word.split('/', 1)[0] ?? '';
}
