import {
  cpSync,
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Checked, checkStore, openStore } from '../../../src/store/index.js';
import { fsck, git, storeEnv, temporaryFolder, tryGit } from '../sandbox.js';

const check = (dir: string, repair = false): Promise<Checked> =>
  checkStore({ dir, env: storeEnv, repair, lockTimeoutMs: 200 });

/** Packed and loose, with branches, tags, a merge of refs packed and loose, and what git derives. */
function repository(): string {
  const dir = join(temporaryFolder(), 'r');
  mkdirSync(join(dir, 'a/b'), { recursive: true });
  git(dir, 'init', '-q', '-b', 'main');
  for (let n = 0; n < 4; n += 1) {
    writeFileSync(join(dir, 'a/b/big.yaml'), `n: ${n}\n${'line: 1\n'.repeat(20)}`);
    writeFileSync(join(dir, 'top.json'), `{"n": ${n}}\n`);
    git(dir, 'add', '-A');
    git(dir, 'commit', '-q', '-m', `c${n}`);
    if (n !== 2) continue;
    git(dir, 'branch', 'packed/one', 'HEAD~1');
    git(dir, 'tag', '-a', '-m', 'v1', 'v1.0.0');
    git(dir, 'repack', '-adq', '--write-bitmap-index');
    git(dir, 'pack-refs', '--all');
    git(dir, 'commit-graph', 'write', '--reachable');
  }
  git(dir, 'branch', 'side', 'HEAD~1');
  return dir;
}

function copyOf(start: string): string {
  const dir = join(temporaryFolder(), 'r');
  cpSync(start, dir, { recursive: true, preserveTimestamps: true });
  return dir;
}

/** What a user has of a repository; 'unreadable' when git cannot even say. */
function observed(dir: string): string {
  const commands = [
    ['for-each-ref', '--format=%(refname) %(objectname)'],
    ['symbolic-ref', '-q', 'HEAD'],
    ['ls-files', '-s'],
    ['rev-list', '--all', '--objects'],
    ['status', '--porcelain'],
  ];
  const answers = commands.map((command) => tryGit(dir, ...command));
  const blobs = tryGit(dir, 'cat-file', '--batch-all-objects', '--batch-check');
  const isSound = answers.every(({ status }) => status === 0) && blobs.status === 0 && fsck(dir) === '';
  return isSound ? answers.map(({ output }) => output).join('\n') : 'unreadable';
}

const mutations = {
  zero: (path: string) => replace(path, () => Buffer.alloc(0)),
  half: (path: string) => replace(path, (data) => data.subarray(0, data.length >> 1)),
  'bit flip': (path: string) =>
    replace(path, (data) => {
      const flipped = Buffer.from(data);
      const at = (data.length * 7919) % Math.max(1, data.length - 1);
      const place = Math.floor(data.length * 0.4) + (at % Math.max(1, data.length >> 2));
      flipped[place] = (flipped[place] ?? 0) ^ 4;
      return flipped;
    }),
  delete: (path: string) => rmSync(path),
} as const;

function replace(path: string, change: (data: Buffer) => Buffer): void {
  const data = change(readFileSync(path));
  writeFileSync(`${path}.x`, data);
  renameSync(`${path}.x`, path);
}

function filesOf(dir: string): string[] {
  return readdirSync(join(dir, '.git'), { recursive: true, encoding: 'utf8' })
    .filter((name) => statSync(join(dir, '.git', name)).isFile() && !name.startsWith('hooks/'))
    .toSorted();
}

/** What neither git nor cfg relies on. */
const free = /^(description|COMMIT_EDITMSG|info\/exclude|objects\/info\/packs)$/;

describe('fsck notices', () => {
  it('nothing in a sound repository', async () => {
    expect(await check(repository())).toEqual({ ok: true, problems: [] });
  });

  it.each(['zero', 'half', 'bit flip', 'delete'] as const)(
    'every file of the Git folder after: %s',
    { timeout: 300_000 },
    async (kind) => {
      const start = repository();
      const whole = observed(start);
      const unnoticed: string[] = [];
      const claimed: string[] = [];
      const unmended: string[] = [];
      for (const name of filesOf(start).filter((file) => !free.test(file))) {
        const dir = copyOf(start);
        mutations[kind](join(dir, '.git', name));
        const { ok } = await check(dir);
        if (ok && observed(dir) !== whole) unnoticed.push(name);
        const after = await check(dir, true);
        if (after.ok && fsck(dir) !== '') claimed.push(name);
        if (after.ok !== (await check(dir)).ok) claimed.push(`${name}: not the same when asked again`);
        if (isDerived(name) && (!after.ok || observed(dir) !== whole)) unmended.push(name);
      }
      expect({ unnoticed, claimed, unmended }).toEqual({ unnoticed: [], claimed: [], unmended: [] });
    },
  );
});

