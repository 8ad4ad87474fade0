import { createHash } from 'node:crypto';
import {
  chownSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  lstatSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Fs, nodeFileSystem, openStore } from '../../src/store/index.js';
import { run } from '../cli/command-line.js';
import { cases as crashCases, readOnly } from '../crash/command-cases.js';
import { git, storeEnv, temporaryFolder, tryGit } from '../store/sandbox.js';

/** Every command that works on a repository; those that need neither index nor worktree are marked. */
const commands: readonly (readonly [line: readonly string[], needsIndex: boolean])[] = [
  [['status'], true],
  [['diff'], true],
  [['log'], false],
  [['show'], false],
  [['branch'], false],
  [['conflicts'], true],
  [['verify', 'main'], false],
  [['fsck'], true],
  [['fsck', '--repair'], true],
  [['gc'], true],
  [['add', '-A'], true],
  [['commit', '-am', 'm'], true],
  [['restore', 'a.yaml'], true],
  [['branch', 'new'], false],
  [['branch', '-d', 'side'], false],
  [['branch', '-m', 'side', 'other'], false],
  [['switch', 'side'], true],
  [['merge', 'side'], true],
  [['tag', '1.0.0'], false],
];

/** What works on files alone, or reads its input first. */
const passedOver = new Set(['merge-driver', 'diff-driver', 'completion', 'apply', 'schema', 'ls-remote']);

/** The lines above, and where nothing at all is possible those of every command of the crash tests. */
function linesFor(indexOnly: boolean): readonly (readonly string[])[] {
  const own = commands.filter(([, needsIndex]) => needsIndex || !indexOnly).map(([line]) => line);
  if (indexOnly) return own;
  const writing = crashCases.filter(({ isFromNothing }) => isFromNothing !== true).map(({ line }) => line);
  const all = [...own, ...writing, ...Object.values(readOnly)];
  return all.filter(([command = '']) => !passedOver.has(command));
}

interface Case {
  readonly name: string;
  readonly spoil: (dir: string) => void;
  /** What the hint must say. */
  readonly wayOut: RegExp;
  /** Only what reads the index is refused. */
  readonly indexOnly?: boolean;
}

const config =
  (...settings: readonly (readonly [string, string])[]) =>
  (dir: string): void => {
    for (const [name, value] of settings) git(dir, 'config', name, value);
  };

const cases: readonly Case[] = [
  {
    name: 'SHA-256 objects',
    spoil: config(['core.repositoryformatversion', '1'], ['extensions.objectFormat', 'sha256']),
    wayOut: /git fast-export/,
  },
  {
    name: 'reftable',
    spoil: config(['core.repositoryformatversion', '1'], ['extensions.refStorage', 'reftable']),
    wayOut: /git refs migrate --ref-format=files/,
  },
  {
    name: 'version 99',
    spoil: config(['core.repositoryformatversion', '99']),
    wayOut: /newer version of cfg/,
  },
  {
    name: 'an unknown extension',
    spoil: config(['core.repositoryformatversion', '1'], ['extensions.compactionHints', 'true']),
    wayOut: /newer version of cfg/,
  },
  {
    name: 'a split index',
    spoil: (dir) => git(dir, 'update-index', '--split-index'),
    wayOut: /git update-index --no-split-index/,
    indexOnly: true,
  },
  {
    name: 'a sparse index',
    spoil: (dir) => {
      git(dir, 'sparse-checkout', 'set', '--cone', '--sparse-index', 'kept');
    },
    wayOut: /sparse-checkout reapply --no-sparse-index/,
    indexOnly: true,
  },
  ...(process.getuid?.() === 0
    ? [
        {
          name: 'another owner',
          spoil: (dir: string): void => {
            for (const path of [dir, join(dir, '.git')]) chownSync(path, 65534, 65534);
          },
          wayOut: /git config --global --add safe\.directory/,
        },
      ]
    : []),
];

function repository(): string {
  const dir = temporaryFolder();
  git(dir, 'init', '-q', '-b', 'main');
  for (const folder of ['kept', 'left/out']) {
    mkdirSync(join(dir, folder), { recursive: true });
    writeFileSync(join(dir, folder, 'x.yaml'), 'a: 1\n');
  }
  writeFileSync(join(dir, 'a.yaml'), 'a: 1\n');
  git(dir, 'add', '-A');
  git(dir, 'commit', '-q', '-m', 'first');
  git(dir, 'branch', 'side');
  return dir;
}

