import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  checkRepoPath,
  diffTrees,
  findEntry,
  findFile,
  formatTree,
  listFiles,
  memoryStore,
  objectOid,
  type Oid,
  parseTree,
  type Store,
  type TreeChange,
  writeTree,
} from '../../src/store/index.js';
import { isSafeName } from '../../src/store/paths.js';
import { fsck, git, gitWith, newStore, setRef, writeCommit } from './sandbox.js';

const blobOid = (text: string): Oid => objectOid('blob', Buffer.from(text));
const put = (path: string, text = path): TreeChange => ({
  path,
  entry: { mode: '100644', oid: blobOid(text) },
});
const remove = (path: string): TreeChange => ({ path, entry: null });

const files = async (store: Store, tree: Oid): Promise<Record<string, string>> =>
  Object.fromEntries((await listFiles(store, tree)).map(({ path, oid }) => [path, oid]));

/** Names whose order differs with and without the slash of a folder. */
const part = fc.constantFrom(
  'a',
  'a.b',
  'a-b',
  'a0',
  'ab',
  'b',
  'é',
  '日本',
  'Z',
  '-x',
  '.x',
  'a b',
  'a\tb',
  "a'b",
);
const path = fc.array(part, { minLength: 1, maxLength: 3 }).map((parts) => parts.join('/'));

/** Paths of which none is a folder of another. */
function withoutClashes(paths: readonly string[]): string[] {
  const kept: string[] = [];
  for (const one of paths)
    if (!kept.some((other) => one === other || one.startsWith(`${other}/`) || other.startsWith(`${one}/`)))
      kept.push(one);
  return kept;
}

const tree = fc.array(fc.tuple(path, fc.constantFrom('1', '2', '3')), { maxLength: 14 }).map((pairs) => {
  const texts = new Map(pairs);
  return Object.fromEntries(withoutClashes([...texts.keys()]).map((one) => [one, texts.get(one) ?? '']));
});

describe('writing a tree', () => {
  it('gives git its ids, and is undone by the reverse', { timeout: 300_000 }, async () => {
    const { dir, store } = await newStore();
    await store.objects.write(['1', '2', '3'].map((text) => ({ type: 'blob', data: Buffer.from(text) })));
    await fc.assert(
      fc.asyncProperty(tree, tree, async (before, after) => {
        const [from, to] = [await written(store, before), await written(store, after)];
        expect(await files(store, to)).toEqual(
          Object.fromEntries(Object.entries(after).map(([name, text]) => [name, blobOid(text)])),
        );
        const changes = await diffTrees(store, from, to);
        const forward = changes.map(({ path: at, after: entry }) => ({ path: at, entry: entry ?? null }));
        const backward = changes.map(({ path: at, before: entry }) => ({ path: at, entry: entry ?? null }));
        expect(await writeTree(store, from, forward)).toBe(to);
        expect(await writeTree(store, to, backward)).toBe(from);
        const expected = git(dir, 'diff-tree', '-r', '-z', '--no-renames', '--name-status', from, to).split(
          '\0',
        );
        const shown = changes.flatMap(({ path: at, change }) => [change.slice(0, 1).toUpperCase(), at]);
        expect([...shown, '']).toEqual(expected);
      }),
      { numRuns: process.env['CFG_FULL'] ? 2000 : 40 },
    );
    const { oid } = await writeCommit(store, { files: { 'a/b': 'x' } });
    await setRef(store, 'refs/heads/main', oid);
    expect(fsck(dir)).toBe('');
  });

  const written = (store: Store, texts: Record<string, string>): Promise<Oid> =>
    writeTree(
      store,
      null,
      Object.entries(texts).map(([at, text]) => put(at, text)),
    );

  it('leaves folders alone that nothing touches', async () => {
    const store = memoryStore();
    const base = await writeTree(store, null, [put('a/x'), put('b/y'), put('c')]);
    const next = await writeTree(store, base, [put('a/x', 'new')]);
    expect((await findEntry(store, next, 'b'))?.oid).toBe((await findEntry(store, base, 'b'))?.oid);
  });

  it('does nothing for what is not there, and drops empty folders', async () => {
    const store = memoryStore();
    const base = await writeTree(store, null, [put('a/b/c'), put('d')]);
    expect(await writeTree(store, base, [remove('x'), remove('a/x'), remove('a/b'), remove('d/e')])).toBe(
      base,
    );
    expect(Object.keys(await files(store, await writeTree(store, base, [remove('a/b/c')])))).toEqual(['d']);
    expect(await writeTree(store, base, [remove('a/b/c'), remove('d')])).toBe(
      '4b825dc642cb6eb9a060e54bf8d69288fbee4904',
    );
  });

  it('turns a file into a folder and back when both are said', async () => {
    const store = memoryStore();
    const base = await writeTree(store, null, [put('a'), put('b')]);
    const folder = await writeTree(store, base, [remove('a'), put('a/x')]);
    expect(Object.keys(await files(store, folder))).toEqual(['a/x', 'b']);
    expect(await writeTree(store, folder, [put('a'), remove('a/x')])).toBe(base);
  });

  it.each([
    ['a file where a folder stays', [put('a/x')], [put('a')]],
    ['a folder where a file stays', [put('a')], [put('a/x')]],
    ['both at a time', [], [put('a'), put('a/x')]],
    ['one path twice', [], [put('a'), put('a')]],
  ])('refuses %s', async (_, before, changes) => {
    const store = memoryStore();
    const base = await writeTree(store, null, before);
    await expect(writeTree(store, base, changes)).rejects.toMatchObject({ code: 'E_BAD_PATH' });
  });
});

