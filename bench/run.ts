/**
 * Measures cfg beside its peers, side by side in one run: `npm run bench -- AREA [PART]`. What was measured goes into docs/benchmarks.md.
 *
 * `CFG_ROUNDS` sets how often (default 7), `CFG_FULL=1` adds the largest sizes, `CFG_BENCH_REPO` names a repository with a long history.
 */
const areas: Readonly<
  Record<string, () => Promise<{ readonly measureArea: (only?: string) => Promise<void> }>>
> = {
  batch: () => import('./batch/area.js'),
  history: () => import('./history/area.js'),
  load: () => import('./load/area.js'),
  merge: () => import('./merge/area.js'),
  'start-up': () => import('./start-up/area.js'),
  store: () => import('./store/area.js'),
  watch: () => import('./watch/area.js'),
};

const [name = '', only] = process.argv.slice(2);
const area = areas[name];
if (area === undefined) {
  console.error(`usage: npm run bench -- ${Object.keys(areas).join(' | ')} [PART]`);
  process.exitCode = 2;
} else await (await area()).measureArea(only);
