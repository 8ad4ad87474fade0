import { childValue, isList, isMap, type ConfigValue } from '../doc/index.js';
import { ConfigError } from '../errors.js';
import type { EntryPath, LayerInput, Place } from './types.js';

/** More steps than any configuration has, and few enough to recurse over. */
const maxSegments = 100;

interface EnvironmentOptions {
  /** The name of the layer. */
  readonly name: string;
  /** Only variables that begin with it count; the rest of their name is the key path. */
  readonly prefix: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** What the variables say at a key, and under it. */
interface Branch {
  readonly key: string;
  /** The value of the key that the layers below have. */
  readonly below: ConfigValue | undefined;
  readonly children: Map<string, Branch>;
  variable?: { readonly name: string; readonly text: string };
}

/**
 * The layer of environment variables: `APP_DB__POOL_MAX` with the prefix `APP_` is `db.pool_max`, `__` being the step.
 *
 * A step means the key of the layers below that is equal, else equal but for case, else equal but for case, `_` and `-`
 * (`POOL_MAX` finds `poolMax` and `pool-max`); where there is none it is the step in lower case. A number is an index where there
 * is a list. Names with an empty step are left alone. Undefined when no variable counts.
 *
 * Throws E_INVALID when two variables set the same key, when one sets a key and another something inside of it, and for an
 * index past the end of a list; E_LIMIT for a name of more than 100 steps. Values are never in a message.
 */
export function environmentLayer({ name, prefix, env }: EnvironmentOptions): LayerInput {
  return (below) => {
    const root: Branch = { key: '', below, children: new Map() };
    for (const variable of Object.keys(env).toSorted()) {
      const text = env[variable];
      if (variable.startsWith(prefix) && text !== undefined) plant(root, { name: variable, text }, prefix);
    }
    if (root.children.size === 0) return undefined;
    return {
      name,
      value: valueOfBranch(root),
      textOnly: true,
      place: (path) => variableAt(root, path),
    };
  };
}

function plant(root: Branch, variable: NonNullable<Branch['variable']>, prefix: string): void {
  const steps = variable.name.slice(prefix.length).split('__');
  if (steps.includes('')) return;
  if (steps.length > maxSegments)
    throw new ConfigError(
      'E_LIMIT',
      `an environment variable under '${prefix}' has over ${maxSegments} steps`,
    );
  let branch = root;
  for (const step of steps) branch = childBranch(branch, step);
  if (branch.variable !== undefined)
    throw new ConfigError('E_INVALID', `'${branch.variable.name}' and '${variable.name}' set the same key`, {
      hint: 'unset one of them',
    });
  branch.variable = variable;
}

function childBranch(branch: Branch, step: string): Branch {
  const key = isMap(branch.below) ? matchingKey(Object.keys(branch.below), step) : step.toLowerCase();
  const known = branch.children.get(key);
  if (known !== undefined) return known;
  const child: Branch = { key, below: ownValue(branch.below, key), children: new Map() };
  branch.children.set(key, child);
  return child;
}

function matchingKey(keys: readonly string[], step: string): string {
  const lower = step.toLowerCase();
  return (
    keys.find((key) => key === step) ??
    keys.find((key) => key.toLowerCase() === lower) ??
    keys.find((key) => bare(key) === bare(step)) ??
    lower
  );
}

/** A key without what only separates its words. */
function bare(key: string): string {
  return key.toLowerCase().replace(/[_-]/g, '');
}

function ownValue(value: ConfigValue | undefined, key: string): ConfigValue | undefined {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
  return childValue(value, key);
}

function valueOfBranch({ variable, children, below }: Branch): ConfigValue {
  const [first] = children.values();
  if (first === undefined) return variable?.text ?? null;
  if (variable !== undefined)
    throw new ConfigError(
      'E_INVALID',
      `'${variable.name}' sets a key and '${nameIn(first)}' something inside of it`,
      {
        hint: 'unset one of them',
      },
    );
  const entries = [...children.values()].map((child) => [child.key, valueOfBranch(child)] as const);
  if (isList(below)) checkIndexes(children, below.length);
  const listed = !isList(below) && !isMap(below) && entries.every((_, index) => children.has(String(index)));
  const value = Object.fromEntries(entries);
  return listed ? Object.values(value) : value;
}

/** Indexes into a list may go one past its end, and so on from there. */
function checkIndexes(children: ReadonlyMap<string, Branch>, length: number): void {
  const indexes = [...children.values()].filter(({ key }) => /^(0|[1-9]\d*)$/.test(key));
  for (const branch of indexes) {
    const index = Number(branch.key);
    if (index > length && !children.has(String(index - 1)))
      throw new ConfigError('E_INVALID', `'${nameIn(branch)}' is past the end of a list of ${length}`, {
        hint: `the next index is ${length}`,
      });
  }
}

/** The name of a variable at or under a branch. */
function nameIn({ variable, children }: Branch): string {
  const [first] = children.values();
  return variable?.name ?? (first === undefined ? '' : nameIn(first));
}

function variableAt(root: Branch, path: EntryPath): Place | undefined {
  let branch = root;
  for (const segment of path) branch = branch.children.get(String(segment)) ?? branch;
  const name = branch.variable?.name;
  return name === undefined ? undefined : { variable: name };
}