const hostile = [
  ...'. .. .git .GIT .Git git~1 GIT~1 .git. a/../b /a a//b a/ ./a a/.git/config a/.GIT/hooks .git::$INDEX_ALLOCATION'.split(
    ' ',
  ),

  '',
  '.git ',
  '.git . .',
  '.g\u200cit',
  '\u200e.git',
  '.git\u2060'.slice(0, 4),
  'a\0b',
  '..\\a',
  '.git\\config',
  'a\\.git\\b',
  'a/git~1/b',
];

describe('a name that some system takes for another', () => {
  it.each(hostile)('%j is refused', async (name) => {
    expect(() => checkRepoPath(name)).toThrow(expect.objectContaining({ code: 'E_BAD_PATH' }));
    await expect(writeTree(memoryStore(), null, [put(name, 'x')])).rejects.toMatchObject({
      code: 'E_BAD_PATH',
    });
  });

  it.each([
    '.gitignore',
    '.github',
    'git',
    '.gitmodules',
    'a.git',
    'git~10',
    'a b',
    'a:b',
    'ä',
    '日本',
    '...',
    'a\\b',
    'GIT',
    '-',
  ])('%j is a name like any other', (name) => {
    expect(isSafeName(name)).toBe(true);
  });

  it.each(['.git', '..', '.GIT', 'git~1'])('%j in a tree of someone else is damage', async (name) => {
    const { dir, store } = await newStore();
    const blob = gitWith(dir, { input: 'x' }, 'hash-object', '-w', '--stdin');
    const data = Buffer.concat([Buffer.from(`100644 ${name}\0`), Buffer.from(blob, 'hex')]);
    const [oid = ''] = await store.objects.write([{ type: 'tree', data }]);
    await expect(listFiles(store, oid)).rejects.toMatchObject({ code: 'E_CORRUPT' });
    await expect(diffTrees(store, null, oid)).rejects.toMatchObject({ code: 'E_CORRUPT' });
    expect(() => parseTree(data)).toThrow(expect.objectContaining({ code: 'E_CORRUPT' }));
    expect(() => formatTree([{ mode: '100644', name, oid: blob }])).toThrow(
      expect.objectContaining({ code: 'E_BAD_PATH' }),
    );
  });
});

it('finds one file, and no folder', async () => {
  const store = memoryStore();
  const root = await writeTree(store, null, [put('a/b/c'), put('d')]);
  expect(await findFile(store, root, 'a/b/c')).toEqual({
    path: 'a/b/c',
    mode: '100644',
    oid: blobOid('a/b/c'),
  });
  for (const missing of ['a/b', 'a', 'x', 'a/x', 'd/e', 'a/b/c/d'])
    expect(await findFile(store, root, missing)).toBeUndefined();
  expect(await findEntry(store, root, 'a/b')).toMatchObject({ mode: '040000' });
});

it('calls a name that is not UTF-8 unsupported, but only where it is touched', async () => {
  const store = memoryStore();
  const oid = blobOid('x');
  const raw = Buffer.concat([Buffer.from('100644 \xe9.yaml\0', 'latin1'), Buffer.from(oid, 'hex')]);
  const [base = ''] = await store.objects.write([{ type: 'tree', data: raw }]);
  const next = await writeTree(store, base, [put('a.yaml')]);
  expect((await diffTrees(store, base, next)).map((change) => change.path)).toEqual(['a.yaml']);
  await expect(listFiles(store, next)).rejects.toMatchObject({ code: 'E_UNSUPPORTED_REPOSITORY' });
});

it.each([
  ['cut in an id', Buffer.from('100644 a\0abc')],
  ['without a name', Buffer.from('100644')],
  ['of a mode nobody knows', Buffer.concat([Buffer.from('777 a\0'), Buffer.alloc(20, 1)])],
])('calls a tree %s damaged', (_, data) => {
  expect(() => parseTree(data)).toThrow(expect.objectContaining({ code: 'E_CORRUPT' }));
});