describe('fsck names the cause alone', () => {
  it('of objects in a pack without its index', async () => {
    const dir = repository();
    const index = filesOf(dir).find((name) => name.endsWith('.idx')) ?? '';
    mutations.half(join(dir, '.git', index));
    expect((await check(dir)).problems).toMatchObject([
      { kind: 'pack', message: 'has a damaged index', repair: 'build the index from the pack' },
    ]);
    expect(await check(dir, true)).toMatchObject({ ok: true, problems: [{ repaired: true }] });
  });

  it('of objects in a folder elsewhere', async () => {
    const [dir, shared] = [repository(), join(temporaryFolder(), 'shared')];
    git(dir, 'clone', '-q', '--shared', dir, shared);
    renameSync(join(dir, '.git/objects'), join(dir, '.git/away'));
    const message = expect.stringContaining(`leads to '${join(dir, '.git/objects')}', which is not there`);
    const path = '.git/objects/info/alternates';
    expect(await check(shared, true)).toEqual({ ok: false, problems: [{ kind: 'layout', path, message }] });
    const env = { ...storeEnv, GIT_ALTERNATE_OBJECT_DIRECTORIES: join(dir, '.git/away') };
    rmSync(join(shared, path));
    expect(await checkStore({ dir: shared, env })).toEqual({ ok: true, problems: [] });
  });
});

/** Whatever can be computed from the rest, or stands in a log or a second place as well. */
function isDerived(name: string): boolean {
  return /^(index|HEAD|config|refs\/heads\/.*|objects\/info\/commit-graph|objects\/pack\/.*\.(idx|rev|bitmap))$/.test(
    name,
  );
}

