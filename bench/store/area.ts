/** The store beside git as a process and isomorphic-git, on the disk of the temporary folder and in memory. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Comparison, measureAll, report } from '../measure.js';
import { branchSwitch, longHistory, packReads, status, treeDiff } from './reads.js';
import { addFiles, manyCommits, oneCommit } from './writes.js';

const rounds = Number(process.env['CFG_ROUNDS'] ?? 7);
const sizes = process.env['CFG_FULL'] ? [1_000, 10_000, 100_000] : [1_000, 10_000];

type Making = (root: string) => Comparison | Promise<Comparison>;

const inFolders: readonly (readonly [name: string, make: Making])[] = [
  ['commit', (root) => oneCommit(root, 1_000)],
  ...sizes.map((size) => ['status', (root: string) => status(root, size)] as const),
  ...[1, 100, 1_000].map((changed) => ['diff', (root: string) => treeDiff(root, changed)] as const),
  ...[1, 100, 1_000].map((changed) => ['switch', (root: string) => branchSwitch(root, changed)] as const),
  ['add', (root) => addFiles(root, 1_000)],
  ['add', (root) => addFiles(root, 10_000)],
  ['commit', (root) => oneCommit(root, 10_000)],
  ['commits', (root) => manyCommits(root, 1_000)],
];

/** All, or those of one name (`history` included). The page is written after each, so that a run can be cut short. */
export async function measureArea(only?: string): Promise<void> {
  const tables: string[] = [];
  const add = (table: string): void => {
    tables.push(table);
    report('store', tables);
  };
  const repository = process.env['CFG_BENCH_REPO'];
  if (repository !== undefined && (only ?? 'history') === 'history')
    for (const make of [longHistory, packReads]) add(await measureAll(await make(repository), rounds));
  for (const place of [tmpdir(), '/dev/shm'].filter((path) => existsSync(path))) {
    const kind = execFileSync('stat', ['-f', '-c', '%T', place], { encoding: 'utf8' }).trim();
    for (const [name, make] of inFolders)
      if ((only ?? name) === name)
        add(await measureIn(place, `${kind.replace('ext2/ext3', 'ext4')}: `, make));
  }
}

async function measureIn(place: string, kind: string, make: Making): Promise<string> {
  const root = mkdtempSync(join(place, 'cfg-bench-'));
  try {
    const comparison = await make(root);
    return await measureAll({ ...comparison, title: kind + comparison.title }, rounds);
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}
