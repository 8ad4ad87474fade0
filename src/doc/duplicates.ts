/** Keys that a map has twice. */
import type { Problems } from './diagnostics.js';
import type { DocumentTree, EntryKey, MapEntry, MapNode, Node } from './tree.js';

/**
 * Reports duplicate keys: an error in YAML and JSON, where readers disagree on what it means, and a warning in INI, where the last one
 * wins. Two different keys of one name (`1` and `"1"` in YAML) have one property of the value between them: a warning.
 */
export function checkDuplicates(tree: DocumentTree, problems: Problems): void {
  for (const { value } of tree.documents) check(value, { format: tree.format, problems });
}

interface Context {
  readonly format: DocumentTree['format'];
  readonly problems: Problems;
}

function check(node: Node, context: Context): void {
  if (node.kind === 'scalar') return;
  if (node.kind === 'map') checkMap(node, context);
  for (const { value } of node.entries) check(value, context);
}

function checkMap({ entries }: MapNode, { format, problems }: Context): void {
  for (const { key } of entries) {
    if (key.occurrence === 1 || (format === 'ini' && key.id.endsWith('[]'))) continue;
    const severity = format === 'ini' ? 'warning' : 'error';
    problems.add({ rule: 'duplicate-key', message: 'the key is there already', severity, ...rangeOf(key) });
  }
  if (format === 'yaml' && entries.some(({ key }) => !key.id.startsWith('='))) checkNames(entries, problems);
}

function checkNames(entries: readonly MapEntry[], problems: Problems): void {
  const ids = new Map<string, string>();
  for (const { key } of entries) {
    const other = ids.get(key.name);
    ids.set(key.name, key.id);
    if (other === undefined || other === key.id) continue;
    const message = 'the key has the same name as another one of another type';
    problems.add({ rule: 'ambiguous-key', message, severity: 'warning', ...rangeOf(key) });
  }
}

function rangeOf({ offset, text }: EntryKey): { readonly start: number; readonly end: number } {
  return { start: offset, end: offset + text.length };
}
