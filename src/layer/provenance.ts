import { childValue, keyOf, lookup, type ConfigValue, type KeyPath } from '../doc/index.js';
import { childOf, type Node } from './node.js';
import type {
  Alike,
  Contribution,
  EntryPath,
  Layer,
  LayeredValue,
  Origin,
  Part,
  Provenance,
} from './types.js';
import { isUnset } from './unset.js';

/** The answer of a merge: its value, and who said what. */
export function layeredValue(root: Node, layers: readonly Layer[]): LayeredValue {
  return {
    value: root.value,
    explain: (path, part = 'value') => explain(root, path, { layers, part }),
    isText: (path) => layers[nodeAt(root, path)?.layer ?? -1]?.textOnly === true,
    removedBy: (path) => removedBy(path, layers),
    ...(layers.some(({ alike }) => alike !== undefined) && { alike: (path) => alikeAt(root, path, layers) }),
  };
}

/** Where the value has no such path, what the layers themselves have there. */
function alikeAt(root: Node, path: KeyPath, layers: readonly Layer[]): readonly Alike[] {
  const said: [Layer | undefined, KeyPath][] = [];
  for (let node = nodeAt(root, path); node !== undefined; node = node.below)
    said.push([layers[node.layer], node.path]);
  if (said.length === 0) said.push(...layers.map((layer): [Layer, KeyPath] => [layer, path]));
  return said.flatMap(([layer, at]) =>
    layer?.alike === undefined ? [] : { value: layer.value, paths: layer.alike(at) },
  );
}

function removedBy(path: KeyPath, layers: readonly Layer[]): Origin | undefined {
  for (const layer of layers.toReversed()) {
    const found = entryPathOf(layer.value, path);
    if (found !== undefined && isUnset(lookup(layer.value, found)))
      return { layer: layer.name, ...layer.place?.(found, 'key') };
  }
  return undefined;
}

/** The keys and indexes down to the first that is removed; undefined when the layer says nothing there. */
function entryPathOf(root: ConfigValue, path: KeyPath): EntryPath | undefined {
  const entries: (string | number)[] = [];
  let value: ConfigValue | undefined = root;
  for (const segment of path) {
    if (isUnset(value)) break;
    const key = keyOf(value, segment);
    if (key === undefined) return undefined;
    entries.push(key);
    value = childValue(value, key);
  }
  return entries;
}

interface Asking {
  readonly layers: readonly Layer[];
  readonly part: Part;
}

function nodeAt(root: Node, path: KeyPath): Node | undefined {
  let node: Node | undefined = root;
  for (const segment of path) node = node && childOf(node, segment);
  return node;
}

function explain(root: Node, path: KeyPath, asking: Asking): Provenance | undefined {
  const node = nodeAt(root, path);
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
