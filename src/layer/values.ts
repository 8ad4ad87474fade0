import { isList, isMap, type ConfigObject, type ConfigValue } from '../doc/index.js';
import { coerceText } from './coerce.js';
import { pairItems } from './lists.js';
import { inside, type MergePlace } from './place.js';

/** The value of a higher layer over the value below it. */
export function mergeValues(below: ConfigValue, above: ConfigValue, place: MergePlace): ConfigValue {
  const said = saidOver(below, above, place);
  if (place.path.length >= place.rules.depth) return said;
  if (isMap(below) && isMap(said)) return mergeMaps(below, said, place);
  const pairs = isList(below) ? pairItems(below, said, place) : undefined;
  if (pairs === undefined) return said;
  return pairs.map(({ lower, higher }, index) => {
    if (lower === undefined || higher === undefined) return (lower ?? higher)?.value ?? null;
    return mergeValues(lower.value, higher.value, inside(place, index));
  });
}

/** What a layer means by its value where `below` stands. */
export function saidOver(below: ConfigValue, above: ConfigValue, { rules }: MergePlace): ConfigValue {
  return rules.textOnly ? coerceText(above, below) : above;
}

function mergeMaps(below: ConfigObject, above: ConfigObject, place: MergePlace): ConfigObject {
  const merged: Record<string, ConfigValue> = { ...below };
  for (const key of Object.keys(above)) {
    const said = above[key] ?? null;
    const lower = Object.hasOwn(below, key) ? below[key] : undefined;
    setOwn(merged, key, lower === undefined ? said : mergeValues(lower, said, inside(place, key)));
  }
  return merged;
}

/** An assignment that makes `__proto__` a key like any other. */
function setOwn(map: Record<string, ConfigValue>, key: string, value: ConfigValue): void {
  if (key !== '__proto__') map[key] = value;
  else Object.defineProperty(map, key, { value, configurable: true, enumerable: true, writable: true });
}
