import { ConfigError, isConfigError } from '../../errors.js';
import { publicUrl } from '../../layer/index.js';
import {
  expandTemplate,
  type HttpLayer,
  type LayerSpec,
  type SqlLayer,
  type Template,
} from '../../settings/index.js';
import type { ConfigFiles, Environment } from '../types.js';
import { environmentSource } from './environment.js';
import { failoverSource } from './failover.js';
import { fileSource, folderSource, gitSource, globSource, type Reader } from './file.js';
import { httpSource } from './http.js';
import { postgresClient } from './postgres.js';
import { sqlSource } from './sql.js';
import type { ConfigSource } from './types.js';

export interface SpecContext {
  readonly stack: {
    readonly name: string;
    /** Variable name to the values that it may have. */
    readonly matrix: ReadonlyMap<string, readonly string[]>;
  };
  readonly files: ConfigFiles;
  readonly variables: ReadonlyMap<string, string>;
  readonly env: Environment;
}

/** Remote sources are asked for so long and so often, unless the layer says otherwise. */
const remoteDefaults = { timeoutMs: 5000, retries: 2 };
const defaultEveryMs = 30_000;

/** Whether reading a layer asks something that is neither the folder, its repository nor the environment. */
export function isRemote(spec: LayerSpec): boolean {
  return (
    spec.kind === 'http' || spec.kind === 'sql' || (spec.kind === 'failover' && spec.layers.some(isRemote))
  );
}

/** The source that an entry of `layers` means. Throws E_USAGE when a variable is missing. */
export function sourceOf(spec: LayerSpec, context: SpecContext): ConfigSource {
  const { optional, priority, strategy, timeoutMs, retries } = spec;
  return {
    ...(spec.kind === 'http' || spec.kind === 'sql' ? remoteDefaults : {}),
    ...usableReader(spec, context),
    optional,
    priority,
    ...(strategy !== undefined && { strategy }),
    ...(timeoutMs !== undefined && { timeoutMs }),
    ...(retries !== undefined && { retries }),
  };
}

/** A layer that lacks a variable of the environment fails when it is read, so that it may be optional or have a stand-in. */
function usableReader(spec: LayerSpec, context: SpecContext): Reader {
  try {
    return readerOf(spec, context);
  } catch (error) {
    if (!isConfigError(error, 'E_SOURCE')) throw error;
    return { name: publicUrl(spec.text), kind: spec.kind, read: () => Promise.reject(error) };
  }
}

function readerOf(spec: LayerSpec, context: SpecContext): Reader {
  const { files } = context;
  const expand = (template: Template): string => expanded(template, spec, context);
  switch (spec.kind) {
    case 'env':
      return environmentSource(expand(spec.prefix), spec.files);
    case 'git':
      return gitSource(files, expand(spec.revision), expand(spec.path));
    case 'folder':
      return folderSource(files, expand(spec.path));
    case 'glob':
      return globSource(files, expandGlob(spec.path, spec, context));
    case 'http':
      return httpReader(spec, context);
    case 'sql':
      return sqlReader(spec, context);
    case 'value':
      return valueSource(spec);
    case 'failover':
      return failoverSource(spec.layers.map((layer) => sourceOf(layer, context)));
    default:
      return fileSource(files, expand(spec.path));
  }
}

function httpReader(spec: LayerSpec & HttpLayer, context: SpecContext): Reader {
  const { url, format, headers, cache = true, everyMs = defaultEveryMs } = spec;
  const expand = (template: Template): string => expanded(template, spec, context);
  return httpSource({
    url: expand(url),
    name: publicName(url, spec, context),
    headers: Object.fromEntries([...headers].map(([name, value]) => [name, expand(value)])),
    cache,
    everyMs,
    ...(format !== undefined && { format }),
  });
}

function sqlReader(spec: LayerSpec & SqlLayer, context: SpecContext): Reader {
  const { connection, query, parameters, everyMs = defaultEveryMs } = spec;
  const expand = (template: Template): string => expanded(template, spec, context);
  return sqlSource({
    name: `sql:${publicName(connection, spec, context)}`,
    client: postgresClient(expand(connection)),
    query,
    parameters: parameters.map(expand),
    everyMs,
  });
}

function valueSource({ text: name, value }: Extract<LayerSpec, { readonly kind: 'value' }>): Reader {
  return { name, kind: 'value', read: () => ({ documents: [{ name, value }] }) };
}

/** A template as it may be shown: what comes from the environment stays the name of its variable. */
function publicName(template: Template, spec: LayerSpec, context: SpecContext): string {
  const shown = template.map((piece) =>
    typeof piece === 'object' && piece.variable.startsWith('env:') ? `\${${piece.variable}}` : piece,
  );
  return publicUrl(expanded(shown, spec, context));
}

function expandGlob(template: Template, spec: LayerSpec, context: SpecContext): string {
  const bad = template.find(
    (piece) => typeof piece === 'object' && /[*?{}[\]()!\\]/.test(expanded([piece], spec, context)),
  );
  if (typeof bad !== 'object') return expanded(template, spec, context);
  throw new ConfigError('E_USAGE', `the variable '${bad.variable}' may have no wildcards in '${spec.text}'`, {
    hint: `give '${bad.variable}' the plain name of a file or folder`,
  });
}

function expanded(template: Template, spec: LayerSpec, { stack, variables, env }: SpecContext): string {
  const valueOf = (name: string): string | undefined =>
    name.startsWith('env:') ? env[name.slice('env:'.length)] : variables.get(name);
  const { text, missing } = expandTemplate(template, valueOf);
  const [name] = missing;
  if (name === undefined) return text;
  const layer = `layer '${publicUrl(spec.text)}' of stack '${stack.name}'`;
  if (name.startsWith('env:')) {
    const variable = name.slice('env:'.length);
    throw new ConfigError('E_SOURCE', `${layer} needs the environment variable '${variable}'`, {
      hint: `set ${variable}`,
      details: { stack: stack.name, variable, final: true },
    });
  }
  const values = stack.matrix.get(name);
  throw new ConfigError('E_USAGE', `${layer} needs the variable '${name}'`, {
    hint: `give it with ${name === 'env' ? '-e VALUE' : `--var ${name}=VALUE`}, or as variables: { ${name}: VALUE } in code${
      values === undefined ? '' : ` (${values.join(', ')})`
    }`,
    details: { stack: stack.name, variable: name, ...(values === undefined ? {} : { values }) },
  });
}
