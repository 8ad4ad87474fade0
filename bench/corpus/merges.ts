/** Real merges: what git, cfg and people made of them. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mergeDocuments } from '../../src/merge/index.js';
import { mergeMarked } from './json-merger.js';
import { isBroken, inventedLines, lostChanges, type Versions } from './merge-laws.js';
import { likeness, type Likeness } from './merge-classes.js';

interface Scenario extends Versions {
  readonly id: string;
  readonly format: string;
}

interface Answer {
  readonly text: string;
  readonly isClean: boolean;
  readonly hasRenames: boolean;
  readonly ms: number;
}

interface Tally {
  files: number;
  gitConflicts: number;
  conflicts: number;
  resolved: number;
  worse: number;
  broken: number;
  lost: number;
  invented: number;
  readonly likeness: Map<Likeness, number>;
  readonly ms: number[];
}

/** Prints a table for the merges under `folder` (see its README), and what is worth a look with `isVerbose`. */
export function measureMerges(folder: string, isVerbose = false): void {
  const scenarios = readScenarios(folder);
  const work = mkdtempSync(join(tmpdir(), 'cfg-merges-'));
  const [cfg, git, npm] = [new Map<string, Tally>(), new Map<string, Tally>(), new Map<string, Tally>()];
  for (const scenario of scenarios) {
    const byGit = gitMerge(scenario, work);
    const byCfg = cfgMerge(scenario);
    for (const format of [scenario.format, 'all']) {
      count(tallyOf(cfg, format), scenario, { answer: byCfg, git: byGit });
      count(tallyOf(git, format), scenario, { answer: byGit, git: byGit });
    }
    if (scenario.format === 'json')
      count(tallyOf(npm, 'json'), scenario, { answer: npmMerge(scenario, work), git: byGit });
    if (isVerbose) explain(scenario, byCfg, byGit);
  }
  rmSync(work, { recursive: true });
  print('cfg', cfg);
  print('git merge-file', git);
  print('parse-conflict-json, from what git leaves', npm);
}

function readScenarios(folder: string): readonly Scenario[] {
  const lines = readFileSync(join(folder, 'index.jsonl'), 'utf8').trim().split('\n');
  return lines.map((line): Scenario => {
    const columns: unknown = JSON.parse(line);
    const [id, format, ext, path] = ['id', 'format', 'ext', 'path'].map((name) => column(columns, name));
    const read = (name: string): string =>
      readFileSync(join(folder, format ?? '', id ?? '', `${name}.${ext ?? ''}`), 'utf8');
    return {
      id: id ?? '',
      format: format ?? '',
      path: path ?? '',
      base: read('base'),
      ours: read('ours'),
      theirs: read('theirs'),
      merged: read('merged'),
    };
  });
}

function column(columns: unknown, name: string): string {
  if (typeof columns !== 'object' || columns === null) return '';
  return String(Object.entries(columns).find(([key]) => key === name)?.[1] ?? '');
}

function npmMerge(scenario: Scenario, work: string): Answer {
  const start = performance.now();
  const marked = gitMerge(scenario, work, ['--diff3']);
  const text = marked.isClean ? marked.text : mergeMarked(marked.text);
  return {
    text: text ?? marked.text,
    isClean: text !== undefined,
    hasRenames: false,
    ms: performance.now() - start,
  };
}