describe('fsck --repair', () => {
  it('builds the index from HEAD and leaves the files', async () => {
    const dir = repository();
    writeFileSync(join(dir, 'top.json'), 'changed\n');
    writeFileSync(join(dir, '.git/index'), 'DIRC');
    const { ok, problems } = await check(dir, true);
    expect([ok, problems.map(({ kind, path, repaired }) => [kind, path, repaired])]).toEqual([
      true,
      [['index', '.git/index', true]],
    ]);
    expect(git(dir, 'status', '--porcelain')).toBe(' M top.json');
    expect(readdirSync(join(dir, '.git/cfg/lost-found'))).toHaveLength(1);
  });

  it('sets an empty ref to the last entry of its log, and says so', async () => {
    const dir = repository();
    const tip = git(dir, 'rev-parse', 'main');
    writeFileSync(join(dir, '.git/refs/heads/main'), '');
    expect(await check(dir)).toMatchObject({
      ok: false,
      problems: [{ kind: 'ref', path: 'refs/heads/main', oid: tip, message: 'is empty' }],
    });
    expect(await check(dir, true)).toMatchObject({ ok: true, problems: [{ repaired: true }] });
    expect(git(dir, 'rev-parse', 'main')).toBe(tip);
  });

  it('sets a damaged object aside when there is another copy, and no other', async () => {
    const dir = repository();
    const packed = git(dir, 'rev-parse', 'HEAD~2:top.json');
    const only = git(dir, 'rev-parse', 'HEAD^{tree}');
    for (const oid of [packed, only]) {
      mkdirSync(join(dir, '.git/objects', oid.slice(0, 2)), { recursive: true });
      rmSync(loosePath(dir, oid), { force: true });
      writeFileSync(loosePath(dir, oid), '');
    }
    const { ok, problems } = await check(dir, true);
    expect(ok).toBe(false);
    expect(problems.find(({ oid }) => oid === packed)).toMatchObject({ kind: 'object', repaired: true });
    expect(problems.find(({ oid }) => oid === only)).toEqual({
      kind: 'object',
      path: `.git/objects/${only.slice(0, 2)}/${only.slice(2)}`,
      oid: only,
      message: 'is empty',
    });
    expect([existsSync(loosePath(dir, packed)), existsSync(loosePath(dir, only))]).toEqual([false, true]);
  });

  it('writes a lost file again from the worktree', async () => {
    const dir = repository();
    const oid = git(dir, 'rev-parse', 'HEAD:top.json');
    rmSync(loosePath(dir, oid));
    expect(await check(dir, true)).toMatchObject({ ok: true, problems: [{ oid, repaired: true }] });
    expect(fsck(dir)).toBe('');
  });

  it('removes locks and leftovers of processes that are gone, and only those', async () => {
    const dir = repository();
    const old = Date.now() / 1000 - 3_600;
    const [stale, held] = [join(dir, '.git/config.lock'), join(dir, '.git/index.lock')];
    mkdirSync(join(dir, '.git/objects/aa'), { recursive: true });
    const temporary = ['aa/tmp_obj_x', 'pack/tmp_pack_x', 'tmp_obj_x'].map((name) => `.git/objects/${name}`);
    const leftovers = temporary.map((name) => join(dir, name));
    for (const path of [stale, held, ...leftovers]) writeFileSync(path, '');
    for (const path of [stale, ...leftovers]) utimesSync(path, old, old);
    const { ok, problems } = await check(dir, true);
    expect([ok, problems.map(({ kind, path }) => [kind, path])]).toEqual([
      true,
      [['lock', '.git/config.lock'], ...temporary.map((name) => ['temporary', name])],
    ]);
    expect(existsSync(held)).toBe(true);
  });

  it('removes a lock of another machine once it is old, with the name of its owner', async () => {
    const dir = repository();
    const [lock, owners] = [join(dir, '.git/index.lock'), join(dir, '.git/cfg/locks')];
    mkdirSync(owners, { recursive: true });
    writeFileSync(lock, '');
    linkSync(lock, join(owners, '0123456789abcdef.there.m.b.1.99.7.lock_x'));
    expect(await check(dir, true)).toEqual({ ok: true, problems: [] });
    const old = Date.now() / 1000 - 3_600;
    utimesSync(lock, old, old);
    expect((await check(dir, true)).problems).toMatchObject([
      {
        kind: 'lock',
        message: "is held by process 99 on 'there', for more than ten minutes",
        repaired: true,
      },
    ]);
    expect([existsSync(lock), readdirSync(owners)]).toEqual([false, []]);
  });

  it.each([['HEAD'], ['refs'], ['objects'], ['config']])(
    'completes a repository without %s',
    async (name) => {
      const dir = join(temporaryFolder(), 'r');
      mkdirSync(dir);
      git(dir, 'init', '-q', '-b', 'main');
      rmSync(join(dir, '.git', name), { recursive: true });
      expect(await check(dir)).toMatchObject({ ok: false });
      expect(await check(dir, true)).toMatchObject({ ok: true });
      expect(fsck(dir)).toBe('');
      await openStore({ dir, env: storeEnv });
    },
  );

  it.each(['MERGE_HEAD', 'CHERRY_PICK_HEAD', 'REVERT_HEAD', 'cfg/merge.json'])(
    'sets a damaged %s aside, and leaves the files',
    async (name) => {
      const dir = repository();
      writeFileSync(join(dir, 'top.json'), 'changed\n');
      mkdirSync(join(dir, '.git/cfg'), { recursive: true });
      for (const damage of ['', 'x', '{"version"']) {
        writeFileSync(join(dir, '.git', name), damage);
        expect(await check(dir)).toMatchObject({
          ok: false,
          problems: [{ kind: 'state', path: `.git/${name}` }],
        });
        expect(await check(dir, true)).toMatchObject({ ok: true, problems: [{ repaired: true }] });
        expect(git(dir, 'status', '--porcelain')).toBe(' M top.json');
      }
    },
  );

  it('finds what only a linked worktree has', async () => {
    const dir = repository();
    git(dir, 'worktree', 'add', '-q', join(dir, '../w'), 'side');
    expect(await check(dir)).toEqual({ ok: true, problems: [] });
    writeFileSync(join(dir, '.git/worktrees/w/index'), 'x');
    expect(await check(dir)).toMatchObject({ problems: [{ kind: 'index', path: '.git/worktrees/w/index' }] });
    expect(await check(join(dir, '../w'), true)).toMatchObject({ ok: true });
    expect(git(join(dir, '../w'), 'status', '--porcelain')).toBe('');
  });

  it('changes nothing unless it is told to', async () => {
    const dir = repository();
    writeFileSync(join(dir, '.git/index'), 'DIRC');
    writeFileSync(join(dir, '.git/refs/heads/main'), '');
    const before = filesOf(dir).map((name) => readFileSync(join(dir, '.git', name), 'latin1'));
    await check(dir);
    expect(filesOf(dir).map((name) => readFileSync(join(dir, '.git', name), 'latin1'))).toEqual(before);
  });
});

function loosePath(dir: string, oid: string): string {
  return join(dir, '.git/objects', oid.slice(0, 2), oid.slice(2));
}
