/** `${…}` in values: what it refers to, and what that comes to. */
import {
  entryPath,
  formatKeyPath,
  isList,
  isMap,
  lookup,
  parseKeyPath,
  type ConfigValue,
  type KeyPath,
} from '../doc/index.js';
import { closest, ConfigError, isConfigError } from '../errors.js';
import { looksSecret } from './secret.js';

/** `${key}`, `${env:NAME}`, `${file:PATH}` or `${git:REV:FILE#KEY}`, each also with `:-` and what to take where there is nothing. */
export interface Reference {
  readonly kind: 'key' | 'env' | 'file' | 'git';
  readonly name: string;
  readonly fallback?: Template;
}

/** A text taken apart; `$${` stands for `${`. */
export type Template = readonly (string | Reference)[];

/** What a reference outside of the configuration comes to, or why to nothing; `undefined` means that there is nothing. */
export type Referred = { readonly value: ConfigValue | undefined } | { readonly problem: string };

export interface ReferenceProblem {
  readonly path: KeyPath;
  readonly message: string;
}

/** The value at `at` is, or has in its text, that of the key `of`. Both are keys and indexes only. */
export interface ValueCopy {
  readonly at: KeyPath;
  readonly of: KeyPath;
}

export interface Resolved {
  readonly value: ConfigValue;
  /** Where a reference was filled in. */
  readonly changed: readonly KeyPath[];
  /** Where a secret from outside was filled in. */
  readonly secrets: readonly KeyPath[];
  /** Where the value of another key was filled in. */
  readonly copies: readonly ValueCopy[];
  readonly problems: readonly ReferenceProblem[];
}

/** Undefined for a text without references; a message for a `${` that has no end or means nothing. */
export function parseReferences(text: string): Template | { readonly problem: string } | undefined {
  if (!text.includes('${')) return undefined;
  const pieces: (string | Reference)[] = [];
  let at = 0;
  for (let start = text.indexOf('${'); start >= 0; start = text.indexOf('${', at)) {
    if (text[start - 1] === '$' && start > at) {
      pieces.push(`${text.slice(at, start - 1)}\${`);
      at = start + 2;
      continue;
    }
    const end = closing(text, start + 2);
    const reference = end < 0 ? undefined : referenceOf(text.slice(start + 2, end));
    if (reference === undefined) return { problem: 'has a reference that has no end, or names nothing' };
    if ('problem' in reference) return reference;
    pieces.push(text.slice(at, start), reference);
    at = end + 1;
  }
  return [...pieces, text.slice(at)].filter((piece) => piece !== '');
}

/** The `}` that closes what begins at an index; -1 when there is none. */
function closing(text: string, from: number): number {
  let open = 1;
  for (let at = from; at < text.length; at++) {
    if (text.startsWith('${', at)) open += 1;
    else if (text[at] === '}' && --open === 0) return at;
  }
  return -1;
}

function referenceOf(text: string): Reference | { readonly problem: string } | undefined {
  const mark = text.indexOf(':-');
  const target = mark < 0 ? text : text.slice(0, mark);
  const [, kind = 'key', name = ''] = /^(?:(env|file|git):)?(.*)$/s.exec(target) ?? [];
  if (name.trim() === '' || name.includes('${')) return undefined;
  const reference = { kind: kindOf(kind), name };
  if (mark < 0) return reference;
  const rest = text.slice(mark + 2);
  const fallback = parseReferences(rest) ?? [rest];
  return 'problem' in fallback ? fallback : { ...reference, fallback };
}

function kindOf(kind: string): Reference['kind'] {
  return kind === 'env' || kind === 'file' || kind === 'git' ? kind : 'key';
}

/** Every reference of a value to something outside of it, also in what others fall back to. */
export function referencesIn(value: ConfigValue): readonly Reference[] {
  if (isList(value)) return value.flatMap(referencesIn);
  if (isMap(value)) return Object.values(value).flatMap(referencesIn);
  const template = typeof value === 'string' ? parseReferences(value) : undefined;
  return template === undefined || 'problem' in template ? [] : template.flatMap(flatten);
}

