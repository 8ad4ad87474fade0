import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { buildId } from './build.js';
import type { CodeFiles } from './types.js';
import { readOwnFile, userCacheFolder, writeOwnFile } from './user-cache.js';

/** Code that this build made of something, by what it was made from; undefined where none can be kept. */
export function userCode(env: Readonly<Record<string, string | undefined>>): CodeFiles | undefined {
  const folder = userCacheFolder(env, 'schemas');
  if (folder === undefined) return undefined;
  const fileOf = (key: string): string =>
    join(folder, `${createHash('sha256').update(`${buildId()}\n${key}`).digest('hex')}.js`);
  return {
    read: (key) => readOwnFile(fileOf(key))?.toString(),
    write: (key, code) => writeOwnFile(fileOf(key), Buffer.from(code)),
  };
}
