import { formatOf } from '../doc/index.js';
import { closest } from '../errors.js';
import { parseLayers, type LayerSpec } from '../settings/index.js';
import type { ConfigFiles, Environment } from './types.js';

/** What a folder without `cfg.yaml` comes to. */
export interface ConventionalLayers {
  readonly layers: readonly LayerSpec[];
  /** What was probably meant by a variable `env` that has no file. */
  readonly meant?: string;
  /** The variable `env`, where nobody named one but the environment does. */
  readonly env?: string;
}

const prefix = 'APP_';
const endings = '{ini,json,yaml,yml}';
/** Variables that name the environment of a program, the first that is set. */
const environmentNames = ['CFG_ENV', 'NODE_ENV'] as const;

/**
 * The layers of a folder that has no `cfg.yaml` but files of these names, or a folder `config` with them; undefined when there are none:
 * `default.*`, `ENV.*`, `local.*`, `local-ENV.*`, then variables `APP_…`. ENV is the variable `env` (whose file must then be there), else what
 * `CFG_ENV` or `NODE_ENV` say. Of one name, `.ini` is lowest, then `.json`, `.yaml`, `.yml`.
 */
export async function conventionalLayers(
  files: ConfigFiles,
  { env: given }: { readonly env?: string },
  environment: Environment,
): Promise<ConventionalLayers | undefined> {
  const named = environmentNames
    .map((name) => environment[name])
    .find((name) => name !== undefined && /^[\w-]+$/.test(name));
  const env = given ?? named;
  const stems = new Set(['default', 'local', ...(env === undefined ? [] : [env, `local-${env}`])]);
  for (const folder of ['', 'config']) {
    const listing = await files.list(folder, false);
    const present = listing.files.flatMap((path) => stemOf(path) ?? []);
    if (!present.some((stem) => stems.has(stem))) continue;
    const base = folder === '' ? '' : `${folder}/`;
    const file = (stem: string, mark = '?'): string => `${base}${stem}.${endings}${mark}`;
    const ofEnv = env === undefined ? [] : [file('${env}', given === undefined ? '?' : '')];
    const localOfEnv = env === undefined ? [] : [file('local-${env}')];
    const layers = parseLayers([file('default'), ...ofEnv, file('local'), ...localOfEnv, `env:${prefix}`]);
    const meant = env === undefined ? undefined : closest(env, present);
    return { layers, ...(env !== undefined && { env }), ...(meant !== undefined && { meant }) };
  }
  return undefined;
}

/** The name of a configuration file without its ending. */
function stemOf(path: string): string | undefined {
  const name = path.slice(path.lastIndexOf('/') + 1);
  return formatOf(name) === undefined ? undefined : name.slice(0, name.lastIndexOf('.'));
}
