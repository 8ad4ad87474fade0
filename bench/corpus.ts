/**
 * Tries the documents of a corpus of real files: prints what was tried and how much of it held, one line a format; exit 1 unless all of it did.
 *
 * `npm run corpus -- documents` only tries documents, `-- merges` only measures merges, `-- schemas` only runs the JSON Schema Test Suite of
 * `CFG_SCHEMA_SUITE`. `CFG_CORPUS` names the folder; without it the files of fixtures/ are taken. `CFG_CORPUS_SEED` chooses other random keys.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { tryFile, type Trial } from './corpus/edits.js';
import { corpusFiles, type CorpusFile } from './corpus/files.js';
import { measureMerges } from './corpus/merges.js';
import { Random } from './corpus/random.js';
import { runSchemaSuite } from './corpus/schema-suite.js';

const fixtures = join(import.meta.dirname, '../fixtures');
const root = process.env['CFG_CORPUS'] ?? fixtures;
const seed = Number(process.env['CFG_CORPUS_SEED'] ?? 1);
const maxShown = 40;

interface Tally {
  files: number;
  unreadable: number;
  readonly tried: Map<Trial['what'], number>;
  readonly held: Map<Trial['what'], number>;
}

const tallies = new Map<CorpusFile['format'], Tally>();
const problems: string[] = [];
const [, , only] = process.argv;
if (only === undefined || only === 'documents') {
  for (const file of corpusFiles(root)) count(file);
  report();
}
if (only === undefined || only === 'schemas') runSchemas();
if (only === undefined || only === 'merges') runMerges(join(root, 'merges'));

function runMerges(dir: string): void {
  if (existsSync(join(dir, 'index.jsonl'))) measureMerges(dir);
  else console.log('merges: CFG_CORPUS is not set, or has none: they are left out');
}

function runSchemas(): void {
  const suite = process.env['CFG_SCHEMA_SUITE'];
  if (suite === undefined)
    console.log('schemas: CFG_SCHEMA_SUITE is not set: the JSON Schema Test Suite is left out');
  else if (!runSchemaSuite(suite)) process.exitCode = 1;
}

function count(file: CorpusFile): void {
  const tally = tallies.get(file.format) ?? { files: 0, unreadable: 0, tried: new Map(), held: new Map() };
  tallies.set(file.format, tally);
  tally.files += 1;
  const trials = tryFile(file, new Random(seed));
  if (!trials) tally.unreadable += 1;
  for (const { what, problem } of trials ?? []) {
    tally.tried.set(what, (tally.tried.get(what) ?? 0) + 1);
    if (problem === undefined) tally.held.set(what, (tally.held.get(what) ?? 0) + 1);
    else problems.push(`${file.path}: ${what}: ${problem}`);
  }
}

function report(): void {
  console.log(
    `documents of ${root === fixtures ? 'fixtures/ (CFG_CORPUS is not set: real files are left out)' : root}, seed ${seed}`,
  );
  for (const [format, { files, unreadable, tried, held }] of tallies) {
    const parts = [...tried].map(([what, all]) => `${what} ${held.get(what) ?? 0}/${all}`);
    console.log(`${format}: ${files} files, ${unreadable} do not parse; ${parts.join(', ')}`);
  }
  for (const problem of problems.slice(0, maxShown)) console.log(`  ${problem}`);
  if (problems.length > maxShown) console.log(`  and ${problems.length - maxShown} more`);
  process.exitCode = problems.length > 0 ? 1 : 0;
}
