import { isMap, type ConfigValue, type KeyPath } from '../doc/index.js';
import { ConfigError } from '../errors.js';
import type { SchemaProblem } from './types.js';

/** A schema file as it takes part in a compilation. */
export interface SchemaFile {
  /** Repository path. */
  readonly path: string;
  /** The URI by which references find it. */
  readonly uri: string;
  readonly schema: ConfigValue;
}

/** Keywords whose content is data and no schema. */
export const dataKeywords: ReadonlySet<string> = new Set(['const', 'enum', 'default', 'examples']);
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
    for (const [uri, at] of referencesOf(file)) {
      const target = pathOf(uri, file, at);
      const found = resolve(target);
      if (found === undefined) throw missing(file.path, target, at);
      queue.push({ path: target, uri, schema: found });
    }
  }
  return [...files.values()];
}

/** The URIs without fragment that a file refers to and does not define itself, each with the first place that names it. */
function referencesOf(file: SchemaFile): ReadonlyMap<string, KeyPath> {
  const ids = new Set([file.uri]);
  const references = new Map<string, KeyPath>();
  const walk = (value: ConfigValue, base: string, at: KeyPath): void => {
    if (typeof value !== 'object' || value === null) return;
    const { $id: own } = isMap(value) ? value : {};
    const hasOwn = typeof own === 'string' && !own.startsWith('#');
    const inner = hasOwn ? resolveUri(own, base, { file: file.path, at: [...at, '$id'] }) : base;
    ids.add(inner);
    for (const [key, child] of Object.entries(value)) {
      const below = [...at, Array.isArray(value) ? Number(key) : key];
      if (key === '$ref' && typeof child === 'string') {
        const uri = resolveUri(child, inner, { file: file.path, at: below });
        if (!references.has(uri)) references.set(uri, below);
      } else if (!dataKeywords.has(key)) walk(child, inner, below);
    }
  };
  walk(file.schema, file.uri, []);
  return new Map(
    [...references].filter(([uri]) => !ids.has(uri) && !/^https?:\/\/json-schema\.org\//.test(uri)),
  );
}

/** Where a schema says something. */
interface Place {
  readonly file: string;
  readonly at: KeyPath;
}

/** URIs have nothing above their root; a file has, and `..` that leads there leads out of the repository. */
function resolveUri(reference: string, base: string, place: Place): string {
  if (!URL.canParse(reference, base)) throw unreadable(place, reference);
  if (base.startsWith(repository) && !reference.startsWith('/')) {
    const below = `${repository}-/`;
    const { href } = new URL(reference, below + base.slice(repository.length));
    if (href.startsWith(repository) && !href.startsWith(below)) throw outside(place, reference);
  }
  return new URL(reference, base).href.replace(/#.*$/s, '');
}

function decoded(text: string, place: Place): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw unreadable(place, text);
  }
}

/**
 * The repository path of a URI. A schema with an `$id` of its own keeps its neighbours: what is beside the `$id` is looked for
 * beside the file. Nothing outside of the repository is ever read.
 */
function pathOf(uri: string, file: SchemaFile, at: KeyPath): string {
  const place = { file: file.path, at };
  if (uri.startsWith(repository)) return decoded(uri.slice(repository.length), place);
  const base = new URL(rootId(file) ?? file.uri, file.uri);
  const target = new URL(uri);
  const beside = target.origin === base.origin && target.protocol === base.protocol;
  const relative = beside ? relativeSegments(base.pathname, target.pathname) : undefined;
  const folder = file.path.split('/').slice(0, -1);
  if (relative === undefined || target.host !== base.host || relative.up > folder.length)
    throw outside(place, uri);
  const kept = folder.slice(0, folder.length - relative.up);
  return [...kept, ...relative.down.map((segment) => decoded(segment, place))].join('/');
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

function unreadable(place: Place, reference: string): ConfigError {
  return badReference(place, reference, { what: `has a reference that is no URI: '${reference}'` });
}

function missing(file: string, target: string, at: KeyPath): ConfigError {
  return badReference({ file, at }, target, {
    what: `refers to '${target}', which does not exist`,
    hint: `create '${target}', or correct the $ref in '${file}'`,
  });
}

function outside(place: Place, uri: string): ConfigError {
  return badReference(place, uri, {
    what: `refers to '${uri}', which is no file of the repository`,
    hint: 'copy that schema into the repository and refer to it by its path',
  });
}

function badReference(
  { file, at }: Place,
  reference: string,
  { what, hint }: { readonly what: string; readonly hint?: string },
): ConfigError {
  const message = `schema '${file}' ${what}`;
  const problem: SchemaProblem = { path: at, part: 'value', rule: 'schema', message };
  return new ConfigError('E_INVALID', message, {
    ...(hint !== undefined && { hint }),
    details: { schema: file, reference, problems: [problem] },
  });
}
