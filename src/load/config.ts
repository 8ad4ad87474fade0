import type { KeyChange } from '../diff/index.js';
import { childValue, formatKeyPath, isList, isMap, keyOf, lookup, parseKeyPath } from '../doc/index.js';
import type { ConfigValue, KeyPath } from '../doc/index.js';
import { closest, ConfigError } from '../errors.js';
import { maskValue, type IsSecret, type LayeredValue, type Origin, type ValueCopy } from '../layer/index.js';
import { secretsIn } from './secrets.js';
import type { SourceHealth } from './source/types.js';
import type { Config, Explanation } from './types.js';

interface ConfigParts {
  readonly stack: string;
  /** What prints it all on a command line. */
  readonly command: string;
  readonly sources: readonly SourceHealth[];
  /** What is secret besides what its key tells. */
  readonly isSecret: IsSecret;
  /** What references have taken from elsewhere in the value. Default: nothing. */
  readonly copies?: readonly ValueCopy[];
}

/** Loaded configuration from a merged value. Freezes it. */
export function createConfig(layered: LayeredValue, parts: ConfigParts): Config {
  const { stack, command, sources, isSecret, copies = [] } = parts;
  const value = freeze(layered.value);
  const { alike } = layered;
  const isHidden = secretsIn(value, isSecret, { copies, ...(alike && { alike }) });
  const find = (path: string | KeyPath): ConfigValue | undefined => lookup(value, keyPathOf(path));
  return {
    value,
    stack,
    sources,
    get: <V>(path: string | KeyPath, fallback?: V): V => {
      const own = find(path);
      const found = own === undefined ? fallback : own;
      if (found === undefined) throw notFound(keyPathOf(path), layered, command);
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the type is the caller's claim, checked by the schema if at all
      return found as V;
    },
    has: (path) => find(path) !== undefined,
    explain: (path) => explain(keyPathOf(path), layered, command),
    mask: (given = value, path = []) => maskValue(given, keyPathOf(path), isHidden),
  };
}

/** An explanation as it may be shown. */
export function maskExplanation(explanation: Explanation, config: Beside): Explanation {
  const path = parseKeyPath(explanation.path);
  const named = namesBeside(path, config);
  const overridden = explanation.overridden.map((each) => {
    const said = named.flatMap(([name, layer, value]) => (layer === each.layer ? [[name, value]] : []));
    const item = config.mask({ ...Object.fromEntries(said), value: each.value }, path.slice(0, -1));
    return { ...each, value: config.mask(isMap(item) ? (item['value'] ?? null) : item, path) };
  });
  return { ...explanation, value: config.mask(explanation.value, path), overridden };
}

type Beside = Pick<Config, 'mask' | 'has' | 'explain'>;

/** What each layer that lost calls the item that a `value` is of: it may be `{name: DB_PASSWORD, value: …}` there, and not where it won. */
function namesBeside(
  path: KeyPath,
  { has, explain: told }: Beside,
): readonly [string, string, ConfigValue][] {
  if (path.at(-1) !== 'value') return [];
  return ['name', 'key'].flatMap((name) => {
    const beside = [...path.slice(0, -1), name];
    const said = has(beside) ? told(beside).overridden : [];
    return said.map(({ layer, value }): [string, string, ConfigValue] => [name, layer, value]);
  });
}

/** A change as it may be shown: what one side has as a secret is none of the other's to tell. */
export function maskChange(change: KeyChange, sides: readonly Pick<Config, 'mask'>[]): KeyChange {
  const hide = (value: ConfigValue): ConfigValue =>
    sides.reduce((hidden, { mask }) => mask(hidden, change.path), value);
  return {
    ...change,
    ...(change.before !== undefined && { before: hide(change.before) }),
    ...(change.after !== undefined && { after: hide(change.after) }),
  };
}

/** Programs ask for the same few paths again and again. */
const paths = new Map<string, KeyPath>();
const maxPaths = 1000;

function keyPathOf(path: string | KeyPath): KeyPath {
  if (typeof path !== 'string') return path;
  const known = paths.get(path);
  if (known !== undefined) return known;
  const parsed = parseKeyPath(path);
  if (paths.size >= maxPaths) paths.clear();
  paths.set(path, parsed);
  return parsed;
}

/** A map or list is shown where its key stands, as it begins there. */
function explain(path: KeyPath, layered: LayeredValue, command: string): Explanation {
  const wanted = lookup(layered.value, path);
  const found = layered.explain(path, isMap(wanted) || isList(wanted) ? 'key' : 'value');
  if (found === undefined) throw notFound(path, layered, command);
  return {
    path: formatKeyPath(path),
    value: found.value,
    from: found.origin,
    overridden: found.overridden.map(({ origin, value }) => Object.assign({}, origin, { value })),
  };
}

function notFound(path: KeyPath, layered: LayeredValue, command: string): ConfigError {
  const name = formatKeyPath(path);
  const removal = layered.removedBy(path);
  const meant = nearPath(path, layered.value);
  const near =
    meant === undefined ? `see every key with: ${command}` : `did you mean '${formatKeyPath(meant)}'?`;
  return new ConfigError('E_KEY_NOT_FOUND', `no value at '${name}'`, {
    hint: removal === undefined ? near : `it is removed by ${placeText(removal)}`,
    details: { path: name, ...(removal !== undefined && { removedBy: removal }) },
  });
}

function placeText({ layer, file, line, column, variable }: Origin): string {
  if (variable !== undefined) return variable;
  return line === undefined ? layer : `${file ?? layer}:${line}:${column}`;
}

/** The path with its first unknown key replaced by the nearest of the keys there, or the only other place with the same last key. */
function nearPath(path: KeyPath, root: ConfigValue): KeyPath | undefined {
  let value: ConfigValue | undefined = root;
  for (const [index, segment] of path.entries()) {
    const key = keyOf(value, segment);
    if (key !== undefined) {
      value = childValue(value, key);
      continue;
    }
    const near =
      isMap(value) && typeof segment === 'string' ? closest(segment, Object.keys(value)) : undefined;
    if (near === undefined) break;
    const candidate = [...path.slice(0, index), near, ...path.slice(index + 1)];
    return lookup(root, candidate) === undefined ? [...path.slice(0, index), near] : candidate;
  }
  const places: KeyPath[] = [];
  collectPaths(root, path.at(-1), { path: [], into: places });
  return places.length === 1 ? places[0] : undefined;
}

function collectPaths(
  value: ConfigValue,
  last: KeyPath[number] | undefined,
  { path, into }: { readonly path: KeyPath; readonly into: KeyPath[] },
): void {
  if (!isMap(value)) return;
  for (const [key, child] of Object.entries(value)) {
    const here = [...path, key];
    if (key === last) into.push(here);
    collectPaths(child, last, { path: here, into });
  }
}

/** What is frozen already is deeply so: documents are, and nobody else gives frozen values. */
function freeze(value: ConfigValue): ConfigValue {
  if (Object.isFrozen(value)) return value;
  if (isList(value)) value.forEach(freeze);
  else if (isMap(value)) Object.values(value).forEach(freeze);
  return Object.freeze(value);
}
