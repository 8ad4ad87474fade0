import { randomBytes } from 'node:crypto';
import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isConfigError } from '../../src/errors.js';
import { openStore, type Oid, type RawObject, type Store } from '../../src/store/index.js';
import { fsck, git, gitWith, newStore, setRef, storeEnv, temporaryFolder, writeCommit } from './sandbox.js';

const blob = (data: string | Uint8Array): RawObject => ({ type: 'blob', data: Buffer.from(data) });
const texts = (count: number): RawObject[] =>
  Array.from({ length: count }, (_, n) => blob(`${n}\n`.repeat(n % 50)));

async function readText(store: Store, oid: Oid): Promise<string> {
  return Buffer.from((await store.objects.read(oid)).data).toString();
}

const loosePath = (dir: string, oid: Oid): string => join(dir, '.git/objects', oid.slice(0, 2), oid.slice(2));
const packFiles = (dir: string): string[] => readdirSync(join(dir, '.git/objects/pack')).toSorted();

describe('what cfg writes, git reads', () => {
  it.each([
    ['loose', 99],
    ['as a pack', 100],
    ['as a bigger pack', 1500],
  ])('%s', async (how, count) => {
    const { dir, store } = await newStore();
    const objects = Array.from({ length: count }, (_, n) => blob(`${n}: ${'x'.repeat(n)}\n`));
    objects[1] = blob(randomBytes(70_000));
    objects[2] = blob('');
    const oids = await store.objects.write(objects);
    expect(packFiles(dir)).toHaveLength(how === 'loose' ? 0 : 2);
    const listed = gitWith(dir, { input: oids.join('\n') }, 'cat-file', '--batch-check');
    expect(listed.split('\n')).toEqual(oids.map((oid, n) => `${oid} blob ${objects[n]?.data.length}`));
    expect(fsck(dir)).toBe('');
    if (how !== 'loose') git(dir, 'verify-pack', join(dir, '.git/objects/pack', packFiles(dir)[0] ?? ''));
    const again = await openStore({ dir, env: storeEnv });
    for (const [n, oid] of oids.entries())
      expect(
        Buffer.from((await again.objects.read(oid)).data).equals(Buffer.from(objects[n]?.data ?? '')),
      ).toBe(true);
  });

  it('writes nothing twice', async () => {
    const { dir, store } = await newStore();
    await store.objects.write(texts(60));
    await store.objects.write(texts(60));
    await store.objects.write(texts(200));
    const [first] = packFiles(dir);
    await store.objects.write(texts(200));
    expect(packFiles(dir)[0]).toBe(first);
    expect(packFiles(dir)).toHaveLength(2);
  });
});

