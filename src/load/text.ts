import { isUtf8 } from 'node:buffer';
import { ConfigError } from '../errors.js';
import { outside, pathInside } from '../settings/index.js';

/**
 * A repository path as it may be read, without a leading `./`. Throws E_BAD_PATH for one that leads out of the folder, or that a system could
 * take for one that does.
 */
export function checkPath(path: string): string {
  const repoPath = pathInside(path);
  if (repoPath !== undefined && !/[\\\0]|^[A-Za-z]:/.test(repoPath)) return repoPath;
  throw new ConfigError('E_BAD_PATH', `'${path}' ${outside.message}`, { hint: outside.hint });
}

/** The text of a file. Throws E_INVALID for bytes that are no UTF-8: to replace them silently would change a value. */
export function decodeText(data: Uint8Array, path: string): string {
  if (isUtf8(data)) return Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('utf8');
  throw new ConfigError('E_INVALID', `'${path}' is not UTF-8 text`, { hint: 'convert it to UTF-8' });
}
