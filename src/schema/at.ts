/** Which parts of a schema speak about a place of a document. */
import { isList, isMap, type ConfigObject, type ConfigValue, type KeyPath } from '../doc/index.js';
import { linearRegExp } from './pattern.js';
import type { SchemaFile } from './references.js';

/** A subschema, and where it stands. */
export interface SchemaNode {
  readonly schema: ConfigObject;
  readonly file: SchemaFile;
  /** The URI that its references are relative to. */
  readonly base: string;
}

/** More subschemas than any place of a document has; references may go in circles. */
const maxNodes = 1000;
const combining = ['allOf', 'anyOf', 'oneOf'] as const;
const conditional = ['if', 'then', 'else'] as const;

/** The root of the first file; undefined for `true` and `false`. */
export function rootNode(files: readonly SchemaFile[]): SchemaNode | undefined {
  const [file] = files;
  return file && nodeOf(file.schema, file, file.uri);
}

/** Every subschema that speaks about a key path, whatever the branches of a choice. */
export function nodesAt(files: readonly SchemaFile[], path: KeyPath): readonly SchemaNode[] {
  const root = rootNode(files);
  let nodes = root === undefined ? [] : expand([root], files);
  for (const step of path) {
    const key = typeof step === 'object' ? 0 : step;
    nodes = expand(
      nodes.flatMap((node) => childrenOf(node, key)),
      files,
    );
  }
  return nodes;
}

/** What a `$ref` leads to: a file, or a place in it by JSON Pointer or `$anchor`. */
export function resolveRef(node: SchemaNode, files: readonly SchemaFile[]): SchemaNode | undefined {
  const { $ref: reference } = node.schema;
  if (typeof reference !== 'string' || !URL.canParse(reference, node.base)) return undefined;
  const url = new URL(reference, node.base);
  const fragment = decodeURIComponent(url.hash.slice(1));
  const uri = url.href.replace(/#.*$/s, '');
  const file = files.find((each) => each.uri === uri || rootUri(each) === uri);
  if (file === undefined) return undefined;
  if (fragment !== '' && !fragment.startsWith('/')) return anchored(file, fragment);
  let value: ConfigValue | undefined = file.schema;
  for (const step of fragment.split('/').slice(1)) {
    const key = step.replaceAll('~1', '/').replaceAll('~0', '~');
    value =
      typeof value === 'object' && value !== null && Object.hasOwn(value, key)
        ? Reflect.get(value, key)
        : undefined;
  }
  return value === undefined ? undefined : nodeOf(value, file, rootUri(file));
}

/** With everything that is said about the same place: references and branches. */
function expand(nodes: readonly SchemaNode[], files: readonly SchemaFile[]): readonly SchemaNode[] {
  const all = new Map(nodes.map((node) => [node.schema, node]));
  for (const [, node] of all) {
    if (all.size > maxNodes) break;
    const target = resolveRef(node, files);
    const branches = combining.flatMap((keyword) => listAt(node, keyword));
    const conditions = conditional.flatMap((keyword) => subschema(node, keyword));
    for (const next of [...(target === undefined ? [] : [target]), ...branches, ...conditions])
      if (!all.has(next.schema)) all.set(next.schema, next);
  }
  return [...all.values()];
}

/** What a subschema says about an entry, by its name, a pattern, or as one of the rest. */
function childrenOf(node: SchemaNode, key: string | number): readonly SchemaNode[] {
  if (typeof key === 'number' || /^\d+$/.test(key)) {
    const items = [...listAt(node, 'prefixItems'), ...listAt(node, 'items')].slice(Number(key)).slice(0, 1);
    const rest = [...subschema(node, 'items'), ...subschema(node, 'contains')];
    if (typeof key === 'number') return [...items, ...rest];
    return [...items, ...rest, ...fieldsOf(node, key)];
  }
  return fieldsOf(node, key);
}

function fieldsOf(node: SchemaNode, key: string): readonly SchemaNode[] {
  const named = fieldNodes(node, 'properties').filter(([name]) => name === key);
  const patterns = fieldNodes(node, 'patternProperties').filter(([pattern]) =>
    linearRegExp(pattern, 'u').test(key),
  );
  const found = [...named, ...patterns].map(([, child]) => child);
  return found.length > 0 ? found : subschema(node, 'additionalProperties');
}

/** The entries of a keyword whose values are subschemas. */
export function fieldNodes(node: SchemaNode, keyword: string): readonly (readonly [string, SchemaNode])[] {
  const fields = ownField(node.schema, keyword);
  if (!isMap(fields)) return [];
  return Object.entries(fields).flatMap(([name, schema]) => {
    const child = nodeOf(schema, node.file, node.base);
    return child === undefined ? [] : [[name, child] as const];
  });
}

/** The subschemas in the list of a keyword. */
export function listAt(node: SchemaNode, keyword: string): readonly SchemaNode[] {
  const list = ownField(node.schema, keyword);
  return isList(list) ? list.flatMap((schema) => nodeOf(schema, node.file, node.base) ?? []) : [];
}

/** The subschema of a keyword, as a list of one or none. */
export function subschema(node: SchemaNode, keyword: string): readonly SchemaNode[] {
  const schema = ownField(node.schema, keyword);
  return schema === undefined ? [] : [nodeOf(schema, node.file, node.base) ?? []].flat();
}

function ownField(schema: ConfigObject, keyword: string): ConfigValue | undefined {
  return Object.hasOwn(schema, keyword) ? schema[keyword] : undefined;
}

function nodeOf(schema: ConfigValue, file: SchemaFile, base: string): SchemaNode | undefined {
  if (!isMap(schema)) return undefined;
  const { $id: id } = schema;
  const own = typeof id === 'string' && URL.canParse(id, base) ? new URL(id, base).href : base;
  return { schema, file, base: own };
}

function rootUri(file: SchemaFile): string {
  return nodeOf(file.schema, file, file.uri)?.base.replace(/#.*$/s, '') ?? file.uri;
}

function anchored(file: SchemaFile, name: string): SchemaNode | undefined {
  const queue: ConfigValue[] = [file.schema];
  for (const value of queue) {
    if (isMap(value) && value['$anchor'] === name) return nodeOf(value, file, rootUri(file));
    if (typeof value === 'object' && value !== null) queue.push(...Object.values(value));
  }
  return undefined;
}
