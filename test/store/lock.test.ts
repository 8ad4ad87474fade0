import { execFileSync, spawn } from 'node:child_process';
import { existsSync, linkSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { Disk } from '../../src/store/disk.js';
import { acquireLock, tryLock, withLock } from '../../src/store/lock.js';
import { currentOwner, ownerFileName } from '../../src/store/lock-owner.js';
import { type Fs, nodeFileSystem } from '../../src/store/index.js';
import { temporaryFolder } from './sandbox.js';

function diskIn(dir: string, lockTimeoutMs = 50): Disk {
  return { fs: nodeFileSystem, sync: false, lockTimeoutMs, ownersDir: join(dir, 'cfg', 'locks') };
}

it('holds a lock that git respects, and puts the new content in place', async () => {
  const dir = temporaryFolder();
  const path = join(dir, 'file');
  const lock = await acquireLock(diskIn(dir), path);
  expect(existsSync(`${path}.lock`)).toBe(true);
  expect(tryLock(diskIn(dir), path)).toBeUndefined();
  lock.stage(Buffer.from('new'));
  expect(existsSync(path)).toBe(false);
  lock.commit();
  lock.release();
  expect(readFileSync(path, 'utf8')).toBe('new');
  expect([existsSync(`${path}.lock`), readdirSync(join(dir, 'cfg/locks'))]).toEqual([false, []]);
});

it('gives the lock up when its user throws', async () => {
  const dir = temporaryFolder();
  const path = join(dir, 'file');
  const failing = withLock(diskIn(dir), path, (lock) => {
    lock.stage(Buffer.from('half'));
    throw new Error('no');
  });
  await expect(failing).rejects.toThrow('no');
  expect([existsSync(path), existsSync(`${path}.lock`), readdirSync(join(dir, 'cfg/locks'))]).toEqual([
    false,
    false,
    [],
  ]);
});

it('waits for its turn', async () => {
  const dir = temporaryFolder();
  const path = join(dir, 'file');
  const disk = diskIn(dir, 5_000);
  const first = await acquireLock(disk, path);
  const order: string[] = [];
  const second = acquireLock(disk, path).then((lock) => {
    order.push('second');
    lock.release();
  });
  await new Promise((done) => setTimeout(done, 20));
  order.push('first');
  first.release();
  await second;
  expect(order).toEqual(['first', 'second']);
});

it('names file, age and owner of a lock that stays', async () => {
  const dir = temporaryFolder();
  const path = join(dir, 'file');
  await acquireLock(diskIn(dir), path);
  await expect(acquireLock(diskIn(dir), path)).rejects.toMatchObject({
    code: 'E_LOCKED',
    message: expect.stringContaining(`'${path}.lock' is held by process ${process.pid} on `),
    details: { file: `${path}.lock`, ageMs: expect.any(Number), owner: { pid: process.pid } },
  });
});

it('waits longer while the lock goes from hand to hand, and not for ever', async () => {
  const dir = temporaryFolder();
  const path = join(dir, 'file');
  await acquireLock(diskIn(dir), path);
  let holders = 0;
  const lstat: Fs['lstat'] = (file) => {
    const stat = nodeFileSystem.lstat(file);
    return stat && file === `${path}.lock` ? { ...stat, ino: (holders += 1) } : stat;
  };
  const disk = { ...diskIn(dir, 20), fs: { ...nodeFileSystem, lstat } };
  const startedAt = performance.now();
  await expect(acquireLock(disk, path)).rejects.toMatchObject({ code: 'E_LOCKED' });
  expect(performance.now() - startedAt).toBeGreaterThan(12 * 20);
});

it('never takes a lock of an unknown owner', async () => {
  const dir = temporaryFolder();
  const path = join(dir, 'file');
  writeFileSync(`${path}.lock`, '');
  await expect(acquireLock(diskIn(dir), path)).rejects.toMatchObject({
    code: 'E_LOCKED',
    hint: expect.stringContaining('remove'),
    details: { owner: null },
  });
  expect(existsSync(`${path}.lock`)).toBe(true);
});

/** Leaves a lock as a process does that was killed while it held it. */
function leaveLock(dir: string, path: string, change: object): void {
  const disk = diskIn(dir);
  mkdirSync(disk.ownersDir, { recursive: true });
  const probe = tryLock(disk, path);
  const [name = ''] = readdirSync(disk.ownersDir);
  probe?.release();
  const key = name.split('.')[0] ?? '';
  const owner = join(disk.ownersDir, ownerFileName(key, { ...currentOwner(disk.fs), ...change }));
  writeFileSync(owner, 'half writ');
  linkSync(owner, `${path}.lock`);
}

const gone = { pid: 4_194_305, start: '1' };

it.each([
  ['whose process is gone', gone],
  ['whose pid another process has now', { start: '1' }],
  ['from before the machine was started', { boot: 'another' }],
])('takes over a lock %s', async (_, change) => {
  const dir = temporaryFolder();
  const path = join(dir, 'file');
  writeFileSync(path, 'old');
  leaveLock(dir, path, change);
  const lock = await acquireLock(diskIn(dir), path);
  lock.stage(Buffer.from('new'));
  lock.commit();
  expect(readFileSync(path, 'utf8')).toBe('new');
  expect(readdirSync(join(dir, 'cfg/locks'))).toEqual([]);
});

it.each([
  ['of a running process', {}, 'wait for it to end, then'],
  ['of another machine', { ...gone, machine: 'another' }, 'if it died, cfg fsck --repair'],
  ['of another host', { ...gone, host: 'another' }, 'if it died, cfg fsck --repair'],
  ['of another container', { ...gone, namespace: '1' }, 'if it died, cfg fsck --repair'],
])('does not take over a lock %s', async (_, change, hint) => {
  const dir = temporaryFolder();
  const path = join(dir, 'file');
  leaveLock(dir, path, change);
  await expect(acquireLock(diskIn(dir), path)).rejects.toMatchObject({
    code: 'E_LOCKED',
    hint: expect.stringContaining(hint),
  });
  expect(readFileSync(`${path}.lock`, 'utf8')).toBe('half writ');
});

it('leaves the lock of the next holder alone when the dead one had already finished', async () => {
  const dir = temporaryFolder();
  const path = join(dir, 'file');
  leaveLock(dir, path, gone);
  execFileSync('mv', [`${path}.lock`, path]);
  writeFileSync(`${path}.lock`, 'of git');
  await expect(acquireLock(diskIn(dir), path)).rejects.toMatchObject({ code: 'E_LOCKED' });
  expect(readFileSync(`${path}.lock`, 'utf8')).toBe('of git');
});

it('takes over from a process that was really killed', async () => {
  const dir = temporaryFolder();
  const path = join(dir, 'file');
  const source = `import { acquireLock } from ${JSON.stringify(join(import.meta.dirname, '../../src/store/lock.ts'))};
    import { nodeFileSystem as fs } from ${JSON.stringify(join(import.meta.dirname, '../../src/store/fs.ts'))};
    await acquireLock({ fs, sync: false, lockTimeoutMs: 50, ownersDir: ${JSON.stringify(join(dir, 'cfg/locks'))} }, ${JSON.stringify(path)});
    process.stdout.write('held'); setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', source], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await new Promise((done) => child.stdout.once('data', done));
  await expect(acquireLock(diskIn(dir), path)).rejects.toMatchObject({ code: 'E_LOCKED' });
  child.kill('SIGKILL');
  await new Promise((done) => child.once('exit', done));
  const lock = await acquireLock(diskIn(dir), path);
  lock.release();
  expect(existsSync(`${path}.lock`)).toBe(false);
});

it('works where there are no hard links, without an owner', async () => {
  const dir = temporaryFolder();
  const path = join(dir, 'file');
  const noLinks: Fs = {
    ...nodeFileSystem,
    link: () => {
      throw Object.assign(new Error('no links here'), { code: 'EPERM', syscall: 'link' });
    },
  };
  const disk = { ...diskIn(dir), fs: noLinks };
  const lock = await acquireLock(disk, path);
  await expect(acquireLock(disk, path)).rejects.toMatchObject({ code: 'E_LOCKED', details: { owner: null } });
  lock.stage(Buffer.from('new'));
  lock.commit();
  expect(readFileSync(path, 'utf8')).toBe('new');
});
