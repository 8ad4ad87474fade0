import { lay, nodeOf, replace, type Node } from './node.js';
import { layeredValue } from './provenance.js';
import type { Layer, LayeredValue, LayerInput, LayerOptions } from './types.js';
import { hasUnset } from './unset.js';
import { mergeValues } from './values.js';

/**
 * The value of layers in order of priority, the lowest first.
 *
 * - `merge`: maps are merged key by key, deeply; of anything else the later layer's wins. A list replaces a list, unless a rule
 *   of `lists` says otherwise. `null` is a value like any other. What a text-only layer says takes the type of what it overrides.
 *   A key that a layer sets to the text `$unset` (`!unset` in YAML) goes.
 * - `override`: the same for the keys at the top, each of which replaces the one below whole.
 * - `last-wins`, `first-wins`: the value of the last (first) layer, whole.
 *
 * `merge` is associative as long as no two layers disagree on which keys are maps. No layers at all make an empty map. Takes
 * time linear in the size of the layers; where a key comes from is only worked out when it is asked for.
 */
export function mergeLayers(inputs: readonly LayerInput[], options: LayerOptions = {}): LayeredValue {
  const layers: Layer[] = [];
  let root: Node | undefined;
  for (const input of inputs) {
    const layer = typeof input === 'function' ? input(root?.value ?? {}) : input;
    if (layer === undefined) continue;
    root = layOver(root, layer, { index: layers.length, options });
    layers.push(layer);
  }
  return layeredValue(root ?? nodeOf(0, {}, false), layers);
}

/** A layer as it was merged, over what and how. */
interface Laid {
  readonly below: Node | undefined;
  readonly strategy: LayerOptions['strategy'];
  readonly lists: LayerOptions['lists'];
  readonly node: Node;
}

/** By layer, the last one: where a layer has changed, only it and those above are merged again. */
const laid = new WeakMap<Layer, Laid>();

function layOver(
  below: Node | undefined,
  layer: Layer,
  { index, options }: { readonly index: number; readonly options: LayerOptions },
): Node {
  const { strategy, lists } = options;
  const before = laid.get(layer);
  const isSame = before?.below === below && before?.strategy === strategy && before?.lists === lists;
  if (before !== undefined && isSame) return before.node;
  const unsets = layer.unsets ?? hasUnset(layer.value);
  const above = nodeOf(index, layer.value, unsets);
  const node = below === undefined ? above : combine(below, above, { options, layer, unsets });
  laid.set(layer, { below, strategy, lists, node });
  return node;
}

function combine(
  below: Node,
  above: Node,
  {
    options: { lists = [], strategy: usual = 'merge' },
    layer,
    unsets,
  }: { readonly options: LayerOptions; readonly layer: Layer; readonly unsets: boolean },
): Node {
  const strategy = layer.strategy ?? usual;
  if (strategy === 'first-wins') return beneath(below, above);
  if (strategy === 'last-wins') return replace(below, above);
  const depth = strategy === 'override' ? 1 : Infinity;
  const place = { rules: { lists, textOnly: layer.textOnly === true, unsets, depth }, path: [] };
  return lay(below, above, { value: mergeValues(below.value, above.said, place), place });
}

/** `node`, with `lowest` as the last of what it overrides. */
function beneath(node: Node, lowest: Node): Node {
  return { ...node, below: node.below === undefined ? lowest : beneath(node.below, lowest) };
}
