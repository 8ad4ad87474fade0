/** The results of the last loads, each with what it was made from: where nothing of that has changed there is nothing to do. */
import { resolve } from 'node:path';
import { type Look, lookOnce, markOf, type Mark } from './mark.js';
import { recordLooks, type Looks } from './source/looks.js';
import type { Config, Environment, LoadOptions } from './types.js';
import { isAsRead, recordVariables, type ReadVariables } from './variables.js';

/** A file or folder, and the identity of its mark. */
type Seen = readonly [fsPath: string, identity: string];

interface Kept {
  readonly config: Config;
  readonly variables: ReadVariables;
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
  load: (look: Looks['look'], env: Environment, mark: Look) => Promise<Config>,
): Promise<Config> {
  const { env = process.env } = options;
  const name = nameOf(options);
  const mark = lookOnce();
  if (name === undefined) return load(() => undefined, env, mark);
  const known = kept.get(name);
  if (known !== undefined && isCurrent(known, env, mark)) return known.config;
  kept.delete(name);
  const startedMs = Date.now();
  const before = new Map<string, Mark>();
  const looks = recordLooks();
  const variables = recordVariables(env);
  const config = await load(
    (place) => {
      looks.look(place);
      if ('fsPath' in place && !before.has(place.fsPath)) before.set(place.fsPath, mark(place.fsPath));
    },
    variables.env,
    mark,
  );
  const seen = [...before].map(([fsPath, { identity }]): Seen => [fsPath, identity]);
  const isSettled = [...before.values()].every(({ changedMs }) => changedMs + settledMs < startedMs);
  if (isSettled && looks.places().every((place) => 'fsPath' in place) && isAsSeen(seen, markOf))
    keep(name, { config: Object.freeze(config), variables: variables.read(), seen });
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

/** Files first: what `process.env` has takes longer to see. */
function isCurrent({ variables, seen }: Kept, env: Environment, mark: Look): boolean {
  return isAsSeen(seen, mark) && isAsRead(variables, env);
}

function isAsSeen(seen: readonly Seen[], mark: Look): boolean {
  return seen.every(([fsPath, identity]) => mark(fsPath).identity === identity);
}

function keep(name: string, result: Kept): void {
  kept.set(name, result);
  const [oldest] = kept.keys();
  if (kept.size > maxKept && oldest !== undefined) kept.delete(oldest);
}
