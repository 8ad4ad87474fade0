import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import {
  type ChangeKind,
  type IndexStore,
  type Oid,
  openStore,
  type RepoPath,
  type Store,
  type Worktree,
  type WorktreeStatus,
} from '../../../src/store/index.js';

/** A repository in a temporary folder, with git beside cfg. */
export interface Sandbox {
  readonly dir: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly git: (...args: readonly string[]) => string;
  path(name: string): string;
  /** Writes a file with the folders above it. */
  write(name: string, content: string | Uint8Array): void;
  remove(name: string): void;
  link(name: string, target: string): void;
  chmod(name: string, mode: number): void;
  /** Commits everything with git; returns the tree. */
  commit(): Oid;
  open(): Promise<OpenSandbox>;
}

export interface OpenSandbox {
  readonly store: Store;
  readonly index: IndexStore;
  readonly worktree: Worktree;
}

const identity = {
  GIT_AUTHOR_NAME: 'A',
  GIT_AUTHOR_EMAIL: 'a@x',
  GIT_COMMITTER_NAME: 'A',
  GIT_COMMITTER_EMAIL: 'a@x',
};
const dates = { GIT_AUTHOR_DATE: '1700000000 +0000', GIT_COMMITTER_DATE: '1700000000 +0000' };

export function temporaryFolder(): string {
  const dir = mkdtempSync(join(tmpdir(), 'cfg-store-'));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  return dir;
}

export function sandbox(dir: string = temporaryFolder()): Sandbox {
  const env = {
    ...process.env,
    ...identity,
    ...dates,
    HOME: join(dir, '.git', 'home'),
    GIT_OPTIONAL_LOCKS: '0',
  };
  const git = (...args: readonly string[]): string =>
    execFileSync('git', args, {
      cwd: dir,
      env,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
      maxBuffer: 1 << 28,
    });
  const path = (name: string): string => join(dir, name);
  git('init', '-q', '-b', 'main');
  return {
    dir,
    env,
    git,
    path,
    write: (name, content) => {
      mkdirSync(dirname(path(name)), { recursive: true });
      writeFileSync(path(name), content);
    },
    remove: (name) => rmSync(path(name), { recursive: true, force: true }),
    link: (name, target) => {
      mkdirSync(dirname(path(name)), { recursive: true });
      symlinkSync(target, path(name));
    },
    chmod: (name, mode) => chmodSync(path(name), mode),
    commit: () => {
      git('add', '-A');
      git('commit', '-q', '--allow-empty', '-m', 'x');
      return git('rev-parse', 'HEAD^{tree}').trim();
    },
    open: () => openSandbox(dir, env),
  };
}

export async function openSandbox(dir: string, env: Sandbox['env']): Promise<OpenSandbox> {
  const store = await openStore({ dir, env, durability: 'fast' });
  const { index, worktree } = store;
  if (!index || !worktree) throw new Error('a bare repository');
  return { store, index, worktree };
}

/** A status in the words of `git status --porcelain -z`, sorted. */
export interface PlainStatus {
  readonly staged: readonly string[];
  readonly unstaged: readonly string[];
  readonly untracked: readonly RepoPath[];
  readonly conflicts: readonly RepoPath[];
}

const kinds: Readonly<Record<string, ChangeKind>> = {
  A: 'added',
  M: 'modified',
  T: 'modified',
  D: 'deleted',
  R: 'renamed',
};

export function gitStatus({ git }: Sandbox): PlainStatus {
  const fields = git('status', '--porcelain=v1', '-z', '-uall', '--ignore-submodules=dirty').split('\0');
  const result = {
    staged: [] as string[],
    unstaged: [] as string[],
    untracked: [] as string[],
    conflicts: [] as string[],
  };
  for (let at = 0; at < fields.length - 1; at += 1) {
    const [code, path] = [fields[at]?.slice(0, 2) ?? '', fields[at]?.slice(3) ?? ''];
    const [x = '', y = ''] = code;
    if (code === '??') result.untracked.push(path);
    else if (/U|AA|DD/.test(code)) result.conflicts.push(path);
    else {
      if (x === 'R') at += 1;
      if (x !== ' ') result.staged.push(`${kinds[x]} ${path}${x === 'R' ? ` <- ${fields[at]}` : ''}`);
      if (y !== ' ') result.unstaged.push(`${kinds[y]} ${path}`);
    }
  }
  return sorted(result);
}

export function plainStatus({
  staged,
  unstaged,
  untracked,
  repositories,
  conflicts,
}: WorktreeStatus): PlainStatus {
  return sorted({
    staged: staged.map(
      ({ change, path, from }) => `${change} ${path}${from === undefined ? '' : ` <- ${from}`}`,
    ),
    unstaged: unstaged.map(({ change, path }) => `${change} ${path}`),
    untracked: [...untracked, ...repositories],
    conflicts,
  });
}

function sorted(status: PlainStatus): PlainStatus {
  return {
    staged: status.staged.toSorted(),
    unstaged: status.unstaged.toSorted(),
    untracked: status.untracked.toSorted(),
    conflicts: status.conflicts.toSorted(),
  };
}
