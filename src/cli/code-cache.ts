/**
 * Compiled code on disk, in the user's own cache folder: one file for a command of one build under one version of Node. Nothing depends on
 * it: what cannot be read, is not the user's own or does not fit is compiled again. `CFG_NO_CACHE=1` turns it off.
 */
import { join } from 'node:path';
import { readOwnFile, userCacheFolder, writeOwnFile } from '../store/index.js';
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
  const folder = /^[a-z-]+$/.test(command) ? userCacheFolder(env, 'code') : undefined;
  const key = [command, hash, process.version, process.arch].join('-');
  return folder && join(folder, `${key}.bin`);
}

/** The cached code; none when there is none that can be trusted: code is only taken from a file that nobody else could write. */
export function readCache(file: string): Compiled {
  const bytes = readOwnFile(file);
  try {
    return bytes === undefined ? new Map() : unpack(bytes);
  } catch {
    return new Map();
  }
}

/** Keeps the code, whole or not at all. */
export function writeCache(file: string, code: Compiled): void {
  writeOwnFile(file, pack(code));
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
