import { isList, isMap, valueOf, type ConfigDocument, type ConfigValue, type KeyPath } from '../doc/index.js';
import { trapOf } from './scalar-rules.js';
import { secretKind } from './secrets.js';

/** What says something about numbers that their values do not: leading zeros, and more digits than a double holds. */
const remarkableNumber = /(?<![\w.])0\d|\d[\d.]{15}/;

/**
 * Whether the value of a YAML document alone tells that no rule has anything to say about it, as of most it does. Taking the text to pieces
 * for the rules costs many times as much. False where it is not certain; aliases may make of a small text a value without end.
 */
export function isUnremarkable(document: ConfigDocument): boolean {
  const { format, text, valid } = document;
  if (format !== 'yaml' || !valid || /[&*\r\uFEFF]/.test(text) || remarkableNumber.test(text)) return false;
  return isPlain(valueOf(document), []);
}

function isPlain(value: ConfigValue, path: KeyPath): boolean {
  if (typeof value === 'string') return trapOf(value) === undefined && secretKind(path, value) === undefined;
  if (isList(value)) return value.every((item, index) => isPlain(item, [...path, index]));
  if (!isMap(value)) return true;
  const keys = Object.keys(value);
  const folded = new Set(keys.map((key) => key.toLowerCase()));
  return (
    folded.size === keys.length && Object.entries(value).every(([key, item]) => isPlain(item, [...path, key]))
  );
}
