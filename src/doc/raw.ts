/**
 * Values in which nothing is expanded, to compare a document before and after an edit: aliases are leaves, keys are typed, and duplicates
 * are there.
 */
import { isList, isMap } from './equal.js';
import type { Step } from './place.js';
import type { EntryKey, Node } from './tree.js';
import type { ConfigValue } from './types.js';
import { objectOf } from './value.js';

/** A node with its anchor and tag. */
export function rawValue(node: Node): ConfigValue {
  return rawAt(node, [], undefined);
}

/** What stands for a node: `undefined` for nothing. */
type Replace = (node: Node) => ConfigValue | undefined;

/** The raw value of `node`, in which that of the node at the end of `steps` is replaced. */
export function rawWith(node: Node, steps: readonly Step[], replace: Replace): ConfigValue {
  return rawAt(node, steps, replace);
}

/** A raw value with the anchor and the tag of a node. */
export function withProperties(
  { anchor, tag }: Pick<Node, 'anchor' | 'tag'>,
  value: ConfigValue,
): ConfigValue {
  return anchor === undefined && tag === undefined ? value : { '&': anchor ?? null, '!': tag ?? null, value };
}

/** The fields of a map as a raw value has them. */
export function rawFields(node: Node): (readonly [string, ConfigValue])[] {
  return node.kind === 'map' ? node.entries.map(({ key, value }) => [rawKey(key), rawValue(value)]) : [];
}

/** A new value as {@link rawValue} has it once it is written. */
export function rawOf(value: ConfigValue): ConfigValue {
  if (isList(value)) return value.map(rawOf);
  if (!isMap(value)) return value;
  return objectOf(Object.entries(value).map(([name, item]) => [`=${name}`, rawOf(item)]));
}

function rawAt(node: Node, steps: readonly Step[], replace: Replace | undefined): ConfigValue {
  const [step, ...rest] = steps;
  if (node.kind === 'scalar') return withProperties(node, node.style === 'alias' ? [node.text] : node.value);
  const changed = (index: number, value: Node): ConfigValue | undefined => {
    if (!step || index !== step.index) return rawValue(value);
    return rest.length > 0 ? rawAt(value, rest, replace) : replace?.(value);
  };
  if (node.kind === 'list') {
    const items = node.entries.map(({ value }, index) => changed(index, value));
    return withProperties(
      node,
      items.filter((item) => item !== undefined),
    );
  }
  const fields = node.entries.flatMap(({ key, value }, index): (readonly [string, ConfigValue])[] => {
    const field = changed(index, value);
    return field === undefined ? [] : [[rawKey(key), field]];
  });
  return withProperties(node, objectOf(fields));
}

function rawKey({ id, occurrence }: EntryKey): string {
  return occurrence > 1 ? `${id}#${occurrence}` : id;
}
