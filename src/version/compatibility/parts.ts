/** Takes schemas apart for comparison. */
import { isList, isMap, lookup, type ConfigObject, type ConfigValue, type KeyPath } from '../../doc/index.js';

/** What a schema allows: everything is `{}`, nothing is `false`. */
export type Part = ConfigObject | false;

/** A schema of one file, and the file, in which its references are looked up. */
export interface Side {
  readonly root: ConfigValue;
  readonly part: Part;
}

const maxReferences = 32;
const everything: ConfigObject = {};
/** By file, then by schema: a schema that contains itself has to be known again. */
const followed = new WeakMap<object, WeakMap<object, Part>>();

/** The schema with its local references followed; those to other files stay. */
export function sideOf(root: ConfigValue, schema: ConfigValue | undefined): Side {
  if (schema === undefined || schema === true) return { root, part: everything };
  if (!isMap(schema)) return { root, part: false };
  if (!isMap(root) || schema['$ref'] === undefined) return { root, part: schema };
  const known = followed.get(root) ?? new WeakMap<object, Part>();
  followed.set(root, known);
  const part = known.get(schema) ?? follow(root, schema);
  known.set(schema, part);
  return { root, part };
}

function follow(root: ConfigValue, schema: ConfigObject): Part {
  let part: Part = schema;
  for (let count = 0; part !== false && count < maxReferences; count++) {
    const { $ref: reference, ...beside }: { readonly $ref?: ConfigValue } & ConfigObject = part;
    const target: ConfigValue | undefined =
      typeof reference === 'string' ? targetOf(root, reference) : undefined;
    if (target === undefined) break;
    const bare = Object.keys(beside).every((key) => key.startsWith('$'));
    if (!isMap(target)) part = target === false ? false : beside;
    else part = bare ? target : { ...target, ...beside };
  }
  return part;
}

/** RFC 6901 in a URI fragment, and `$anchor` or a plain name of `$defs`. */
function targetOf(root: ConfigValue, reference: string): ConfigValue | undefined {
  if (reference === '#') return root;
  if (!reference.startsWith('#/')) return undefined;
  const path = reference
    .slice(2)
    .split('/')
    .map((step) => safeDecode(step).replaceAll('~1', '/').replaceAll('~0', '~'));
  return lookup(root, path);
}

function safeDecode(step: string): string {
  return /%(?![0-9a-f]{2})/i.test(step) ? step : decodeURIComponent(step);
}

const allTypes = ['array', 'boolean', 'null', 'number', 'object', 'string'] as const;

/** The kinds of value that a schema allows; `integer` only where `number` is not. */
export function typesOf({ type }: ConfigObject): ReadonlySet<string> {
  const listed = isList(type) ? type : type === undefined ? allTypes : [type];
  const types = new Set(listed.filter((name) => typeof name === 'string'));
  if (types.has('number')) types.delete('integer');
  return types;
}

/** The only values that a schema allows; undefined where it lists none. */
export function valuesOf(part: ConfigObject): readonly ConfigValue[] | undefined {
  if (part['const'] !== undefined) return [part['const']];
  return isList(part['enum']) ? part['enum'] : undefined;
}

/** A keyword whose value is a map of schemas. */
export function mapOf(part: ConfigObject, keyword: string): ConfigObject {
  const value = part[keyword];
  return isMap(value) ? value : {};
}

/** A keyword whose value is a list of strings. */
export function namesOf(part: ConfigObject, keyword: string): readonly string[] {
  const value = part[keyword];
  return isList(value) ? value.filter((name) => typeof name === 'string') : [];
}

/** The schema of what `properties` does not name. */
export function othersOf(part: ConfigObject): ConfigValue | undefined {
  return part['additionalProperties'] ?? part['unevaluatedProperties'];
}

/** The schemas of the first items, and of the rest, in the words of 2020-12 or of the drafts before. */
export function itemsOf(part: ConfigObject): {
  readonly first: readonly ConfigValue[];
  readonly rest: ConfigValue | undefined;
  readonly restKey: KeyPath[number];
} {
  const { items, prefixItems, additionalItems } = part;
  if (isList(items)) return { first: items, rest: additionalItems, restKey: 'additionalItems' };
  return { first: isList(prefixItems) ? prefixItems : [], rest: items, restKey: 'items' };
}
