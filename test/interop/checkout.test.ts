import { cpSync, lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, describe, it } from 'vitest';
import { type ConfigError, isConfigError } from '../../src/errors.js';
import { applyEdit, type Edit, edits } from '../store/worktree/random-edits.js';
import { gitStatus, openSandbox, plainStatus, sandbox, temporaryFolder } from '../store/worktree/sandbox.js';

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

function gitSucceeds(run: () => unknown): boolean {
  try {
    run();
    return true;
  } catch {
    return false;
  }
}

interface Outcome {
  readonly refused: boolean;
}

async function compareWithGit(history: readonly (readonly Edit[])[]): Promise<Outcome> {
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
  const twin = { ...box, dir: temporaryFolder() };
  cpSync(box.dir, twin.dir, { recursive: true, verbatimSymlinks: true, preserveTimestamps: true });
  const { git: gitIn } = { git: (...args: string[]) => box.git('-C', twin.dir, ...args) };
  const before = snapshot(box.dir);
  const indexBefore = readFileSync(box.path('.git/index'));
  const { worktree } = await openSandbox(box.dir, box.env);
  const agreed = gitSucceeds(() => gitIn('checkout', '-q', 'other'));
  try {
    await worktree.checkout(from, to);
  } catch (error) {
    expect(isConfigError(error, 'E_LOCAL_CHANGES')).toBe(true);
    expect(snapshot(box.dir)).toEqual(before);
    expect(readFileSync(box.path('.git/index')).equals(indexBefore)).toBe(true);
    if (agreed) expectDestroyed(error, before, snapshot(twin.dir));
    return { refused: true };
  }
  box.git('symbolic-ref', 'HEAD', 'refs/heads/other');
  expect(plainStatus(await worktree.status(to))).toEqual(gitStatus(box));
  box.git('fsck', '--strict');
  if (agreed) {
    const filesOnly = (files: Record<string, string>): unknown =>
      Object.entries(files).filter(([, value]) => value !== 'folder');
    expect(filesOnly(snapshot(box.dir))).toEqual(filesOnly(snapshot(twin.dir)));
    expect(box.git('ls-files', '--stage')).toBe(gitIn('ls-files', '--stage'));
  }
  return { refused: false };
}

/** Git drops a staged new file without a word when the other tree has a file where its folder is. */
function expectDestroyed(
  error: unknown,
  before: Record<string, string>,
  after: Record<string, string>,
): void {
  const { paths } = (error as ConfigError).details as { paths: readonly string[] };
  expect(paths.filter((path) => after[path] === before[path])).toEqual([]);
}

describe('checkout of random trees over random local changes', () => {
  it('does what git does, or refuses and changes nothing', async () => {
    const seen = { refused: 0, done: 0 };
    await fc.assert(
      fc.asyncProperty(edits, edits, edits, edits, async (...history) => {
        const { refused } = await compareWithGit(history);
        seen[refused ? 'refused' : 'done'] += 1;
      }),
      { numRuns },
    );
    expect(Math.min(seen.refused, seen.done)).toBeGreaterThan(0);
  }, 600_000);

  it('carries nothing over when there are no local changes', async () => {
    await fc.assert(
      fc.asyncProperty(edits, edits, async (first, second) => {
        expect(await compareWithGit([first, second])).toEqual({ refused: false });
      }),
      { numRuns: Math.ceil(numRuns / 2) },
    );
  }, 600_000);
});
