import { readFileSync } from 'node:fs';
import { ConfigError } from '../errors.js';

/** The content of a file outside of any repository. Throws E_IO. */
export function readBytes(path: string): Uint8Array {
  try {
    return readFileSync(path);
  } catch (error) {
    throw new ConfigError('E_IO', `cannot read '${path}'`, {
      hint: 'give a file that is there and may be read',
      cause: error,
    });
  }
}
