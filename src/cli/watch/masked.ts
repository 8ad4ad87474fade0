import { isList, isMap, parseKeyPath, type ConfigValue } from '../../doc/index.js';
import { looksSecret, maskedText } from '../../layer/index.js';
import type { KeyChange } from '../../repo/index.js';

/** A change without the values of keys that look secret. */
export function maskedChange(change: KeyChange): KeyChange {
  const isSecret = parseKeyPath(change.path).some((key) => typeof key === 'string' && looksSecret(key));
  const shown = (value: ConfigValue): ConfigValue => (isSecret ? maskedText : masked(value));
  return {
    ...change,
    ...(change.before !== undefined && { before: shown(change.before) }),
    ...(change.after !== undefined && { after: shown(change.after) }),
  };
}

function masked(value: ConfigValue): ConfigValue {
  if (isList(value)) return value.map(masked);
  if (!isMap(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, child]) => [key, looksSecret(key) ? maskedText : masked(child)]),
  );
}
