import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { isConfigError } from '../../src/errors.js';
import {
  type Fs,
  initStore,
  nodeFileSystem,
  openStore,
  resolveCommit,
  type Store,
} from '../../src/store/index.js';
import { run } from '../cli/command-line.js';
import { fsck, git, setRef, storeEnv, temporaryFolder, tryGit, writeCommit } from '../store/sandbox.js';

/** A disk of half a megabyte that really fills up; where mounting is not allowed, one that counts. */
interface SmallDisk {
  readonly dir: string;
  readonly fs: Fs;
  /** Leaves so many bytes free. */
  readonly fill: (freeBytes: number) => void;
  readonly free: () => void;
}

const bytes = 500_000;

function canMount(): boolean {
  const dir = temporaryFolder();
  if (spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=100k', 'none', dir]).status !== 0) return false;
  execFileSync('umount', [dir]);
  return true;
}

function smallDisk(): SmallDisk {
  const dir = temporaryFolder();
  if (!canMount()) return countedDisk(dir);
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${bytes}`, 'none', dir]);
  onTestFinished(() => void execFileSync('umount', ['-l', dir]));
  const ballast = join(dir, 'ballast');
  return {
    dir,
    fs: nodeFileSystem,
    fill: (freeBytes) => {
      const { bavail, bsize } = statfsSync(dir);
      writeFileSync(ballast, Buffer.alloc(Math.max(0, bavail * bsize - freeBytes)));
    },
    free: () => rmSync(ballast),
  };
}

function fail(code: string): never {
  throw Object.assign(new Error(`${code}: injected, write`), { code, syscall: 'write' });
}

/** Writes fail, after a part, once the quota is used up. */
function countedDisk(dir: string): SmallDisk {
  console.log('mount is not allowed here: the full disk is one that counts bytes');
  let left = Number.POSITIVE_INFINITY;
  const spend = (data: Uint8Array): Uint8Array => {
    const part = data.subarray(0, Math.min(left, data.length));
    left -= data.length;
    return part;
  };
  const fs: Fs = {
    ...nodeFileSystem,
    createFile: (path, data, options) => {
      const stat = nodeFileSystem.createFile(path, spend(data), options);
      return left < 0 ? fail('ENOSPC') : stat;
    },
    appendFile: (path, data, options) => {
      nodeFileSystem.appendFile(path, spend(data), options);
      if (left < 0) fail('ENOSPC');
    },
  };
  return { dir, fs, fill: (freeBytes) => (left = freeBytes), free: () => (left = Number.POSITIVE_INFINITY) };
}

const random = (size: number): string => {
  let state = size + 1;
  return Array.from({ length: size }, () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return String.fromCharCode(33 + ((state >>> 16) % 90));
  }).join('');
};

async function commit(store: Store): Promise<void> {
  const files = Object.fromEntries(Array.from({ length: 5 }, (_, n) => [`a/f${n}.txt`, random(2_000 + n)]));
  const { oid } = await writeCommit(store, { files });
  await setRef(store, 'refs/heads/main', oid, null);
}

/** `done`, the code of a typed error, or the error itself. */
async function outcomeOf(work: Promise<void>): Promise<unknown> {
  try {
    await work;
    return 'done';
  } catch (error) {
    return isConfigError(error) ? error.code : error;
  }
}

function leftovers(dir: string): string[] {
  return readdirSync(join(dir, '.git'), { recursive: true, encoding: 'utf8' }).filter((name) =>
    /tmp_|\.lock$|cfg\/locks\//.test(name),
  );
}

/** What is wrong after a commit on a disk with so much left, and after its retry; `fs` is how the store sees the disk. */
async function problemsWith(disk: SmallDisk, freeBytes: number, fs: Fs = disk.fs): Promise<unknown[]> {
  const dir = join(disk.dir, 'r');
  mkdirSync(dir);
  const { store } = await initStore({ dir, env: storeEnv, fs });
  disk.fill(freeBytes);
  const outcome = await outcomeOf(commit(store));
  const left = leftovers(dir);
  disk.free();
  const complaint = fsck(dir);
  const retried =
    outcome === 'done' ? 'done' : await outcomeOf(openStore({ dir, env: storeEnv }).then(commit));
  const { output } = tryGit(dir, 'ls-tree', '-r', '--name-only', 'main');
  return [
    ...(outcome === 'done' || outcome === 'E_IO' ? [] : [outcome]),
    ...left,
    ...[complaint, fsck(dir)].filter((text) => text !== ''),
    ...(retried === 'done' && output.trim().split('\n').length === 5
      ? []
      : [`retry: ${String(retried)}`, output]),
  ];
}

describe('a full disk', () => {
  it.each([0, 1_000, 4_096, 8_192, 12_288, 16_384, 24_576, 32_768])(
    'with %d bytes left: a typed error, nothing changed, and a retry heals',
    async (freeBytes) => {
      expect(await problemsWith(smallDisk(), freeBytes)).toEqual([]);
    },
  );

  it('is a test that notices errors that go unheard', async () => {
    const disk = smallDisk();
    const deaf: Fs = {
      ...disk.fs,
      createFile: (path, data, options) => {
        try {
          return disk.fs.createFile(path, data, options);
        } catch (error) {
          const stat = disk.fs.lstat(path);
          if (stat === undefined) throw error;
          return stat;
        }
      },
    };
    expect(await problemsWith(disk, 4_096, deaf)).not.toEqual([]);
  });

  it('gc without room leaves everything as it was', async () => {
    const disk = smallDisk();
    const dir = join(disk.dir, 'r');
    mkdirSync(dir);
    const { store } = await initStore({ dir, env: storeEnv, fs: disk.fs });
    await commit(store);
    const { collectGarbage } = await import('../../src/store/index.js');
    disk.fill(4_096);
    await expect(collectGarbage({ dir, env: storeEnv, fs: disk.fs })).rejects.toMatchObject({ code: 'E_IO' });
    expect(leftovers(dir)).toEqual([]);
    disk.free();
    expect(fsck(dir)).toBe('');
    expect(await collectGarbage({ dir, env: storeEnv })).toMatchObject({ packed: 8, pruned: 0 });
  });
});

/** A repository with a change to commit. */
function repository(): string {
  const dir = temporaryFolder();
  git(dir, 'init', '-q', '-b', 'main');
  writeFileSync(join(dir, 'a.yaml'), 'a: 1\n');
  git(dir, 'add', '-A');
  git(dir, 'commit', '-q', '-m', 'first');
  git(dir, 'branch', 'side');
  writeFileSync(join(dir, 'a.yaml'), 'a: 2\n');
  return dir;
}

const reading = [['status'], ['log'], ['diff'], ['show'], ['branch'], ['get', 'a.yaml#a'], ['fsck']];
const writing = [
  ['add', '-A'],
  ['commit', '-am', 'm'],
  ['branch', 'new'],
  ['branch', '-d', 'side'],
  ['tag', '1.0.0'],
  ['set', 'a.yaml#a', '3'],
  ['gc'],
];

/** What the repository holds, by name and content; how files are dated does not count. */
function contentOf(dir: string): string {
  return readdirSync(dir, { recursive: true, encoding: 'utf8', withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .toSorted()
    .map((path) => `${path}: ${readFileSync(path, 'latin1')}`)
    .join('\n');
}

type Outcome = readonly [line: string, code: number, stdout: boolean, error: string];

/** Runs command lines as another user, or in a folder that is mounted read-only, in one process of their own. */
function runElsewhere(dir: string, lines: readonly (readonly string[])[], uid?: number): Outcome[] {
  const script = fileURLToPath(new URL('./run-commands.ts', import.meta.url));
  const { stdout, stderr } = spawnSync(
    process.execPath,
    ['--import', import.meta.resolve('tsx'), script, dir, JSON.stringify(lines)],
    {
      encoding: 'utf8',
      env: { ...process.env, HOME: '/nonexistent', GIT_OPTIONAL_LOCKS: '0' },
      ...(uid === undefined ? {} : { uid, gid: uid }),
    },
  );
  if (!stdout.startsWith('[')) throw new Error(stderr);
  return JSON.parse(stdout);
}

/** What a system refuses: reading works, writing answers with exit code 4 and E_IO, and nothing else is printed. */
function checkOutcomes(dir: string, outcome: (lines: readonly (readonly string[])[]) => Outcome[]): void {
  const before = contentOf(dir);
  for (const [line, code, , error] of outcome(reading)) expect([line, code, error]).toEqual([line, 0, '']);
  for (const [line, code, hasOutput, error] of outcome(writing))
    expect([line, code, hasOutput, error]).toEqual([line, 4, false, 'E_IO']);
  expect(contentOf(dir)).toBe(before);
}

describe('without the right to write', { timeout: 300_000 }, () => {
  it('in a folder mounted read-only', async () => {
    const dir = repository();
    if (!canMount()) {
      console.log('mount is not allowed here: the read-only disk is one that refuses');
      await checkRefusingDisk(dir);
      return;
    }
    const view = temporaryFolder();
    execFileSync('mount', ['--bind', dir, view]);
    execFileSync('mount', ['-o', 'remount,bind,ro', view]);
    onTestFinished(() => void execFileSync('umount', ['-l', view]));
    checkOutcomes(view, (lines) => runElsewhere(view, lines));
    expect((await run(['commit', '-am', 'm'], { cwd: dir })).code).toBe(0);
  });

  it('as a user who may only read', async () => {
    const dir = repository();
    if (process.getuid?.() !== 0) {
      console.log('only root can become another user: the disk is one that refuses');
      await checkRefusingDisk(dir);
      return;
    }
    execFileSync('chmod', ['-R', 'a+rX', dir]);
    process.env['GIT_CONFIG_COUNT'] = '1';
    process.env['GIT_CONFIG_KEY_0'] = 'safe.directory';
    process.env['GIT_CONFIG_VALUE_0'] = dir;
    onTestFinished(() => {
      for (const name of ['COUNT', 'KEY_0', 'VALUE_0']) delete process.env[`GIT_CONFIG_${name}`];
    });
    checkOutcomes(dir, (lines) => runElsewhere(dir, lines, 65_534));
    execFileSync('chmod', ['-R', 'go-rX', join(dir, '.git/objects')]);
    const [[, code, hasOutput, error] = []] = runElsewhere(dir, [['log']], 65_534);
    expect([code, hasOutput, error]).toEqual([4, false, 'E_IO']);
  });
});

it('an error names what could not be written, not what could not be taken away afterwards', async () => {
  const fs: Fs = { ...nodeFileSystem, createFile: refuse, unlink: refuse };
  const store = await openStore({ dir: repository(), env: storeEnv, fs });
  await expect(store.index?.update(({ entries }) => entries)).rejects.toThrow(/^cannot lock '.*index\.lock'/);
  await expect(commit(store)).rejects.toThrow(/^cannot write '.*objects/);
  await expect(setRef(store, 'refs/heads/new', await resolveCommit(store, 'main'))).rejects.toThrow(
    /^cannot lock '.*new\.lock'/,
  );
});

const refuse = (): never => fail('EROFS');

async function checkRefusingDisk(dir: string): Promise<void> {
  const fs: Fs = {
    ...nodeFileSystem,
    createFile: refuse,
    appendFile: refuse,
    mkdir: refuse,
    rename: refuse,
    link: refuse,
  };
  const before = contentOf(dir);
  const store = await openStore({ dir, env: storeEnv, fs });
  await expect(commit(store)).rejects.toMatchObject({ code: 'E_IO' });
  expect(contentOf(dir)).toBe(before);
}
