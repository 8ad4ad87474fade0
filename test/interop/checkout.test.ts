import { cpSync, lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { expect, describe, it } from 'vitest';
import { isConfigError } from '../../src/errors.js';
import { applyEdit, type Edit, edits } from '../store/worktree/random-edits.js';
import {
  gitStatus,
  openSandbox,
  plainStatus,
  sandbox,
  type Sandbox,
  temporaryFolder,
} from '../store/worktree/sandbox.js';

const numRuns = process.env['CFG_FULL'] ? 400 : 30;

/** Every file with its mode and content, and every folder: what must not change when a checkout is refused. */
function snapshot(dir: string, below = ''): Record<string, string> {
  const files: Record<string, string> = {};
  for (const name of readdirSync(join(dir, below)).toSorted()) {
    if (name === '.git') continue;
    const path = join(below, name);
    const stat = lstatSync(join(dir, path));
    if (stat.isDirectory()) Object.assign(files, { [path]: 'folder' }, snapshot(dir, path));
    else if (stat.isSymbolicLink()) files[path] = `link ${readlinkSync(join(dir, path))}`;
    else files[path] = `${stat.mode & 0o100 ? 'x' : '-'} ${readFileSync(join(dir, path), 'utf8')}`;
  }
  return files;
}

function play(dir: string, list: readonly Edit[]): void {
  for (const one of list) applyEdit(dir, one);
}

async function errorOf(run: () => unknown): Promise<unknown> {
  try {
    await run();
    return undefined;
  } catch (error) {
    return error;
  }
}

/** Two copies of a repository on `main` with local changes, and the trees of `main` and `other`. */
interface Scene {
  readonly box: Sandbox;
  readonly twinDir: string;
  readonly from: string;
  readonly to: string;
}

function prepare(history: readonly (readonly Edit[])[]): Scene {
  const [first = [], second = [], staged = [], local = []] = history;
  const box = sandbox(temporaryFolder());
  play(box.dir, first);
  const from = box.commit();
  box.git('checkout', '-q', '-b', 'other');
  play(box.dir, second);
  const to = box.commit();
  box.git('checkout', '-q', 'main');
  play(box.dir, staged);
  box.git('add', '-A');
  play(box.dir, local);
  const twinDir = temporaryFolder();
  cpSync(box.dir, twinDir, { recursive: true, verbatimSymlinks: true, preserveTimestamps: true });
  return { box, twinDir, from, to };
}

/** Runs both checkouts and compares what they left; says whether ours refused. */
async function compareWithGit(history: readonly (readonly Edit[])[]): Promise<boolean> {
  const scene = prepare(history);
  const { box, twinDir, from, to } = scene;
  const before = snapshot(box.dir);
  const index = readFileSync(box.path('.git/index'));
  const added = stagedAdditions(scene);
  const { worktree } = await openSandbox(box.dir, box.env);
  const gitError = await errorOf(() => box.git('-C', twinDir, 'checkout', '-q', 'other'));
  const error = await errorOf(() => worktree.checkout(from, to));
  if (error !== undefined) {
    expectRefusal(error);
    expectUnchanged(box, { before, index });
    if (gitError === undefined) expectLoss(error, scene, before);
    return true;
  }
  box.git('symbolic-ref', 'HEAD', 'refs/heads/other');
  expect(plainStatus(await worktree.status(to))).toEqual(gitStatus(box));
  expect(box.git('fsck', '--strict', '--no-dangling')).toBe('');
  if (gitError === undefined) expectSame(scene, before, added);
  return false;
}

/** Where the old tree has a file and the new one a folder, git drops what is staged in that folder without a word; cfg must keep it. */
function expectSame({ box, twinDir }: Scene, before: Record<string, string>, added: readonly string[]): void {
  const [ours, theirs] = [filesOnly(snapshot(box.dir)), filesOnly(snapshot(twinDir))];
  const present = filesOnly(before);
  expect(added.filter((path) => path in present && !(path in ours))).toEqual([]);
  const lost = added.filter((path) => path in ours && !(path in theirs));
  const kept = Object.fromEntries(lost.map((path) => [path, present[path]]));
  expect(ours).toEqual({ ...theirs, ...kept });
  const stages = box.git('ls-files', '-z', '--stage').split('\0');
  expect(stages.filter((line) => !lost.includes(line.slice(line.indexOf('\t') + 1)))).toEqual(
    box.git('-C', twinDir, 'ls-files', '-z', '--stage').split('\0'),
  );
}

/** Paths that the index has and the tree of HEAD has not. */
function stagedAdditions({ box, from }: Scene): readonly string[] {
  const committed = new Set(box.git('ls-tree', '-r', '-z', '--name-only', from).split('\0'));
  return box
    .git('ls-files', '-z')
    .split('\0')
    .filter((path) => !committed.has(path));
}

function filesOnly(files: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(files).filter(([, value]) => value !== 'folder'));
}

function expectRefusal(error: unknown): void {
  expect(error).toMatchObject({ code: 'E_LOCAL_CHANGES', details: { paths: expect.any(Array) } });
}

function expectUnchanged(
  box: Sandbox,
  { before, index }: { before: Record<string, string>; index: Buffer },
): void {
  expect(snapshot(box.dir)).toEqual(before);
  expect(readFileSync(box.path('.git/index')).equals(index)).toBe(true);
}

/**
 * Where a staged new file and a file of the other tree need one name as file and as folder, git drops one of them without a word; cfg refuses.
 */
function expectLoss(error: unknown, scene: Scene, before: Record<string, string>): void {
  const after = snapshot(scene.twinDir);
  const index = new Set(scene.box.git('-C', scene.twinDir, 'ls-files', '-z').split('\0'));
  const wanted = scene.box.git('ls-tree', '-r', '-z', '--name-only', scene.to).split('\0').filter(Boolean);
  const paths = isConfigError(error) ? Object.values(error.details?.['paths'] ?? {}).map(String) : [];
  const kept = paths.filter((path) => after[path] === before[path] && index.has(path));
  expect(kept.length < paths.length || wanted.some((path) => !index.has(path))).toBe(true);
}

describe('checkout of random trees over random local changes', () => {
  it('does what git does, or refuses and changes nothing', async () => {
    const seen = { refused: 0, done: 0 };
    await fc.assert(
      fc.asyncProperty(edits, edits, edits, edits, async (...history) => {
        const refused = await compareWithGit(history);
        seen[refused ? 'refused' : 'done'] += 1;
      }),
      { numRuns },
    );
    expect(Math.min(seen.refused, seen.done)).toBeGreaterThan(0);
  }, 600_000);

  it('carries nothing over when there are no local changes', async () => {
    await fc.assert(
      fc.asyncProperty(edits, edits, async (first, second) => {
        expect(await compareWithGit([first, second])).toBe(false);
      }),
      { numRuns: Math.ceil(numRuns / 2) },
    );
  }, 600_000);
});
