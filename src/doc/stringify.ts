/** Values as text. */
import { ConfigError } from '../errors.js';
import type { ConfigValue, Format } from './types.js';

export function stringifyValue(value: ConfigValue, format: Format): string {
  void value;
  throw new ConfigError('E_INTERNAL', `no ${format} yet`);
}
export function parseInputValue(text: string): ConfigValue {
  throw new ConfigError('E_INTERNAL', `no ${text} yet`);
}
