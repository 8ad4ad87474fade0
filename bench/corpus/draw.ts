/**
 * Draws a corpus of real merges out of the histories of repositories: every file that differs from both parents of its merge
 * (`git log --diff-merges=combined`), in its four versions, in the layout that `npm run corpus` reads.
 *
 *     CFG_REPOSITORIES=a.git:b/.git CFG_CORPUS=DIR npm run corpus:draw
 *
 * `CFG_DRAW` is how many files of a format are taken from one repository (100), `CFG_CORPUS_SEED` chooses others.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { basename, dirname, extname, join } from 'node:path';
import { Random } from './random.js';

interface Candidate {
  readonly merge: string;
  readonly parents: readonly string[];
  readonly path: string;
}

type Blobs = readonly [base: Buffer, ours: Buffer, theirs: Buffer, merged: Buffer];

const formats: Readonly<Record<string, string>> = {
  '.yaml': 'yaml',
  '.yml': 'yaml',
  '.json': 'json',
  '.ini': 'ini',
  '.cfg': 'ini',
};
const perFormat = Number(process.env['CFG_DRAW'] ?? 100);
const random = new Random(Number(process.env['CFG_CORPUS_SEED'] ?? 1));
const maxBytes = 1_000_000;

const repositories = (process.env['CFG_REPOSITORIES'] ?? '').split(':').filter((dir) => dir !== '');
const folder = process.env['CFG_CORPUS'];
if (folder === undefined || repositories.length === 0)
  throw new Error('CFG_CORPUS names the folder to write, CFG_REPOSITORIES the git directories to read');
const rows = repositories.flatMap((dir) => draw(dir, join(folder, 'merges')));
writeFileSync(join(folder, 'merges/index.jsonl'), rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
console.log(`${rows.length} files of ${repositories.length} repositories`);

function draw(dir: string, target: string): readonly object[] {
  const all = candidates(dir);
  const taken = new Map<string, number>();
  const seen = new Set<string>();
  const drawn: object[] = [];
  for (const candidate of random.sample(all, all.length)) {
    const ext = extname(candidate.path);
    const format = formats[ext] ?? '';
    const count = taken.get(format) ?? 0;
    if (count >= perFormat) continue;
    const blobs = blobsOf(dir, candidate);
    const id = blobs === undefined ? '' : blobs.map((bytes) => bytes.toString('base64')).join();
    if (blobs === undefined || seen.has(id)) continue;
    seen.add(id);
    taken.set(format, count + 1);
    drawn.push(write(join(target, format), { dir, candidate, blobs }));
  }
  console.log(`${dir}: ${all.length} files merged, ${drawn.length} drawn`);
  return drawn;
}

/** In an order that depends on the repository alone. */
function candidates(dir: string): readonly Candidate[] {
  const patterns = Object.keys(formats).map((ext) => `*${ext}`);
  const log = ['log', '--merges', '--max-parents=2', '--full-history', '--no-renames', '--name-only'];
  const out = git(dir, [...log, '--diff-merges=combined', '--format=%x00%H %P', 'HEAD', '--', ...patterns]);
  return out
    .toString('utf8')
    .split('\0')
    .flatMap((block) => {
      const [head = '', ...paths] = block.split('\n').filter((line) => line !== '');
      const [merge = '', ...parents] = head.split(' ');
      return paths.map((path) => ({ merge, parents, path }));
    });
}

/** The versions of a file whose merge has one base; undefined when one is missing, large, or nothing to merge. */
function blobsOf(dir: string, { merge, parents, path }: Candidate): Blobs | undefined {
  const [base, ...others] = git(dir, ['merge-base', '--all', ...parents])
    .toString('utf8')
    .trim()
    .split('\n');
  if (base === undefined || base === '' || others.length > 0) return undefined;
  const [b, o, t, m] = [base, ...parents, merge].map((commit) => blob(dir, `${commit}:${path}`));
  if (b === undefined || o === undefined || t === undefined || m === undefined) return undefined;
  return b.equals(o) || b.equals(t) || o.equals(t) ? undefined : [b, o, t, m];
}

function blob(dir: string, name: string): Buffer | undefined {
  const bytes = git(dir, ['cat-file', 'blob', name]);
  return bytes.length === 0 || bytes.length > maxBytes || bytes.includes(0) ? undefined : bytes;
}

function write(
  target: string,
  { dir, candidate, blobs }: { readonly dir: string; readonly candidate: Candidate; readonly blobs: Blobs },
): object {
  const { merge, path } = candidate;
  const ext = extname(path);
  const repo = basename(basename(dir) === '.git' || basename(dir) === 'repo' ? dirname(dir) : dir);
  const id = `${repo}-${merge.slice(0, 10)}-${path.replaceAll('/', '+')}`;
  mkdirSync(join(target, id), { recursive: true });
  for (const [index, name] of ['base', 'ours', 'theirs', 'merged'].entries())
    writeFileSync(join(target, id, name + ext), blobs[index] ?? '');
  return { id, repo, merge, path, ext: ext.slice(1), format: formats[ext] };
}

/** Standard output; empty when git finds nothing. */
function git(dir: string, args: readonly string[]): Buffer {
  return spawnSync('git', ['--git-dir', dir, ...args], { maxBuffer: 1 << 28 }).stdout;
}
