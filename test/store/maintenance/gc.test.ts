import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { collectGarbage, type Collected, openStore } from '../../../src/store/index.js';
import { fsck, git, gitWith, storeEnv, temporaryFolder, tryGit, writeCommit } from '../sandbox.js';

const text = (n: number): string =>
  Array.from({ length: 40 }, (_, line) => `key${line}: ${line === n % 40 ? n : line}\n`).join('');

/** Twenty commits of one growing file and some others; loose, unless it is told to be packed on the way. */
function history(dir: string, packAt = -1): void {
  git(dir, 'init', '-q', '-b', 'main');
  for (let n = 0; n < 20; n += 1) {
    mkdirSync(join(dir, 'a/b'), { recursive: true });
    writeFileSync(join(dir, 'a/b/big.yaml'), text(n));
    writeFileSync(join(dir, `f${n}.json`), `{"n": ${n}}\n`);
    git(dir, 'add', '-A');
    git(dir, 'commit', '-q', '-m', `c${n}`);
    if (n === packAt) git(dir, 'repack', '-dq');
  }
  git(dir, 'tag', '-a', '-m', 'v1', 'v1.0.0', 'HEAD~3');
}

const collect = (dir: string, graceMs?: number): Promise<Collected> =>
  collectGarbage({ dir, env: storeEnv, ...(graceMs === undefined ? {} : { graceMs }) });

function listed(dir: string, ext: string): string[] {
  return readdirSync(join(dir, '.git/objects/pack')).filter((name) => name.endsWith(ext));
}

function looseCount(dir: string): number {
  return Number(/^count: (\d+)$/m.exec(git(dir, 'count-objects', '-v'))?.[1]);
}

function repository(packAt?: number): string {
  const dir = temporaryFolder();
  history(dir, packAt);
  return dir;
}

/** Makes every file of the objects folder so many days old. */
function age(dir: string, days: number): void {
  const objects = join(dir, '.git/objects');
  const time = Date.now() / 1000 - days * 86_400;
  for (const name of readdirSync(objects, { recursive: true, encoding: 'utf8' }))
    if (statSync(join(objects, name)).isFile()) utimesSync(join(objects, name), time, time);
}

const unreachable = (dir: string, content: string): string =>
  gitWith(dir, { input: content }, 'hash-object', '-w', '--stdin');

