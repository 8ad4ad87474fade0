import { spawnSync } from 'node:child_process';
import { mkdtempSync, realpathSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { main, type Io } from '../../src/cli/index.js';

/** How a command line ended. */
export interface Run {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly stdin?: string;
  /** Stdout and stderr are a terminal of so many columns. */
  readonly columns?: number;
}

const person = { NAME: 'A Developer', EMAIL: 'author@example.com', DATE: '2026-01-31T12:00:00+01:00' };

/** An author at a fixed time, so that every id is the same in every run. */
export const identity: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(person).flatMap(([name, value]) => [
    [`GIT_AUTHOR_${name}`, value],
    [`GIT_COMMITTER_${name}`, value],
  ]),
);

/** The environment of a test: as `test/setup.ts` leaves it, and a home that holds nothing. */
export function environment(extra: Readonly<Record<string, string>> = {}): Record<string, string> {
  const kept = Object.entries(process.env).filter(([name]) => /^(PATH|GIT_CONFIG_|TZ)/.test(name));
  return {
    ...Object.fromEntries(kept.map(([name, value]) => [name, value ?? ''])),
    HOME: '/nonexistent',
    ...extra,
  };
}

/** Runs a command line in this process. */
export async function run(argv: readonly string[], options: RunOptions): Promise<Run> {
  const [stdout, stderr]: [string[], string[]] = [[], []];
  const terminal = { isTTY: options.columns !== undefined, columns: options.columns ?? 80 };
  const io: Io = {
    stdout: { ...terminal, write: (text) => void stdout.push(text) },
    stderr: { ...terminal, write: (text) => void stderr.push(text) },
    readStdin: async () => options.stdin ?? '',
    env: environment({ ...identity, ...options.env }),
    cwd: options.cwd,
    now: () => new Date('2026-01-31T11:00:00Z'),
  };
  const code = await main(argv, io);
  return { code, stdout: stdout.join(''), stderr: stderr.join('') };
}

/** Runs a program of the machine. */
export function shell(script: string, { cwd, env }: Pick<RunOptions, 'cwd' | 'env'>): Run {
  const { status, stdout, stderr } = spawnSync('sh', ['-c', script], {
    cwd,
    env: environment({ ...identity, ...env }),
    encoding: 'utf8',
  });
  return { code: status ?? 1, stdout, stderr };
}

/** A new empty folder. */
export function emptyFolder(): string {
  return mkdtempSync(join(realpathSync(tmpdir()), 'cfg-cli-'));
}
