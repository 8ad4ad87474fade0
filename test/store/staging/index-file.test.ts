import { hash } from 'node:crypto';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { IndexEntry } from '../../../src/store/index.js';
import { sandbox, type Sandbox } from '../worktree/sandbox.js';

const oid = 'e69de29bb2d1d6434b8b29ae775ad8c2e48c5391';

function withFiles(...names: readonly string[]): Sandbox {
  const box = sandbox();
  for (const name of names) box.write(name, '');
  box.git('add', '-A');
  return box;
}

/** The index with other bytes and a right checksum. */
function rewriteIndex(box: Sandbox, change: (body: Buffer) => Buffer): void {
  const file = readFileSync(box.path('.git/index'));
  const body = change(file.subarray(0, file.length - 20));
  writeFileSync(box.path('.git/index'), Buffer.concat([body, hash('sha1', body, 'buffer')]));
}

function extension(name: string, data = ''): Buffer {
  const header = Buffer.alloc(8);
  header.write(name, 'latin1');
  header.writeUInt32BE(data.length, 4);
  return Buffer.concat([header, Buffer.from(data)]);
}

async function paths(box: Sandbox): Promise<string[]> {
  const { index } = await box.open();
  return (await index.read()).entries.map(({ path }) => path);
}

const long = `${'x'.repeat(200)}/`.repeat(25);

const emptyFile = (path: string): IndexEntry => ({ path, mode: '100644', oid, stage: 0 });

describe('reading the index', () => {
  it('takes an absent file for an empty index', async () => {
    expect(await paths(sandbox())).toEqual([]);
  });

  it.each(['2', '3', '4'])('reads version %s', async (version) => {
    const names = ['a', 'a.b', 'a/b', 'a/bc', `deep/${'y'.repeat(250)}`, 'z', 'ä'].filter(
      (name) => name !== 'a',
    );
    const box = withFiles(...names);
    if (version === '3') {
      box.write('later', '');
      box.git('add', '-N', 'later');
    } else box.git('update-index', '--index-version', version, '--force-write-index');
    expect(readFileSync(box.path('.git/index')).readUInt32BE(4)).toBe(Number(version));
    expect(await paths(box)).toEqual(box.git('ls-files', '-z').split('\0').slice(0, -1));
  });

  it('reads names longer than their length field', async () => {
    const box = sandbox();
    for (const name of ['a', 'b'])
      box.git('update-index', '--add', '--cacheinfo', `100644,${oid},${long}${name}`);
    expect(await paths(box)).toEqual([`${long}a`, `${long}b`]);
  });

  it('accepts the zeros that index.skipHash leaves for a checksum', async () => {
    const box = withFiles('a');
    const file = readFileSync(box.path('.git/index'));
    writeFileSync(box.path('.git/index'), file.fill(0, file.length - 20));
    expect(await paths(box)).toEqual(['a']);
  });

  it.each([
    ['a flipped bit', (file: Buffer) => file.fill((file[40] ?? 0) ^ 1, 40, 41)],
    ['half a file', (file: Buffer) => file.subarray(0, file.length >> 1)],
    ['an empty file', (file: Buffer) => file.subarray(0, 0)],
    ['zeros', (file: Buffer) => file.fill(0)],
  ])('calls %s damaged', async (_, damage) => {
    const box = withFiles('a', 'b');
    writeFileSync(box.path('.git/index'), damage(readFileSync(box.path('.git/index'))));
    await expect(paths(box)).rejects.toMatchObject({ code: 'E_CORRUPT' });
  });

  it.each([
    ['more entries than bytes', (body: Buffer) => body.fill(0xff, 8, 12)],
    [
      'an extension longer than the file',
      (body: Buffer) => Buffer.concat([body, extension('ABCD').fill(0xff, 4)]),
    ],
    ['an open name', (body: Buffer) => body.fill(0xff, 72, 74)],
  ])('calls %s damaged though the checksum is right', async (_, damage) => {
    const box = withFiles('a', 'b');
    rewriteIndex(box, damage);
    await expect(paths(box)).rejects.toMatchObject({
      code: expect.stringMatching(/^E_(CORRUPT|UNSUPPORTED_REPOSITORY)$/),
    });
  });

  it.each([
    ['a split index', (box: Sandbox) => box.git('update-index', '--split-index'), '--no-split-index'],
    [
      'a sparse index',
      (box: Sandbox) => {
        box.commit();
        box.git('sparse-checkout', 'init', '--cone', '--sparse-index');
      },
      'sparse-checkout',
    ],
    [
      'an unknown mandatory extension',
      (box: Sandbox) => rewriteIndex(box, (body) => Buffer.concat([body, extension('zzzz', 'x')])),
      'read-tree',
    ],
    [
      'a newer version',
      (box: Sandbox) => rewriteIndex(box, (body) => body.fill(5, 7, 8)),
      '--index-version 2',
    ],
  ])('refuses %s and says the way out', async (_, prepare, hint) => {
    const box = withFiles('a/x', 'b/y');
    prepare(box);
    const { index, worktree } = await box.open();
    const before = readFileSync(box.path('.git/index'));
    const expected = { code: 'E_UNSUPPORTED_REPOSITORY', hint: expect.stringContaining(hint) };
    await expect((async () => index.read())()).rejects.toMatchObject(expected);
    await expect(index.update(({ entries }) => entries)).rejects.toMatchObject(expected);
    await expect(worktree.stage(['a/x'])).rejects.toMatchObject(expected);
    expect(readFileSync(box.path('.git/index')).equals(before)).toBe(true);
  });
});

