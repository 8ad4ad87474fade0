/** The value of a piece of a tree, for reports: aliases are not followed. */
import type { ConfigObject, ConfigValue, Node } from '../doc/index.js';

export function nodeValue(node: Node): ConfigValue {
  if (node.kind === 'scalar') return node.value;
  if (node.kind === 'list') return node.entries.map(({ value }) => nodeValue(value));
  const object: Record<string, ConfigValue> = {};
  for (const { key, value } of node.entries)
    Object.defineProperty(object, key.name, {
      value: nodeValue(value),
      enumerable: true,
      configurable: true,
      writable: true,
    });
  return object satisfies ConfigObject;
}