describe('what git writes, cfg reads', () => {
  it.each([
    ['offset deltas', ['repack', '-adfq', '--depth=50', '--window=50'], {}],
    ['reference deltas', ['repack', '-adfq', '--depth=50'], { 'repack.useDeltaBaseOffset': 'false' }],
    ['an index of version 1', ['repack', '-adfq'], { index: '1' }],
    ['64-bit offsets', ['repack', '-adfq'], { index: '2,0x100' }],
    ['several packs', ['repack', '-q'], {}],
    ['a pack without compression', ['repack', '-adfFq'], { 'pack.compression': '0' }],
  ])('packed with %s', { timeout: 60_000 }, async (_, repack, config) => {
    const dir = temporaryFolder();
    growing(dir);
    for (const [name, value] of Object.entries(config))
      git(dir, 'config', name.includes('.') ? name : `cfg.${name}`, value);
    git(dir, ...repack);
    if ('index' in config) {
      const pack = packFiles(dir).find((name) => name.endsWith('.pack')) ?? '';
      const path = join(dir, '.git/objects/pack', pack);
      rmSync(path.replace(/pack$/, 'idx'), { force: true });
      git(dir, 'index-pack', `--index-version=${config.index}`, path);
    }
    git(dir, 'prune-packed');
    const store = await openStore({ dir, env: storeEnv });
    const all = git(dir, 'cat-file', '--batch-check', '--batch-all-objects').split('\n');
    expect(all.length).toBeGreaterThan(150);
    for (const line of all) {
      const [oid = '', type, size] = line.split(' ');
      const object = await store.objects.read(oid);
      expect([object.type, object.data.length]).toEqual([type, Number(size)]);
      expect(await store.objects.findByPrefix(oid.slice(0, 10))).toEqual([oid]);
    }
  });

  it('in packs larger than the windows they are read by', async () => {
    const dir = temporaryFolder();
    git(dir, 'init', '-q');
    const big = randomBytes(3_000_000);
    writeFileSync(join(dir, 'big.bin'), big);
    for (let n = 0; n < 30; n += 1) writeFileSync(join(dir, `f${n}`), randomBytes(50_000));
    git(dir, 'add', '-A');
    git(dir, 'commit', '-q', '-m', 'x');
    git(dir, 'repack', '-adq');
    const store = await openStore({ dir, env: storeEnv });
    for (const line of git(dir, 'ls-tree', '-r', 'HEAD').split('\n')) {
      const [, , oid = ''] = line.split(/\s/);
      const { data } = await store.objects.read(oid);
      expect(
        Buffer.compare(
          data,
          line.endsWith('big.bin') ? big : readFileSync(join(dir, line.split('\t')[1] ?? '')),
        ),
      ).toBe(0);
    }
  });

  it('in alternates, and in alternates of alternates', async () => {
    const root = temporaryFolder();
    const base = join(root, 'base');
    mkdirSync(base);
    growing(base);
    git(root, 'clone', '-q', '--shared', 'base', 'one');
    git(root, 'clone', '-q', '--shared', 'one', 'two');
    const dir = join(root, 'two');
    const store = await openStore({ dir, env: storeEnv });
    const head = git(base, 'rev-parse', 'HEAD');
    expect((await store.objects.read(head)).type).toBe('commit');
    const { oid } = await writeCommit(store, { parents: [head], files: { 'f1.json': '{"n": 1}\n' } });
    await setRef(store, 'refs/heads/new', oid);
    expect(fsck(dir)).toBe('');
  });

  it('after git has packed everything anew meanwhile', async () => {
    const dir = temporaryFolder();
    growing(dir);
    const store = await openStore({ dir, env: storeEnv });
    const oids = git(dir, 'rev-list', '--objects', 'HEAD')
      .split('\n')
      .map((line) => line.slice(0, 40));
    const half = oids.length >> 1;
    for (const oid of oids.slice(0, half)) await store.objects.read(oid);
    git(dir, 'gc', '-q', '--prune=now');
    for (const oid of oids.slice(half)) await store.objects.read(oid);
    git(dir, 'repack', '-adfFq', '--window=0');
    const fresh = await openStore({ dir, env: storeEnv });
    for (const oid of oids.slice(0, half)) await fresh.objects.read(oid);
    git(dir, 'repack', '-adfFq', '--window=10');
    for (const oid of oids)
      expect((await fresh.objects.read(oid)).type).toBe(git(dir, 'cat-file', '-t', oid));
  });

  it.each(['before', 'after'])('whose old pack is gone and its index not yet, opened %s', async (when) => {
    const dir = temporaryFolder();
    growing(dir);
    const folder = join(dir, '.git/objects/pack');
    const pack = (ending: string): string =>
      join(folder, packFiles(dir).find((name) => name.endsWith(ending)) ?? '');
    git(dir, 'repack', '-adfFq', '--window=0');
    const index = [pack('.idx'), readFileSync(pack('.idx'))] as const;
    let store = await openStore({ dir, env: storeEnv });
    const oid = git(dir, 'rev-parse', 'HEAD^{tree}').trim();
    await store.objects.has(oid);
    git(dir, 'repack', '-adfFq', '--window=10');
    writeFileSync(...index);
    expect(packFiles(dir)).toHaveLength(3);
    if (when === 'after') store = await openStore({ dir, env: storeEnv });
    expect((await store.objects.read(oid)).type).toBe('tree');
  });
});

