/** Keys that a map has twice. */
import type { Problems } from './diagnostics.js';
import type { DocumentTree, MapNode, Node } from './tree.js';

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
  const ids = new Map<string, string>();
  for (const { key } of entries) {
    const range = { start: key.offset, end: key.offset + key.text.length };
    const other = ids.get(key.name);
    ids.set(key.name, key.id);
    if (key.occurrence > 1 && !(format === 'ini' && key.id.endsWith('[]'))) {
      const severity = format === 'ini' ? 'warning' : 'error';
      problems.add({ rule: 'duplicate-key', message: 'the key is there already', severity, ...range });
    } else if (other !== undefined && other !== key.id && format !== 'ini') {
      const message = 'the key has the same name as another one of another type';
      problems.add({ rule: 'ambiguous-key', message, severity: 'warning', ...range });
    }
  }
}