function flatten(piece: string | Reference): readonly Reference[] {
  if (typeof piece === 'string') return [];
  return [piece, ...(piece.fallback ?? []).flatMap(flatten)].filter(({ kind }) => kind !== 'key');
}

/**
 * A value with every reference filled in. A text that is one reference and nothing else becomes what that refers to, of whatever type; in
 * other texts a reference stands for its text. What is filled in from outside is not looked at again; what a key refers to is.
 * Throws E_LIMIT when it comes to more than a million values, or 32 MB of text.
 */
export function resolveReferences(value: ConfigValue, refer: (reference: Reference) => Referred): Resolved {
  return new Resolver(value, refer).run();
}

/** One run over a value. Keys under way are remembered, so that a circle is noticed. */
class Resolver {
  private readonly root: ConfigValue;
  private readonly refer: (reference: Reference) => Referred;
  private budget = 1_000_000;
  private readonly sizes = new Map<ConfigValue, number>();
  private readonly known = new Map<string, ConfigValue>();
  private readonly underway: string[] = [];
  private readonly changed = new Map<string, KeyPath>();
  private readonly secrets = new Map<string, KeyPath>();
  private readonly copies = new Map<string, ValueCopy>();
  private readonly problems = new Map<string, ReferenceProblem>();

  constructor(root: ConfigValue, refer: (reference: Reference) => Referred) {
    this.root = root;
    this.refer = refer;
  }

  run(): Resolved {
    const value = this.resolve(this.root, []);
    return {
      value,
      changed: [...this.changed.values()],
      secrets: [...this.secrets.values()],
      copies: [...this.copies.values()],
      problems: [...this.problems.values()],
    };
  }

  private resolve(value: ConfigValue, path: KeyPath): ConfigValue {
    this.spend(1);
    if (isList(value)) return value.map((item, index) => this.resolve(item, [...path, index]));
    if (isMap(value))
      return Object.fromEntries(
        Object.entries(value).map(([key, child]) => [key, this.resolve(child, [...path, key])]),
      );
    return typeof value === 'string' ? this.text(value, path) : value;
  }

  /** References that double what they refer to, again and again, come to more than any memory holds. */
  private spend(amount: number): void {
    this.budget -= amount;
    if (this.budget < 0) throw new ConfigError('E_LIMIT', 'references come to more than a million values');
  }

  /** How many values there are in one, what is in it twice counted twice. */
  private sizeOf(value: ConfigValue): number {
    if (!isList(value) && !isMap(value)) return 1;
    const known = this.sizes.get(value);
    if (known !== undefined) return known;
    const children: readonly ConfigValue[] = Object.values(value);
    const size = children.reduce<number>((sum, child) => sum + this.sizeOf(child), 1);
    this.sizes.set(value, size);
    return size;
  }

  private text(text: string, path: KeyPath): ConfigValue {
    const template = parseReferences(text);
    if (template === undefined) return text;
    const name = formatKeyPath(path);
    const known = this.known.get(name);
    if (known !== undefined) return known;
    if ('problem' in template) return this.fail(path, template.problem);
    this.underway.push(name);
    const value = this.fill(template, path);
    this.underway.pop();
    if (typeof value === 'string') this.spend(value.length / 32);
    this.known.set(name, value);
    this.changed.set(name, path);
    return value;
  }

  private fill(template: Template, path: KeyPath): ConfigValue {
    const [only, ...more] = template;
    if (typeof only === 'object' && more.length === 0) return this.follow(only, path);
    return template
      .map((piece) => (typeof piece === 'string' ? piece : this.textOf(this.follow(piece, path), path)))
      .join('');
  }

