import { isList, isMap, keyOf, lookup, type ConfigValue, type KeyPath } from '../doc/index.js';
import type { LayeredValue, Part, Provenance } from './types.js';

/** Another value for a key path. */
export interface ValueChange {
  readonly path: KeyPath;
  readonly value: ConfigValue;
}

/** The same layers with some values changed: each still comes from where it came from. */
export function changeValues(layered: LayeredValue, changes: readonly ValueChange[]): LayeredValue {
  return changes.length === 0 ? layered : changeValue(layered, changes.reduce(changeAt, layered.value));
}

/** The same layers with another value in all. A key that only that has comes from where the nearest one above it does. */
export function changeValue(layered: LayeredValue, value: ConfigValue): LayeredValue {
  return {
    ...layered,
    value,
    explain: (path, part = 'value') => {
      const now = lookup(value, path);
      const found = now === undefined ? undefined : nearest(layered, path, part);
      return found && { ...found, value: now ?? null };
    },
    isText: (path) =>
      layered.isText(path) ||
      (path.length > 0 && lookup(layered.value, path) === undefined && layered.isText(path.slice(0, -1))),
  };
}

function nearest(layered: LayeredValue, path: KeyPath, part: Part): Provenance | undefined {
  const exact = layered.explain(path, part);
  if (exact !== undefined) return exact;
  for (let length = path.length - 1; length >= 0; length--) {
    const found = layered.explain(path.slice(0, length), part);
    if (found !== undefined) return { ...found, overridden: [] };
  }
  return undefined;
}

function changeAt(root: ConfigValue, { path, value }: ValueChange): ConfigValue {
  const [step, ...rest] = path;
  if (step === undefined) return value;
  const key = keyOf(root, step);
  if (key === undefined) return root;
  if (isList(root))
    return root.map((item, index) => (index === key ? changeAt(item, { path: rest, value }) : item));
  if (!isMap(root)) return root;
  return Object.fromEntries(
    Object.entries(root).map(([name, child]) => [
      name,
      name === key ? changeAt(child, { path: rest, value }) : child,
    ]),
  );
}
