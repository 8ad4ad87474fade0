/** The results of the last loads, each with what it was made from: where nothing of that has changed there is nothing to do. */
import { resolve } from 'node:path';
import { markOf } from './mark.js';
import { recordLooks, type Looks } from './source/looks.js';
import type { Config, Environment, LoadOptions } from './types.js';

/** A file or folder, and the identity of its mark. */
type Seen = readonly [fsPath: string, identity: string];

interface Kept {
  readonly config: Config;
  readonly variables: readonly (readonly [name: string, value: string | undefined])[];
  readonly seen: readonly Seen[];
}

const maxKept = 20;
const kept = new Map<string, Kept>();
/** Coarser than the time stamps of any file system (FAT: 2 s). */
const settledMs = 2500;

/**
 * What `load` gives for the options, or gave before from the same files and variables. A result is kept when nothing that it was made
 * from changed from `settledMs` before it was read until afterwards, and none of it is remote or a revision. What fails is not kept.
 */
export async function loadOnce(
  options: LoadOptions,
  load: (look: Looks['look']) => Promise<Config>,
): Promise<Config> {
  const { env = process.env } = options;
  const name = nameOf(options);
  if (name === undefined) return load(() => undefined);
  const known = kept.get(name);
  if (known !== undefined && isCurrent(known, env)) return known.config;
  kept.delete(name);
  const startedMs = Date.now();
  const before = new Map<string, string>();
  const looks = recordLooks();
  const variables = Object.entries(env);
  const config = await load((place) => {
    looks.look(place);
    if ('fsPath' in place && !before.has(place.fsPath))
      before.set(place.fsPath, markOf(place.fsPath).identity);
  });
  const seen = settled([...before], startedMs);
  if (seen === undefined || looks.places().some((place) => !('fsPath' in place))) return config;
  keep(name, { config: Object.freeze(config), variables, seen });
  return config;
}

/** Undefined for options that are more than text: values and functions may change without a trace. */
function nameOf({
  dir = '.',
  rev,
  stack,
  layers,
  schema,
  interpolate,
  variables,
  overrides,
}: LoadOptions): string | undefined {
  if (rev !== undefined || overrides !== undefined || (schema !== undefined && typeof schema !== 'string'))
    return undefined;
  if (layers?.some((layer) => typeof layer !== 'string') === true) return undefined;
  return JSON.stringify([resolve(dir), stack, layers, schema, interpolate, variables]);
}

function isCurrent({ variables, seen }: Kept, env: Environment): boolean {
  const names = Object.keys(env);
  return (
    names.length === variables.length &&
    variables.every(([name, value], index) => names[index] === name && env[name] === value) &&
    seen.every(([fsPath, identity]) => markOf(fsPath).identity === identity)
  );
}

function settled(before: readonly Seen[], startedMs: number): readonly Seen[] | undefined {
  const isSettled = before.every(([fsPath, identity]) => {
    const mark = markOf(fsPath);
    return mark.identity === identity && mark.changedMs + settledMs < startedMs;
  });
  return isSettled ? before : undefined;
}

function keep(name: string, result: Kept): void {
  kept.set(name, result);
  const [oldest] = kept.keys();
  if (kept.size > maxKept && oldest !== undefined) kept.delete(oldest);
}
