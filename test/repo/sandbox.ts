import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import { openRepository, type Repository } from '../../src/repo/index.js';

/** What git and cfg run in: nobody's configuration, a fixed identity, and a clock that ticks a minute a call. */
export interface Sandbox {
  readonly dir: string;
  readonly env: Readonly<Record<string, string>>;
  git(...args: readonly string[]): string;
  write(path: string, content: string | Uint8Array): void;
  read(path: string): string;
  open(dir?: string): Promise<Repository>;
}

const identity = {
  GIT_AUTHOR_NAME: 'Author',
  GIT_AUTHOR_EMAIL: 'author@example.com',
  GIT_COMMITTER_NAME: 'Author',
  GIT_COMMITTER_EMAIL: 'author@example.com',
};

/** An empty temporary folder that goes away with the test. */
export function emptyFolder(): Sandbox {
  const dir = mkdtempSync(join(tmpdir(), 'cfg-repo-'));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  return sandboxAt(dir);
}

/** A new repository made by git, on branch `main`, with these files committed. */
export function repositoryWith(files: Readonly<Record<string, string | Uint8Array>> = {}): Sandbox {
  const sandbox = emptyFolder();
  sandbox.git('init', '-q', '-b', 'main');
  for (const [path, content] of Object.entries(files)) sandbox.write(path, content);
  if (Object.keys(files).length > 0) {
    sandbox.git('add', '-A');
    sandbox.git('commit', '-q', '-m', 'first');
  }
  return sandbox;
}

type Files = Readonly<Record<string, string | Uint8Array>>;
type Changes = Readonly<Record<string, string | Uint8Array | null>>;

/** A repository whose `main` and `feature` have gone different ways from one commit; on `main`. */
export function diverged(base: Files, ours: Changes, theirs: Changes): Sandbox {
  const box = repositoryWith(base);
  box.git('checkout', '-q', '-b', 'feature');
  change(box, theirs, 'theirs');
  box.git('checkout', '-q', 'main');
  change(box, ours, 'ours');
  return box;
}

/** Writes (null: removes) files and commits everything. */
export function change(box: Sandbox, files: Changes, message: string): void {
  for (const [path, content] of Object.entries(files))
    if (content === null) rmSync(`${box.dir}/${path}`);
    else box.write(path, content);
  box.git('add', '-A');
  box.git('commit', '-q', '--allow-empty', '-m', message);
}

let minutes = 0;
const now = (): Date => new Date(Date.UTC(2026, 0, 1) + 60_000 * minutes++);

export function sandboxAt(dir: string): Sandbox {
  const env = {
    PATH: process.env['PATH'] ?? '',
    HOME: dir,
    CFG_NO_CACHE: '1',
    GIT_CONFIG_NOSYSTEM: '1',
    ...identity,
  };
  return {
    dir,
    env,
    git: (...args) => {
      const date = `${Math.floor(now().getTime() / 1000)} +0000`;
      const dated = { ...env, GIT_AUTHOR_DATE: date, GIT_COMMITTER_DATE: date };
      return execFileSync('git', args, { cwd: dir, env: dated, encoding: 'utf8', stdio: 'pipe' });
    },
    write: (path, content) => {
      mkdirSync(dirname(join(dir, path)), { recursive: true });
      writeFileSync(join(dir, path), content);
    },
    read: (path) => readFileSync(join(dir, path), 'utf8'),
    open: (at = dir) => openRepository({ dir: at, env, now }),
  };
}

/** Throws unless git finds the repository whole. */
export function requireSound(sandbox: Sandbox): void {
  sandbox.git('fsck', '--strict', '--no-dangling');
}
