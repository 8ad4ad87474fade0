import { childValue, isList, isMap, keyOf, type ConfigValue } from '../doc/index.js';
import type { LayerListRule } from '../settings/index.js';
import { childOf, keysOf, materialize, type Node } from './node.js';

/** Merges the item of a lower list with the item over it; the index is that of the result. */
type MergeItems = (index: number) => (below: Node, above: Node) => Node;

/** The entries of two lists together, as the rule for their place says; nothing when the higher replaces the lower. */
export function mergeLists(
  below: Node,
  above: Node,
  options: { readonly rule: LayerListRule | undefined; readonly mergeItems: MergeItems },
): Pick<Node, 'children'> {
  const { rule, mergeItems } = options;
  if (rule === undefined || rule.use === 'replace') return {};
  const lower = itemsOf(below);
  const higher = itemsOf(above);
  if (rule.use === 'key') return numbered(joinByKey(lower, higher, { fields: rule.fields, mergeItems }));
  return numbered(rule.use === 'union' ? union(lower, higher) : [...lower, ...higher]);
}

/**
 * A text-only source cannot write a list, so a map whose keys are all indexes changes items of the list below; the index after
 * the last one appends. Undefined for any other map.
 */
export function patchList(below: Node, above: Node, mergeItems: MergeItems): Node | undefined {
  const items = [...itemsOf(below)];
  const keys = keysOf(above).map(String);
  if (!isMap(above.value) || keys.length === 0 || !keys.every((key) => /^(0|[1-9]\d*)$/.test(key)))
    return undefined;
  for (const index of keys.map(Number).toSorted((a, b) => a - b)) {
    const item = childOf(above, String(index));
    if (item === undefined || index > items.length) return undefined;
    const lower = items[index];
    items[index] = lower === undefined ? item : mergeItems(index)(lower, item);
  }
  return { ...above, value: items.map(materialize), ...numbered(items) };
}

function union(lower: readonly Node[], higher: readonly Node[]): readonly Node[] {
  const known = new Map<string, Node>();
  for (const item of [...lower, ...higher]) {
    const id = canonical(materialize(item));
    if (!known.has(id)) known.set(id, item);
  }
  return [...known.values()];
}

/** Equal for equal values, whatever the order of their keys. */
function canonical(value: ConfigValue): string {
  if (isList(value)) return `[${value.map(canonical).join()}]`;
  if (!isMap(value)) return typeof value === 'string' ? JSON.stringify(value) : String(value);
  const fields = Object.entries(value).map(([key, field]) => `${JSON.stringify(key)}:${canonical(field)}`);
  return `{${fields.toSorted().join()}}`;
}

function joinByKey(
  lower: readonly Node[],
  higher: readonly Node[],
  options: { readonly fields: readonly string[]; readonly mergeItems: MergeItems },
): readonly Node[] {
  const { fields, mergeItems } = options;
  const items = [...lower];
  const places = new Map<string, number>();
  items.forEach((item, index) => {
    const id = identityOf(item, fields);
    if (id !== undefined && !places.has(id)) places.set(id, index);
  });
  for (const item of higher) {
    const id = identityOf(item, fields);
    const index = id === undefined ? undefined : places.get(id);
    const match = index === undefined ? undefined : items[index];
    if (index !== undefined && match !== undefined) items[index] = mergeItems(index)(match, item);
    else items.push(item);
  }
  return items;
}

/** Equal for items whose fields are equal; undefined for an item that lacks one, or where one is no scalar. */
function identityOf(item: Node, fields: readonly string[]): string | undefined {
  const value = materialize(item);
  const texts = fields.map((field) => {
    const key = isMap(value) ? keyOf(value, field) : undefined;
    const found = key === undefined ? undefined : childValue(value, key);
    return found === undefined || isMap(found) || isList(found) ? undefined : canonical(found);
  });
  return texts.includes(undefined) ? undefined : JSON.stringify(texts);
}

function itemsOf(list: Node): readonly Node[] {
  return keysOf(list).flatMap((index) => childOf(list, index) ?? []);
}

function numbered(items: readonly Node[]): { readonly children: ReadonlyMap<number, Node> } {
  return { children: new Map(items.entries()) };
}
