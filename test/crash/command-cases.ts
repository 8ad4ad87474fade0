/** Every command that changes something, as one operation that either happened or did not; and those that change nothing. */
import { mkdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { run } from '../cli/command-line.js';
import { git, gitWith } from '../store/sandbox.js';

export interface CommandCase {
  /** As in the catalogue. */
  readonly command: string;
  readonly name: string;
  readonly line: readonly string[];
  /** Makes what it starts from, in a copy of the repository of {@link prepareRepository}. */
  readonly prepare?: (dir: string) => void | Promise<void>;
  /** It begins in an empty folder. */
  readonly isFromNothing?: boolean;
  /** How it ends when nothing goes wrong. Default 0. */
  readonly code?: number;
  /** What a process that dies may leave in a folder that is not the repository's to tidy. */
  readonly mayLeave?: RegExp;
  /** Once it has begun the same line means something else. */
  readonly isOnce?: boolean;
}

/** They write several files, each of them whole: when one cannot be written the others may be done; the command completes it. */
export const stepwise: ReadonlySet<string> = new Set(
  'init apply restore switch merge pull resolve cherry-pick revert rollback undo protect hooks fsck remote'.split(
    ' ',
  ),
);

function write(dir: string, path: string, text: string): void {
  mkdirSync(dirname(join(dir, path)), { recursive: true });
  writeFileSync(join(dir, path), text);
}

function commitAll(dir: string, message: string): void {
  git(dir, 'add', '-A');
  git(dir, 'commit', '-q', '-m', message);
}

function onBranch(dir: string, branch: string, change: () => void): void {
  git(dir, 'switch', '-q', '-c', branch, 'main');
  change();
  commitAll(dir, branch);
  git(dir, 'switch', '-q', 'main');
}

const keys = (values: Readonly<Record<string, number>>): string =>
  Object.entries(values)
    .map(([key, value]) => `${key}: ${value}\n`)
    .join('');

/** Packed and loose objects and refs; branches to fast-forward to, to merge with, and to conflict with. */
export function prepareRepository(dir: string): void {
  git(dir, 'init', '-q', '--template=', '-b', 'main');
  write(dir, 'app.yaml', keys({ a: 1, b: 1, c: 1, d: 1 }));
  write(dir, 'env/prod.json', '{"port": 1}\n');
  write(dir, 'swap', 'a file\n');
  commitAll(dir, 'first');
  git(dir, 'repack', '-adq');
  onBranch(dir, 'side', () => {
    write(dir, 'app.yaml', keys({ a: 1, b: 1, c: 1, d: 2 }));
    rmSync(join(dir, 'swap'));
    write(dir, 'swap/inside.ini', 'x = 1\n');
    rmSync(join(dir, 'env'), { recursive: true });
  });
  onBranch(dir, 'clash', () => {
    write(dir, 'app.yaml', keys({ a: 3, b: 1, c: 1, d: 1 }));
    write(dir, 'new/clean.yaml', 'n: 1\n');
  });
  git(dir, 'branch', 'old/one');
  git(dir, 'pack-refs', '--all');
  write(dir, 'app.yaml', keys({ a: 2, b: 1, c: 1, d: 1 }));
  commitAll(dir, 'second');
  git(dir, 'tag', 'two');
  git(dir, 'tag', 'one', 'HEAD~1');
  onBranch(dir, 'ahead', () => write(dir, 'later/more.yaml', 'm: 1\n'));
}

const edit = (dir: string): void => {
  write(dir, 'app.yaml', keys({ a: 2, b: 5, c: 1, d: 1 }));
  write(dir, 'fresh/new.yaml', 'n: 1\n');
  rmSync(join(dir, 'env/prod.json'));
};

const staged = (dir: string): void => {
  edit(dir);
  git(dir, 'add', '-A');
};

const cfg =
  (...lines: readonly (readonly string[])[]) =>
  async (dir: string): Promise<void> => {
    for (const line of lines) {
      const { code, stderr } = await run(line, { cwd: dir });
      if (code > 1) throw new Error(`cfg ${line.join(' ')}: ${stderr}`);
    }
  };

/** With a remote whose branches are here already. */
const fetched = async (dir: string): Promise<void> => {
  withRemote(dir);
  await cfg(['fetch'])(dir);
};

const stopped = cfg(['merge', 'clash']);

/** Another repository, inside the Git folder so that every copy has its own. */
const withRemote = (dir: string): void => {
  git(dir, 'clone', '-q', '--template=', '--bare', '.', '.git/origin.git');
  git(dir, 'config', 'remote.origin.url', '.git/origin.git');
  git(dir, 'config', 'remote.origin.fetch', '+refs/heads/*:refs/remotes/origin/*');
};

/** With a remote that has a branch whose objects are nowhere else. */
const withNews =
  (files: number) =>
  (dir: string): void => {
    withRemote(dir);
    const contents = Array.from({ length: files }, (_, n) => `n: ${n}\n`);
    const changes = contents.map(
      (text, n) => `M 100644 inline there/f${n}.yaml\ndata ${text.length}\n${text}\n`,
    );
    const commit =
      'commit refs/heads/there\ncommitter Ann <ann@example.com> 1700000000 +0000\ndata 5\nthere\nfrom refs/heads/main^0\n';
    gitWith(join(dir, '.git/origin.git'), { input: commit + changes.join('') }, 'fast-import', '--quiet');
  };

export const cases: readonly CommandCase[] = [
  { command: 'init', name: 'in an empty folder', line: ['init'], isFromNothing: true },
  { command: 'init', name: 'bare', line: ['init', '--bare'], isFromNothing: true },
  { command: 'init', name: 'in a repository of git', line: ['init'] },
  {
    command: 'status',
    name: 'of touched files',
    line: ['status'],
    prepare: (dir) => utimesSync(join(dir, 'app.yaml'), 1e9, 1e9),
  },
  { command: 'add', name: 'everything', line: ['add', '-A'], prepare: edit },
  { command: 'restore', name: 'files', line: ['restore', '.'], prepare: edit },
  { command: 'restore', name: 'the index', line: ['restore', '--staged', '.'], prepare: staged },
  { command: 'commit', name: 'the index', line: ['commit', '-m', 'x'], prepare: staged },
  { command: 'commit', name: 'every change', line: ['commit', '-a', '-m', 'x'], prepare: edit },
  {
    command: 'commit',
    name: 'one path, another staged',
    line: ['commit', '-m', 'x', 'app.yaml'],
    prepare: (dir) => {
      git(dir, 'mv', 'swap', 'swapped');
      edit(dir);
    },
  },
  { command: 'set', name: 'a key', line: ['set', 'app.yaml#b', '7'] },
  { command: 'set', name: 'a key of a new file', line: ['set', 'deep/er/x.yaml#b', '7'] },
  { command: 'unset', name: 'a key', line: ['unset', 'app.yaml#b'] },
  {
    command: 'apply',
    name: 'lines of changes',
    line: ['apply', 'changes.jsonl', '-m', 'x'],
    prepare: (dir) =>
      write(dir, 'changes.jsonl', '{"set": "app.yaml#c", "value": 9}\n{"delete": "env/prod.json"}\n'),
  },
  { command: 'approve', name: 'a commit', line: ['approve', 'side'] },
  {
    command: 'remote',
    name: 'add',
    line: ['remote', 'add', 'other', '.git/origin.git'],
    prepare: withRemote,
  },
  {
    command: 'remote',
    name: 'rename',
    line: ['remote', 'rename', 'origin', 'other'],
    prepare: async (dir) => {
      withRemote(dir);
      await cfg(['fetch'])(dir);
    },
  },
  {
    command: 'remote',
    name: 'remove',
    line: ['remote', 'remove', 'origin'],
    prepare: async (dir) => {
      withRemote(dir);
      await cfg(['fetch'])(dir);
    },
  },
  {
    command: 'fetch',
    name: 'branches, one of them with new objects',
    line: ['fetch'],
    prepare: withNews(1),
  },
  {
    command: 'fetch',
    name: 'so many objects that they stay a pack',
    line: ['fetch'],
    prepare: withNews(120),
  },
  { command: 'pull', name: 'forward', line: ['pull', 'origin', 'ahead'], prepare: fetched },
  {
    command: 'push',
    name: 'a branch',
    line: ['push', 'origin', 'main:sent'],
    isOnce: true, // what is sent is sent; the next fetch notes it here
    prepare: withRemote,
  },
  {
    command: 'undo',
    name: 'a commit',
    line: ['undo'],
    isOnce: true,
    prepare: async (dir) => {
      staged(dir);
      await cfg(['commit', '-m', 'x'])(dir);
    },
  },
  { command: 'branch', name: 'new', line: ['branch', 'feature/x'] },
  { command: 'branch', name: 'delete a packed one', line: ['branch', '-d', 'old/one'] },
  {
    command: 'branch',
    name: 'delete one both packed and loose',
    line: ['branch', '-d', 'old/one'],
    prepare: (dir) => git(dir, 'branch', '-f', 'old/one', 'main'),
  },
  { command: 'branch', name: 'rename', line: ['branch', '-m', 'old/one', 'new/one'] },
  {
    command: 'branch',
    name: 'rename the current one, with its settings',
    line: ['branch', '-m', 'trunk'],
    prepare: (dir) => git(dir, 'config', 'branch.main.remote', 'origin'),
  },
  { command: 'branch', name: 'rename into its own folder', line: ['branch', '-m', 'side', 'side/deep'] },
  { command: 'switch', name: 'to another branch', line: ['switch', 'side'] },
  { command: 'switch', name: 'to a new branch', line: ['switch', '-c', 'fresh'] },
  { command: 'switch', name: 'to a new branch elsewhere', line: ['switch', '-c', 'fresh', 'side'] },
  { command: 'merge', name: 'fast-forward', line: ['merge', 'ahead'] },
  { command: 'merge', name: 'clean', line: ['merge', 'side'] },
  { command: 'merge', name: 'with conflicts', line: ['merge', 'clash'], code: 1 },
  { command: 'merge', name: '--abort', line: ['merge', '--abort'], prepare: stopped },
  {
    command: 'merge',
    name: '--continue',
    line: ['merge', '--continue'],
    prepare: cfg(['merge', 'clash'], ['resolve', 'app.yaml', '--theirs']),
  },
  { command: 'resolve', name: 'a key', line: ['resolve', 'app.yaml#a', '--theirs'], prepare: stopped },
  { command: 'cherry-pick', name: 'clean', line: ['cherry-pick', 'side'] },
  { command: 'cherry-pick', name: 'with conflicts', line: ['cherry-pick', 'clash'], code: 1 },
  {
    command: 'cherry-pick',
    name: '--continue',
    line: ['cherry-pick', '--continue'],
    prepare: cfg(['cherry-pick', 'clash'], ['resolve', 'app.yaml', '--theirs']),
  },
  {
    command: 'cherry-pick',
    name: '--abort',
    line: ['cherry-pick', '--abort'],
    prepare: cfg(['cherry-pick', 'clash']),
  },
  { command: 'revert', name: 'a commit', line: ['revert', 'two'] },
  { command: 'rollback', name: 'everything', line: ['rollback', 'one'] },
  { command: 'tag', name: 'a version', line: ['tag', '1.0.0'] },
  { command: 'tag', name: '-d', line: ['tag', '-d', '1.0.0'], prepare: cfg(['tag', '1.0.0']) },
  { command: 'protect', name: 'a branch', line: ['protect', 'main', 'basic'] },
  {
    command: 'hooks',
    name: 'install',
    line: ['hooks', 'install'],
    mayLeave: /hooks\/tmp_cfg_/,
  },
  { command: 'hooks', name: 'uninstall', line: ['hooks', 'uninstall'], prepare: cfg(['hooks', 'install']) },
  {
    command: 'merge-driver',
    name: 'three files',
    mayLeave: /^tmp_cfg_/,
    line: ['merge-driver', 'b', 'o', 't', '7', 'x.yaml'],
    prepare: (dir) => {
      write(dir, 'b', keys({ a: 1, b: 1, c: 1 }));
      write(dir, 'o', keys({ a: 2, b: 1, c: 1 }));
      write(dir, 't', keys({ a: 1, b: 1, c: 3 }));
    },
  },
  { command: 'gc', name: 'packs and loose objects', line: ['gc'] },
  {
    command: 'fsck',
    name: '--repair a damaged index and a lost pack index',
    line: ['fsck', '--repair'],
    prepare: (dir) => writeFileSync(join(dir, '.git/index'), ''),
  },
];

/** Commands that write nothing into the repository, with a line that shows it. */
export const readOnly: Readonly<Record<string, readonly string[]>> = {
  get: ['get', 'app.yaml#a'],
  validate: ['validate'],
  log: ['log', 'app.yaml#a'],
  show: ['show'],
  diff: ['diff'],
  blame: ['blame', 'app.yaml'],
  conflicts: ['conflicts'],
  ops: ['ops'],
  approvals: ['approvals', 'side'],
  'ls-remote': ['ls-remote', '.'],
  check: ['check', '--into', 'main', 'side'],
  verify: ['verify', 'main'],
  load: ['load'],
  explain: ['explain', 'a'],
  types: ['types', 'app'],
  schema: ['schema', 'infer', 'app.yaml'],
  changelog: ['changelog'],
  completion: ['completion', 'bash'],
  compare: ['compare', 'app', '-e', 'a', '-e', 'b'],
  'diff-driver': ['diff-driver', 'app.yaml', 'app.yaml', '-', '-', 'app.yaml', '-', '-'],
};

/** Commands that work in a folder of their own (that of a clone appears when it is whole), and one that only ends when it is stopped. */
export const elsewhere: readonly string[] = ['demo', 'clone', 'watch'];
