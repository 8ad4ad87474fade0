import { spawnSync } from 'node:child_process';
import { stripVTControlCharacters } from 'node:util';
import type { Io } from '../io.js';
import type { CommandLine } from '../session.js';
import { demoSteps, type DemoStep } from './steps.js';

/** A step that was run. */
export interface StepResult {
  /** As typed in a shell. */
  readonly command: string;
  readonly notice: string;
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
  /** Whether it did what the tour says. */
  readonly ok: boolean;
}

/** Runs the steps in `io.cwd` until one does not do what it should; those of git only where there is a `git`. */
export async function runTour(io: Io, run: CommandLine): Promise<readonly StepResult[]> {
  const hasGit = spawnSync('git', ['--version'], { env: { ...io.env } }).status === 0;
  const results: StepResult[] = [];
  for (const step of demoSteps) {
    if (step.command[0] === 'git' && !hasGit) continue;
    const result = await runStep(step, io, run);
    results.push(result);
    if (!result.ok) break;
  }
  return results;
}

interface Run {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

async function runStep(step: DemoStep, io: Io, run: CommandLine): Promise<StepResult> {
  const [program, ...words] = step.command;
  const result = program === 'git' ? runGit(words, io) : await runCfg(words, io, run);
  const ok =
    result.exitCode === (step.exitCode ?? 0) && stripVTControlCharacters(result.stdout).includes(step.says);
  return { command: [program, ...words.map(quoted)].join(' '), notice: step.notice, ...result, ok };
}

async function runCfg(words: readonly string[], io: Io, run: CommandLine): Promise<Run> {
  const [stdout, stderr]: [string[], string[]] = [[], []];
  const exitCode = await run(words, {
    ...io,
    stdout: { ...io.stdout, write: (text) => void stdout.push(text) },
    stderr: { ...io.stderr, write: (text) => void stderr.push(text) },
  });
  return { exitCode, stdout: stdout.join(''), stderr: stderr.join('') };
}

function runGit(words: readonly string[], io: Io): Run {
  const { status, stdout, stderr } = spawnSync('git', words, {
    cwd: io.cwd,
    env: { ...io.env },
    encoding: 'utf8',
  });
  return { exitCode: status ?? 1, stdout, stderr };
}

function quoted(word: string): string {
  return /^[\w./#=:-]+$/.test(word) ? word : `"${word}"`;
}