  private textOf(value: ConfigValue, path: KeyPath): string {
    if (isList(value) || isMap(value)) return this.fail(path, 'refers to a map or list inside of a text');
    return value === null ? '' : String(value);
  }

  private follow(reference: Reference, path: KeyPath): ConfigValue {
    const { fallback } = reference;
    const found = reference.kind === 'key' ? this.key(reference.name, path) : this.refer(reference);
    if ('problem' in found) return this.fail(path, found.problem);
    const { value } = found;
    const nothing = value === undefined || value === null || value === '';
    if (nothing && fallback !== undefined) return this.fill(fallback, path);
    if (value === undefined) return this.fail(path, nothingAt(reference, this.root));
    if (reference.kind !== 'key' && looksSecret(lastName(reference.name)))
      this.secrets.set(formatKeyPath(path), path);
    return value;
  }

  private key(name: string, path: KeyPath): Referred {
    const meant = keyPathOf(name);
    if (meant === undefined) return { problem: `refers to '${name}', which is no key path` };
    const [own, rest] = split(this.root, entryPath(this.root, meant));
    const found = lookup(this.root, own);
    if (found === undefined) return { value: undefined };
    const circle = this.circleAt(own);
    if (circle !== undefined) return { problem: `refers to itself: ${circle}` };
    const resolved = this.resolve(found, own);
    const value = lookup(resolved, rest);
    if (value === undefined) return { value };
    this.spend(this.sizeOf(value));
    const of = [...own, ...entryPath(resolved, rest)];
    this.copies.set(JSON.stringify([path, of]), { at: path, of });
    return { value };
  }

  /** Keys under way that are at a path or inside of it, as a chain; undefined when there are none. */
  private circleAt(target: KeyPath): string | undefined {
    const name = formatKeyPath(target);
    const start = this.underway.findIndex(
      (each) =>
        each === name || name === '' || /^[.[]/.test(each.startsWith(name) ? each.slice(name.length) : ''),
    );
    return start < 0 ? undefined : [...this.underway.slice(start), name].join(' -> ');
  }

  private fail(path: KeyPath, message: string): '' {
    const name = formatKeyPath(path);
    if (!this.problems.has(name)) this.problems.set(name, { path, message: `'${name}' ${message}` });
    return '';
  }
}

/** The part of a path that ends at a text, which may refer to a map or list, and what follows in that. */
function split(root: ConfigValue, path: KeyPath): readonly [own: KeyPath, rest: KeyPath] {
  const text = path.findIndex((_, index) => typeof lookup(root, path.slice(0, index + 1)) === 'string');
  return text < 0 ? [path, []] : [path.slice(0, text + 1), path.slice(text + 1)];
}

function keyPathOf(text: string): KeyPath | undefined {
  try {
    return parseKeyPath(text);
  } catch (error) {
    if (isConfigError(error, 'E_BAD_PATH')) return undefined;
    throw error;
  }
}

function nothingAt({ kind, name }: Reference, root: ConfigValue): string {
  if (kind === 'env') return `refers to the environment variable '${name}', which is not set`;
  if (kind !== 'key')
    return `refers to the ${kind === 'file' ? 'file' : 'place'} '${name}', which does not exist`;
  const path = keyPathOf(name) ?? [];
  const [parent, last] = [lookup(root, path.slice(0, -1)), path.at(-1)];
  const near = isMap(parent) && typeof last === 'string' ? closest(last, Object.keys(parent)) : undefined;
  const meant = near === undefined ? '' : ` (did you mean '${formatKeyPath([...path.slice(0, -1), near])}'?)`;
  return `refers to '${name}', which does not exist${meant}`;
}

/** What tells whether it is a secret: a variable, the last key, a file without its folder and ending. */
function lastName(name: string): string {
  return (
    name.split(/[#./:]/).findLast((part) => part !== '' && !/^(?:txt|ya?ml|json|ini)$/.test(part)) ?? name
  );
}
