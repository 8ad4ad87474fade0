import {
  equalValues,
  leaves,
  parseDocument,
  stringifyValue,
  valueOf,
  type ConfigValue,
} from '../../doc/index.js';
import type { Config } from '../../load/index.js';
import { visible } from './style.js';

/** No comment begins further to the right, unless its line is longer. */
const maxColumn = 60;

/** A value as YAML in which a comment tells where each line comes from: a place in a file, a variable, or the name of a layer. */
export function annotated(value: ConfigValue, config: Config): string {
  const plain = stringifyValue(value, 'yaml');
  const document = parseDocument(plain, { format: 'yaml' });
  const lines = plain.split('\n');
  const column = Math.min(maxColumn, Math.max(0, ...lines.map((line) => line.length)));
  const seen = new Set<number>();
  for (const { path, range } of leaves(document)) {
    const index = range.start.line - 1;
    if (seen.has(index) || path.length === 0) continue;
    seen.add(index);
    lines[index] = `${(lines[index] ?? '').padEnd(column)}  # ${placeOf(config.explain(path).from)}`;
  }
  const text = lines.join('\n');
  const again = parseDocument(text, { format: 'yaml' });
  return again.valid && equalValues(valueOf(again), value) ? text : plain; // a text over several lines may take no comment
}

function placeOf(from: ReturnType<Config['explain']>['from']): string {
  const { layer, file, line, column, variable, url } = from;
  if (variable !== undefined) return visible(variable);
  const parts = [file ?? url ?? layer, line, column];
  return visible(parts.filter((part) => part !== undefined).join(':'));
}
