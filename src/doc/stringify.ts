/** Values as text, and values typed by people. */
import { parseDocument } from './document.js';
import type { ConfigValue, Format } from './types.js';
import { treeValue } from './value.js';
import { iniDocument } from './write/ini.js';
import { defaultJsonLayout, jsonValue } from './write/json.js';
import { yamlDocument } from './write/yaml.js';

/**
 * A value as a whole file of a format, with a line break at its end: two columns a level, keys in their order. In INI maps become sections
 * (nested ones `[a.b]`), lists `key[] = item`, and every number text.
 *
 * @throws ConfigError `E_INVALID` for what the format cannot hold: NaN in JSON, lists of collections in INI.
 */
export function stringifyValue(value: ConfigValue, format: Format): string {
  if (format === 'yaml') return yamlDocument(value);
  return format === 'json' ? `${jsonValue(value, defaultJsonLayout)}\n` : iniDocument(value);
}

/**
 * The value that a person typed: a number, boolean or null as YAML 1.2 reads it (core schema: `no` and `12:30` are text), a collection in
 * brackets (`[1, 2]`, `{a: 1}`), a string in quotes; everything else is the text as it is.
 */
export function parseInputValue(text: string): ConfigValue {
  const trimmed = text.trim();
  if (/[\r\n]/.test(trimmed) || !isInput(trimmed)) return text;
  const doc = parseDocument(trimmed, { format: 'yaml' });
  const node = doc.tree?.documents[0]?.value;
  if (!doc.tree || doc.diagnostics.length > 0 || node?.end !== trimmed.length || node.offset !== 0)
    return text;
  const isText =
    node.kind === 'scalar' ? node.style === 'plain' && typeof node.value === 'string' : node.style !== 'flow';
  return isText ? text : treeValue(doc.tree);
}

/**
 * What may be more than text: what begins like a number, a word of YAML, a quote or a bracket. A number that begins with a zero is text: YAML
 * 1.1 reads `010` as 8, YAML 1.2 as 10.
 */
function isInput(text: string): boolean {
  return /^(?:[-+.\d["'{~]|null$|true$|false$)/i.test(text) && !/^[-+]?0\d/.test(text);
}
