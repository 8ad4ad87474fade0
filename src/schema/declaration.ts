/** JSON Schema to TypeScript. */
import { isList, isMap, type ConfigValue } from '../doc/index.js';
import { fieldNodes, listAt, resolveRef, rootNode, subschema, type SchemaNode } from './at.js';
import { collectSchemas, type SchemaFile } from './references.js';
import type { SchemaOptions } from './types.js';

/**
 * The TypeScript declaration of what a schema accepts: an exported type of that name, and one for each schema that a `$ref` leads to. What
 * TypeScript cannot say (ranges, patterns, conditions) is left out, so every valid value fits the type. Throws E_INVALID.
 */
export function declarationOf(
  schema: ConfigValue,
  { id, resolve = () => undefined, name }: SchemaOptions & { readonly name: string },
): string {
  const writer = new Writer(collectSchemas(id, schema, resolve));
  return writer.write(name);
}

const scalars: Readonly<Record<string, string>> = {
  string: 'string',
  number: 'number',
  integer: 'number',
  boolean: 'boolean',
  null: 'null',
};

/** Collects named types while it writes; references in circles end at a name. */
class Writer {
  private readonly files: readonly SchemaFile[];
  private readonly names = new Map<SchemaNode['schema'], string>();
  private readonly taken = new Set<string>();
  private readonly declarations: string[] = [];

  constructor(files: readonly SchemaFile[]) {
    this.files = files;
  }

  write(name: string): string {
    const root = rootNode(this.files);
    if (root === undefined) return `export type ${name} = unknown;\n`;
    this.declare(root, name);
    return this.declarations.join('\n');
  }

  private declare(node: SchemaNode, wanted: string): string {
    const known = this.names.get(node.schema);
    if (known !== undefined) return known;
    const name = this.unused(wanted);
    this.names.set(node.schema, name);
    const at = this.declarations.push('') - 1;
    this.declarations[at] = `${comment(node, '')}export type ${name} = ${this.type(node, '')};\n`;
    return name;
  }

  private unused(wanted: string): string {
    let name = wanted;
    for (let count = 2; this.taken.has(name); count++) name = `${wanted}${count}`;
    this.taken.add(name);
    return name;
  }

  private type(node: SchemaNode, indent: string): string {
    const parts = [...new Set(this.parts(node, indent))].filter((part) => part !== 'unknown');
    if (parts.length < 2) return parts[0] ?? 'unknown';
    return parts
      .map((part) => (part.includes(' | ') && !part.startsWith('{') ? `(${part})` : part))
      .join(' & ');
  }

  /** What each keyword that limits the type says; all of it holds. */
  private parts(node: SchemaNode, indent: string): readonly string[] {
    const target = resolveRef(node, this.files);
    const reference = target === undefined ? [] : [this.declare(target, nameOf(node))];
    const all = listAt(node, 'allOf').map((each) => this.type(each, indent));
    const choices = [listAt(node, 'anyOf'), listAt(node, 'oneOf')].filter((list) => list.length > 0);
    const unions = choices.map((list) => this.union(list.map((each) => this.type(each, indent))));
    return [...reference, ...all, ...unions, ...this.own(node, indent)];
  }

  private union(types: readonly string[]): string {
    return types.includes('unknown') ? 'unknown' : [...new Set(types)].join(' | ');
  }

  private own(node: SchemaNode, indent: string): readonly string[] {
    const { const: constant, enum: allowed, type } = node.schema;
    if (constant !== undefined) return [literal(constant)];
    if (isList(allowed)) return [this.union(allowed.map(literal))];
    const types = [type ?? implied(node)].flat().filter((each) => typeof each === 'string');
    return types.length === 0 ? [] : [this.union(types.map((each) => this.typed(each, node, indent)))];
  }

  private typed(type: string, node: SchemaNode, indent: string): string {
    if (type === 'array') return this.list(node, indent);
    return type === 'object' ? this.map(node, indent) : (scalars[type] ?? 'unknown');
  }

  private list(node: SchemaNode, indent: string): string {
    const first = [...listAt(node, 'prefixItems'), ...listAt(node, 'items')];
    const [item] = subschema(node, 'items');
    const rest = item === undefined ? 'unknown' : this.type(item, indent);
    if (first.length > 0)
      return `readonly [${first.map((each) => `${this.type(each, indent)}?`).join(', ')}, ...${grouped(rest)}[]]`;
    return `readonly ${grouped(rest)}[]`;
  }

  private map(node: SchemaNode, indent: string): string {
    const { required, additionalProperties } = node.schema;
    const needed = new Set(isList(required) ? required : []);
    const inner = `${indent}  `;
    const fields = fieldNodes(node, 'properties').map(([key, child]) => {
      const mark = needed.has(key) ? '' : '?';
      return `${comment(child, inner)}${inner}readonly ${propertyName(key)}${mark}: ${this.type(child, inner)};\n`;
    });
    const [others] = subschema(node, 'additionalProperties');
    const open = additionalProperties !== false;
    if (fields.length === 0) {
      const value = others === undefined ? 'unknown' : this.type(others, indent);
      return open ? `{ readonly [key: string]: ${value} }` : '{ readonly [key: string]: never }';
    }
    // Other keys must fit the index signature together with the named ones, so it cannot be narrower than `unknown`.
    const rest = others === undefined ? '' : `${inner}readonly [key: string]: unknown;\n`;
    return `{\n${fields.join('')}${rest}${indent}}`;
  }
}

/** What keywords for one kind of value imply where there is no `type`. */
function implied({ schema }: SchemaNode): string | undefined {
  if (schema['properties'] !== undefined || isMap(schema['additionalProperties'] ?? null)) return 'object';
  return schema['items'] !== undefined || schema['prefixItems'] !== undefined ? 'array' : undefined;
}

function literal(value: ConfigValue): string {
  if (typeof value === 'object' && value !== null) return 'unknown';
  return typeof value === 'bigint' ? 'number' : JSON.stringify(value);
}

function grouped(type: string): string {
  return /^[\w$]+$/.test(type) || (type.startsWith('{') && !type.includes(' & ')) ? type : `(${type})`;
}

function propertyName(key: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(key) ? key : JSON.stringify(key);
}

/** The last name in a reference, as the name of a type. */
function nameOf({ schema }: SchemaNode): string {
  const reference = typeof schema['$ref'] === 'string' ? schema['$ref'] : '';
  const last = reference.split(/[/#]/).findLast((part) => part !== '') ?? 'Part';
  const words = last.replace(/(?:\.schema)?\.(?:json|ya?ml)$/, '').match(/[A-Za-z0-9]+/g) ?? ['Part'];
  const name = words.map((word) => word.slice(0, 1).toUpperCase() + word.slice(1)).join('');
  return /^\d/.test(name) ? `_${name}` : name;
}

function comment({ schema }: SchemaNode, indent: string): string {
  const { description, title, default: standard, deprecated } = schema;
  const about = typeof description === 'string' ? description : typeof title === 'string' ? title : '';
  const shown =
    standard === undefined || schema['writeOnly'] === true ? '' : `Default: ${literalText(standard)}.`;
  const text = `${about} ${shown}`.trim().replace(/\s+/g, ' ').replaceAll('*/', '* /');
  const note = deprecated === true ? `${text === '' ? '' : ' '}@deprecated` : '';
  return text + note === '' ? '' : `${indent}/** ${text}${note} */\n`;
}

function literalText(value: ConfigValue): string {
  return typeof value === 'object' && value !== null ? (isList(value) ? 'a list' : 'a map') : String(value);
}
