/** What processes that died left in a repository, and who may clear it away. */
import { existsSync, linkSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { type Fs, nodeFileSystem, openStore } from '../../src/store/index.js';
import { currentOwner, ownedPath, ownerFileName } from '../../src/store/lock-owner.js';
import { tryLock } from '../../src/store/lock.js';
import { git, log, newStore, setRef, storeEnv, temporaryFolder, writeCommit } from './sandbox.js';

const gone = { pid: 4_194_305, start: '1' };

function diskIn(dir: string, fs: Fs = nodeFileSystem): Parameters<typeof tryLock>[0] {
  return { fs, sync: false, lockTimeoutMs: 0, ownersDir: join(dir, '.git/cfg/locks') };
}

/** A lock as a process leaves it that is killed while it holds it. */
function leaveLock(dir: string, path: string, change: object): void {
  const disk = diskIn(dir);
  mkdirSync(disk.ownersDir, { recursive: true });
  const before = new Set(readdirSync(disk.ownersDir));
  const probe = tryLock(disk, path);
  const key = readdirSync(disk.ownersDir)
    .find((one) => !before.has(one))
    ?.split('.')[0];
  probe?.release();
  const owner = join(disk.ownersDir, ownerFileName(key ?? '', { ...currentOwner(disk.fs), ...change }));
  writeFileSync(owner, '');
  linkSync(owner, `${path}.lock`);
}

function locksIn(dir: string): string[] {
  return readdirSync(join(dir, '.git/cfg/locks'));
}

async function withCommit(): Promise<string> {
  const { dir, store } = await newStore();
  const { oid } = await writeCommit(store, { files: { 'a.yaml': 'a: 1\n' } });
  await setRef(store, 'refs/heads/main', oid);
  return dir;
}

it.each([
  ['of another process', gone],
  ['of an earlier process with the same pid', { start: '1' }],
])('takes locks of all worktrees away with the names of their owners: %s', async (_, owner) => {
  const dir = await withCommit();
  git(dir, 'worktree', 'add', '-q', join(temporaryFolder(), 'linked'), '-b', 'other');
  const files = ['config', 'refs/heads/main', 'worktrees/linked/index', 'logs/HEAD'];
  // Where no version of cfg takes one today.
  files.push('info/sparse-checkout', 'objects/info/commit-graph', 'cfg/notes', 'hooks/pre-push');
  for (const folder of ['info', 'objects/info', 'hooks'])
    mkdirSync(join(dir, '.git', folder), { recursive: true });
  const paths = files.map((name) => join(dir, '.git', name));
  for (const path of paths) leaveLock(dir, path, owner);
  await openStore({ dir, env: storeEnv });
  expect(paths.filter((path) => existsSync(`${path}.lock`))).toEqual([]);
  expect(locksIn(dir)).toEqual([]);
});

it('takes locks away in a repository that was moved since', async () => {
  const dir = await withCommit();
  leaveLock(dir, join(dir, '.git/refs/heads/main'), gone);
  const elsewhere = join(temporaryFolder(), 'moved');
  renameSync(dir, elsewhere);
  await openStore({ dir: elsewhere, env: storeEnv });
  expect(existsSync(join(elsewhere, '.git/refs/heads/main.lock'))).toBe(false);
});

it('clears away beside another process that does so too', async () => {
  const dir = await withCommit();
  const disk = diskIn(dir);
  const name = ownerFileName('temp', { ...currentOwner(disk.fs), ...gone });
  mkdirSync(ownedPath(disk, 'temp'));
  mkdirSync(join(disk.ownersDir, name));
  mkdirSync(join(dir, '.git/refs/heads/empty'));
  const fs: Fs = {
    ...nodeFileSystem,
    readdir: (path) => {
      // The other one is a moment earlier each time.
      if (path.endsWith(name) || path.endsWith('empty')) nodeFileSystem.rmdir(path);
      return nodeFileSystem.readdir(path);
    },
  };
  await openStore({ dir, env: storeEnv, fs });
  expect(locksIn(dir)).toHaveLength(1);
});

it.each(['ENOENT', 'EPERM', 'EACCES'])(
  'takes nothing from a process that runs and that the system does not show (%s)',
  async (code) => {
    const dir = await withCommit();
    const path = join(dir, '.git/index');
    const other = { pid: process.ppid, start: '77' };
    leaveLock(dir, path, other);
    const hidden: Fs = {
      ...nodeFileSystem,
      readFile: (file) => {
        if (file !== `/proc/${other.pid}/stat`) return nodeFileSystem.readFile(file);
        throw Object.assign(new Error(code), { code, syscall: 'open' });
      },
    };
    await openStore({ dir, env: storeEnv, fs: hidden });
    expect(tryLock(diskIn(dir, hidden), path)).toBeUndefined();
    expect(existsSync(`${path}.lock`)).toBe(true);
  },
);

it('takes the lock of a process that ends while it is looked at', async () => {
  const dir = await withCommit();
  const path = join(dir, '.git/index');
  leaveLock(dir, path, gone);
  const ending: Fs = {
    ...nodeFileSystem,
    readFile: (file) => {
      if (file !== `/proc/${gone.pid}/stat`) return nodeFileSystem.readFile(file);
      throw Object.assign(new Error('ESRCH'), { code: 'ESRCH', syscall: 'read' });
    },
  };
  await openStore({ dir, env: storeEnv, fs: ending });
  expect(existsSync(`${path}.lock`)).toBe(false);
});

it('leaves to the next what it cannot settle now', async () => {
  const dir = await withCommit();
  const disk = diskIn(dir);
  mkdirSync(disk.ownersDir, { recursive: true });
  const tip = git(dir, 'rev-parse', 'main');
  git(dir, 'branch', 'half', 'main');
  const changes = ['half', 'other'].map((name) => ({
    name: `refs/heads/${name}`,
    before: null,
    after: tip,
  }));
  const journal = { changes, log, gitDir: '', reflogs: {} };
  const name = ownerFileName('journal', { ...currentOwner(disk.fs), ...gone });
  writeFileSync(join(disk.ownersDir, name), JSON.stringify(journal));
  writeFileSync(join(dir, '.git/refs/heads/half.lock'), ''); // somebody works on it
  await openStore({ dir, env: storeEnv, lockTimeoutMs: 0 });
  expect([locksIn(dir), git(dir, 'branch', '--list', 'half')]).toEqual([[name], '  half']);
  rmSync(join(dir, '.git/refs/heads/half.lock'));
  await openStore({ dir, env: storeEnv });
  expect([locksIn(dir), git(dir, 'branch', '--list', 'half')]).toEqual([[], '']);
});

it('has what is about to be done to several refs on the disk, folders included, before it is begun', async () => {
  const { dir, store } = await newStore();
  const { oid } = await writeCommit(store, { files: { 'a.yaml': 'a: 1\n' } });
  rmSync(join(dir, '.git/cfg'), { recursive: true, force: true });
  const calls: string[] = [];
  const fs: Fs = {
    ...nodeFileSystem,
    syncDirectory: (path) => {
      calls.push(path.slice(dir.length));
      nodeFileSystem.syncDirectory(path);
    },
    rename: (from, to) => {
      if (to.includes('/refs/')) calls.push('begin');
      nodeFileSystem.rename(from, to);
    },
  };
  const { refs } = await openStore({ dir, env: storeEnv, fs });
  mkdirSync(join(dir, '.git/cfg/locks'), { recursive: true }); // by somebody who flushed nothing
  const edits = ['one', 'two'].map((name) => ({ name: `refs/heads/${name}`, value: oid }));
  await refs.update(edits, log);
  const before = calls.slice(0, calls.indexOf('begin'));
  expect(before).toEqual(expect.arrayContaining(['/.git/cfg/locks', '/.git/cfg', '/.git']));
});
