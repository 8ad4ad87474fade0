import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { atomicWrite, nodeFileSystem } from '../../store/index.js';
import type { Environment } from '../types.js';

/** An answer of a remote source, as it is kept. */
export interface Kept {
  readonly text: string;
  readonly format: 'yaml' | 'json' | 'ini';
  readonly etag?: string;
  readonly modified?: string;
  /** When the source last said that this is current, in milliseconds since 1970. */
  readonly checkedAt: number;
}

/**
 * The file for the copy of what `key` names: `$XDG_CACHE_HOME/cfgit/sources`, else below `$HOME/.cache` (XDG Base Directory Specification).
 * Its name tells nothing about the key. Undefined where the environment has no such folder.
 */
export function keptPath(env: Environment, key: string): string | undefined {
  const { XDG_CACHE_HOME: cache, HOME: home, LOCALAPPDATA: local } = env;
  const base = [cache, home && join(home, '.cache'), local].find((dir) => dir !== undefined && dir !== '');
  return base === undefined ? undefined : join(base, 'cfgit', 'sources', `${sha256(key)}.json`);
}

/**
 * Keeps a copy that only its owner may read, replaced in one step: after a power cut the older or the newer is there. A disk that is full or
 * read-only keeps no application from its configuration: then there is no copy for the next process.
 */
export function keep(path: string, kept: Kept): void {
  const data = JSON.stringify({ version: 1, digest: digestOf(kept), ...kept });
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    atomicWrite(nodeFileSystem, path, Buffer.from(data), { mode: 0o600, sync: true });
  } catch (error) {
    if (!(error instanceof Error) || !('code' in error)) throw error;
  }
}

/** The copy in a file; undefined when there is none, or it is torn or was tampered with. */
export function recall(path: string): Kept | undefined {
  let found: unknown;
  try {
    found = JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return undefined; // not there, not readable, or torn: then there is no copy
  }
  return isKept(found) && found.digest === digestOf(found) ? found : undefined;
}

function isKept(value: unknown): value is Kept & { readonly digest?: unknown } {
  if (typeof value !== 'object' || value === null) return false;
  const { version, text, format, etag, modified, checkedAt }: Readonly<Record<string, unknown>> = {
    ...value,
  };
  return (
    version === 1 &&
    typeof text === 'string' &&
    (format === 'yaml' || format === 'json' || format === 'ini') &&
    typeof checkedAt === 'number' &&
    [etag, modified].every((mark) => mark === undefined || typeof mark === 'string')
  );
}

function digestOf({ text, format, etag = '', modified = '', checkedAt }: Kept): string {
  return sha256(JSON.stringify([text, format, etag, modified, checkedAt]));
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
