/**
 * Files with code in the user's own cache folder. Nothing depends on them: what cannot be read or is not the user's own is made again.
 * `CFG_NO_CACHE=1` turns it off. Not through an `Fs`: it is no part of a repository, and what is run must be read from the very file
 * whose owner was looked at, through one descriptor.
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

type Environment = Readonly<Record<string, string | undefined>>;

/** A folder of the cache; undefined where there is no place for it or it is not wanted. */
export function userCacheFolder(env: Environment, name: string): string | undefined {
  if (env['CFG_NO_CACHE'] === '1') return undefined;
  const home = env['XDG_CACHE_HOME'] || (env['HOME'] && join(env['HOME'], '.cache'));
  // A home that is not there, as that of a service, is not made.
  if (!home || !isAbsolute(home) || !existsSync(dirname(home))) return undefined;
  return join(home, 'cfg', name);
}

/** The bytes of a file that nobody else could write; else undefined. */
export function readOwnFile(file: string): Buffer | undefined {
  let descriptor: number | undefined;
  try {
    descriptor = openSync(file, 'r');
    const { uid, mode } = fstatSync(descriptor);
    const own = process.getuid?.() ?? uid;
    return uid === own && (mode & 0o022) === 0 ? readFileSync(descriptor) : undefined;
  } catch {
    return undefined; // as if it were not there
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

/** Writes a file, whole or not at all, and drops what was not renewed for a month. A cache that cannot be written is no cache. */
export function writeOwnFile(file: string, data: Uint8Array): void {
  const folder = dirname(file);
  const draft = `${file}.${process.pid}`;
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    writeDurably(draft, data);
    renameSync(draft, file);
    dropOld(folder);
  } catch {
    if (existsSync(draft)) rmSync(draft, { force: true });
  }
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
