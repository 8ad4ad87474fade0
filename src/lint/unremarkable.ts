import {
  isList,
  isMap,
  valueOf,
  type ConfigDocument,
  type ConfigObject,
  type ConfigValue,
} from '../doc/index.js';
import { trapOf } from './scalar-rules.js';
import { secretUnder } from './secrets.js';

/** What says something about numbers that their values do not: leading zeros, and more digits than a double holds. */
const remarkableNumber = /(?<![\w.])0\d|\d[\d.]{15}/;

/**
 * Whether the value of a YAML document alone tells that no rule has anything to say about it, as of most it does. Taking the text to pieces
 * for the rules costs many times as much. False where it is not certain; aliases may make of a small text a value without end.
 */
export function isUnremarkable(document: ConfigDocument): boolean {
  const { format, text, valid } = document;
  if (format !== 'yaml' || !valid || /[&*\r\uFEFF]/.test(text) || remarkableNumber.test(text)) return false;
  return isPlain(valueOf(document), undefined);
}

/** `key`: the last one above the value, which is all that the rules want to know of where it stands. */
function isPlain(value: ConfigValue, key: string | undefined): boolean {
  if (typeof value === 'string') return trapOf(value) === undefined && secretUnder(key, value) === undefined;
  if (isList(value)) {
    for (const item of value) if (!isPlain(item, key)) return false;
    return true;
  }
  return !isMap(value) || isPlainMap(value);
}

function isPlainMap(map: ConfigObject): boolean {
  const keys = Object.keys(map);
  const folded = new Set<string>();
  for (const key of keys) {
    const item = map[key];
    folded.add(key.toLowerCase());
    if (item !== undefined && !isPlain(item, key)) return false;
  }
  return folded.size === keys.length;
}
