/** Takes schemas apart for comparison. */
import { isList, isMap, lookup, type ConfigObject, type ConfigValue, type KeyPath } from '../../doc/index.js';

/** What a schema allows: everything is `{}`, nothing is `false`. */
export type Part = ConfigObject | false;

/** The schema of another file that a reference (without its fragment) names, as seen from the schema of one file; undefined where it is not known. */
export type Refer = (from: ConfigValue, reference: string) => ConfigValue | undefined;

/** A file, in which references are looked up, and how others are found from there. */
export interface Files {
  readonly root: ConfigValue;
  readonly refer: Refer;
}

/** A schema of one file. */
export interface Side extends Files {
  readonly part: Part;
}

const maxReferences = 32;
const everything: ConfigObject = {};
/** By file, then by schema: a schema that contains itself has to be known again. */
const followed = new WeakMap<object, WeakMap<object, Side>>();

/** The schema with its references followed; one to another file stays where there are demands beside it, or the file is not known. */
export function sideOf({ root, refer }: Files, schema: ConfigValue | undefined): Side {
  if (schema === undefined || schema === true) return { root, refer, part: everything };
  if (!isMap(schema)) return { root, refer, part: false };
  if (!isMap(root) || schema['$ref'] === undefined) return { root, refer, part: schema };
  const known = followed.get(root) ?? new WeakMap<object, Side>();
  followed.set(root, known);
  const side = known.get(schema) ?? follow({ root, refer, part: schema });
  known.set(schema, side);
  return side;
}

function follow(start: Side): Side {
  let side = start;
  for (let count = 0; side.part !== false && count < maxReferences; count++) {
    const { $ref: reference, ...beside }: { readonly $ref?: ConfigValue } & ConfigObject = side.part;
    if (typeof reference !== 'string') break;
    const bare = Object.keys(beside).every((key) => key.startsWith('$') || annotations.has(key));
    const [file = '', fragment = ''] = /^([^#]*)(.*)$/s.exec(reference)?.slice(1) ?? [];
    const root: ConfigValue | undefined =
      file === '' ? side.root : bare ? otherFile(side, reference) : undefined;
    const target = root === undefined ? undefined : targetOf(root, fragment);
    if (root === undefined || target === undefined) break;
    side = { root, refer: start.refer, part: joined(target, beside, bare) };
  }
  return side;
}

/** Keywords that demand nothing. */
const annotations: ReadonlySet<string> = new Set([
  'title',
  'description',
  'default',
  'examples',
  'deprecated',
]);

function joined(target: ConfigValue, beside: ConfigObject, bare: boolean): Part {
  if (!isMap(target)) return target === false ? false : beside;
  return bare ? target : { ...target, ...beside };
}

/** The other file that the `$ref` of a schema names. */
export function otherFile(
  { root, refer }: Files,
  reference: ConfigValue | undefined,
): ConfigValue | undefined {
  if (typeof reference !== 'string' || reference.startsWith('#')) return undefined;
  return refer(root, reference.replace(/#.*$/s, ''));
}

/** RFC 6901 in a URI fragment, and `$anchor` or a plain name of `$defs`. */
function targetOf(root: ConfigValue, reference: string): ConfigValue | undefined {
  if (reference === '#' || reference === '') return root;
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