function gitMerge({ base, ours, theirs }: Scenario, work: string, options: readonly string[] = []): Answer {
  for (const [name, text] of Object.entries({ base, ours, theirs })) writeFileSync(join(work, name), text);
  const start = performance.now();
  const { status, stdout } = spawnSync('git', ['merge-file', '-p', ...options, 'ours', 'base', 'theirs'], {
    cwd: work,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  return { text: stdout, isClean: status === 0, hasRenames: false, ms: performance.now() - start };
}

function cfgMerge({ path, base, ours, theirs }: Scenario): Answer {
  const start = performance.now();
  const { text, conflicts, notes } = mergeDocuments({ path, base, ours, theirs });
  const ms = performance.now() - start;
  return {
    text,
    isClean: conflicts.length === 0,
    hasRenames: notes.some(({ rule }) => rule === 'rename'),
    ms,
  };
}

function tallyOf(tallies: Map<string, Tally>, format: string): Tally {
  const known = tallies.get(format);
  if (known !== undefined) return known;
  const tally: Tally = {
    files: 0,
    gitConflicts: 0,
    conflicts: 0,
    resolved: 0,
    worse: 0,
    broken: 0,
    lost: 0,
    invented: 0,
    likeness: new Map(),
    ms: [],
  };
  tallies.set(format, tally);
  return tally;
}

function count(tally: Tally, scenario: Scenario, { answer, git }: { answer: Answer; git: Answer }): void {
  tally.files++;
  tally.ms.push(answer.ms);
  if (!git.isClean) tally.gitConflicts++;
  if (git.isClean && isWorse(scenario, answer, git)) tally.worse++;
  if (!answer.isClean) {
    tally.conflicts++;
    return;
  }
  if (isBroken(answer.text, scenario)) tally.broken++;
  if (!answer.hasRenames && lostChanges(answer.text, scenario).length > 0) tally.lost++;
  if (inventedLines(answer.text, scenario).length > 0) tally.invented++;
  if (git.isClean) return;
  tally.resolved++;
  const kind = likeness(answer.text, scenario);
  tally.likeness.set(kind, (tally.likeness.get(kind) ?? 0) + 1);
}

/** A conflict where git has none, or another meaning where git has that of people; what git broke cannot be made worse. */
function isWorse(scenario: Scenario, answer: Answer, git: Answer): boolean {
  if (answer.text === git.text || isBroken(git.text, scenario)) return false;
  if (!answer.isClean) return true;
  return likeness(git.text, scenario) === 'equal' && likeness(answer.text, scenario) !== 'equal';
}

function explain(scenario: Scenario, mine: Answer, git: Answer): void {
  const marks = [
    git.isClean && isWorse(scenario, mine, git) ? 'worse' : '',
    !git.isClean && !mine.isClean ? 'conflict' : '',
    mine.isClean && !git.isClean ? likeness(mine.text, scenario) : '',
    mine.isClean && isBroken(mine.text, scenario) ? 'BROKEN' : '',
    mine.isClean && lostChanges(mine.text, scenario).length > 0
      ? `LOST ${lostChanges(mine.text, scenario)[0]}`
      : '',
    mine.isClean && inventedLines(mine.text, scenario).length > 0
      ? `lines ${JSON.stringify(inventedLines(mine.text, scenario)[0])}`
      : '',
    mine.ms > 200 ? `${Math.round(mine.ms)} ms` : '',
  ].filter((mark) => mark !== '' && mark !== 'equal');
  if (marks.length > 0)
    console.log(`${scenario.format}/${scenario.id} ${scenario.path}: ${marks.join(', ')}`);
}

function print(tool: string, tallies: ReadonlyMap<string, Tally>): void {
  console.log(`\n${tool}`);
  const columns = [
    'files',
    'git conflicts',
    'conflicts',
    'resolved',
    'equal',
    'equal*',
    'worse',
    'broken',
    'lost',
    'lines',
  ];
  console.log(['format', ...columns, 'p50', 'p95', 'max ms'].join('\t'));
  for (const [format, tally] of [...tallies].toSorted(byName)) {
    const kind = (likenessName: Likeness): number => tally.likeness.get(likenessName) ?? 0;
    const known = tally.resolved - kind('human-new') - kind('human-side') - kind('human-broken');
    const cells = [
      tally.files,
      tally.gitConflicts,
      tally.conflicts,
      tally.resolved,
      percent(kind('equal'), tally.resolved),
      percent(kind('equal'), known),
      tally.worse,
      tally.broken,
      tally.lost,
      tally.invented,
      ...[0.5, 0.95, 1].map((share) => quantile(tally.ms, share).toFixed(1)),
    ];
    console.log([format, ...cells].join('\t'));
    const classes = [...tally.likeness].toSorted(byName).map(([kindName, files]) => `${kindName} ${files}`);
    if (classes.length > 0) console.log(`  ${classes.join(', ')}`);
  }
  console.log(
    'equal*: without files in which people took one side whole, wrote what neither side has, or committed what is broken',
  );
}

function byName(a: readonly [string, unknown], b: readonly [string, unknown]): number {
  return a[0] < b[0] ? -1 : Number(a[0] > b[0]);
}

function percent(part: number, whole: number): string {
  return whole === 0 ? '-' : `${((100 * part) / whole).toFixed(1)}%`;
}

function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
}
