/** Addresses: `[REV:]FILE[#KEY]`, as `v1.2.0:services/api.yaml#db.pool`. */
import { ConfigError, isConfigError } from '../errors.js';
import { formatKeyPath, parseKeyPath } from './key-path.js';
import type { Address, KeyPath } from './types.js';

/**
 * Reads an address.
 *
 * - REV ends at the first `:` outside of braces, so `main@{2 days ago}` and `HEAD^{/fix: x}` are revisions. A drive letter (`C:\`,
 *   `C:/`) and a URL (`https://`) are no revision. A file with a `:` in its name is written `./a:b.yaml`, as in Git.
 * - FILE ends at the first `#`. A file with a `#` in its name is written in double quotes with JSON escapes. Behind a revision it keeps a
 *   leading `./`, which means the current folder there.
 * - KEY is a key path or a JSON Pointer; none (or an empty one) is the whole file.
 *
 * @throws ConfigError `E_BAD_PATH`.
 */
export function parseAddress(text: string): Address {
  const colon = revisionEnd(text);
  const revision = colon === undefined ? undefined : unquoted(text.slice(0, colon));
  if (revision === '') throw badAddress(text, 'has nothing before the colon');
  const { file: typed, rest } = splitFile(text, colon === undefined ? 0 : colon + 1);
  const file = revision === undefined ? typed.replace(/^(?:\.\/+)+/, '') : typed;
  if (file === '') throw badAddress(text, 'names no file');
  const path = rest.length > 1 ? keyIn(rest.slice(1)) : undefined;
  return {
    ...(revision === undefined ? {} : { revision }),
    file,
    ...(path === undefined ? {} : { path }),
  };
}

/** The text of an address, which {@link parseAddress} reads back to the same. */
export function formatAddress({ revision, file, path }: Address): string {
  const name = revision === undefined && revisionEnd(file) !== undefined ? `./${file}` : file;
  const quoted = /[#"]/.test(file) ? JSON.stringify(file) : name;
  const key = path === undefined || path.length === 0 ? '' : `#${formatKeyPath(path)}`;
  return `${revision === undefined ? '' : `${revision}:`}${quoted}${key}`;
}

/** `FILE#KEY` of a key path that is text already; the file alone for an empty one. */
export function addressOf(file: string, path: string): string {
  return path === '' ? formatAddress({ file }) : `${formatAddress({ file })}#${path}`;
}

/** Reads a key. One with a bare `#` in it is rather the rest of the name of a file. */
function keyIn(text: string): KeyPath {
  try {
    return parseKeyPath(text);
  } catch (error) {
    if (!isConfigError(error, 'E_BAD_PATH') || !text.includes('#')) throw error;
    const { message, details } = error;
    throw new ConfigError('E_BAD_PATH', message, {
      hint: `a file or key with a '#' in its name is written in double quotes, as in '"a#b.yaml"#db.host'`,
      ...(details && { details }),
      cause: error,
    });
  }
}

/** Where the `:` after REV is. */
function revisionEnd(text: string): number | undefined {
  if (/^(?:[A-Za-z]:[\\/]|[A-Za-z][A-Za-z0-9+.-]+:\/\/|\.{1,2}[\\/]|")/.test(text)) return undefined;
  let depth = 0;
  for (let at = 0; at < text.length; at += 1) {
    const char = text[at];
    if (char === '{') depth += 1;
    else if (char === '}') depth -= 1;
    else if (depth > 0) continue;
    else if (char === ':') return at;
    else if (char === '#') return undefined;
  }
  return undefined;
}

function splitFile(text: string, from: number): { file: string; rest: string } {
  const quoted = /^"(?:[^"\\]|\\.)*"/.exec(text.slice(from))?.[0];
  if (quoted !== undefined) return { file: readQuoted(text, quoted), rest: text.slice(from + quoted.length) };
  const hash = text.indexOf('#', from);
  const file = text.slice(from, hash < 0 ? undefined : hash);
  return { file, rest: hash < 0 ? '' : text.slice(hash) };
}

function readQuoted(text: string, quoted: string): string {
  try {
    return String(JSON.parse(quoted));
  } catch (cause) {
    throw badAddress(text, 'has a quoted file name that is no JSON string', cause);
  }
}

function unquoted(revision: string): string {
  return /^(['"]).+\1$/.test(revision) ? revision.slice(1, -1) : revision;
}

function badAddress(text: string, what: string, cause?: unknown): ConfigError {
  return new ConfigError('E_BAD_PATH', `address '${text}' ${what}`, {
    hint: 'write it as FILE, FILE#KEY or REV:FILE#KEY, like v1.2.0:services/api.yaml#db.pool.max',
    ...(cause === undefined ? {} : { cause }),
  });
}