/** Names and bytes of everything in a folder. */
function digestOf(dir: string): string {
  const sum = createHash('sha1');
  for (const name of readdirSync(dir, { recursive: true, encoding: 'utf8' }).toSorted()) {
    const stat = lstatSync(join(dir, name));
    sum.update(`${name}\0${stat.mode}\0`);
    if (stat.isFile()) sum.update(readFileSync(join(dir, name)));
    if (stat.isSymbolicLink()) sum.update(readlinkSync(join(dir, name)));
  }
  return sum.digest('hex');
}

describe.each(cases)('a repository with $name', ({ spoil, wayOut, indexOnly = false }) => {
  it('is refused by every command before a byte changes, with the way out', { timeout: 60_000 }, async () => {
    const dir = repository();
    spoil(dir);
    writeFileSync(join(dir, 'a.yaml'), 'a: 2\n');
    const before = digestOf(dir);
    for (const line of linesFor(indexOnly)) {
      const { code, stdout, stderr } = await run(['--json', ...line], { cwd: dir });
      expect([line, code, stdout]).toEqual([line, 4, '']);
      expect(JSON.parse(stderr)).toMatchObject({
        error: { code: 'E_UNSUPPORTED_REPOSITORY', hint: expect.stringMatching(wayOut) },
      });
      expect([line, digestOf(dir)]).toEqual([line, before]);
    }
  });
});

const fine: readonly Case[] = [
  {
    name: 'worktreeConfig',
    spoil: config(['core.repositoryformatversion', '1'], ['extensions.worktreeConfig', 'true']),
    wayOut: /./,
  },
  { name: 'index version 4', spoil: (dir) => git(dir, 'update-index', '--index-version', '4'), wayOut: /./ },
  {
    name: 'a promisor (partial clone)',
    spoil: config(['core.repositoryformatversion', '1'], ['extensions.partialClone', 'origin']),
    wayOut: /./,
  },
  {
    name: 'untracked cache',
    spoil: (dir) => git(dir, 'update-index', '--force-untracked-cache'),
    wayOut: /./,
  },
  {
    name: 'alternates',
    spoil: (dir) => {
      const other = join(temporaryFolder(), 'other');
      git(dir, 'clone', '-q', '--bare', '--no-hardlinks', dir, other);
      writeFileSync(join(dir, '.git/objects/info/alternates'), `${join(other, 'objects')}\n`);
      git(dir, 'repack', '-adlq');
    },
    wayOut: /./,
  },
];

it.each(fine)('a repository with $name is worked with', async ({ spoil }) => {
  const dir = repository();
  spoil(dir);
  writeFileSync(join(dir, 'a.yaml'), 'a: 2\n');
  for (const line of [
    ['status'],
    ['log'],
    ['fsck'],
    ['add', '-A'],
    ['commit', '-m', 'two'],
    ['switch', 'side'],
  ]) {
    const { code, stderr } = await run(line, { cwd: dir });
    expect([line, code, stderr]).toEqual([line, 0, '']);
  }
  expect(tryGit(dir, 'status', '--porcelain')).toEqual({ status: 0, output: '' });
});

const configured = (dir: string, value: string): Record<string, string> => ({
  ...storeEnv,
  GIT_CONFIG_COUNT: '1',
  GIT_CONFIG_KEY_0: 'safe.directory',
  GIT_CONFIG_VALUE_0: value.replace('DIR', dir),
});

describe('a repository of another user', () => {
  const foreign: Fs = {
    ...nodeFileSystem,
    lstat: (path) => {
      const stat = nodeFileSystem.lstat(path);
      return stat && { ...stat, uid: stat.uid + 1 };
    },
  };

  it.each(['DIR', '*', 'DIR/../*'])('is opened with safe.directory %s', async (value) => {
    const dir = repository();
    const env = configured(dir, value.replace('DIR/..', join(dir, '..')));
    expect((await openStore({ dir, env, fs: foreign })).gitDir).toBe(join(dir, '.git'));
  });

  it.each(['/somewhere/else', 'DIR/sub'])('is refused with safe.directory %s', async (value) => {
    const dir = repository();
    const opened = openStore({ dir, env: configured(dir, value), fs: foreign });
    await expect(opened).rejects.toMatchObject({ code: 'E_UNSUPPORTED_REPOSITORY' });
  });

  it('cannot vouch for itself, but GIT_DIR can', async () => {
    const dir = repository();
    git(dir, 'config', 'safe.directory', '*');
    await expect(openStore({ dir, env: storeEnv, fs: foreign })).rejects.toMatchObject({
      code: 'E_UNSUPPORTED_REPOSITORY',
    });
    await openStore({ dir, env: { ...storeEnv, GIT_DIR: join(dir, '.git') }, fs: foreign });
  });
});
