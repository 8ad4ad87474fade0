import { isList, isMap, type ConfigValue, type KeyPath } from '../doc/index.js';
import { secretKind } from '../lint/index.js';
import { looksSecret, maskedText } from './secret.js';

/** What else is secret at a key path, besides what its keys tell. */
export type IsSecret = (path: KeyPath) => boolean;

/**
 * A value as it may be shown: `***` for texts and numbers at or under a key that looks secret, or that `isSecret` says is, and for the
 * password of a URL and well-known kinds of tokens anywhere. What is empty, `true`, `false` and `null` stays: it gives nothing away.
 *
 * @param path where the value stands in the configuration
 */
export function maskValue(value: ConfigValue, path: KeyPath, isSecret: IsSecret): ConfigValue {
  return isSecretAt(path, isSecret) ? maskAll(value) : maskInside(value, path, isSecret);
}

/** Whether a path is, or is under, a key that looks secret or that `isSecret` says is. */
export function isSecretAt(path: KeyPath, isSecret: IsSecret): boolean {
  return path.some((_, index) => isSecretStep(path.slice(0, index + 1), isSecret));
}

function isSecretStep(path: KeyPath, isSecret: IsSecret): boolean {
  const last = path.at(-1);
  return (typeof last === 'string' && looksSecret(last)) || isSecret(path);
}

function maskInside(value: ConfigValue, path: KeyPath, isSecret: IsSecret): ConfigValue {
  if (isList(value)) return value.map((item, index) => maskStep(item, [...path, index], isSecret));
  if (!isMap(value)) return typeof value === 'string' ? maskText(value, path) : value;
  const named = isNamedSecret(value);
  return Object.fromEntries(
    Object.entries(value).map(([key, child]) => [
      key,
      named && key === 'value' ? maskAll(child) : maskStep(child, [...path, key], isSecret),
    ]),
  );
}

function maskStep(value: ConfigValue, path: KeyPath, isSecret: IsSecret): ConfigValue {
  return isSecretStep(path, isSecret) ? maskAll(value) : maskInside(value, path, isSecret);
}

/** `{name: DB_PASSWORD, value: …}`, as containers have their environment. */
export function isNamedSecret(map: { readonly [key: string]: ConfigValue }): boolean {
  const { name, key = name } = map;
  return Object.hasOwn(map, 'value') && typeof key === 'string' && looksSecret(key);
}

function maskAll(value: ConfigValue): ConfigValue {
  if (isList(value)) return value.map(maskAll);
  if (isMap(value))
    return Object.fromEntries(Object.entries(value).map(([key, child]) => [key, maskAll(child)]));
  return value === null || value === '' || typeof value === 'boolean' ? value : maskedText;
}

/** A text that is no token of a well-known kind, without the password of each URL in it. */
function maskText(text: string, path: KeyPath): string {
  const shown = text.replace(/([a-z][a-z\d+.-]*:\/\/[^\s/?#:@]*:)[^\s/?#]*@/gi, `$1${maskedText}@`);
  return shown === text && secretKind(path, text) !== undefined ? maskedText : shown;
}