describe('writing the index', () => {
  it('drops optional extensions and keeps the flags of entries', async () => {
    const box = withFiles('a', 'b', 'c', 'd');
    box.git('update-index', '--assume-unchanged', 'a');
    box.git('update-index', '--skip-worktree', 'b');
    box.write('n', '');
    box.git('add', '-N', 'n');
    box.git('update-index', '--index-version', '4', '--force-write-index');
    rewriteIndex(box, (body) => Buffer.concat([body, extension('ABCD', 'whatever')]));
    const { index } = await box.open();
    await index.update(({ entries }) => entries.filter(({ path }) => path !== 'c'));
    expect(box.git('ls-files', '-v')).toBe('h a\nS b\nH d\nH n\n');
    expect(box.git('diff', '--name-only', '--diff-filter=A')).toBe('n\n');
    expect(readFileSync(box.path('.git/index')).readUInt32BE(4)).toBe(3);
  });

  it('keeps stat data of entries that stay and writes conflicts in the order of git', async () => {
    const box = withFiles('a', 'c');
    const { index } = await box.open();
    const stat = box.git('ls-files', '--debug', 'a');
    await index.update(({ entries }) => [
      ...entries,
      ...([3, 1, 2] as const).map((stage) => ({ path: 'b', mode: '100644' as const, oid, stage })),
    ]);
    expect(box.git('ls-files', '--debug', 'a')).toBe(stat);
    expect(box.git('ls-files', '--stage').replaceAll(`100644 ${oid} `, '')).toBe(
      '0\ta\n1\tb\n2\tb\n3\tb\n0\tc\n',
    );
  });

  it('lets a file take the place of a folder and the reverse', async () => {
    const box = withFiles('a/x', 'a/y', 'b');
    const { index } = await box.open();
    await index.update(({ entries }) => [...entries, emptyFile('a'), emptyFile('b/z')]);
    expect(box.git('ls-files')).toBe('a\nb/z\n');
    expect(box.git('fsck', '--strict')).toBe('');
  });

  it.each([
    '.git/config',
    'a/.GIT/x',
    '../x',
    '/x',
    'a//b',
    'a/',
    '',
    '.',
    'git~1/x',
    'a\0b',
    '.git /x',
    '.g\u200cit/x',
  ])('refuses the path %j', async (path) => {
    const box = withFiles('a');
    const { index } = await box.open();
    const before = readFileSync(box.path('.git/index'));
    const bad = index.update(({ entries }) => [...entries, { path, mode: '100644', oid, stage: 0 }]);
    await expect(bad).rejects.toMatchObject({ code: 'E_BAD_PATH' });
    expect(readFileSync(box.path('.git/index')).equals(before)).toBe(true);
    expect(() => statSync(box.path('.git/index.lock'))).toThrow('ENOENT');
  });

  it('leaves the index as it was when the edit throws', async () => {
    const box = withFiles('a');
    const { index } = await box.open();
    const before = readFileSync(box.path('.git/index'));
    const failing = index.update(() => {
      throw new Error('changed my mind');
    });
    await expect(failing).rejects.toThrow('changed my mind');
    expect(readFileSync(box.path('.git/index')).equals(before)).toBe(true);
    expect(box.git('add', 'a')).toBe('');
  });
});

/** The nodes of the TREE extension with their counts. */
function cached(box: Sandbox): string {
  const file = readFileSync(box.path('.git/index'));
  const start = file.indexOf('TREE') + 8;
  const end = start + file.readUInt32BE(start - 4);
  const nodes: string[] = [];
  for (let at = start; at < end;) {
    const stop = file.indexOf('\n', at);
    const [name, counts = ''] = file.toString('latin1', at, stop).split('\0');
    const count = Number.parseInt(counts, 10);
    nodes.push(`${name || '/'}:${count}`);
    at = stop + 1 + (count < 0 ? 0 : 20);
  }
  return nodes.join(' ');
}

describe('the cache tree', () => {
  it('loses the folders of what changes and keeps the others', async () => {
    const box = withFiles('a/x', 'a/b/y', 'c/z', 'd');
    box.git('commit', '-q', '-m', 'x');
    expect(cached(box)).toBe('/:4 a:2 b:1 c:1');
    box.write('a/x', 'changed');
    const { worktree } = await box.open();
    await worktree.stage(['a/x']);
    expect(cached(box)).toBe('/:-1 a:-1 b:1 c:1');
    const tree = box.git('write-tree');
    box.git('read-tree', '--empty');
    box.git('add', '-A');
    expect(box.git('write-tree')).toBe(tree);
  });

  it('forgets a folder that a file takes the place of', async () => {
    const box = withFiles('a/x', 'c');
    box.git('commit', '-q', '-m', 'x');
    box.remove('a');
    box.write('a', '');
    const { worktree } = await box.open();
    await worktree.stage(['a', 'a/x']);
    expect(cached(box)).toBe('/:-1 a:-1');
    box.git('write-tree');
    expect(cached(box)).toBe('/:2');
    expect(box.git('fsck', '--strict')).toBe('');
  });

  it('is whole again after a checkout', async () => {
    const box = withFiles('a/x', 'a/b/y', 'c/z', 'd');
    const first = box.commit();
    box.write('a/b/y', 'changed');
    box.write('e/new', '');
    const second = box.commit();
    const { worktree } = await box.open();
    await worktree.checkout(second, first);
    expect(cached(box)).toBe('/:4 a:2 b:1 c:1');
    expect(box.git('write-tree').trim()).toBe(first);
  });
});