describe('gc', () => {
  it.each([
    ['loose objects', -1],
    ['a pack and loose objects', 9],
  ])('puts %s into one pack', async (_, packAt) => {
    const dir = repository(packAt);
    const before = git(dir, 'rev-list', '--objects', '--all').split('\n').toSorted();
    const answer = await collect(dir);
    expect(fsck(dir)).toBe('');
    expect(git(dir, 'rev-list', '--objects', '--all').split('\n').toSorted()).toEqual(before);
    expect([listed(dir, '.pack').length, looseCount(dir)]).toEqual([1, 0]);
    expect(answer).toMatchObject({ packed: before.length, pruned: 0, after: { loose: 0, packs: 1 } });
    git(dir, 'verify-pack', join(dir, '.git/objects/pack', listed(dir, '.idx')[0] ?? ''));
    expect(await collect(dir)).toMatchObject({ packed: 0, pruned: 0 });
  });

  it('is read by a store that was open before', async () => {
    const dir = repository(9);
    const store = await openStore({ dir, env: storeEnv });
    const oids = git(dir, 'rev-list', '--objects', '--all')
      .split('\n')
      .map((line) => line.slice(0, 40));
    for (const oid of oids.slice(0, 5)) await store.objects.read(oid);
    await collect(dir);
    for (const oid of oids) expect(await store.objects.has(oid)).toBe(true);
    for (const oid of oids) await store.objects.read(oid);
  });

  it('stores versions of a file as deltas', async () => {
    const dir = repository();
    const { after } = await collect(dir);
    const whole = git(dir, 'rev-list', '--objects', '--all').split('\n').length * 120;
    expect(after.bytes).toBeLessThan(whole);
    const chains = git(
      dir,
      'verify-pack',
      '-v',
      join(dir, '.git/objects/pack', listed(dir, '.idx')[0] ?? ''),
    );
    expect(chains).toContain('chain length = 1');
  });

  it('keeps what is unreachable and young, loose or packed', async () => {
    const dir = repository();
    const loose = unreachable(dir, 'loose\n');
    const packed = unreachable(dir, 'packed\n');
    gitWith(dir, { input: `${packed}\n` }, 'pack-objects', '-q', join(dir, '.git/objects/pack/pack'));
    git(dir, 'prune-packed');
    expect(await collect(dir)).toMatchObject({ pruned: 0 });
    expect([git(dir, 'cat-file', '-p', loose), git(dir, 'cat-file', '-p', packed)]).toEqual([
      'loose',
      'packed',
    ]);
    expect(listed(dir, '.pack')).toHaveLength(1);
  });

  it('removes what is unreachable and old, loose or packed', async () => {
    const dir = repository();
    const loose = unreachable(dir, 'loose\n');
    const packed = unreachable(dir, 'packed\n');
    gitWith(dir, { input: `${packed}\n` }, 'pack-objects', '-q', join(dir, '.git/objects/pack/pack'));
    git(dir, 'prune-packed');
    age(dir, 15);
    expect(await collect(dir)).toMatchObject({ pruned: 2 });
    for (const oid of [loose, packed]) expect(tryGit(dir, 'cat-file', '-e', oid).status).not.toBe(0);
    expect(fsck(dir)).toBe('');
  });

  it('ages an unreachable object of a pack by the date of that pack', async () => {
    const dir = repository();
    const packed = unreachable(dir, 'packed\n');
    gitWith(dir, { input: `${packed}\n` }, 'pack-objects', '-q', join(dir, '.git/objects/pack/pack'));
    git(dir, 'prune-packed');
    age(dir, 10);
    await collect(dir);
    const path = join(dir, '.git/objects', packed.slice(0, 2), packed.slice(2));
    expect((Date.now() - statSync(path).mtimeMs) / 86_400_000).toBeCloseTo(10, 1);
  });

  it('honours reflogs, the index, other worktrees, refs/cfg and a merge in progress', async () => {
    const dir = repository();
    const commit = (): string => git(dir, 'commit-tree', '-m', 'x', unreachableTree(dir));
    const inReflog = commit();
    git(dir, 'update-ref', 'refs/heads/gone', inReflog);
    git(dir, 'update-ref', 'refs/heads/gone', 'HEAD');
    git(dir, 'update-ref', 'refs/cfg/approvals', commit());
    writeFileSync(join(dir, '.git/MERGE_HEAD'), `${commit()}\n`);
    writeFileSync(join(dir, 'staged.yaml'), 'staged: 1\n');
    git(dir, 'add', 'staged.yaml');
    const linked = temporaryFolder();
    git(dir, 'worktree', 'add', '-q', '--detach', join(linked, 'w'), 'HEAD~5');
    writeFileSync(join(linked, 'w/other.yaml'), 'other: 1\n');
    git(join(linked, 'w'), 'add', 'other.yaml');
    git(join(linked, 'w'), 'commit', '-q', '-m', 'detached');
    age(dir, 30);
    expect(await collect(dir)).toMatchObject({ pruned: 0 });
    expect(fsck(dir)).toBe('');
    git(dir, 'cat-file', '-e', `${inReflog}^{tree}`);
    git(dir, 'cat-file', '-e', ':staged.yaml');
    git(join(linked, 'w'), 'cat-file', '-e', 'HEAD^{tree}');
  });

  it('leaves a kept pack as it is, and takes nothing from it', async () => {
    const dir = repository(9);
    const [kept = ''] = listed(dir, '.pack');
    writeFileSync(join(dir, '.git/objects/pack', kept.replace('.pack', '.keep')), '');
    await collect(dir);
    expect(listed(dir, '.pack')).toContain(kept);
    expect(listed(dir, '.pack')).toHaveLength(2);
    const twice = git(dir, 'count-objects', '-v');
    expect(twice).toMatch(/^count: 0$/m);
    expect(fsck(dir)).toBe('');
  });

  it('drops what git derived from packs that are gone', async () => {
    const dir = repository(9);
    git(dir, 'repack', '-dq');
    git(dir, 'multi-pack-index', 'write');
    git(dir, 'commit-graph', 'write', '--reachable');
    await collect(dir);
    expect(existsSync(join(dir, '.git/objects/pack/multi-pack-index'))).toBe(false);
    expect(fsck(dir)).toBe('');
  });

  it.each([
    ['a pack', 9, 'pack'],
    ['a loose object', -1, 'loose'],
  ])('removes nothing when %s is damaged', async (_, packAt, what) => {
    const dir = repository(packAt);
    const path =
      what === 'pack' ? join('pack', listed(dir, '.pack')[0] ?? '') : loosePath(dir, 'HEAD:a/b/big.yaml');
    const file = join(dir, '.git/objects', path);
    const data = readFileSync(file);
    data[data.length - 40] = (data[data.length - 40] ?? 0) ^ 0xff;
    writeDamaged(file, data);
    const before = readdirSync(join(dir, '.git/objects'), { recursive: true }).length;
    await expect(collect(dir)).rejects.toMatchObject({ code: 'E_CORRUPT' });
    expect(readdirSync(join(dir, '.git/objects'), { recursive: true })).toHaveLength(before);
  });

  it('refuses a partial clone, and a second gc at the same time', async () => {
    const dir = repository();
    writeFileSync(join(dir, '.git/gc.pid.lock'), '');
    await expect(collect(dir)).rejects.toMatchObject({ code: 'E_LOCKED' });
    git(dir, 'config', 'extensions.partialClone', 'origin');
    await expect(collect(dir)).rejects.toMatchObject({
      code: 'E_UNSUPPORTED_REPOSITORY',
      hint: 'run: git gc',
    });
  });
});

