import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { RepositoryContext } from '../../src/repo/context.js';
import { openStore } from '../../src/store/index.js';

/** Files of a commit: text, or null for one that goes. */
export type Files = Readonly<Record<string, string | null>>;

export interface CommitInput {
  readonly message?: string;
  readonly author?: string;
  /** Seconds; default one minute after the last one. */
  readonly date?: number;
}

/** 2023-11-14T22:13:20Z. */
export const firstDate = 1_700_000_000;

const nextDay = (): Date => new Date((firstDate + 86_400) * 1000);

/** A repository made by git itself, with dates that tick; removed when its test ends. */
export class GitRepo {
  readonly dir: string = mkdtempSync(join(tmpdir(), 'cfg-repo-'));
  private date = firstDate - 60;

  /** `cleanUp`: `afterAll` for a repository that several tests read. */
  constructor(cleanUp: (done: () => void) => void = onTestFinished) {
    cleanUp(() => rmSync(this.dir, { recursive: true, force: true }));
    this.git('init', '-q', '-b', 'main');
    this.git('config', 'core.fsync', 'none');
  }

  get env(): Record<string, string> {
    return {
      PATH: process.env['PATH'] ?? '',
      HOME: this.dir,
      CFG_NO_CACHE: '1',
      TZ: 'UTC',
      GIT_CONFIG_NOSYSTEM: '1',
      GIT_CONFIG_GLOBAL: '/dev/null',
      GIT_AUTHOR_NAME: 'Author',
      GIT_AUTHOR_EMAIL: 'author@example.com',
      GIT_AUTHOR_DATE: `${this.date} +0200`,
      GIT_COMMITTER_NAME: 'Reviewer',
      GIT_COMMITTER_EMAIL: 'reviewer@example.com',
      GIT_COMMITTER_DATE: `${this.date} +0200`,
    };
  }

  /** The output without its last line break. */
  git(...args: readonly string[]): string {
    const options = { cwd: this.dir, env: this.env, encoding: 'utf8', maxBuffer: 1 << 28 } as const;
    return execFileSync('git', args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] }).replace(/\n$/, '');
  }

  lines(...args: readonly string[]): readonly string[] {
    return this.git(...args)
      .split('\n')
      .filter((line) => line !== '');
  }

  write(files: Files): void {
    for (const [path, content] of Object.entries(files)) {
      mkdirSync(dirname(join(this.dir, path)), { recursive: true });
      if (content === null) rmSync(join(this.dir, path));
      else writeFileSync(join(this.dir, path), content);
    }
  }

  /** Commits these files; its id. */
  commit(files: Files, { message = 'change', author, date }: CommitInput = {}): string {
    this.date = date ?? this.date + 60;
    this.write(files);
    this.git('add', '-A');
    this.git(
      'commit',
      '-q',
      '--allow-empty',
      '-m',
      message,
      ...(author === undefined ? [] : ['--author', author]),
    );
    return this.git('rev-parse', 'HEAD');
  }

  /** Merges with a merge commit; its id. */
  merge(branch: string, ...options: readonly string[]): string {
    this.date += 60;
    this.git('merge', '-q', '--no-ff', '-m', `merge ${branch}`, ...options, branch);
    return this.git('rev-parse', 'HEAD');
  }

  async context(): Promise<RepositoryContext> {
    const { dir, env } = this;
    const store = await openStore({ dir, env });
    return { store, prefix: '', env, now: nextDay, settingsCache: new Map() };
  }
}