describe('a damaged object', () => {
  it.each([
    ['empty', () => Buffer.alloc(0)],
    ['cut short', (data: Buffer) => data.subarray(0, -5)],
    ['of zeros', (data: Buffer) => Buffer.alloc(data.length)],
    ['with a flipped bit', flipped],
    ['another object', () => Buffer.from('789c4bcac94f5230620000090b01e4', 'hex')],
  ])('is noticed when it is %s, and written again', async (_, damage) => {
    const { dir, store } = await newStore();
    const content = 'some content that is long enough to be damaged\n'.repeat(4);
    const [oid = ''] = await store.objects.write([blob(content)]);
    const path = loosePath(dir, oid);
    const data = damage(readFileSync(path));
    chmodSync(path, 0o644);
    writeFileSync(path, data);
    const again = await openStore({ dir, env: storeEnv });
    await expect(readText(again, oid)).rejects.toMatchObject({ code: 'E_CORRUPT', details: { oid } });
    await store.objects.write([blob(content)]);
    expect(await readText(again, oid)).toBe(content);
    expect(fsck(dir)).toBe('');
  });

  it('is passed over where another copy is whole', async () => {
    const { dir, store } = await newStore();
    const objects = texts(120);
    const oids = await store.objects.write(objects);
    const [oid = ''] = oids;
    mkdirSync(join(loosePath(dir, oid), '..'), { recursive: true });
    writeFileSync(loosePath(dir, oid), '');
    const again = await openStore({ dir, env: storeEnv });
    expect((await again.objects.read(oid)).type).toBe('blob');
    const pack = packFiles(dir).find((name) => name.endsWith('.pack')) ?? '';
    const path = join(dir, '.git/objects/pack', pack);
    chmodSync(path, 0o644);
    writeFileSync(path, Buffer.alloc(readFileSync(path).length));
    const last = await openStore({ dir, env: storeEnv });
    await expect(readText(last, oid)).rejects.toMatchObject({ code: 'E_CORRUPT' });
    await last.objects.write(objects.slice(0, 1));
    expect((await last.objects.read(oid)).type).toBe('blob');
  });

  it.each([
    ['cut short', (data: Buffer) => data.subarray(0, data.length >> 1)],
    ['empty', () => Buffer.alloc(0)],
    [
      'with a mad fan-out',
      (data: Buffer) => Buffer.concat([data.subarray(0, 8), Buffer.alloc(1020, 255), data.subarray(1028)]),
    ],
  ])('an index of a pack that is %s is a typed error', async (_, damage) => {
    const { dir, store } = await newStore();
    const [oid = ''] = await store.objects.write(texts(120));
    const [index = ''] = packFiles(dir);
    const path = join(dir, '.git/objects/pack', index);
    chmodSync(path, 0o644);
    writeFileSync(path, damage(readFileSync(path)));
    const again = await openStore({ dir, env: storeEnv });
    await expect(readText(again, oid)).rejects.toMatchObject({ code: 'E_CORRUPT' });
  });

  it('never gives wrong bytes, whichever bit of a pack is flipped', { timeout: 120_000 }, async () => {
    const dir = temporaryFolder();
    git(dir, 'init', '-q');
    for (let n = 0; n < 12; n += 1) {
      appendFileSync(join(dir, 'a.yaml'), `key${n}: ${n}\n`.repeat(5));
      git(dir, 'add', '-A');
      git(dir, 'commit', '-q', '-m', `${n}`);
    }
    git(dir, 'gc', '-q');
    const pack = packFiles(dir).find((name) => name.endsWith('.pack')) ?? '';
    const path = join(dir, '.git/objects/pack', pack);
    chmodSync(path, 0o644);
    const whole = readFileSync(path);
    const oids = git(dir, 'rev-list', '--objects', 'HEAD')
      .split('\n')
      .map((line) => line.slice(0, 40));
    const step = process.env['CFG_FULL'] ? 1 : 97;
    for (let at = 0; at < whole.length; at += step) {
      writeFileSync(
        path,
        Buffer.concat([whole.subarray(0, at), Buffer.from([(whole[at] ?? 0) ^ 4]), whole.subarray(at + 1)]),
      );
      const store = await openStore({ dir, env: storeEnv });
      for (const oid of oids) {
        const code = await Promise.resolve()
          .then(async () => store.objects.read(oid))
          .then(() => 'whole')
          .catch((error: unknown) => (isConfigError(error) ? error.code : String(error)));
        expect(['whole', 'E_CORRUPT']).toContain(code);
      }
    }
  });
});

it('makes a file that is used again young, so that git gc leaves it', async () => {
  const { dir, store } = await newStore();
  const [oid = ''] = await store.objects.write([blob('once\n')]);
  const long = new Date('2020-01-01');
  utimesSync(loosePath(dir, oid), long, long);
  await store.objects.write([blob('once\n')]);
  expect(statSync(loosePath(dir, oid)).mtimeMs).toBeGreaterThan(long.getTime());
  git(dir, 'prune', '--expire=2021-01-01');
  expect(existsSync(loosePath(dir, oid))).toBe(true);
});

function flipped(data: Buffer): Buffer {
  const copy = Buffer.from(data);
  const at = copy.length >> 1;
  copy[at] = (copy[at] ?? 0) ^ 16;
  return copy;
}

/** Files that grow line by line: git stores such as chains of deltas. */
function growing(dir: string): void {
  git(dir, 'init', '-q', '-b', 'main');
  const lines: string[] = [];
  const commits = Array.from({ length: 40 }, (_, n) => {
    lines.splice((n * 7) % (lines.length + 1), 0, `key${n}: ${'value '.repeat(n % 9)}${n}`);
    const header = `commit refs/heads/main\ncommitter A <a@b> ${1_700_000_000 + n} +0000\ndata 2\nc\n`;
    return (
      header + file('a/b/big.yaml', `${lines.join('\n')}\n`.repeat(20)) + file(`f${n}.json`, `{"n": ${n}}\n`)
    );
  });
  gitWith(dir, { input: commits.join('\n') }, 'fast-import', '--quiet');
  git(dir, 'tag', '-a', '-m', 'x', 'v1');
}

function file(path: string, text: string): string {
  return `M 100644 inline ${path}\ndata ${text.length}\n${text}\n`;
}
