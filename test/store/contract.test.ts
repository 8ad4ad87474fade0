import { describe, expect, it } from 'vitest';
import { memoryStore, type Store, zeroOid } from '../../src/store/index.js';
import { log, newStore, setRef, writeCommit } from './sandbox.js';

const stores: readonly (readonly [string, () => Promise<Store>])[] = [
  ['memory', () => Promise.resolve(memoryStore())],
  ['files', async () => (await newStore()).store],
  ['files, bare', async () => (await newStore({ bare: true })).store],
];

const blob = (text: string): { type: 'blob'; data: Buffer } => ({ type: 'blob', data: Buffer.from(text) });
const missing = 'f'.repeat(40);

describe.each(stores)('objects in a store of %s', (_, open) => {
  it('gives back what was written, under the id that git gives it', async () => {
    const { objects } = await open();
    const oids = await objects.write([blob('a\n'), blob(''), blob('a\n')]);
    expect(oids).toEqual([
      '78981922613b2afb6025042ff6bd878ac1994e85',
      'e69de29bb2d1d6434b8b29ae775ad8c2e48c5391',
      '78981922613b2afb6025042ff6bd878ac1994e85',
    ]);
    const { type, data } = await objects.read('78981922613b2afb6025042ff6bd878ac1994e85');
    expect([type, Buffer.from(data).toString()]).toEqual(['blob', 'a\n']);
  });

  it('knows the empty tree without having it', async () => {
    const { objects } = await open();
    expect(await objects.has('4b825dc642cb6eb9a060e54bf8d69288fbee4904')).toBe(true);
    expect((await objects.read('4b825dc642cb6eb9a060e54bf8d69288fbee4904')).data).toHaveLength(0);
  });

  it('says so when an object is missing', async () => {
    const { objects } = await open();
    expect(await objects.has(missing)).toBe(false);
    await expect((async () => objects.read(missing))()).rejects.toMatchObject({ code: 'E_OBJECT_MISSING' });
  });

  it('finds ids by their beginning, sorted', async () => {
    const { objects } = await open();
    const oids = await objects.write(Array.from({ length: 150 }, (_unused, n) => blob(`${n}\n`)));
    for (const oid of oids) expect(await objects.findByPrefix(oid.slice(0, 7))).toContain(oid);
    const [first = ''] = oids;
    expect(await objects.findByPrefix(first)).toEqual([first]);
    expect(await objects.findByPrefix(missing.slice(0, 8))).toEqual([]);
  });
});

