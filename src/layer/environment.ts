import { childValue, isList, isMap, type ConfigValue } from '../doc/index.js';
import { ConfigError } from '../errors.js';
import { readCollection } from './coerce.js';
import { looksSecret } from './secret.js';
import type { EntryPath, LayerInput, Place } from './types.js';

/** More steps than any configuration has, and few enough to recurse over. */
const maxSegments = 100;

interface EnvironmentOptions {
  /** The name of the layer. */
  readonly name: string;
  /** Only variables that begin with it count; the rest of their name is the key path. */
  readonly prefix: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The content of the files that variables called `NAME_FILE` name, or why there is none; they say what `NAME` would. */
  readonly files?: ReadonlyMap<string, FileText>;
}

/** What stands in a file that a variable names. */
export type FileText = { readonly text: string } | { readonly error: ConfigError };

const fileSuffix = '_FILE';

/** What the variables say at a key, and under it. */
interface Branch {
  /** The name of the layer. */
  readonly layer: string;
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
export function environmentLayer({ name, prefix, env, files = new Map() }: EnvironmentOptions): LayerInput {
  return (below) => {
    const root: Branch = { layer: name, key: '', below, children: new Map() };
    for (const variable of namesUnder(prefix, env)) {
      const text = env[variable];
      if (text === undefined) continue;
      const steps = stepsOf(variable.slice(prefix.length), prefix);
      const file = hasKey(below, steps) ? undefined : files.get(variable);
      if (file === undefined) plant(root, steps, { name: variable, text });
      else plant(root, withoutSuffix(steps), { name: variable, text: textOf(file) });
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

/** None for a name that is left alone. */
function stepsOf(name: string, prefix: string): readonly string[] {
  const steps = name.split('__');
  if (steps.length > maxSegments)
    throw new ConfigError(
      'E_LIMIT',
      `an environment variable under '${prefix}' has over ${maxSegments} steps`,
    );
  return steps.includes('') ? [] : steps;
}

/** Whether the layers below have a key that the steps mean, `log_file` for `LOG_FILE`. */
function hasKey(below: ConfigValue | undefined, steps: readonly string[]): boolean {
  let value = below;
  for (const step of steps)
    value = isMap(value) ? ownValue(value, matchingKey(Object.keys(value), step)) : undefined;
  return value !== undefined;
}

function withoutSuffix(steps: readonly string[]): readonly string[] {
  return steps.map((step, index) => (index === steps.length - 1 ? step.slice(0, -fileSuffix.length) : step));
}

function textOf(file: FileText): string {
  if ('error' in file) throw file.error;
  return file.text;
}

function plant(root: Branch, steps: readonly string[], variable: NonNullable<Branch['variable']>): void {
  if (steps.length === 0) return;
  let branch = root;
  for (const step of steps) branch = childBranch(branch, step);
  if (branch.variable !== undefined)
    throw contradiction(
      branch,
      `'${branch.variable.name}' and '${variable.name}' set the same key`,
      'unset one of them',
    );
  branch.variable = variable;
}

/**
 * The variables that may name a file with what another would say: those that end in `_FILE`, all of them or (the default) those whose
 * key then looks secret, as `APP_DB__PASSWORD_FILE`.
 */
export function fileVariables(
  env: EnvironmentOptions['env'],
  prefix: string,
  all = false,
): readonly { readonly variable: string; readonly path: string }[] {
  return namesUnder(prefix, env).flatMap((variable) => {
    const path = variable.endsWith(fileSuffix) ? env[variable] : undefined;
    if (path === undefined) return [];
    const key = variable.slice(prefix.length, -fileSuffix.length).split('__').at(-1) ?? '';
    return key !== '' && (all || looksSecret(key)) ? [{ variable, path }] : [];
  });
}

/** The variables of an environment that count. That of a process is slow to read, so it is read once. */
export function variablesUnder(prefix: string, env: EnvironmentOptions['env']): EnvironmentOptions['env'] {
  return Object.fromEntries(namesUnder(prefix, env).map((name) => [name, env[name]]));
}

/** Sorted. `Object.keys` would ask of each variable whether it can be listed, which that of a process is slow to tell. */
function namesUnder(prefix: string, env: EnvironmentOptions['env']): readonly string[] {
  return Object.getOwnPropertyNames(env)
    .filter((name) => name.startsWith(prefix))
    .toSorted();
}

function childBranch(branch: Branch, step: string): Branch {
  const key = isMap(branch.below) ? matchingKey(Object.keys(branch.below), step) : step.toLowerCase();
  const known = branch.children.get(key);
  if (known !== undefined) return known;
  const { layer } = branch;
  const child: Branch = { layer, key, below: ownValue(branch.below, key), children: new Map() };
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

function valueOfBranch(branch: Branch): ConfigValue {
  const { variable, children, below } = branch;
  const [first] = children.values();
  if (first === undefined) return leafOf(variable?.text ?? null, below);
  if (variable !== undefined)
    throw contradiction(
      branch,
      `'${variable.name}' sets a key and '${nameIn(first)}' something inside of it`,
      'unset one of them',
    );
  const entries = [...children.values()].map((child) => [child.key, valueOfBranch(child)] as const);
  if (isList(below)) checkIndexes(children, below.length);
  const listed = !isList(below) && !isMap(below) && entries.every((_, index) => children.has(String(index)));
  const value = Object.fromEntries(entries);
  return listed ? Object.values(value) : value;
}

/** Where nothing is below, a text that is a JSON list or map is that. */
function leafOf(text: string | null, below: ConfigValue | undefined): ConfigValue {
  return text !== null && below === undefined ? (readCollection(text) ?? text) : text;
}

/** Indexes into a list may go one past its end, and so on from there. */
function checkIndexes(children: ReadonlyMap<string, Branch>, length: number): void {
  const indexes = [...children.values()].filter(({ key }) => /^(0|[1-9]\d*)$/.test(key));
  for (const branch of indexes) {
    const index = Number(branch.key);
    if (index > length && !children.has(String(index - 1)))
      throw contradiction(
        branch,
        `'${nameIn(branch)}' is past the end of a list of ${length}`,
        `the next index is ${length}`,
      );
  }
}

/** Variables have no lines: the layer is the place. */
function contradiction({ layer: file }: Branch, message: string, hint: string): ConfigError {
  const place = { file, line: 1, column: 1, path: '' };
  return new ConfigError('E_INVALID', message, {
    hint,
    details: { problems: [{ ...place, rule: 'environment', severity: 'error', message }] },
  });
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
