import type { ConfigObject } from '../doc/index.js';
import { closest, ConfigError } from '../errors.js';
import { mergeLayers, type Layer, type LayeredValue } from '../layer/index.js';
import type { Settings, Stack } from '../settings/index.js';
import { createConfig } from './config.js';
import { invalid, schemaProblem } from './invalid.js';
import { readSchema } from './schema.js';
import { readSources } from './source/read.js';
import { isRemote, sourceOf, type SpecContext } from './source/of-spec.js';
import type { ConfigSource, LookedAt } from './source/types.js';
import type { Config, ConfigFiles, StackOptions } from './types.js';

/**
 * A stack of the settings, read through `files`, merged, and checked against its schema. It touches nothing but `files` and
 * `options`, so it serves a folder, a revision and content that is about to be committed alike.
 *
 * Throws E_USAGE (no such stack, a missing variable), E_SOURCE (a required layer is not there), E_INVALID (a layer does not parse, the
 * merged value does not satisfy the schema: `details.problems` is a list of {@link Problem}, each at the place that supplied
 * the value), E_BAD_PATH, E_LIMIT.
 */
export async function loadStack(
  files: ConfigFiles,
  settings: Settings,
  options: StackOptions & ReadOptions = {},
): Promise<Config> {
  const stack = chooseStack(settings, options.stack);
  const { variables = {}, env = {}, look = (): void => undefined, overrides, remote = true } = options;
  const context = { stack, files, variables: new Map(Object.entries(variables)), env };
  const specs = stack.layers.filter((spec) => remote || !isRemote(spec));
  const sources = specs.map((spec) => sourceOf(spec, context));
  const missing = (source: ConfigSource): ConfigError => missingLayer(source, context);
  const read = await readSources(sources, { env, look, missing });
  if (read.problems.length > 0) throw invalid(`stack '${stack.name}'`, read.problems);
  const { strategy, lists } = stack;
  const all = overrides === undefined ? read.layers : [...read.layers, overrideLayer(overrides)];
  const layered = mergeLayers(all, { strategy, lists });
  const whole = remote || stack.layers.every((spec) => spec.optional || !isRemote(spec));
  if (stack.schema !== undefined && whole) await checkSchema(layered, { stack, schema: stack.schema, files });
  const command = loadCommand(stack.name, variables);
  return createConfig(layered, { stack: stack.name, command, sources: read.health });
}

export interface ReadOptions {
  /** Is told what the reading depends on. */
  readonly look?: (place: LookedAt) => void;
  /**
   * Whether servers and databases are asked; default true. Without them the result is what the files alone come to, and only checked
   * against the schema when everything left out was optional.
   */
  readonly remote?: boolean;
}

function missingLayer(
  { name }: ConfigSource,
  { stack, variables }: Pick<SpecContext, 'stack' | 'variables'>,
): ConfigError {
  return new ConfigError('E_SOURCE', `layer '${name}' of stack '${stack.name}' does not exist`, {
    hint: misspelt(stack, variables) ?? `create it, or make it optional: '${name}?'`,
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
  return { name: 'overrides', value: structuredClone(overrides) };
}

async function checkSchema(
  layered: LayeredValue,
  { stack, schema, files }: { readonly stack: Stack; readonly schema: string; readonly files: ConfigFiles },
): Promise<void> {
  const compiled = await readSchema(files, schema);
  const problems = compiled.check(layered.value).map((problem) => schemaProblem(problem, layered));
  if (problems.length > 0) throw invalid(`stack '${stack.name}'`, problems);
}

const usualNames = ['default', 'app'];

function chooseStack({ stacks }: Settings, name: string | undefined): Stack {
  const names = [...stacks.keys()];
  if (names.length === 0)
    throw new ConfigError('E_USAGE', 'cfg.yaml has no stack to load', {
      hint: "list its layers under 'stacks:', as in { stacks: { app: { layers: [base.yaml] } } }",
    });
  const usual = names.length === 1 ? names[0] : usualNames.find((each) => stacks.has(each));
  const stack = stacks.get(name ?? usual ?? '');
  if (stack !== undefined) return stack;
  if (name === undefined)
    throw new ConfigError('E_USAGE', `say which stack: cfg.yaml has ${names.join(', ')}`, {
      hint: `name it, as in: cfg load ${names[0]}`,
      details: { stacks: names },
    });
  const meant = closest(name, names);
  throw new ConfigError('E_USAGE', `cfg.yaml has no stack '${name}'`, {
    hint: meant === undefined ? `its stacks: ${names.join(', ')}` : `did you mean '${meant}'?`,
    details: { stacks: names },
  });
}
