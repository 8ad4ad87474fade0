/**
 * Compiled code on disk, in the user's own cache folder: one file for a command of one build under one version of Node. Nothing depends on
 * it: what cannot be read, is not the user's own or does not fit is compiled again. `CFG_NO_CACHE=1` turns it off.
 */
import {
  closeSync,
  existsSync,
  fstatSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { dirname, isAbsolute, join } from 'node:path';
import type { Compiled } from './module-pack.js';

interface Run {
  readonly command: string;
  /** Of the modules that it is compiled from. */
  readonly hash: string;
}

/** Where the code of a command is kept; undefined where there is no place for it or it is not wanted. */
export function cacheFile(
  { command, hash }: Run,
  env: Readonly<Record<string, string | undefined>>,
): string | undefined {
  if (env['CFG_NO_CACHE'] === '1' || !/^[a-z-]+$/.test(command)) return undefined;
  const home = env['XDG_CACHE_HOME'] || (env['HOME'] && join(env['HOME'], '.cache'));
  // A home that is not there, as that of a service, is not made.
  if (!home || !isAbsolute(home) || !existsSync(dirname(home))) return undefined;
  const key = [command, hash, process.version, process.arch].join('-');
  return join(home, 'cfg', 'code', `${key}.bin`);
}

/** The cached code; none when there is none that can be trusted: code is only taken from a file that nobody else could write. */
export function readCache(file: string): Compiled {
  try {
    const bytes = readOwn(file);
    return bytes === undefined ? new Map() : unpack(bytes);
  } catch {
    return new Map();
  }
}

function readOwn(file: string): Buffer | undefined {
  const descriptor = openSync(file, 'r');
  try {
    const { uid, mode } = fstatSync(descriptor);
    const own = process.getuid?.() ?? uid;
    return uid === own && (mode & 0o022) === 0 ? readFileSync(descriptor) : undefined;
  } finally {
    closeSync(descriptor);
  }
}

/** Keeps the code, whole or not at all, and drops what was not renewed for a month. A cache that cannot be written is no cache. */
export function writeCache(file: string, code: Compiled): void {
  const folder = dirname(file);
  const draft = `${file}.${process.pid}`;
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    writeDurably(draft, pack(code));
    renameSync(draft, file);
    dropOld(folder);
  } catch {
    if (existsSync(draft)) rmSync(draft, { force: true });
  }
}

/** A line of JSON that lists place and length of each part, then the parts. Everything begins where V8 can read words. */
function pack(code: Compiled): Buffer {
  const parts = [...code].flatMap(([, data]) => [data, Buffer.alloc(paddingOf(data.length))]);
  const list = JSON.stringify([...code].map(([place, data]) => [place, data.length]));
  const head = Buffer.from(`${list}${' '.repeat(paddingOf(list.length + 1))}\n`);
  return Buffer.concat([head, ...parts]);
}

function unpack(bytes: Buffer): Compiled {
  let start = bytes.indexOf('\n') + 1;
  const list: readonly (readonly [number, number])[] = JSON.parse(bytes.toString('latin1', 0, start));
  return new Map(
    list.map(([place, length]) => {
      const data = bytes.subarray(start, start + length);
      start += length + paddingOf(length);
      return [place, data];
    }),
  );
}

function paddingOf(length: number): number {
  return -length & 7;
}

/** Flushed: a file that a power cut left half written would be taken for code. */
function writeDurably(file: string, data: Uint8Array): void {
  const descriptor = openSync(file, 'wx', 0o600);
  try {
    writeSync(descriptor, data);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

const monthMs = 30 * 24 * 3_600_000;

function dropOld(folder: string): void {
  const oldest = Date.now() - monthMs;
  for (const name of readdirSync(folder)) {
    const file = join(folder, name);
    if (statSync(file).mtimeMs < oldest) rmSync(file, { force: true });
  }
}
