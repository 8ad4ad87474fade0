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
    const unsets = layer.unsets ?? hasUnset(layer.value);
    const above = nodeOf(layers.length, layer.value, unsets);
    root = root === undefined ? above : combine(root, above, { options, layer, unsets });
    layers.push(layer);
  }
  return layeredValue(root ?? nodeOf(0, {}, false), layers);
}

function combine(
  below: Node,
  above: Node,
  {
    options,
    layer,
    unsets,
  }: { readonly options: LayerOptions; readonly layer: Layer; readonly unsets: boolean },
): Node {
  const { lists = [] } = options;
  const strategy = layer.strategy ?? options.strategy ?? 'merge';
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
