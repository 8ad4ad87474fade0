/** Keys that a map has twice. */
import type { Problems } from './diagnostics.js';
import type { DocumentTree, Entry, EntryKey, MapEntry, MapNode, Node } from './tree.js';
import type { KeyPath } from './types.js';

/**
 * Reports duplicate keys: an error in YAML and JSON, where readers disagree on what it means, and a warning in INI, where the last one
 * wins. Two different keys of one name (`1` and `"1"` in YAML) have one property of the value between them: a warning.
 */
export function checkDuplicates(tree: DocumentTree, problems: Problems): void {
  const several = tree.documents.length > 1;
  tree.documents.forEach(({ value }, index) =>
    check(value, { format: tree.format, problems, path: several ? [index] : [] }),
  );
}

interface Context {
  readonly format: DocumentTree['format'];
  readonly problems: Problems;
  readonly path: KeyPath;
}

function check(node: Node, context: Context): void {
  if (node.kind === 'scalar') return;
  if (node.kind === 'map') checkMap(node, context);
  node.entries.forEach(({ value, key }: Entry, index) => {
    if (value.kind !== 'scalar') check(value, { ...context, path: [...context.path, key?.name ?? index] });
  });
}

function checkMap({ entries }: MapNode, { format, problems, path }: Context): void {
  const repeated = entries.filter(({ key }) => key.occurrence > 1);
  const firsts = new Map(
    repeated.length === 0 ? [] : entries.map(({ key }) => [key.id, key] as const).toReversed(),
  );
  for (const { key } of repeated) {
    if (format === 'ini' && key.id.endsWith('[]')) continue;
    const first = firsts.get(key.id) ?? key;
    problems.add({
      rule: 'duplicate-key',
      message: 'the key is there already',
      severity: format === 'ini' ? 'warning' : 'error',
      path: key.path ?? [...path, key.name],
      related: { ...rangeOf(first), message: 'it is there for the first time here' },
      ...rangeOf(key),
    });
  }
  if (format === 'yaml' && entries.some(({ key }) => !key.id.startsWith('=')))
    checkNames(entries, { problems, path });
}

function checkNames(
  entries: readonly MapEntry[],
  { problems, path }: Pick<Context, 'problems' | 'path'>,
): void {
  const known = new Map<string, EntryKey>();
  for (const { key } of entries) {
    const other = known.get(key.name);
    known.set(key.name, key);
    if (other === undefined || other.id === key.id) continue;
    problems.add({
      rule: 'ambiguous-key',
      message: 'the key has the same name as another one of another type',
      severity: 'warning',
      path: [...path, key.name],
      related: { ...rangeOf(other), message: 'the other one' },
      ...rangeOf(key),
    });
  }
}

function rangeOf({ offset, text }: EntryKey): { readonly start: number; readonly end: number } {
  return { start: offset, end: offset + text.length };
}
