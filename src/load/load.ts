import type { ConfigValue } from '../doc/index.js';
import { ConfigError } from '../errors.js';
import { parseLayers, parseSettings, type Settings } from '../settings/index.js';
import { chooseStack } from './choose.js';
import { conventionalLayers } from './convention.js';
import { folderFiles } from './folder.js';
import { type Look, lookOnce } from './mark.js';
import { Recent } from './recent.js';
import { loadOnce } from './results.js';
import { declareSchema } from './schema.js';
import { recordingFiles, recordLooks, type LocatedFiles, type Looks } from './source/looks.js';
import type { LookedAt } from './source/types.js';
import { isSource, loadPlan, type StackPlan } from './stack.js';
import type { StandardSchema } from './standard-schema.js';
import type { Config, ConfigFiles, Environment, LoadOptions } from './types.js';

const settingsPath = 'cfg.yaml';

/**
 * The merged configuration of a stack: its layers from a folder with a `cfg.yaml` (in a Git repository or not), or with `rev` from the
 * objects of a revision, checked against the schema of the stack. The value is deeply frozen. Called again while nothing that it was read from
 * has changed, it gives the same object after no more than a look at each file.
 *
 * With `layers` no `cfg.yaml` is needed, nor in a folder (or in its folder `config`) with files called `default.*`, `ENV.*`, `local.*` and
 * `local-ENV.*`: these are then the layers, in this order, and environment variables `APP_…` the last.
 *
 * Throws E_SETTINGS (no `cfg.yaml`, or a wrong one), E_USAGE (no such stack, a missing variable), E_SOURCE (a required layer cannot be
 * read), E_INVALID (a layer does not parse, the result does not satisfy the schema; {@link problemsOf} tells every place), E_BAD_PATH,
 * E_LIMIT; with `rev` also E_NOT_A_REPOSITORY, E_REVISION_NOT_FOUND.
 */
export function loadConfig<T>(
  options: LoadOptions & { readonly schema: StandardSchema<T> },
): Promise<Config<T>>;
export function loadConfig<T = ConfigValue>(options?: LoadOptions): Promise<Config<T>>;
export async function loadConfig(options: LoadOptions = {}): Promise<Config> {
  return loadOnce(options, (look, env, mark) => load({ ...options, env }, { look, mark }));
}

/** One reading of a stack: what came out, and what it depends on. */
export interface StackReading {
  /** What `loadConfig` gives, or the error that it throws. */
  readonly result: { readonly config: Config } | { readonly error: ConfigError };
  /**
   * Everything that the reading depends on, each once: `cfg.yaml`, files of layers and schemas (also optional ones that do not exist), folders
   * whose content counts, revisions, and remote sources to be asked again. Complete as far as the reading came: after an error
   * it names all that was looked at until then, the cause of the error included.
   */
  readonly looked: readonly LookedAt[];
}

/**
 * Reads a stack whole, once, as `loadConfig` does. For whoever reads again and again:
 *
 * - Every reading looks at all sources anew and gives a value of one moment as far as the sources allow: each file is read by one open
 *   and is whole if it is replaced by a rename. Two files are not read at the same instant, so read once more after the last change.
 * - What has not changed is cheap: texts are only parsed, and schemas only compiled, when their content differs from that of an
 *   earlier reading of this process, and layers only merged from the first one that does.
 * - `signal` ends it: remote sources that have not answered by then have failed.
 * - Only defects of cfg are thrown; whatever is wrong with configuration or surroundings is in `result`.
 */
export async function readStack(options: LoadOptions = {}, signal?: AbortSignal): Promise<StackReading> {
  const looks = recordLooks();
  try {
    const config = await load(options, { look: looks.look, mark: lookOnce(), ...(signal && { signal }) });
    return { result: { config }, looked: looks.places() };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return { result: { error }, looked: looks.places() };
  }
}

interface Reading extends Pick<Looks, 'look'> {
  readonly mark: Look;
  readonly signal?: AbortSignal;
}

async function load(options: LoadOptions, { look, mark, signal }: Reading): Promise<Config> {
  const { dir = '.', env = process.env, rev } = options;
  const located = rev === undefined ? folderFiles(dir, env, mark) : await openRevision(dir, env, rev);
  const files = recordingFiles(located, look);
  const { plan, variables } = await planOf(files, { ...options, dir, env });
  const { schema = plan.schema, interpolate = plan.interpolate } = options;
  const shaped = { ...plan, interpolate, ...(schema !== undefined && { schema }) };
  return loadPlan(files, shaped, { ...options, env, look, variables, ...(signal && { signal }) });
}