describe.each(stores)('refs in a store of %s', (_, open) => {
  it('begin with HEAD at a branch that does not exist yet', async () => {
    const { refs } = await open();
    expect(await refs.read('HEAD')).toEqual({ name: 'HEAD', target: 'refs/heads/main' });
    expect(await refs.read('refs/heads/main')).toBeUndefined();
    expect(await refs.list('')).toEqual([]);
  });

  it('keep the log of what they were renamed from, and take a message of their own', async () => {
    const store = await open();
    const { oid } = await writeCommit(store);
    await setRef(store, 'refs/heads/a', oid);
    const created = {
      name: 'refs/heads/b',
      expected: null,
      value: oid,
      renamedFrom: 'refs/heads/a',
      message: 'own',
    };
    await store.refs.update([created, { name: 'refs/heads/a', expected: oid, value: null }], log);
    const messages = (await store.refs.reflog('refs/heads/b')).map(({ message }) => message);
    expect(messages).toEqual(['own', 'test']);
    expect(await store.refs.reflog('refs/heads/a')).toEqual([]);
  });

  it('are created, moved and deleted only from where they are expected', async () => {
    const store = await open();
    const one = await writeCommit(store, { message: 'one' });
    const two = await writeCommit(store, { message: 'two' });
    const name = 'refs/heads/topic';
    await setRef(store, name, one.oid, null);
    await expect(setRef(store, name, two.oid, null)).rejects.toMatchObject({
      code: 'E_STALE',
      details: { ref: name, expected: null, actual: one.oid },
    });
    await expect(setRef(store, name, two.oid, two.oid)).rejects.toMatchObject({ code: 'E_STALE' });
    await setRef(store, name, two.oid, one.oid);
    expect(await store.refs.read(name)).toEqual({ name, oid: two.oid });
    await expect(setRef(store, name, null, one.oid)).rejects.toMatchObject({ code: 'E_STALE' });
    await setRef(store, name, null, two.oid);
    expect(await store.refs.read(name)).toBeUndefined();
    await expect(setRef(store, name, two.oid, one.oid)).rejects.toMatchObject({ code: 'E_STALE' });
  });

  it('change all together or not at all', async () => {
    const store = await open();
    const { oid } = await writeCommit(store);
    await setRef(store, 'refs/heads/a', oid);
    const edits = [
      { name: 'refs/heads/c', value: oid },
      { name: 'refs/heads/a', value: null },
      { name: 'refs/heads/b', value: oid, expected: oid },
    ];
    await expect((async () => store.refs.update(edits, log))()).rejects.toMatchObject({ code: 'E_STALE' });
    expect((await store.refs.list('refs/')).map(({ name }) => name)).toEqual(['refs/heads/a']);
    await store.refs.update(edits.slice(0, 2), log);
    expect((await store.refs.list('refs/')).map(({ name }) => name)).toEqual(['refs/heads/c']);
  });

  it.each([
    ['refs/heads/a', 'refs/heads/a/b'],
    ['refs/heads/a/b', 'refs/heads/a'],
    ['refs/heads/a/b/c', 'refs/heads/a'],
  ])('cannot be %s and %s at a time', async (first, second) => {
    const store = await open();
    const { oid } = await writeCommit(store);
    await setRef(store, first, oid);
    await expect(setRef(store, second, oid)).rejects.toMatchObject({ code: 'E_EXISTS' });
    await setRef(store, first, null);
    await setRef(store, second, oid);
    expect((await store.refs.list('refs/')).map(({ name }) => name)).toEqual([second]);
  });

  it.each([
    '',
    'main',
    'refs/heads/a..b',
    'refs/heads/a.lock',
    '../../etc/passwd',
    'refs/../../x',
    'refs/heads/a b',
  ])('refuse the name %j', async (name) => {
    const store = await open();
    const { oid } = await writeCommit(store);
    await expect(setRef(store, name, oid)).rejects.toMatchObject({ code: 'E_BAD_REF_NAME' });
    await expect((async () => store.refs.read(name))()).rejects.toMatchObject({ code: 'E_BAD_REF_NAME' });
  });

  it('keep a log, and HEAD one of its own while it points there', async () => {
    const store = await open();
    const one = await writeCommit(store, { message: 'one' });
    const two = await writeCommit(store, { message: 'two' });
    await store.refs.update([{ name: 'refs/heads/main', value: one.oid }], { ...log, message: 'first' });
    await store.refs.update([{ name: 'refs/heads/other', value: one.oid }], { ...log, message: 'elsewhere' });
    await store.refs.update([{ name: 'refs/heads/main', value: two.oid }], {
      ...log,
      message: 'second\nline',
    });
    await store.refs.update([{ name: 'refs/tags/v1', value: two.oid }], log);
    const entries = (await store.refs.reflog('refs/heads/main')).map(({ before, after }) => [before, after]);
    expect(entries).toEqual([
      [one.oid, two.oid],
      [zeroOid, one.oid],
    ]);
    expect((await store.refs.reflog('HEAD')).map(({ after }) => after)).toEqual([two.oid, one.oid]);
    expect(await store.refs.reflog('refs/heads/none')).toEqual([]);
    expect(await store.refs.reflog('refs/tags/v1')).toEqual([]);
  });

  it('move HEAD itself when HEAD is edited', async () => {
    const store = await open();
    const { oid } = await writeCommit(store);
    await store.refs.update(
      [
        { name: 'refs/heads/new', value: oid, expected: null },
        { name: 'HEAD', value: { target: 'refs/heads/new' } },
      ],
      { ...log, message: 'checkout: moving from main to new' },
    );
    expect(await store.refs.read('HEAD')).toEqual({ name: 'HEAD', target: 'refs/heads/new' });
    expect(await store.refs.reflog('HEAD')).toMatchObject([{ before: zeroOid, after: oid }]);
    await setRef(store, 'HEAD', oid);
    expect(await store.refs.read('HEAD')).toEqual({ name: 'HEAD', oid });
    expect(await store.refs.read('refs/heads/new')).toEqual({ name: 'refs/heads/new', oid });
  });

  it('refuse what is no id, and two edits of one ref', async () => {
    const store = await open();
    const { oid } = await writeCommit(store);
    await expect(setRef(store, 'refs/heads/a', 'abc')).rejects.toMatchObject({ code: 'E_USAGE' });
    await expect(setRef(store, 'refs/heads/a', zeroOid)).rejects.toMatchObject({ code: 'E_USAGE' });
    const twice = [
      { name: 'refs/heads/a', value: oid },
      { name: 'refs/heads/a', value: null },
    ];
    await expect((async () => store.refs.update(twice, log))()).rejects.toMatchObject({ code: 'E_USAGE' });
  });
});

describe.each(stores)('state files in a store of %s', (_, open) => {
  it('are absent, written and removed', async () => {
    const { state } = await open();
    expect(await state.read('MERGE_HEAD')).toBeUndefined();
    await state.write('cfg/deep/file', 'a');
    await state.write('cfg/deep/file', 'b');
    expect(await state.read('cfg/deep/file')).toBe('b');
    await state.write('cfg/deep/file', undefined);
    await state.write('cfg/deep/file', undefined);
    expect(await state.read('cfg/deep/file')).toBeUndefined();
  });

  it.each(['', '/etc/passwd', '../x', 'a/../../x', 'a//b', 'a/', '.'])('refuse the name %j', async (name) => {
    const { state } = await open();
    await expect((async () => state.read(name))()).rejects.toMatchObject({ code: 'E_BAD_PATH' });
    await expect((async () => state.write(name, ''))()).rejects.toMatchObject({ code: 'E_BAD_PATH' });
  });
});
