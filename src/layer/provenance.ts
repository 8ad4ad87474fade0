import type { ConfigValue, KeyPath } from '../doc/index.js';
import { childOf, type Node } from './node.js';
import type { Contribution, Layer, LayeredValue, Part, Provenance } from './types.js';

/** The answer of a merge: its value, and who said what. */
export function layeredValue(root: Node, layers: readonly Layer[]): LayeredValue {
  return { value: root.value, explain: (path, part = 'value') => explain(root, path, { layers, part }) };
}

interface Asking {
  readonly layers: readonly Layer[];
  readonly part: Part;
}

function explain(root: Node, path: KeyPath, asking: Asking): Provenance | undefined {
  let node: Node | undefined = root;
  for (const segment of path) node = node && childOf(node, segment);
  if (node === undefined) return undefined;
  const overridden: Contribution[] = [];
  for (let { below } = node; below !== undefined; { below } = below)
    overridden.push(contribution(below, below.said, asking));
  return { ...contribution(node, node.value, asking), overridden };
}

function contribution(node: Node, value: ConfigValue, { layers, part }: Asking): Contribution {
  const layer = layers[node.layer];
  return { value, origin: { layer: layer?.name ?? '', ...layer?.place?.(node.path, part) } };
}