/** The types of a stack. */
export interface ConfigTypes {
  readonly stack: string;
  /** The path of the schema. */
  readonly schema: string;
  /** The text of a `.d.ts`. */
  readonly text: string;
}

/**
 * The TypeScript declaration of the configuration of a stack, from its schema: a type called `name` (default `Config`).
 *
 * Throws E_SETTINGS, E_USAGE (no such stack, a stack without a schema, a name that is none), E_INVALID for a schema that is none.
 */
export async function configTypes(
  options: LoadOptions & { readonly name?: string } = {},
): Promise<ConfigTypes> {
  const { dir = '.', env = process.env, rev, name = 'Config' } = options;
  if (!/^[A-Za-z_$][\w$]*$/.test(name))
    throw new ConfigError('E_USAGE', `'${name}' is no name of a type`, { hint: '--name AppConfig' });
  const files = rev === undefined ? folderFiles(dir, env) : await openRevision(dir, env, rev);
  const { plan } = await planOf(files, { ...options, dir, env });
  const { schema = plan.schema } = options;
  if (typeof schema !== 'string')
    throw new ConfigError('E_USAGE', `stack '${plan.name}' has no schema file to take types from`, {
      hint: `name it in cfg.yaml: stacks: { ${plan.name}: { schema: schemas/${plan.name}.schema.json } }`,
    });
  const head = `// The configuration of stack '${plan.name}', from ${schema}. Written by: cfg types ${plan.name}\n`;
  return { stack: plan.name, schema, text: `${head}\n${await declareSchema(files, schema, name)}` };
}

const settings = new Recent<string, Settings>(20);

type Variables = Readonly<Record<string, string>>;

/** The stack that options, `cfg.yaml` or the names of files make, and the values of its variables. */
async function planOf(
  files: ConfigFiles,
  options: LoadOptions & { readonly dir: string; readonly env: Environment },
): Promise<{ readonly plan: StackPlan; readonly variables: Variables }> {
  const { dir, env, rev, stack, layers, variables = {} } = options;
  if (layers !== undefined) return { plan: planOfLayers(layers, stack), variables };
  const text = await files.read(settingsPath);
  const where = rev === undefined ? settingsPath : `${rev}:${settingsPath}`;
  if (text !== undefined) {
    const parsed = settings.get(where, text, () => parseSettings(text, where));
    return { plan: chooseStack(parsed, stack), variables };
  }
  const isConventional = stack === undefined || stack === conventionalName;
  const found = isConventional ? await conventionalLayers(files, variables, env) : undefined;
  if (found === undefined) throw noSettings(dir, rev);
  const matrix = new Map(found.meant === undefined ? [] : [['env', [found.meant]]]);
  const plan = { ...emptyPlan, name: conventionalName, layers: found.layers, matrix, creation };
  return { plan, variables: { ...(found.env !== undefined && { env: found.env }), ...variables } };
}

/** Of a layer whose name has every ending that its file may have. */
function creation(layer: string): string {
  return `create it, as in ${layer.replace(/\{.*\}$/, 'yaml')}`;
}

/** What the stack of a folder without `cfg.yaml` is called, as hints call it. */
const conventionalName = 'default';

const emptyPlan: Omit<StackPlan, 'name' | 'layers'> = {
  strategy: 'merge',
  lists: [],
  interpolate: false,
  matrix: new Map(),
};

function planOfLayers(layers: NonNullable<LoadOptions['layers']>, name = conventionalName): StackPlan {
  const specs = parseLayers(layers.map((layer) => (isSource(layer) ? { value: {} } : layer)));
  return {
    ...emptyPlan,
    name,
    layers: layers.flatMap((layer, index) => (isSource(layer) ? layer : (specs[index] ?? []))),
  };
}

function noSettings(dir: string, rev: string | undefined): ConfigError {
  const where = rev === undefined ? '' : ` at '${rev}'`;
  return new ConfigError('E_SETTINGS', `no '${settingsPath}' in '${dir}'${where}`, {
    hint:
      rev === undefined
        ? "make one with 'cfg init' and list layers under 'stacks:' in it, or begin with a default.yaml"
        : `see the commits that have one: cfg log ${settingsPath}`,
  });
}

/** Git is only loaded when a revision is asked for: most programs read a folder. */
async function openRevision(
  dir: string,
  env: NonNullable<LoadOptions['env']>,
  rev: string,
): Promise<LocatedFiles> {
  const { revisionFiles } = await import('./revision.js');
  return revisionFiles({ dir, env, rev });
}
