import { keyOf, lookup, type ConfigValue, type KeyPath } from '../doc/index.js';
import { childOf, materialize, type Node } from './node.js';
import type { Contribution, Layer, LayeredValue, Origin, Part, Provenance } from './types.js';

/** The answer of a merge: its value, and who said what. */
export function layeredValue(root: Node, layers: readonly Layer[]): LayeredValue {
  const value = materialize(root);
  const contribution = (node: Node, said: ConfigValue, part: Part): Contribution => ({
    value: said,
    origin: originOf(node, layers, part),
  });
  const explain = (path: KeyPath, part: Part = 'value'): Provenance | undefined => {
    const node = nodeAt(root, value, path);
    const said = lookup(value, path);
    if (node === undefined || said === undefined) return undefined;
    const overridden: Contribution[] = [];
    for (let { below } = node; below !== undefined; { below } = below)
      overridden.push(contribution(below, below.value, part));
    return { ...contribution(node, said, part), overridden };
  };
  return { value, explain };
}

function nodeAt(root: Node, value: ConfigValue, path: KeyPath): Node | undefined {
  let node: Node | undefined = root;
  for (const [index, segment] of path.entries()) {
    const key = keyOf(lookup(value, path.slice(0, index)), segment);
    node = node === undefined || key === undefined ? undefined : childOf(node, key);
  }
  return node;
}

function originOf(node: Node, layers: readonly Layer[], part: Part): Origin {
  const layer = layers[node.layer];
  return { layer: layer?.name ?? '', ...layer?.place?.(node.path, part) };
}
