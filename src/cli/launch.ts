/**
 * The start of the executable: picks the bundle that has the command and runs it from V8's code cache, so that a command compiles
 * nothing that it compiled the last time. `scripts/bundle.js` makes the bundles and fills in what is declared below.
 */
import { readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { Script } from 'node:vm';
import { cacheFile, readCache, writeCache } from './code-cache.js';
import { splitArguments } from './globals.js';
import type { Io } from './io.js';

type BundleName = 'start' | 'commands';

interface Program {
  readonly main: (argv: readonly string[], io: Io) => Promise<number>;
  readonly processIo: () => Io;
}

/** Of the bundles' contents. */
declare const hashes: Readonly<Record<BundleName, string>>;
declare const version: string;

/** Runs the command line of this process; `require` is that of a file beside the bundles. */
export async function launch(require: NodeJS.Require, folder: string): Promise<void> {
  const argv = process.argv.slice(2);
  if (argv.length === 1 && argv[0] === '--version') return void writeSync(1, `${version}\n`);
  const command = commandIn(argv);
  const bundle = command === undefined ? 'start' : 'commands';
  const cache = cacheFile({ command: command ?? 'help', hash: hashes[bundle] }, process.env);
  const file = join(folder, `${bundle}.cjs`);
  const known = cache === undefined ? undefined : readCache(cache);
  // Plain ASCII, which Latin-1 reads fastest.
  const script = new Script(readFileSync(file, 'latin1'), {
    filename: file,
    ...(known && { cachedData: known }),
  });
  const { main, processIo } = evaluate(script, lazyRequire(require), file);
  process.exitCode = await main(argv, processIo());
  const isKnown = known !== undefined && script.cachedDataRejected !== true;
  if (cache !== undefined && !isKnown) writeCache(cache, script.createCachedData());
}

/** The command that a command line names; undefined for none and for a wrong one, which `main` will tell. */
function commandIn(argv: readonly string[]): string | undefined {
  try {
    return splitArguments(argv).command;
  } catch {
    return undefined;
  }
}

/** Modules of Node that take milliseconds to load, each of which most commands never use. */
const slow = /^(?:node:)?(?:child_process|crypto|https?|net|readline|timers\/promises|worker_threads|zlib)$/;

/** A `require` that loads those when something of theirs is first asked for. */
function lazyRequire(require: NodeJS.Require): (name: string) => unknown {
  return (name) => {
    if (!slow.test(name)) return require(name);
    const loaded = (): object => require(name);
    return new Proxy(
      {},
      {
        get: (_, key) => Reflect.get(loaded(), key),
        ownKeys: () => Reflect.ownKeys(loaded()),
        getOwnPropertyDescriptor: (_, key) => Reflect.getOwnPropertyDescriptor(loaded(), key),
      },
    );
  };
}

function evaluate(script: Script, require: (name: string) => unknown, file: string): Program {
  const module: { exports: unknown } = { exports: {} };
  const wrapper: unknown = script.runInThisContext();
  if (typeof wrapper !== 'function') throw new Error(`'${file}' is no bundle`);
  wrapper(module.exports, require, module, file);
  // The bundle is the sibling of this file, made by the same build.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return module.exports as Program;
}
