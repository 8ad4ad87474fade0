import { chmodSync, symlinkSync, rmSync, statSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { change, diverged, repositoryWith, requireSound } from './sandbox.js';

const base = 'host: a\nport: 1\n\nname: x\n\nmode: slow\n';
const ours = 'host: b\nport: 1\n\nname: x\n\nmode: slow\n';
const theirs = 'host: a\nport: 1\n\nname: x\n\nmode: fast\n';

const text = (a: number | string, b: number): string => `a: ${a}\n\n\nb: ${b}\n`;

describe('merge', () => {
  it('joins changes of different keys in a commit with both parents', async () => {
    const box = diverged(
      { 'a.yaml': base, 'b.yaml': 'b: 1\n' },
      { 'a.yaml': ours },
      { 'a.yaml': theirs, 'b.yaml': 'b: 2\n' },
    );
    const parents = [box.git('rev-parse', 'main').trim(), box.git('rev-parse', 'feature').trim()];
    const answer = await (await box.open()).merge('feature');
    expect(answer).toEqual({
      result: 'merged',
      commit: box.git('rev-parse', 'HEAD').trim(),
      conflicts: [],
      files: ['a.yaml', 'b.yaml'],
    });
    expect(box.read('a.yaml')).toBe('host: b\nport: 1\n\nname: x\n\nmode: fast\n');
    expect(box.git('log', '-1', '--format=%P%n%s')).toBe(`${parents.join(' ')}\nMerge branch 'feature'\n`);
    expect(box.git('reflog', '-1', '--format=%gs')).toBe(
      "merge feature: Merge made by the 'cfg' strategy.\n",
    );
    expect(box.git('rev-parse', 'ORIG_HEAD').trim()).toBe(parents[0]);
    expect(box.git('status', '--porcelain')).toBe('');
    requireSound(box);
  });

  it('fast-forwards, says up to date, and does as it is told about it', async () => {
    const box = repositoryWith({ 'a.yaml': 'a: 1\n' });
    box.git('checkout', '-q', '-b', 'feature');
    change(box, { 'a.yaml': 'a: 2\n' }, 'two');
    box.git('checkout', '-q', 'main');
    const tip = box.git('rev-parse', 'feature').trim();
    const repo = await box.open();
    expect(await repo.merge('feature')).toEqual({
      result: 'fast-forward',
      commit: tip,
      conflicts: [],
      files: ['a.yaml'],
    });
    expect(box.git('reflog', '-1', '--format=%gs')).toBe('merge feature: Fast-forward\n');
    expect(await repo.merge('feature')).toEqual({
      result: 'up-to-date',
      commit: tip,
      conflicts: [],
      files: [],
    });
    box.git('checkout', '-q', '-b', 'third', 'HEAD~1');
    expect((await repo.merge('feature', { fastForward: 'never' })).result).toBe('merged');
    expect(box.git('log', '-1', '--format=%s')).toBe("Merge branch 'feature' into third\n");
    change(box, { 'a.yaml': 'a: 3\n' }, 'three');
    box.git('checkout', '-q', 'main');
    change(box, { 'a.yaml': 'a: 4\n' }, 'four');
    await expect(repo.merge('third', { fastForward: 'only' })).rejects.toMatchObject({ code: 'E_STALE' });
    expect(box.git('status', '--porcelain')).toBe('');
  });

  it('leaves a conflict as git does, and git finishes it', async () => {
    const box = diverged({ 'a.yaml': 'a: 1\n' }, { 'a.yaml': 'a: 2\n' }, { 'a.yaml': 'a: 3\n' });
    const answer = await (await box.open()).merge('feature');
    expect(answer).toEqual({
      result: 'conflicts',
      conflicts: [{ file: 'a.yaml', path: 'a', kind: 'modify', base: 1, ours: 2, theirs: 3 }],
      files: ['a.yaml'],
    });
    const oid = box.git('rev-parse', '--short=7', 'HEAD~1').trim();
    expect(box.read('a.yaml')).toBe(
      `<<<<<<< main\na: 2\n||||||| ${oid}\na: 1\n=======\na: 3\n>>>>>>> feature\n`,
    );
    expect(box.git('status', '--porcelain')).toBe('UU a.yaml\n');
    expect(box.git('rev-parse', 'MERGE_HEAD')).toBe(box.git('rev-parse', 'feature'));
    expect(box.git('ls-files', '-u')).toMatch(/1\ta\.yaml\n.* 2\ta\.yaml\n.* 3\ta\.yaml\n/);
    box.write('a.yaml', 'a: 4\n');
    box.git('commit', '-q', '-a', '--no-edit');
    expect(box.git('log', '-1', '--format=%s')).toBe("Merge branch 'feature'\n");
    expect(box.git('rev-list', '--parents', '-1', 'HEAD').split(' ')).toHaveLength(3);
    expect((await (await box.open()).status()).merging).toBe(false);
    requireSound(box);
  });

  it('refuses to overwrite local changes, and carries the others', async () => {
    const box = diverged(
      { 'a.yaml': base, 'b.yaml': 'b: 1\n', 'c.yaml': 'c: 1\n' },
      { 'a.yaml': ours },
      { 'a.yaml': theirs, 'new.yaml': 'n: 1\n' },
    );
    const repo = await box.open();
    box.write('b.yaml', 'b: local\n');
    box.write('a.yaml', `${ours}# typing\n`);
    await expect(repo.merge('feature')).rejects.toMatchObject({
      code: 'E_LOCAL_CHANGES',
      details: { paths: ['a.yaml'] },
    });
    await expect(repo.merge('feature', { dryRun: true })).rejects.toMatchObject({
      details: { paths: ['a.yaml'] },
    });
    box.git('checkout', 'a.yaml');
    box.write('new.yaml', 'mine\n');
    await expect(repo.merge('feature')).rejects.toMatchObject({ details: { paths: ['new.yaml'] } });
    rmSync(`${box.dir}/new.yaml`);
    box.write('c.yaml', 'c: staged\n');
    box.git('add', 'c.yaml');
    expect((await repo.merge('feature')).result).toBe('merged');
    expect(box.git('status', '--porcelain')).toBe(' M b.yaml\nM  c.yaml\n');
    expect(box.git('show', 'HEAD:c.yaml')).toBe('c: 1\n');
  });

  it('does not begin a merge with conflicts while something else is staged', async () => {
    const box = diverged(
      { 'a.yaml': 'a: 1\n', 'b.yaml': 'b: 1\n' },
      { 'a.yaml': 'a: 2\n' },
      { 'a.yaml': 'a: 3\n' },
    );
    box.write('b.yaml', 'b: staged\n');
    box.git('add', 'b.yaml');
    await expect((await box.open()).merge('feature')).rejects.toMatchObject({
      code: 'E_LOCAL_CHANGES',
      details: { paths: ['b.yaml'] },
    });
    expect(box.git('status', '--porcelain')).toBe('M  b.yaml\n');
  });

  it('merges into another branch and in a bare repository, or leaves it alone', async () => {
    const box = diverged({ 'a.yaml': base }, { 'a.yaml': ours }, { 'a.yaml': theirs });
    box.git('checkout', '-q', '-b', 'elsewhere');
    const repo = await box.open();
    const { commit } = await repo.merge('feature', { into: 'main' });
    expect(box.git('rev-parse', 'main').trim()).toBe(commit);
    expect(box.git('status', '--porcelain', '-b')).toBe('## elsewhere\n');
    box.git('clone', '-q', '--bare', '.', 'bare.git');
    const bare = await box.open(`${box.dir}/bare.git`);
    expect((await bare.merge('main', { into: 'feature' })).result).toBe('fast-forward');
    const clash = diverged({ 'a.yaml': 'a: 1\n' }, { 'a.yaml': 'a: 2\n' }, { 'a.yaml': 'a: 3\n' });
    clash.git('checkout', '-q', '--detach');
    const tip = clash.git('rev-parse', 'main');
    expect((await (await clash.open()).merge('feature', { into: 'main' })).result).toBe('conflicts');
    expect(clash.git('rev-parse', 'main')).toBe(tip);
    expect(clash.git('status', '--porcelain')).toBe('');
  });

  it('merges over several merge bases', async () => {
    const box = diverged({ 'a.yaml': base }, { 'a.yaml': ours }, { 'a.yaml': theirs });
    box.git('branch', 'main0');
    box.git('merge', '-q', '-m', 'x', 'feature');
    box.git('checkout', '-q', 'feature');
    box.git('merge', '-q', '-m', 'y', 'main0');
    change(box, { 'a.yaml': box.read('a.yaml').replace('name: x', 'name: feature') }, 'f');
    box.git('checkout', '-q', 'main');
    change(box, { 'a.yaml': `${box.read('a.yaml')}\nextra: 1\n` }, 'm');
    expect(box.git('merge-base', '--all', 'main', 'feature').trim().split('\n')).toHaveLength(2);
    expect(await (await box.open()).merge('feature')).toMatchObject({ result: 'merged', files: ['a.yaml'] });
    expect(box.read('a.yaml')).toBe('host: b\nport: 1\n\nname: feature\n\nmode: fast\n\nextra: 1\n');
    expect(box.git('fsck', '--strict')).toBe('');
  });

  it('refuses histories that share nothing, unless asked', async () => {
    const box = repositoryWith({ 'a.yaml': 'a: 1\n' });
    box.git('checkout', '-q', '--orphan', 'other');
    box.git('rm', '-rfq', '.');
    change(box, { 'b.yaml': 'b: 1\n' }, 'other');
    const repo = await box.open();
    await expect(repo.merge('main')).rejects.toMatchObject({ code: 'E_USAGE' });
    expect(await repo.merge('main', { allowUnrelated: true })).toMatchObject({
      result: 'merged',
      files: ['a.yaml'],
    });
    expect(box.git('ls-files')).toBe('a.yaml\nb.yaml\n');
  });

  it('follows a rename of the other side', async () => {
    const box = diverged({ 'a.yaml': base }, { 'a.yaml': ours }, { 'a.yaml': null, 'dir/b.yaml': theirs });
    expect(await (await box.open()).merge('feature')).toMatchObject({
      result: 'merged',
      files: ['a.yaml', 'dir/b.yaml'],
    });
    expect(box.read('dir/b.yaml')).toBe('host: b\nport: 1\n\nname: x\n\nmode: fast\n');
    expect(box.git('status', '--porcelain')).toBe('');
  });

  const folder = { 'a/one.yaml': 'one: 1\n', 'a/two.yaml': 'two: 1\n' };
  const renamed = {
    'a/one.yaml': null,
    'a/two.yaml': null,
    'b/one.yaml': 'one: 1\n',
    'b/two.yaml': 'two: 1\n',
  };
  const inRenamed = ['b/new.yaml', 'b/one.yaml', 'b/two.yaml'];

  it.each([
    ['ours', renamed, { 'a/new.yaml': 'new: 1\n' }],
    ['theirs', { 'a/new.yaml': 'new: 1\n' }, renamed],
  ] as const)('takes a new file along into a folder that %s renamed', async (_, mine, other) => {
    const box = diverged(folder, mine, other);
    const answer = await (await box.open()).merge('feature');
    expect(answer).toMatchObject({
      result: 'merged',
      notes: [{ file: 'b/new.yaml', rule: 'folder-rename' }],
    });
    expect(box.git('ls-files')).toBe(`${inRenamed.join('\n')}\n`);
    expect(box.git('status', '--porcelain')).toBe('');
    const git = box.git(
      '-c',
      'merge.directoryRenames=true',
      'merge-tree',
      '--write-tree',
      'HEAD^1',
      'HEAD^2',
    );
    expect(git.trim().split('\n')[0]).toBe(box.git('rev-parse', 'HEAD^{tree}').trim());
  });

  it.each([
    ['the folder still has a file', { ...renamed, 'a/two.yaml': 'two: 1\n' }, 'a/new.yaml'],
    ['a file stands there', { ...renamed, 'b/new.yaml': 'other: 1\n' }, 'a/new.yaml'],
  ])('leaves a new file where it is: %s', async (_, mine, path) => {
    const box = diverged(folder, mine, { [path]: 'new: 1\n' });
    expect(await (await box.open()).merge('feature')).not.toHaveProperty('notes');
    expect(box.read(path)).toBe('new: 1\n');
  });

  it('lets a strategy decide, from the settings or the call', async () => {
    const settings = 'version: 1\nmerge:\n  strategies:\n    - at: "**#a"\n      use: theirs\n';
    const box = diverged(
      { 'cfg.yaml': settings, 'a.yaml': text('a', 1) },
      { 'a.yaml': text('b', 2) },
      { 'a.yaml': text('c', 3) },
    );
    const repo = await box.open();
    expect((await repo.merge('feature', { dryRun: true })).conflicts.map(({ path }) => path)).toEqual(['b']);
    expect((await repo.merge('feature', { dryRun: true, strategy: 'ours' })).result).toBe('merged');
    const asked: string[] = [];
    const resolver = ({ path }: { readonly path: string }): number => (asked.push(path), 7);
    expect((await repo.merge('feature', { strategy: 'custom', resolver })).result).toBe('merged');
    expect(asked).toEqual(['b']);
    expect(box.read('a.yaml')).toBe(text('c', 7));
  });

  it('takes the newest by the history of the key, not of the file', async () => {
    const box = diverged({ 'x.yaml': text(1, 1) }, { 'x.yaml': text(2, 2) }, { 'x.yaml': text(3, 3) });
    box.git('checkout', '-q', 'feature');
    change(box, { 'x.yaml': text(4, 3) }, 'a again');
    box.git('checkout', '-q', 'main');
    expect((await (await box.open()).merge('feature', { strategy: 'newest' })).result).toBe('merged');
    expect(box.read('x.yaml')).toBe(text(4, 2));
  });

  it('goes on where the settings of a side are broken', async () => {
    const box = diverged(
      { 'cfg.yaml': 'version: 1\n', 'a.yaml': base },
      { 'a.yaml': ours },
      { 'a.yaml': theirs, 'cfg.yaml': 'version: [\n' },
    );
    expect((await (await box.open()).merge('feature')).result).toBe('merged');
  });

  it('can be aborted, not continued, when it was interrupted', async () => {
    const box = diverged(
      { 'a.yaml': 'a: 1\n', 'b.yaml': 'b: 1\n' },
      { 'a.yaml': 'a: 2\n' },
      { 'a.yaml': 'a: 3\n', 'b.yaml': 'b: 2\n' },
    );
    const repo = await box.open();
    await repo.merge('feature');
    box.write(
      '.git/cfg/merge.json',
      box.read('.git/cfg/merge.json').replace('"complete": true', '"complete": false'),
    );
    rmSync(`${box.dir}/.git/MERGE_HEAD`);
    expect((await repo.status()).merging).toBe(true);
    await expect(repo.mergeContinue()).rejects.toMatchObject({
      code: 'E_CONFLICT',
      hint: expect.stringContaining('--abort'),
    });
    await expect(repo.merge('feature')).rejects.toMatchObject({ code: 'E_MERGE_IN_PROGRESS' });
    await repo.mergeAbort();
    expect(box.git('status', '--porcelain')).toBe('');
    expect(box.read('a.yaml')).toBe('a: 2\n');
  });

  it('is aborted also when it was interrupted before its new files were in the index', async () => {
    const box = diverged(
      { 'a.yaml': 'a: 1\n' },
      { 'a.yaml': 'a: 2\n' },
      { 'a.yaml': 'a: 3\n', 'missing.yaml': 'm: 1\n', 'new.yaml': 'n: 1\n', 'own.yaml': 'o: 1\n' },
    );
    const repo = await box.open();
    await repo.merge('feature');
    box.write(
      '.git/cfg/merge.json',
      box.read('.git/cfg/merge.json').replace('"complete": true', '"complete": false'),
    );
    box.git('reset', '-q');
    rmSync(`${box.dir}/missing.yaml`);
    box.write('own.yaml', 'o: somebody typed this\n');
    await repo.mergeAbort();
    expect(box.git('status', '--porcelain')).toBe('?? own.yaml\n');
    expect(box.read('a.yaml')).toBe('a: 2\n');
    expect((await repo.status()).merging).toBe(false);
  });
});

describe('abort', () => {
  it('gives back every byte and mode, and keeps what the merge did not touch', async () => {
    const binary = new Uint8Array([0, 255, 1, 254, 10, 13]);
    const box = repositoryWith({
      'a.yaml': 'a: 1\n',
      'bin.dat': binary,
      'run.sh': 'echo\n',
      'del.yaml': 'd: 1\n',
      'crlf.yaml': 'a: 1\r\nb: 1\r\n',
      'free.yaml': 'f: 1\n',
    });
    symlinkSync('a.yaml', `${box.dir}/link`);
    chmodSync(`${box.dir}/run.sh`, 0o755);
    change(box, {}, 'modes');
    box.git('checkout', '-q', '-b', 'feature');
    rmSync(`${box.dir}/link`);
    symlinkSync('run.sh', `${box.dir}/link`);
    change(
      box,
      {
        'a.yaml': 'a: 3\n',
        'bin.dat': new Uint8Array([0, 1]),
        'run.sh': 'echo 3\n',
        'del.yaml': null,
        'crlf.yaml': 'a: 3\r\nb: 1\r\n',
        'new.yaml': 'n: 1\n',
      },
      'theirs',
    );
    box.git('checkout', '-q', 'main');
    rmSync(`${box.dir}/link`);
    symlinkSync('free.yaml', `${box.dir}/link`);
    change(
      box,
      {
        'a.yaml': 'a: 2\n',
        'bin.dat': new Uint8Array([0, 2, 3]),
        'del.yaml': 'd: 2\n',
        'crlf.yaml': 'a: 2\r\nb: 1\r\n',
      },
      'ours',
    );
    box.write('free.yaml', 'f: local\n');
    box.write('untracked.yaml', 'u: 1\n');
    const state = (): string =>
      box.git('ls-files', '-s') + box.git('status', '--porcelain') + box.git('diff', 'HEAD');
    const before = state();
    const repo = await box.open();
    const { conflicts } = await repo.merge('feature');
    expect(conflicts.map(({ file, kind }) => `${file} ${kind}`)).toEqual([
      'a.yaml modify',
      'bin.dat binary',
      'crlf.yaml modify',
      'del.yaml modify/delete',
      'link symlink',
    ]);
    await expect(repo.merge('feature')).rejects.toMatchObject({ code: 'E_MERGE_IN_PROGRESS' });
    await expect(repo.switch('feature')).rejects.toMatchObject({ code: 'E_MERGE_IN_PROGRESS' });
    await repo.mergeAbort();
    expect(state()).toBe(before);
    expect(statSync(`${box.dir}/run.sh`).mode & 0o111).not.toBe(0);
    expect(box.git('status')).not.toContain('merging');
    await expect(repo.mergeAbort()).rejects.toMatchObject({ code: 'E_NOTHING_TO_DO' });
    requireSound(box);
  });

  it('ends a merge that git began, and git ends one of ours', async () => {
    const box = diverged(
      { 'a.txt': '1\n', 'b.yaml': 'b: 1\n' },
      { 'a.txt': '2\n' },
      { 'a.txt': '3\n', 'b.yaml': 'b: 2\n' },
    );
    expect(() => box.git('merge', 'feature')).toThrow('Command failed');
    const repo = await box.open();
    expect((await repo.status()).merging).toBe(true);
    await repo.mergeAbort();
    expect(box.git('status', '--porcelain')).toBe('');
    await repo.merge('feature');
    box.git('merge', '--abort');
    expect(box.git('status', '--porcelain')).toBe('');
    expect(await repo.conflicts()).toEqual({ conflicts: [] });
    await expect(repo.mergeContinue()).rejects.toMatchObject({ code: 'E_NOTHING_TO_DO' });
    expect((await repo.merge('feature')).result).toBe('conflicts');
  });
});
