import { isList, isMap, lookup, matchKeyPath, type ConfigValue } from '../doc/index.js';
import type { MergePlace } from './place.js';
import { isUnset } from './unset.js';

/** An item of a list, and its index (or the key that stands for it in a text-only layer). */
interface Item {
  readonly key: string | number;
  readonly value: ConfigValue;
}

/** An item of two lists together: it is in one of them, or in both and then merged. */
export interface Pair {
  readonly lower?: Item;
  readonly higher?: Item;
}

/** The items of a list and what a higher layer says over it, as the rules for that place want them; undefined when the higher replaces it. */
export function pairItems(
  lower: readonly ConfigValue[],
  said: ConfigValue,
  { rules, path }: MergePlace,
): readonly Pair[] | undefined {
  if (!isList(said)) return rules.textOnly ? patch(lower, said) : undefined;
  const rule = rules.lists.find(({ at }) => matchKeyPath(at, path));
  if (rule === undefined || rule.use === 'replace') return undefined;
  if (rule.use === 'key') return joinByKey(lower, said, rule.fields);
  const pairs = [
    ...itemsOf(lower).map((item) => ({ lower: item })),
    ...itemsOf(said).map((item) => ({ higher: item })),
  ];
  return rule.use === 'union' ? distinct(pairs) : pairs;
}

/**
 * A text-only source cannot write a list, so a map whose keys are all indexes changes items of the list below; the index after the
 * last one appends, and `$unset` removes an item. Undefined for anything else.
 */
function patch(lower: readonly ConfigValue[], said: ConfigValue): readonly Pair[] | undefined {
  const entries = isMap(said) ? Object.entries(said) : [];
  if (entries.length === 0 || !entries.every(([key]) => /^(0|[1-9]\d*)$/.test(key))) return undefined;
  const pairs: Pair[] = itemsOf(lower).map((item) => ({ lower: item }));
  for (const [key, value] of entries.toSorted(([a], [b]) => Number(a) - Number(b))) {
    const index = Number(key);
    if (index > pairs.length) return undefined;
    pairs[index] = { ...pairs[index], higher: { key, value } };
  }
  return pairs.filter(({ higher }) => !isUnset(higher?.value));
}

function distinct(pairs: readonly Pair[]): readonly Pair[] {
  const known = new Map<string, Pair>();
  for (const pair of pairs) {
    const id = canonical((pair.lower ?? pair.higher)?.value ?? null);
    if (!known.has(id)) known.set(id, pair);
  }
  return [...known.values()];
}

/** Each lower item with the first higher one that has the same fields, then the others in order. */
function joinByKey(
  lower: readonly ConfigValue[],
  higher: readonly ConfigValue[],
  fields: readonly string[],
): readonly Pair[] {
  const pairs: Pair[] = itemsOf(lower).map((item) => ({ lower: item }));
  const places = new Map<string, number>();
  lower.forEach((item, index) => {
    const id = identityOf(item, fields);
    if (id !== undefined && !places.has(id)) places.set(id, index);
  });
  for (const item of itemsOf(higher)) {
    const id = identityOf(item.value, fields) ?? '';
    const index = places.get(id) ?? pairs.length;
    pairs[index] = { ...pairs[index], higher: item };
    places.delete(id);
  }
  return pairs;
}

/** Equal for items whose fields are equal; undefined for an item that lacks one, or where one is no scalar. */
function identityOf(item: ConfigValue, fields: readonly string[]): string | undefined {
  const values = fields.map((field) => (isMap(item) ? lookup(item, [field]) : undefined));
  const known = values.filter((value) => value !== undefined);
  if (known.length < fields.length || known.some((value) => isMap(value) || isList(value))) return undefined;
  return canonical(known);
}

/** Equal for equal values, whatever the order of their keys. */
function canonical(value: ConfigValue): string {
  if (isList(value)) return `[${value.map(canonical).join()}]`;
  if (!isMap(value)) return typeof value === 'string' ? JSON.stringify(value) : String(value);
  const fields = Object.entries(value).map(([key, field]) => `${JSON.stringify(key)}:${canonical(field)}`);
  return `{${fields.toSorted().join()}}`;
}

function itemsOf(list: readonly ConfigValue[]): readonly Item[] {
  return list.map((value, key) => ({ key, value }));
}
