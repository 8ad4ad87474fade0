/** Key paths as text. */
import { ConfigError } from '../errors.js';
import type { KeyPath } from './types.js';

export function parseKeyPath(text: string): KeyPath {
  throw new ConfigError('E_INTERNAL', `no ${text} yet`);
}
export function formatKeyPath(path: KeyPath): string {
  throw new ConfigError('E_INTERNAL', `no ${path.length} yet`);
}
