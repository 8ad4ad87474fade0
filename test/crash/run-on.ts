import type { Fs } from '../../src/store/index.js';
import { run, type Run } from '../cli/command-line.js';
import { current } from './current-disk.js';

/** Runs a command line on a disk. The test has to put `behind` in the place of `src/store/fs.ts`. */
export async function runOn(
  fs: Fs,
  line: readonly string[],
  { cwd, env = {} }: { readonly cwd: string; readonly env?: Readonly<Record<string, string>> },
): Promise<Run> {
  current.fs = fs;
  try {
    return await run(line, { cwd, env });
  } finally {
    current.fs = undefined;
  }
}
