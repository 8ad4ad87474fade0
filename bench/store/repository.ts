/** Repositories to measure in, made by git. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

export const author = { name: 'Bench', email: 'bench@example.org' };

export const env: Readonly<Record<string, string>> = {
  PATH: process.env['PATH'] ?? '',
  HOME: '/nonexistent',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_AUTHOR_NAME: author.name,
  GIT_AUTHOR_EMAIL: author.email,
  GIT_COMMITTER_NAME: author.name,
  GIT_COMMITTER_EMAIL: author.email,
};

export function git(dir: string, ...args: readonly string[]): string {
  return execFileSync('git', args, { cwd: dir, env, encoding: 'utf8', maxBuffer: 1 << 30 });
}

/** Runs git with input and returns nothing. */
export function gitFed(dir: string, input: string, ...args: readonly string[]): void {
  execFileSync('git', args, { cwd: dir, env, input, maxBuffer: 1 << 30 });
}

/** Folders of ten files, three levels deep. */
export function fileNames(size: number): string[] {
  return Array.from({ length: size }, (_, at) => {
    const [a, b, c] = [Math.floor(at / 1000), Math.floor(at / 100) % 10, Math.floor(at / 10) % 10];
    return `services/region-${a}/zone-${b}/host-${c}/settings-${at}.yaml`;
  });
}

export const contentOf = (at: number): string =>
  `name: service-${at}\nreplicas: ${at % 7}\nport: ${8000 + (at % 1000)}\nimage:\n  tag: v${at}\n`;

/** The files, not yet added to anything. */
export function makeFiles(dir: string, size: number): string[] {
  const names = fileNames(size);
  for (const [at, name] of names.entries()) {
    mkdirSync(join(dir, dirname(name)), { recursive: true });
    writeFileSync(join(dir, name), contentOf(at));
  }
  return names;
}

/** A repository with everything committed, whose files are older than the index. */
export function makeRepository(dir: string, size: number): string[] {
  const names = makeFiles(dir, size);
  git(dir, 'init', '-q', '-b', 'main');
  git(dir, 'config', 'gc.auto', '0');
  git(dir, 'add', '-A');
  git(dir, 'commit', '-q', '-m', 'base');
  execFileSync('sleep', ['1.1']);
  git(dir, 'update-index', '--refresh', '--force-write-index');
  return names;
}
