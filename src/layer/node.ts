import { childValue, isList, isMap, keyOf, type ConfigValue } from '../doc/index.js';
import type { EntryPath } from './types.js';

/**
 * A value that remembers where it comes from. What only one layer says stays a plain value inside of one node and is taken
 * apart when someone asks; where layers were merged there are `children`.
 */
export interface Node {
  /** Which layer won here, as an index. */
  readonly layer: number;
  /** Where the value stands in that layer. */
  readonly path: EntryPath;
  /** What that layer says. */
  readonly value: ConfigValue;
  /** The merged entries, by key or index, in order. They, and not `value`, are then what the node is worth. */
  readonly children?: ReadonlyMap<string | number, Node>;
  /** What the layers that lost say. */
  readonly below?: Node;
}

/** The plain value of a node. */
export function materialize(node: Node): ConfigValue {
  const { children, value } = node;
  if (children === undefined) return value;
  if (isList(value)) return [...children.values()].map(materialize);
  return Object.fromEntries([...children].map(([key, child]) => [key, materialize(child)]));
}

/** The keys or indexes of a map or list, in order. */
export function keysOf({ children, value }: Node): readonly (string | number)[] {
  if (children !== undefined) return [...children.keys()];
  if (isList(value)) return value.map((_, index) => index);
  return isMap(value) ? Object.keys(value) : [];
}

/** The entry that the merged value has under a key; undefined when it has none. */
export function childOf(node: Node, key: string | number): Node | undefined {
  if (node.children !== undefined) return node.children.get(key);
  const own = keyOf(node.value, key);
  if (own === undefined) return undefined;
  const value = childValue(node.value, own) ?? null;
  return over({ layer: node.layer, path: [...node.path, own], value }, said(node.below, key));
}

/** What the highest layer that says anything under a key says, whether or not it still counts. */
export function said(node: Node | undefined, key: string | number): Node | undefined {
  return node && (childOf(node, key) ?? said(node.below, key));
}

/** `node`, overriding `below`. */
export function over(node: Node, below: Node | undefined): Node {
  return below === undefined ? node : { ...node, below };
}
