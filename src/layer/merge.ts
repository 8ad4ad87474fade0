import { isList, isMap, matchKeyPath } from '../doc/index.js';
import type { LayerListRule } from '../settings/index.js';
import { coerceText } from './coerce.js';
import { mergeLists, patchList } from './lists.js';
import { childOf, keysOf, materialize, over, said, type Node } from './node.js';
import { layeredValue } from './provenance.js';
import type { EntryPath, Layer, LayeredValue, LayerInput, LayerOptions } from './types.js';

/**
 * The value of layers in order of priority, the lowest first.
 *
 * - `merge`: maps are merged key by key, deeply; of anything else the later layer's wins. A list replaces a list, unless a rule
 *   of `lists` says otherwise. `null` is a value like any other. What a text-only layer says takes the type of what it overrides.
 * - `override`: the same for the keys at the top, each of which replaces the one below whole.
 * - `last-wins`, `first-wins`: the value of the last (first) layer, whole.
 *
 * `merge` is associative as long as no two layers disagree on which keys are maps. No layers at all make an empty map.
 */
export function mergeLayers(inputs: readonly LayerInput[], options: LayerOptions = {}): LayeredValue {
  const layers: Layer[] = [];
  let root: Node | undefined;
  for (const input of inputs) {
    const layer = typeof input === 'function' ? input(root === undefined ? {} : materialize(root)) : input;
    if (layer === undefined) continue;
    const above: Node = { layer: layers.length, path: [], value: layer.value };
    root =
      root === undefined ? above : combine(root, above, { ...options, textOnly: layer.textOnly === true });
    layers.push(layer);
  }
  return layeredValue(root ?? { layer: 0, path: [], value: {} }, layers);
}

function combine(below: Node, above: Node, options: LayerOptions & { readonly textOnly: boolean }): Node {
  const { strategy = 'merge', lists = [], textOnly } = options;
  if (strategy === 'first-wins') return beneath(below, above);
  if (strategy === 'last-wins') return over(above, below);
  const depth = strategy === 'override' ? 1 : Infinity;
  return mergeNodes(below, above, { path: [], lists, textOnly, depth });
}

/** `node`, with `lowest` as the last of what it overrides. */
function beneath(node: Node, lowest: Node): Node {
  return { ...node, below: node.below === undefined ? lowest : beneath(node.below, lowest) };
}

interface Context {
  /** Where in the merged value. */
  readonly path: EntryPath;
  readonly lists: readonly LayerListRule[];
  readonly textOnly: boolean;
  /** How many levels of maps are merged. */
  readonly depth: number;
}

function mergeNodes(below: Node, higher: Node, context: Context): Node {
  const above = context.textOnly ? typedLike(below, higher) : higher;
  if (context.depth === 0) return over(above, below);
  if (isMap(below.value) && isMap(above.value)) return mergeMaps(below, above, context);
  if (!isList(below.value)) return over(above, below);
  const mergeItems = (index: number) => (a: Node, b: Node) => mergeNodes(a, b, inner(context, index));
  if (isList(above.value)) {
    const rule = context.lists.find(({ at }) => matchKeyPath(at, context.path));
    return over({ ...above, ...mergeLists(below, above, { rule, mergeItems }) }, below);
  }
  return over((context.textOnly ? patchList(below, above, mergeItems) : undefined) ?? above, below);
}

function typedLike(below: Node, above: Node): Node {
  const like = isMap(below.value) ? below.value : materialize(below);
  return { ...above, value: coerceText(above.value, like) };
}

function mergeMaps(below: Node, above: Node, context: Context): Node {
  const children = new Map<string | number, Node>();
  for (const key of keysOf(below)) {
    const child = childOf(below, key);
    if (child !== undefined) children.set(key, child);
  }
  for (const key of keysOf(above)) {
    const child = childOf(above, key);
    const lower = children.get(key);
    if (child === undefined) continue;
    const merged = lower
      ? mergeNodes(lower, child, inner(context, key))
      : over(child, said(below.below, key));
    children.set(key, merged);
  }
  return { ...above, children, below };
}

function inner(context: Context, key: string | number): Context {
  return { ...context, path: [...context.path, key], depth: context.depth - 1 };
}
