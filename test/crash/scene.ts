/** A command, what it starts from, what it does, and every fault that may come between. */
import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect } from 'vitest';
import type { Fs } from '../../src/store/index.js';
import { temporaryFolder } from '../store/sandbox.js';
import { type CommandCase, prepareRepository } from './command-cases.js';
import { type Fault, faultDisk, faultModes, isWrite } from './fault-fs.js';
import { observe } from './observed.js';
import type { Recorded } from './power-cut.js';
import { recordingFs } from './recording-fs.js';
import { runOn } from './run-on.js';

export interface Scene extends Recorded {
  readonly subject: CommandCase;
  readonly calls: readonly string[];
}

/** Something between a command and its disk: a fault that is seeded, for a harness to notice. */
export type Above = (fs: Fs) => Fs;

/** The repository that most begin with, made once. */
export const base: string = mkdtempSync(join(realpathSync(tmpdir()), 'cfg-crash-'));
beforeAll(() => prepareRepository(base));
afterAll(() => rmSync(base, { recursive: true, force: true }));

/** Runs a command once, and records it. */
export async function sceneOf(subject: CommandCase, above: Above = (fs) => fs): Promise<Scene> {
  const start = join(temporaryFolder(), 'start');
  mkdirSync(start);
  if (subject.isFromNothing !== true) {
    cpSync(base, start, { recursive: true, preserveTimestamps: true });
    await subject.prepare?.(start);
  }
  const dir = copyOf(start);
  const counting = faultDisk();
  const { fs, calls } = recordingFs(counting.fs);
  const { code, stderr } = await runOn(above(fs), subject.line, { cwd: dir });
  expect([subject.name, code, stderr]).toEqual([subject.name, subject.code ?? 0, expect.any(String)]);
  const recorded = { dir, calls };
  return { subject, start, before: observe(start), after: observe(dir), calls: counting.calls, recorded };
}

export function copyOf(start: string): string {
  const dir = join(temporaryFolder(), 'copy');
  cpSync(start, dir, { recursive: true, preserveTimestamps: true });
  return dir;
}

/** Everything that can befall it. */
export function faultsOf({ calls }: Scene): Fault[] {
  return calls.flatMap((call, at) =>
    faultModes
      .filter((mode) => isWrite(call) || (mode !== 'zero' && mode !== 'half'))
      .map((mode) => ({ at, mode })),
  );
}
