import { isUtf8 } from 'node:buffer';
import { ConfigError } from '../errors.js';

const forbidden = new Set(['', '.', '..', '.git']);

/**
 * A repository path as it may be read: relative, with `/`, and without `..`, `.git` or anything that a system could take for
 * another folder. A leading `./` is dropped. Throws E_BAD_PATH.
 */
export function checkPath(path: string): string {
  const repoPath = path.replace(/^(?:\.\/)+/, '');
  const segments = repoPath.split('/');
  const bad =
    segments.some((segment) => forbidden.has(segment.toLowerCase())) || /[\\\0]|^[A-Za-z]:/.test(repoPath);
  if (!bad) return repoPath;
  throw new ConfigError('E_BAD_PATH', `'${path}' is not a path inside of the folder`, {
    hint: "write it relative to the folder, with '/', and without '..'",
  });
}

/** The text of a file. Throws E_INVALID for bytes that are no UTF-8: to replace them silently would change a value. */
export function decodeText(data: Uint8Array, path: string): string {
  if (isUtf8(data)) return Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('utf8');
  throw new ConfigError('E_INVALID', `'${path}' is not UTF-8 text`, { hint: 'convert it to UTF-8' });
}
