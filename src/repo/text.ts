import { ConfigError } from '../errors.js';
import type { RepoPath } from '../store/index.js';

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const encoder = new TextEncoder();

/** The text of a file (a byte order mark stays in it); undefined when the bytes are no UTF-8 or hold a NUL: a binary file. */
export function textOf(data: Uint8Array): string | undefined {
  if (data.includes(0)) return undefined;
  try {
    return decoder.decode(data);
  } catch (error) {
    if (error instanceof TypeError) return undefined; // how TextDecoder reports malformed bytes
    throw error;
  }
}

/** {@link textOf}, for a file that must be text. Throws E_INVALID. */
export function decodeText(data: Uint8Array, path: RepoPath): string {
  const text = textOf(data);
  if (text === undefined)
    throw new ConfigError('E_INVALID', `file '${path}' is not UTF-8 text`, {
      hint: 'cfg keeps it as it is; read it with another program, or convert it to UTF-8',
      details: { file: path },
    });
  return text;
}

export function encodeText(text: string): Uint8Array {
  return encoder.encode(text);
}
