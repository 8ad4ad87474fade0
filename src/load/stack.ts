import type { ConfigObject } from '../doc/index.js';
import { closest, ConfigError } from '../errors.js';
import { mergeLayers, type Layer, type LayeredValue } from '../layer/index.js';
import type { LayerSpec, Settings, Stack } from '../settings/index.js';
import { formatKeyPath } from '../doc/index.js';
import { chooseStack } from './choose.js';
import { createConfig } from './config.js';
import { conform, type AnySchema } from './conform.js';
import { givenLayer } from './given.js';
import { invalid } from './invalid.js';
import { fillReferences } from './references.js';
import { isRemote, sourceOf, type SpecContext } from './source/of-spec.js';
import { readSources } from './source/read.js';
import type { ConfigSource, LookedAt, SourceHealth } from './source/types.js';
import type { Config, ConfigFiles, StackOptions } from './types.js';

export interface ReadOptions {
  /** Is told what the reading depends on. */
  readonly look?: (place: LookedAt) => void;
  /** Ends the reading: sources that have not answered by then have failed. */
  readonly signal?: AbortSignal;
  /**
   * Whether servers and databases are asked; default true. Without them the result is what the files alone come to, and only checked
   * against the schema when everything left out was optional.
   */
  readonly remote?: boolean;
}

/** A stack from wherever: `cfg.yaml`, options, or the names of files. */
export interface StackPlan extends Omit<Stack, 'layers' | 'schema'> {
  readonly layers: readonly (LayerSpec | ConfigSource)[];
  readonly schema?: AnySchema;
  /** What to do about a layer that is not there. Default: what can be done about one of `cfg.yaml`. */
  readonly creation?: (layer: string) => string;
}

/**
 * A stack of the settings, read through `files`, merged, and checked against its schema. It touches nothing but `files`,
 * `options` and the servers that its layers name, so it serves a folder, a revision and content that is about to be committed alike.
 *
 * Throws E_USAGE (no such stack, a missing variable), E_SOURCE (a required layer is not there), E_INVALID (a layer does not parse, the
 * merged value does not satisfy the schema: `problemsOf` tells every {@link Problem}, each at the place that supplied
 * the value), E_BAD_PATH, E_LIMIT.
 */
export async function loadStack(
  files: ConfigFiles,
  settings: Settings,
  options: StackOptions & ReadOptions = {},
): Promise<Config> {
  return loadPlan(files, chooseStack(settings, options.stack), options);
}

/** The same for a stack from wherever. */
export async function loadPlan(
  files: ConfigFiles,
  plan: StackPlan,
  options: StackOptions & ReadOptions,
): Promise<Config> {
  const { variables = {}, env = {}, remote = true } = options;
  const { layered: merged, health } = await mergeSources(files, plan, options);
  const context = { stack: plan.name, files, env };
  const filled = plan.interpolate
    ? await fillReferences(merged, context)
    : { layered: merged, secrets: new Set<string>(), copies: [] };
  const whole = remote || plan.layers.every((layer) => isSource(layer) || layer.optional || !isRemote(layer));
  const { layered, isWriteOnly } =
    plan.schema !== undefined && whole
      ? await conform(filled.layered, plan.schema, context)
      : { layered: filled.layered, isWriteOnly: () => false };
  return createConfig(layered, {
    stack: plan.name,
    command: loadCommand(plan.name, variables),
    sources: health,
    isSecret: (path) => filled.secrets.has(formatKeyPath(path)) || isWriteOnly(path),
    copies: filled.copies,
  });
}

async function mergeSources(
  files: ConfigFiles,
  plan: StackPlan,
  options: StackOptions & ReadOptions,
): Promise<{ readonly layered: LayeredValue; readonly health: readonly SourceHealth[] }> {
  const {
    variables = {},
    env = {},
    look = (): void => undefined,
    overrides,
    remote = true,
    signal,
  } = options;
  const context = { stack: plan, files, variables: new Map(Object.entries(variables)), env };
  const asked = plan.layers.filter((layer) => remote || isSource(layer) || !isRemote(layer));
  const sources = asked.map((layer) => (isSource(layer) ? layer : sourceOf(layer, context)));
  const missing = (source: ConfigSource): ConfigError => missingLayer(source, plan, context.variables);
  const read = await readSources(sources, { env, look, missing, ...(signal && { signal }) });
  if (read.problems.length > 0) throw invalid(`stack '${plan.name}'`, read.problems);
  const { strategy, lists } = plan;
  const all = overrides === undefined ? read.layers : [...read.layers, overrideLayer(overrides)];
  return { layered: mergeLayers(all, { strategy, lists }), health: read.health };
}

/** Whether an entry of `layers` is a source itself. */
export function isSource(layer: unknown): layer is ConfigSource {
  return typeof layer === 'object' && layer !== null && 'read' in layer && typeof layer.read === 'function';
}

function missingLayer(
  { name }: ConfigSource,
  stack: StackPlan,
  variables: SpecContext['variables'],
): ConfigError {
  const { creation = (layer) => `create it, or make it optional: '${layer}?'` } = stack;
  return new ConfigError('E_SOURCE', `layer '${name}' of stack '${stack.name}' does not exist`, {
    hint: misspelt(stack, variables) ?? creation(name),
    details: { stack: stack.name, layer: name },
  });
}

/** A variable with a value that the matrix does not have is the likely reason. */
function misspelt(
  { matrix }: SpecContext['stack'],
  variables: ReadonlyMap<string, string>,
): string | undefined {
  for (const [name, values] of matrix) {
    const given = variables.get(name);
    if (given === undefined || values.includes(given)) continue;
    const meant = closest(given, values);
    return meant === undefined
      ? `'${name}' is one of ${values.join(', ')}`
      : `did you mean '${meant}' for '${name}'?`;
  }
  return undefined;
}

/** What prints the same on a command line. */
function loadCommand(stack: string, variables: Readonly<Record<string, string>>): string {
  const typed = Object.entries(variables).map(([name, value]) =>
    name === 'env' ? ` -e ${value}` : ` --var ${name}=${value}`,
  );
  return `cfg load ${stack}${typed.join('')}`;
}

/** A copy, since what is loaded gets frozen. */
function overrideLayer(overrides: ConfigObject): Layer {
  return { name: 'overrides', value: givenLayer(overrides, 'overrides') };
}
