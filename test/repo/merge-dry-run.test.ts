import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ConfigError } from '../../src/errors.js';
import type { MergeAnswer } from '../../src/repo/index.js';
import { diverged, type Sandbox } from './sandbox.js';

/** Every file and folder, of the worktree and below .git, with its times, its mode and a digest of its bytes. */
function everything(box: Sandbox): readonly string[] {
  return readdirSync(box.dir, { recursive: true, encoding: 'utf8' })
    .map((name) => {
      const stat = statSync(`${box.dir}/${name}`, { bigint: true });
      const bytes = stat.isFile() ? readFileSync(`${box.dir}/${name}`) : '';
      const digest = createHash('sha256').update(bytes).digest('hex');
      return `${name} ${stat.mtimeNs} ${stat.ctimeNs} ${stat.mode} ${digest}`;
    })
    .toSorted();
}

/** The result of a merge, or the code of its error. */
async function outcomeOf(merging: Promise<MergeAnswer>): Promise<string> {
  return await merging.then(
    ({ result }) => result,
    (error: unknown) => (error instanceof ConfigError ? error.code : String(error)),
  );
}

describe('a dry run of a merge', () => {
  it('writes nothing at all', async () => {
    const box = diverged(
      { 'a.yaml': 'a: 1\nb: 1\n' },
      { 'a.yaml': 'a: 2\nb: 1\n' },
      { 'a.yaml': 'a: 1\nb: 2\n' },
    );
    const repo = await box.open();
    const before = everything(box);
    expect(await repo.merge('feature', { dryRun: true })).toEqual({
      result: 'merged',
      conflicts: [],
      files: ['a.yaml'],
    });
    expect(everything(box)).toEqual(before);
    const clash = diverged({ 'a.txt': '1\n' }, { 'a.txt': '2\n' }, { 'a.txt': '3\n' });
    const still = everything(clash);
    expect(await (await clash.open()).merge('feature', { dryRun: true })).toMatchObject({
      result: 'conflicts',
      conflicts: [{ file: 'a.txt' }],
    });
    expect(everything(clash)).toEqual(still);
  });

  it('writes nothing with strategies, renames, several bases and unrelated histories', async () => {
    const box = diverged(
      { 'a.yaml': 'a: 1\n', 'd/one.yaml': 'b: 1\nc: 1\nd: 1\n' },
      { 'a.yaml': 'a: 2\n', 'd/one.yaml': null, 'e/one.yaml': 'b: 1\nc: 1\nd: 1\n' },
      { 'a.yaml': 'a: 3\n', 'd/one.yaml': 'b: 1\nc: 1\nd: 2\n', 'd/two.yaml': 'new: 1\n' },
    );
    box.git('branch', 'side', 'main');
    box.git('checkout', '-q', 'feature');
    box.git('merge', '-q', '-s', 'ours', '-m', 'one way', 'side');
    box.git('checkout', '-q', 'main');
    box.git('merge', '-q', '-s', 'ours', '-m', 'other way', 'feature^1');
    box.git('branch', 'unrelated', box.git('commit-tree', '-m', 'alone', 'feature^{tree}').trim());
    const repo = await box.open();
    const before = everything(box);
    await repo.merge('feature', { dryRun: true });
    await repo.merge('feature', { dryRun: true, strategy: 'newest' });
    await repo.merge('feature', { dryRun: true, strategy: 'custom', resolver: () => 7 });
    await repo.merge('unrelated', { dryRun: true, allowUnrelated: true });
    expect(everything(box)).toEqual(before);
  });

  it.each<[string, (box: Sandbox) => void, string]>([
    ['an ignored file in the way', (box) => box.write('ignored.yaml', 'mine: 1\n'), 'E_LOCAL_CHANGES'],
    ['a folder in the way', (box) => box.write('new.yaml/mine', '1\n'), 'E_LOCAL_CHANGES'],
    ['a changed file', (box) => box.write('b.yaml', 'b: 9\n'), 'E_LOCAL_CHANGES'],
    ['a new file with the very content', (box) => box.write('new.yaml', 'n: 1\n'), 'merged'],
    ['a file that is gone', (box) => rmSync(`${box.dir}/b.yaml`), 'merged'],
  ])('says of %s what the merge then does', async (_name, prepare, outcome) => {
    const box = diverged(
      { 'a.yaml': 'a: 1\n', 'b.yaml': 'b: 1\n' },
      { 'a.yaml': 'a: 2\n' },
      { 'b.yaml': 'b: 2\n', 'new.yaml': 'n: 1\n', 'ignored.yaml': 'i: 1\n' },
    );
    box.write('.git/info/exclude', 'ignored.yaml\n');
    prepare(box);
    const repo = await box.open();
    expect(await outcomeOf(repo.merge('feature', { dryRun: true }))).toBe(outcome);
    expect(await outcomeOf(repo.merge('feature'))).toBe(outcome);
  });
});
