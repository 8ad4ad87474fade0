/**
 * The start of the executable: runs the packed modules of the program, with the code that V8 compiled when the same command ran before.
 * `scripts/bundle.js` makes the pack and fills in what is declared below.
 */
import { writeSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFile, readCache, writeCache } from './code-cache.js';
import { splitArguments } from './globals.js';
import type { Io } from './io.js';
import { ModulePack } from './module-pack.js';

interface Program {
  readonly main: (argv: readonly string[], io: Io) => Promise<number>;
  readonly processIo: () => Io;
}

/** Of the pack's content. */
declare const hash: string;
declare const version: string;

/** Runs the command line of this process; `require` is that of a file beside the pack. */
export async function launch(require: NodeJS.Require, folder: string): Promise<void> {
  const argv = process.argv.slice(2);
  if (argv.length === 1 && argv[0] === '--version') return void writeSync(1, `${version}\n`);
  const cache = cacheFile({ command: commandIn(argv) ?? 'help', hash }, process.env);
  const pack = new ModulePack(join(folder, 'modules.pack'), {
    require,
    compiled: cache === undefined ? new Map() : readCache(cache),
  });
  // The first module of the pack is src/cli/index.ts.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  const { main, processIo } = pack.load(0) as Program;
  process.exitCode = await main(argv, processIo());
  if (cache !== undefined && pack.compiledAnew) writeCache(cache, pack.compiledCode());
}

/** The command that a command line names; undefined for none and for a wrong one, which `main` will tell. */
function commandIn(argv: readonly string[]): string | undefined {
  try {
    return splitArguments(argv).command;
  } catch {
    return undefined;
  }
}