describe('gc beside writers', () => {
  it('loses nothing that was written, reused or read meanwhile', { timeout: 120_000 }, async () => {
    const dir = repository(9);
    const store = await openStore({ dir, env: storeEnv, durability: 'fast' });
    const rounds = process.env['CFG_FULL'] ? 200 : 25;
    const made: string[] = [];
    for (let n = 0; n < rounds; n += 1) {
      const files = { 'a/b/big.yaml': text(n % 7), [`w${n}.yaml`]: `n: ${n}\n` };
      const [{ oid }] = await Promise.all([writeCommit(store, { files, message: `w${n}` }), collect(dir, 0)]);
      // What was not named in time went with the grace of zero; what a writer then writes again must all be there.
      const again = await writeCommit(store, { files, message: `w${n}` });
      expect(again.oid).toBe(oid);
      git(dir, 'update-ref', `refs/heads/w${n}`, oid);
      made.push(oid);
    }
    for (const oid of made) git(dir, 'cat-file', '-e', `${oid}^{tree}`);
    expect(fsck(dir)).toBe('');
  });
});

function unreachableTree(dir: string): string {
  const blob = unreachable(dir, `${Math.random()}\n`);
  return gitWith(dir, { input: `100644 blob ${blob}\tx.yaml\n` }, 'mktree');
}

function loosePath(dir: string, revision: string): string {
  const oid = git(dir, 'rev-parse', revision);
  return join(oid.slice(0, 2), oid.slice(2));
}

function writeDamaged(file: string, data: Buffer): void {
  writeFileSync(`${file}.new`, data);
  renameSync(`${file}.new`, file);
}
