/**
 * A disk that fails on purpose. Every mutating call has a number; one of them crashes the process before or after it, is torn,
 * or returns an error. After a crash nothing works any more, as in a process that is dead.
 */
import { type Fs, nodeFileSystem } from '../../src/store/index.js';

/**
 * `before`/`after`: the process dies around the call. `zero`/`half`: it dies in the middle of writing a file, with nothing or
 * half of it on the disk. `error-once`: the call fails (a write after half of its bytes), the process goes on.
 * `error-sticky`: that call and all later ones fail.
 */
export const faultModes = ['before', 'after', 'zero', 'half', 'error-once', 'error-sticky'] as const;
export type FaultMode = (typeof faultModes)[number];

export interface Fault {
  /** The number of the call, from 0. */
  readonly at: number;
  readonly mode: FaultMode;
}

/** What the dead process throws, whatever it tries. */
export class Crash extends Error {
  override readonly name = 'Crash';
}

export interface FaultDisk {
  readonly fs: Fs;
  /** The mutating calls so far, as `rename HEAD.lock`. */
  readonly calls: readonly string[];
}

const mutating: ReadonlySet<string> = new Set(
  'createFile appendFile rename link unlink symlink mkdir rmdir chmod touch syncDirectory sync'.split(' '),
);
const twoPaths: ReadonlySet<string> = new Set(['rename', 'link', 'symlink']);

/** Calls that put bytes into a file: only these can be torn. */
export function isWrite(call: string): boolean {
  return /^(createFile|appendFile) /.test(call);
}

/** A disk with one fault; without one it only counts. `inner` is the disk below, by default the real one. */
export function faultDisk(fault?: Fault, inner: Fs = nodeFileSystem): FaultDisk {
  const calls: string[] = [];
  let crashed = false;
  const crash = (): never => {
    crashed = true;
    throw new Crash(`crashed at ${calls.length - 1}: ${calls.at(-1)}`);
  };
  const mutate = (name: keyof Fs, args: unknown[]): unknown => {
    const number = calls.length;
    calls.push(`${name} ${String(args[twoPaths.has(name) ? 1 : 0])}`);
    const run = (values: unknown[]): unknown => Reflect.apply(inner[name], inner, values);
    const isHit = fault?.mode === 'error-sticky' ? number >= fault.at : number === fault?.at;
    if (fault === undefined || !isHit) return run(args);
    if (fault.mode === 'before') return crash();
    if (fault.mode === 'error-sticky') throw systemError('EIO', name);
    if (fault.mode === 'after') run(args);
    else if (isWrite(`${name} `)) run(torn(args, fault.mode === 'zero' ? 0 : 0.5));
    return fault.mode === 'error-once' ? fail(name) : crash();
  };
  const fs = new Proxy(inner, {
    get:
      (_target, name: keyof Fs) =>
      (...args: unknown[]): unknown =>
        settle(name, () => {
          if (crashed) throw new Crash('the process is dead');
          return mutating.has(name)
            ? mutate(name, args)
            : (pretended(name, args) ?? Reflect.apply(inner[name], inner, args));
        }),
  });
  return { fs, calls };
}

/** `sync` answers with a promise, so it fails with one. */
function settle(name: string, run: () => unknown): unknown {
  return name === 'sync' ? Promise.resolve().then(run) : run();
}

function fail(name: string): never {
  throw systemError(name.startsWith('sync') ? 'EIO' : 'ENOSPC', name);
}

function systemError(code: string, syscall: string): Error {
  return Object.assign(new Error(`${code}: injected, ${syscall}`), { code, syscall });
}

function torn([path, data, ...rest]: unknown[], share: number): unknown[] {
  const bytes = data instanceof Uint8Array ? data : new Uint8Array();
  return [path, bytes.subarray(0, Math.floor(bytes.length * share)), ...rest];
}

/** The process that crashes is another one than the test: afterwards its locks are those of a dead process. */
const deadPid = 4_194_305;

function pretended(name: string, [path]: unknown[]): Buffer | undefined {
  if (name !== 'readFile' || (path !== '/proc/self/stat' && path !== `/proc/${deadPid}/stat`))
    return undefined;
  return Buffer.from(`${deadPid} (cfg) R ${'0 '.repeat(18)}1 0`);
}
