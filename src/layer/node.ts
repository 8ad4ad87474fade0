import { childValue, isList, isMap, keyOf, type ConfigValue, type KeySegment } from '../doc/index.js';
import { pairItems, type Pair } from './lists.js';
import { inside, type MergePlace } from './place.js';
import type { EntryPath } from './types.js';
import { withoutUnset } from './unset.js';
import { saidOver } from './values.js';

/** A value that knows who says what about it. The nodes of its entries are only made when someone asks. */
export interface Node {
  /** Which layer won here, as an index. */
  readonly layer: number;
  /** Where the value stands in that layer. */
  readonly path: EntryPath;
  /** What that layer says. */
  readonly said: ConfigValue;
  /** What it comes to with what is below. */
  readonly value: ConfigValue;
  /** What the layers that lost say, and won for parts of a map or list that was merged. */
  readonly below?: Node;
  /** Set where `said` was merged into what is below. */
  readonly merged?: Merged;
}

interface Merged {
  readonly place: MergePlace;
  /** The items of a merged list; absent for a map. */
  readonly pairs?: readonly Pair[];
}

/** The root of one layer alone. */
export function nodeOf(layer: number, said: ConfigValue, unsets: boolean): Node {
  return { layer, path: [], said, value: unsets ? withoutUnset(said) : said };
}

/** `above` in place of what is below. */
export function replace(below: Node | undefined, above: Node): Node {
  return below === undefined ? above : { ...above, below };
}

/** `above` merged into what is below, which makes `value`. */
export function lay(
  below: Node,
  above: Pick<Node, 'layer' | 'path' | 'said'>,
  { value, place }: { readonly value: ConfigValue; readonly place: MergePlace },
): Node {
  const said = saidOver(below.value, above.said, place);
  const node = { layer: above.layer, path: above.path, said, value, below };
  if (place.path.length >= place.rules.depth) return node;
  if (isMap(below.value) && isMap(said)) return { ...node, merged: { place } };
  const pairs = isList(below.value) ? pairItems(below.value, said, place) : undefined;
  return pairs === undefined ? node : { ...node, merged: { place, pairs } };
}

/** The entry of the value that a segment of a key path means; undefined when it has none. */
export function childOf(node: Node, segment: KeySegment): Node | undefined {
  const found = keyOf(node.value, segment);
  if (found === undefined) return undefined;
  const { merged, below } = node;
  const value = childValue(node.value, found) ?? null;
  if (merged === undefined || below === undefined)
    return replace(saidAt(below, found), { ...ownChild(node, found), value });
  const pair = merged.pairs?.[Number(found)];
  const lowerKey = merged.pairs === undefined ? found : pair?.lower?.key;
  const higherKey = merged.pairs === undefined ? keyOf(node.said, found) : pair?.higher?.key;
  const lower = lowerKey === undefined ? undefined : childOf(below, lowerKey);
  if (higherKey === undefined) return lower;
  const own = ownChild(node, higherKey);
  if (lower === undefined)
    return replace(merged.pairs === undefined ? saidAt(below.below, found) : undefined, { ...own, value });
  return lay(lower, own, { value, place: inside(merged.place, found) });
}

/** What the highest layer that says anything under a key says, whether or not it still counts. */
function saidAt(node: Node | undefined, key: string | number): Node | undefined {
  return node && (childOf(node, key) ?? saidAt(node.below, key));
}

function ownChild({ layer, path, said }: Node, key: string | number): Omit<Node, 'value'> {
  return { layer, path: [...path, key], said: childValue(said, key) ?? null };
}
