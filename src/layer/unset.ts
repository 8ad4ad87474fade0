import { isList, isMap, unsetText, type ConfigValue } from '../doc/index.js';

/** Whether a layer says that a key is to go. */
export function isUnset(value: ConfigValue | undefined): boolean {
  return value === unsetText;
}

/** Whether a layer removes anything. */
export function hasUnset(value: ConfigValue): boolean {
  if (isList(value)) return value.some(hasUnset);
  return isMap(value) ? Object.values(value).some(hasUnset) : isUnset(value);
}

/** A value without the keys that it removes: where nothing is below, there is nothing to remove. */
export function withoutUnset(value: ConfigValue): ConfigValue {
  if (isList(value)) return value.map(withoutUnset);
  if (!isMap(value)) return value;
  const kept = Object.entries(value).filter(([, child]) => !isUnset(child));
  return Object.fromEntries(kept.map(([key, child]) => [key, withoutUnset(child)]));
}
