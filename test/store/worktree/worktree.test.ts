import { once } from 'node:events';
import {
  existsSync,
  lstatSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { nodeFileSystem, openStore, type Fs } from '../../../src/store/index.js';
import { gitStatus, plainStatus, sandbox, type Sandbox, temporaryFolder } from './sandbox.js';

const text = (box: Sandbox, name: string): string => readFileSync(box.path(name), 'utf8');

async function expectSameStatus(box: Sandbox, tree: string | null): Promise<ReturnType<typeof gitStatus>> {
  const { worktree } = await box.open();
  const status = plainStatus(await worktree.status(tree));
  expect(status).toEqual(gitStatus(box));
  return status;
}

describe('status', () => {
  it('sees a change of the same size in the same instant as the index', async () => {
    const box = sandbox();
    const { worktree } = await box.open();
    for (let round = 0; round < 30; round += 1) {
      box.write('a', `${round % 10}a`);
      await worktree.stage(['a']);
      box.write('a', `${round % 10}b`);
      const { unstaged } = await worktree.status(null);
      expect(unstaged.map(({ path }) => path)).toEqual(['a']);
    }
  });

  it('does not lose sight of such a change when the index is written again', async () => {
    const box = sandbox();
    const { worktree, index } = await box.open();
    const { mtime, atime } = lstatSync(box.dir);
    box.write('a', 'one');
    utimesSync(box.path('a'), atime, new Date(mtime.getTime() + 3_600_000));
    await worktree.stage(['a']);
    const { ino } = lstatSync(box.path('a'));
    writeFileSync(box.path('a'), 'two');
    utimesSync(box.path('a'), atime, new Date(mtime.getTime() + 3_600_000));
    expect(lstatSync(box.path('a')).ino).toBe(ino);
    box.write('b', '');
    await worktree.stage(['b']);
    await index.update(({ entries }) => entries.filter(({ path }) => path === 'a'));
    expect(box.git('diff', '--name-only')).toBe('a\n');
  });

  it('keeps a change in the second of the index in the sight of git, which compares no fractions', async () => {
    const box = sandbox();
    box.git('config', 'core.trustctime', 'false');
    const second = 1_700_000_000;
    box.write('a', 'one');
    utimesSync(box.path('a'), second, second + 0.25);
    box.git('add', 'a');
    writeFileSync(box.path('a'), 'two');
    utimesSync(box.path('a'), second, second + 0.5);
    utimesSync(box.path('.git/index'), second, second + 0.75);
    box.git('config', 'core.checkStat', 'minimal');
    expect((await expectSameStatus(box, null)).unstaged).toEqual(['modified a']);
    box.git('config', '--unset', 'core.checkStat');
    box.write('b', '');
    await (await box.open()).worktree.stage(['b']);
    expect(box.git('diff', '--name-only')).toBe('a\n');
  });

  it('brings stat data up to date, unless GIT_OPTIONAL_LOCKS says no or the index is held', async () => {
    const box = sandbox();
    box.write('a', 'x');
    const tree = box.commit();
    utimesSync(box.path('a'), 1, 1);
    await expectSameStatus(box, tree);
    expect(box.git('diff-files', '--name-only')).toBe('a\n');
    const { worktree } = await openWith(box, { GIT_OPTIONAL_LOCKS: '1' });
    writeFileSync(box.path('.git/index.lock'), '');
    expect((await worktree.status(tree)).unstaged).toEqual([]);
    expect(box.git('diff-files', '--name-only')).toBe('a\n');
    box.remove('.git/index.lock');
    await worktree.status(tree);
    expect(box.git('diff-files', '--name-only')).toBe('');
  });

  it('looks neither into submodules nor into other repositories', async () => {
    const box = sandbox();
    box.write('sub/x', '1');
    const inner = sandbox(box.path('sub'));
    inner.commit();
    box.git('-c', 'protocol.file.allow=always', 'submodule', 'add', '-q', './sub', 'sub');
    const tree = box.commit();
    inner.write('x', '2');
    inner.write('y', '');
    box.write('other/z', '');
    sandbox(box.path('other'));
    const { worktree } = await box.open();
    expect(await expectSameStatus(box, tree)).toMatchObject({
      unstaged: [],
      untracked: ['other/'],
    });
    await expect(worktree.stage(['sub/y'])).rejects.toMatchObject({ code: 'E_BAD_PATH' });
    await expect(worktree.stage(['other/z'])).rejects.toMatchObject({ code: 'E_BAD_PATH' });
    await expect(worktree.match(['sub/y'])).rejects.toMatchObject({ code: 'E_FILE_NOT_FOUND' });
    expect(await worktree.stage(['sub'])).toEqual([]);
    box.remove('sub');
    expect((await expectSameStatus(box, tree)).unstaged).toEqual(['deleted sub']);
  });

  it.each(['true', 'input'])(
    'does not report or stage line ends that core.autocrlf=%s converts',
    async (autocrlf) => {
      const box = sandbox();
      box.git('config', 'core.autocrlf', autocrlf);
      box.write('text', 'a\r\nb\r\n');
      box.write('binary', 'a\0\r\n');
      const tree = box.commit();
      expect(box.git('cat-file', '-p', ':text')).toBe('a\nb\n');
      for (const name of ['text', 'binary']) utimesSync(box.path(name), 1, 1);
      expect((await expectSameStatus(box, tree)).unstaged).toEqual([]);
      const { worktree } = await box.open();
      expect(await worktree.stage(['text', 'binary'])).toEqual([]);
      expect(box.git('diff-files', '--name-only')).toBe('');
    },
  );

  it('ignores the execute bit with core.filemode=false and keeps it when staging', async () => {
    const box = sandbox();
    box.write('x', '1');
    box.chmod('x', 0o755);
    const tree = box.commit();
    box.git('config', 'core.filemode', 'false');
    box.chmod('x', 0o644);
    await expectSameStatus(box, tree);
    box.write('x', '2');
    const { worktree } = await box.open();
    await worktree.stage(['x']);
    expect(box.git('ls-files', '--stage', 'x')).toMatch(/^100755/);
  });

  it('knows assume-valid, skip-worktree and intent-to-add', async () => {
    const box = sandbox();
    for (const name of ['a', 'b', 'c', 'd']) box.write(name, '1');
    const tree = box.commit();
    box.git('update-index', '--assume-unchanged', 'a', 'b');
    box.git('update-index', '--skip-worktree', 'c', 'd');
    for (const name of ['a', 'c']) box.remove(name);
    for (const name of ['b', 'd']) box.write(name, 'other');
    box.write('n', '');
    box.git('add', '-N', 'n');
    expect(await expectSameStatus(box, tree)).toMatchObject({ staged: [], unstaged: ['added n'] });
  });

  it('lists conflicts, and resolves them by staging', async () => {
    const box = sandbox();
    box.write('f', 'base\n');
    box.commit();
    box.git('checkout', '-q', '-b', 'other');
    box.write('f', 'theirs\n');
    box.commit();
    box.git('checkout', '-q', 'main');
    box.write('f', 'ours\n');
    const tree = box.commit();
    expect(() => box.git('merge', 'other')).toThrow('git merge');
    expect((await expectSameStatus(box, tree)).conflicts).toEqual(['f']);
    const { worktree } = await box.open();
    expect(await worktree.stage(['f'])).toEqual(['f']);
    expect((await expectSameStatus(box, tree)).conflicts).toEqual([]);
  });
});

async function openWith(box: Sandbox, env: Record<string, string>, fs: Fs = nodeFileSystem) {
  const { worktree } = await openStore({ dir: box.dir, env: { ...box.env, ...env }, fs, durability: 'fast' });
  if (!worktree) throw new Error('a bare repository');
  return { worktree };
}

describe('staging', () => {
  it('says which paths changed, also those that are gone', async () => {
    const box = sandbox();
    for (const name of ['a', 'b', 'c']) box.write(name, name);
    box.commit();
    const { worktree } = await box.open();
    box.write('a', 'new');
    box.remove('b');
    expect(await worktree.stage(['c', 'b', 'a'])).toEqual(['a', 'b']);
    expect(await worktree.stage(['a', 'c'])).toEqual([]);
  });

  it('leaves the files of a repository inside of this one alone', async () => {
    const box = sandbox();
    box.git('init', '-q', 'inner');
    box.write('inner/deep/a', 'a');
    const { worktree } = await box.open();
    for (const path of ['inner/a', 'inner/deep/a', 'inner/new/a'])
      expect(() => worktree.write(path, Buffer.from('x'))).toThrow("'inner' is a repository of its own");
    expect(Buffer.from((await worktree.read('inner/deep/a'))?.data ?? []).toString()).toBe('a');
  });

  it('takes a symlink as a link and refuses what is behind one', async () => {
    const box = sandbox();
    const outside = temporaryFolder();
    writeFileSync(`${outside}/secret`, 's');
    box.link('link', outside);
    const { worktree } = await box.open();
    expect(await worktree.stage(['link'])).toEqual(['link']);
    expect(box.git('ls-files', '--stage')).toMatch(/^120000/);
    await expect(worktree.stage(['link/secret'])).rejects.toMatchObject({ code: 'E_BAD_PATH' });
    expect(worktree.read('link/secret')).toBeUndefined();
    expect(() => worktree.write('link/secret', Buffer.from('x'))).toThrow(
      "'link' is no ordinary file or folder",
    );
    expect(() => worktree.write('link', Buffer.from('x'))).toThrow("'link' is no ordinary file or folder");
    expect(readdirSync(outside)).toEqual(['secret']);
  });

  it.each(['.git/config', '.GIT/x', '../x', '/etc/passwd', './a', 'a//b', '', 'git~1/x'])(
    'refuses the path %j everywhere',
    async (path) => {
      const { worktree } = await sandbox().open();
      const bad = { code: 'E_BAD_PATH' };
      await expect(worktree.stage([path])).rejects.toMatchObject(bad);
      await expect(worktree.unstage([path], null)).rejects.toMatchObject(bad);
      await expect(worktree.restore([path])).rejects.toMatchObject(bad);
      await expect((async () => worktree.read(path))()).rejects.toMatchObject(bad);
      await expect((async () => worktree.write(path, Buffer.from('')))()).rejects.toMatchObject(bad);
    },
  );

  it('refuses a file name that is not UTF-8, and a socket', async () => {
    const box = sandbox();
    writeFileSync(Buffer.concat([Buffer.from(box.path('n')), Buffer.of(0xff)]), '');
    const server = createServer().listen(box.path('socket'));
    await once(server, 'listening');
    onTestFinished(() => void server.close());
    const { worktree } = await box.open();
    const { untracked } = await worktree.status(null);
    expect(untracked).toEqual(['n\uFFFD']);
    await expect(worktree.stage(untracked)).rejects.toMatchObject({ code: 'E_BAD_PATH' });
    await expect(worktree.stage(['socket'])).rejects.toMatchObject({ code: 'E_BAD_PATH' });
  });

  it('is taken back by unstaging', async () => {
    const box = sandbox();
    box.write('a', '1');
    box.write('b', '1');
    const tree = box.commit();
    box.write('a', '2');
    box.write('new', '');
    box.remove('b');
    box.git('add', '-A');
    const { worktree } = await box.open();
    expect(await worktree.unstage(['a', 'b', 'new'], tree)).toEqual(['a', 'b', 'new']);
    expect(await expectSameStatus(box, tree)).toEqual({
      staged: [],
      unstaged: ['deleted b', 'modified a'],
      untracked: ['new'],
      conflicts: [],
    });
  });
});

function withFiles(): Sandbox {
  const box = sandbox();
  for (const name of ['a.yaml', 'gone', 'd/a.yaml']) box.write(name, '');
  box.git('add', '-A');
  box.remove('gone');
  for (const name of ['d/e/b.ini', '[x].yaml', 'ignored.log']) box.write(name, '');
  box.write('.git/info/exclude', '*.log');
  return box;
}

describe('matching', () => {
  const cases: readonly (readonly [string, readonly string[]])[] = [
    ['a.yaml', ['a.yaml']],
    ['./d//a.yaml', ['d/a.yaml']],
    ['d/../a.yaml', ['a.yaml']],
    ['d', ['d/a.yaml', 'd/e/b.ini']],
    ['d/', ['d/a.yaml', 'd/e/b.ini']],
    ['.', ['[x].yaml', 'a.yaml', 'd/a.yaml', 'd/e/b.ini', 'gone']],
    ['*.yaml', ['[x].yaml', 'a.yaml', 'd/a.yaml']],
    ['**/a.yaml', ['a.yaml', 'd/a.yaml']],
    ['d/*.ini', ['d/e/b.ini']],
    ['[x].yaml', ['[x].yaml']],
    ['gone', ['gone']],
  ];

  it.each(cases)('%j', async (pattern, expected) => {
    const { worktree } = await withFiles().open();
    expect(await worktree.match([pattern])).toEqual(expected);
  });

  it('understands absolute paths inside of the root', async () => {
    const box = withFiles();
    const { worktree } = await box.open();
    expect(await worktree.match([`${worktree.root}/d/e`])).toEqual(['d/e/b.ini']);
  });

  it.each([
    ['none', 'E_FILE_NOT_FOUND'],
    ['*.none', 'E_FILE_NOT_FOUND'],
    ['ignored.log', 'E_FILE_NOT_FOUND'],
    ['..', 'E_BAD_PATH'],
    ['/etc', 'E_BAD_PATH'],
    ['.git/config', 'E_BAD_PATH'],
  ])('%j is %s', async (pattern, code) => {
    const { worktree } = await withFiles().open();
    await expect(worktree.match([pattern])).rejects.toMatchObject({ code });
  });

  it('finds files that only a tree has', async () => {
    const box = sandbox();
    box.write('d/a', '');
    const tree = box.commit();
    box.git('rm', '-q', '-r', 'd');
    const { worktree } = await box.open();
    await expect(worktree.match(['d'])).rejects.toMatchObject({ code: 'E_FILE_NOT_FOUND' });
    expect(await worktree.match(['d'], tree)).toEqual(['d/a']);
    expect(await worktree.match(['d/a'], tree)).toEqual(['d/a']);
  });
});

describe('restoring', () => {
  it('brings back content, mode, links and folders, byte by byte', async () => {
    const box = sandbox();
    const binary = Buffer.from([0, 255, 13, 10, 254]);
    box.write('d/binary', binary);
    box.write('run', 'x\r\n');
    box.chmod('run', 0o755);
    box.link('link', 'nowhere');
    const tree = box.commit();
    box.remove('d');
    box.write('run', 'y');
    box.chmod('run', 0o644);
    box.remove('link');
    box.write('link', 'a file now');
    const { worktree } = await box.open();
    expect(await worktree.restore(['d/binary', 'link', 'run'])).toEqual(['d/binary', 'link', 'run']);
    expect(readFileSync(box.path('d/binary')).equals(binary)).toBe(true);
    expect(readlinkSync(box.path('link'))).toBe('nowhere');
    expect(box.git('diff-files', '--name-only')).toBe('');
    await expectSameStatus(box, tree);
  });

  it('to a tree sets the index too and removes what the tree does not have', async () => {
    const box = sandbox();
    box.write('a', '1');
    const tree = box.commit();
    box.write('a', '2');
    box.write('d/new', '');
    box.git('add', '-A');
    const { worktree } = await box.open();
    expect(await worktree.restore(['a', 'd/new'], tree)).toEqual(['a', 'd/new']);
    expect(existsSync(box.path('d'))).toBe(false);
    expect(Object.values(await expectSameStatus(box, tree)).flat()).toEqual([]);
  });

  it('never removes what was not tracked', async () => {
    const box = sandbox();
    box.write('d/a', '1');
    box.write('f', '1');
    const tree = box.commit();
    box.remove('d');
    box.write('d', 'precious');
    box.remove('f');
    box.write('f/precious', '');
    const { worktree } = await box.open();
    await expect(worktree.restore(['d/a', 'f'])).rejects.toMatchObject({
      code: 'E_LOCAL_CHANGES',
      details: { paths: ['d', 'f/precious'] },
    });
    await expect(worktree.restore(['f/precious'], tree)).rejects.toMatchObject({ code: 'E_FILE_NOT_FOUND' });
    expect(text(box, 'd')).toBe('precious');
  });
});

describe('writing', () => {
  it('keeps the mode, makes folders and leaves nothing else behind', async () => {
    const box = sandbox();
    box.write('run', '1');
    box.chmod('run', 0o775);
    const { worktree } = await box.open();
    await worktree.write('run', Buffer.from('2'));
    await worktree.write('new/folder/file', Buffer.from('3'));
    expect(lstatSync(box.path('run')).mode & 0o777).toBe(0o775);
    expect([text(box, 'run'), text(box, 'new/folder/file')]).toEqual(['2', '3']);
    expect(readdirSync(box.dir).toSorted()).toEqual(['.git', 'new', 'run']);
    expect(await worktree.read('run')).toMatchObject({ mode: '100755', data: Buffer.from('2') });
  });
});
