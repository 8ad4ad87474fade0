/** The store beside git as a process and isomorphic-git, on the disk of the temporary folder and in memory. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type AreaOptions, type Comparison, measureAll } from '../measure.js';
import { report } from '../report.js';
import { branchSwitch, longHistory, packReads, status, treeDiff } from './reads.js';
import { addFiles, manyCommits, oneCommit } from './writes.js';

const sizes = [1_000, 10_000, 100_000];

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
export async function measureArea({ rounds = 7, part }: AreaOptions): Promise<void> {
  const measure = async (comparison: Comparison): Promise<void> =>
    report('store', [await measureAll(comparison, rounds)]);
  const repository = process.env['CFG_BENCH_REPO'];
  if ((part ?? 'history') === 'history') {
    if (repository === undefined)
      console.log('without CFG_BENCH_REPO: the log of a long history and reads from its pack are left out\n');
    else for (const make of [longHistory, packReads]) await measure(await make(repository));
  }
  for (const folder of [tmpdir(), '/dev/shm'].filter((path) => existsSync(path))) {
    const kind = execFileSync('stat', ['-f', '-c', '%T', folder], { encoding: 'utf8' }).trim();
    const place = kind.replace('ext2/ext3', 'ext4');
    for (const [name, make] of inFolders)
      if ((part ?? name) === name)
        await within(folder, async (root) => measure({ ...(await make(root)), place }));
  }
}

async function within(folder: string, use: (root: string) => Promise<void>): Promise<void> {
  const root = mkdtempSync(join(folder, 'cfg-bench-'));
  try {
    await use(root);
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}
