import type { ConfigValue } from '../doc/index.js';
import { nodeOfValue, type Node } from './node.js';

/**
 * How much two values have in common, from 0 (nothing) to 1 (all): the share of their leaves that are equal and at the same place.
 *
 * Two empty collections of one kind are alike; a scalar is one leaf.
 */
export function similarity(a: ConfigValue, b: ConfigValue): number {
  const [left, right] = [leavesOf(nodeOfValue(a)), leavesOf(nodeOfValue(b))];
  const shared = [...left].filter((leaf) => right.has(leaf)).length;
  return (2 * shared) / (left.size + right.size);
}

function leavesOf(node: Node): ReadonlySet<string> {
  const leaves = new Set<string>();
  const visit = (at: Node, path: string): void => {
    const below: readonly (readonly [string | number, Node])[] = at.items?.map(
      (item, index) => [index, item] as const,
    ) ?? [...(at.entries ?? [])];
    if (below.length === 0) leaves.add(`${path} ${at.kind} ${at.text ?? JSON.stringify(at.value)}`);
    for (const [key, inner] of below) visit(inner, `${path}/${JSON.stringify(key)}`);
  };
  visit(node, '');
  return leaves;
}
