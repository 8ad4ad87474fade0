import { isMap, type ConfigValue } from '../doc/index.js';
import { ConfigError } from '../errors.js';

/** A schema file as it takes part in a compilation. */
export interface SchemaFile {
  /** Repository path. */
  readonly path: string;
  /** The URI by which references find it. */
  readonly uri: string;
  readonly schema: ConfigValue;
}

/** Keywords whose content is data and no schema. */
const dataKeywords = new Set(['const', 'enum', 'default', 'examples']);
const repository = 'repo:///';

/** The schema at a repository path and every file that it refers to, itself first. Throws E_INVALID. */
export function collectSchemas(
  path: string,
  schema: ConfigValue,
  resolve: (path: string) => ConfigValue | undefined,
): readonly SchemaFile[] {
  const files = new Map<string, SchemaFile>();
  const queue: SchemaFile[] = [{ path, uri: repository + encodeURI(path), schema }];
  for (let file = queue.shift(); file !== undefined; file = queue.shift()) {
    if (files.has(file.uri)) continue;
    files.set(file.uri, file);
    for (const uri of referencesOf(file)) {
      const target = pathOf(uri, file);
      const found = resolve(target);
      if (found === undefined) throw missing(file.path, target);
      queue.push({ path: target, uri, schema: found });
    }
  }
  return [...files.values()];
}

/** The URIs without fragment that a file refers to and does not define itself. */
function referencesOf(file: SchemaFile): ReadonlySet<string> {
  const ids = new Set([file.uri]);
  const references = new Set<string>();
  const walk = (value: ConfigValue, base: string): void => {
    if (typeof value !== 'object' || value === null) return;
    const { $id: own } = isMap(value) ? value : {};
    const inner = typeof own === 'string' && !own.startsWith('#') ? resolveUri(own, base, file.path) : base;
    ids.add(inner);
    for (const [key, child] of Object.entries(value)) {
      if (key === '$ref' && typeof child === 'string') references.add(resolveUri(child, inner, file.path));
      else if (!dataKeywords.has(key)) walk(child, inner);
    }
  };
  walk(file.schema, file.uri);
  return new Set(
    [...references].filter((uri) => !ids.has(uri) && !/^https?:\/\/json-schema\.org\//.test(uri)),
  );
}

function resolveUri(reference: string, base: string, path: string): string {
  if (!URL.canParse(reference, base)) throw unreadable(path, reference);
  return new URL(reference, base).href.replace(/#.*$/s, '');
}

function decoded(text: string, path: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw unreadable(path, text);
  }
}

function unreadable(path: string, reference: string): ConfigError {
  return new ConfigError('E_INVALID', `schema '${path}' has a reference that is no URI: '${reference}'`, {
    details: { schema: path, reference },
  });
}

/**
 * The repository path of a URI. A schema with an `$id` of its own keeps its neighbours: what is beside the `$id` is looked for
 * beside the file. Nothing outside of the repository is ever read.
 */
function pathOf(uri: string, file: SchemaFile): string {
  if (uri.startsWith(repository)) return decoded(uri.slice(repository.length), file.path);
  const base = new URL(rootId(file) ?? file.uri, file.uri);
  const target = new URL(uri);
  const beside = target.origin === base.origin && target.protocol === base.protocol;
  const relative = beside ? relativeSegments(base.pathname, target.pathname) : undefined;
  const folder = file.path.split('/').slice(0, -1);
  if (relative === undefined || target.host !== base.host || relative.up > folder.length)
    throw outside(file.path, uri);
  return [...folder.slice(0, folder.length - relative.up), ...relative.down.map(decodeURIComponent)].join(
    '/',
  );
}

function rootId({ schema }: SchemaFile): string | undefined {
  const { $id: id } = isMap(schema) ? schema : {};
  return typeof id === 'string' ? id : undefined;
}

function relativeSegments(
  from: string,
  to: string,
): { readonly up: number; readonly down: readonly string[] } {
  const base = from.split('/').slice(1, -1);
  const target = to.split('/').slice(1);
  let shared = 0;
  while (shared < base.length && shared < target.length - 1 && base[shared] === target[shared]) shared += 1;
  return { up: base.length - shared, down: target.slice(shared) };
}

function missing(path: string, target: string): ConfigError {
  return new ConfigError('E_INVALID', `schema '${path}' refers to '${target}', which does not exist`, {
    hint: `create '${target}', or correct the $ref in '${path}'`,
    details: { schema: path, reference: target },
  });
}

function outside(path: string, uri: string): ConfigError {
  return new ConfigError(
    'E_INVALID',
    `schema '${path}' refers to '${uri}', which is no file of the repository`,
    {
      hint: 'copy that schema into the repository and refer to it by its path',
      details: { schema: path, reference: uri },
    },
  );
}
