import { isList, isMap, type ConfigObject, type ConfigValue } from '../doc/index.js';
import { coerceText } from './coerce.js';
import { pairItems } from './lists.js';
import { inside, type MergePlace } from './place.js';
import { isUnset, withoutUnset } from './unset.js';

/** The value of a higher layer over the value below it. */
export function mergeValues(below: ConfigValue, above: ConfigValue, place: MergePlace): ConfigValue {
  const said = saidOver(below, above, place);
  if (place.path.length >= place.rules.depth) return alone(said, place);
  if (isMap(below) && isMap(said)) return mergeMaps(below, said, place);
  const pairs = isList(below) ? pairItems(below, said, place) : undefined;
  if (pairs === undefined) return alone(said, place);
  return pairs.map(({ lower, higher }, index) => {
    if (higher === undefined) return lower?.value ?? null;
    if (lower === undefined) return alone(higher.value, place);
    return mergeValues(lower.value, higher.value, inside(place, index));
  });
}

/** What a layer says where nothing is below, or nothing that stays. */
function alone(said: ConfigValue, { rules }: MergePlace): ConfigValue {
  return rules.unsets ? withoutUnset(said) : said;
}

/** What a layer means by its value where `below` stands. */
export function saidOver(below: ConfigValue, above: ConfigValue, { rules }: MergePlace): ConfigValue {
  return rules.textOnly ? coerceText(above, below) : above;
}

function mergeMaps(below: ConfigObject, above: ConfigObject, place: MergePlace): ConfigObject {
  const merged: Record<string, ConfigValue> = { ...below };
  for (const key of Object.keys(above)) {
    const said = above[key] ?? null;
    if (place.rules.unsets && isUnset(said)) {
      delete merged[key];
      continue;
    }
    const lower = Object.hasOwn(below, key) ? below[key] : undefined;
    setOwn(
      merged,
      key,
      lower === undefined ? alone(said, place) : mergeValues(lower, said, inside(place, key)),
    );
  }
  return merged;
}

/** An assignment that makes `__proto__` a key like any other. */
function setOwn(map: Record<string, ConfigValue>, key: string, value: ConfigValue): void {
  if (key !== '__proto__') map[key] = value;
  else Object.defineProperty(map, key, { value, configurable: true, enumerable: true, writable: true });
}
