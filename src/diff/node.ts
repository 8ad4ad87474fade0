import {
  formatKeyPath,
  getValue,
  leaves,
  locate,
  valueOf,
  type ConfigDocument,
  type ConfigValue,
  type KeyPath,
} from '../doc/index.js';

/** Kinds of values that count as different types. */
export type NodeKind = 'null' | 'boolean' | 'number' | 'string' | 'list' | 'map';

/** A value prepared for comparing. */
export interface Node {
  readonly kind: NodeKind;
  readonly value: ConfigValue;
  /** Of a number: how it is written, because 1.10 and 1.1 may be two versions. */
  readonly text?: string;
  readonly items?: readonly Node[];
  readonly entries?: ReadonlyMap<string, Node>;
}

/** How the number at a path is written; undefined where that is not known. */
type NumberText = (path: KeyPath) => string | undefined;

/** A plain value: a number is written the way JavaScript prints it. */
export function nodeOfValue(value: ConfigValue): Node {
  return build(value, [], () => undefined);
}

/** The value of a document. Throws E_INVALID when it has none. */
export function nodeOfDocument(document: ConfigDocument): Node {
  let texts: ReadonlyMap<string, string> | undefined;
  return build(valueOf(document), [], (path) => {
    texts ??= numberTexts(document);
    return texts.get(formatKeyPath(path));
  });
}

/** The value at a path of a document; undefined when there is none. Throws E_INVALID when the document has no value. */
export function nodeAt(document: ConfigDocument, path: KeyPath): Node | undefined {
  const value = getValue(document, path);
  if (value === undefined) return undefined;
  return build(value, [], (inner) => {
    const range = locate(document, [...path, ...inner], 'value');
    return range && writtenNumber(document.text.slice(range.start.offset, range.end.offset));
  });
}

/** A text that two nodes share exactly when they are equal; the order of keys does not count. */
export function identityText(node: Node): string {
  if (node.items !== undefined) return `[${node.items.map(identityText).join(',')}]`;
  if (node.entries === undefined) return scalarText(node);
  return `{${[...node.entries]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, entry]) => `${JSON.stringify(key)}:${identityText(entry)}`)
    .join(',')}}`;
}

/** Whether two nodes are equal; the order of keys does not count, the way a number is written does. */
export function equalNodes(a: Node, b: Node): boolean {
  if (a.kind !== b.kind) return false;
  if (a.items !== undefined && b.items !== undefined) {
    const others = b.items;
    return (
      a.items.length === others.length &&
      a.items.every((item, at) => others[at] !== undefined && equalNodes(item, others[at]))
    );
  }
  if (a.entries === undefined || b.entries === undefined) return scalarText(a) === scalarText(b);
  const others = b.entries;
  return (
    a.entries.size === others.size &&
    [...a.entries].every(([key, entry]) => {
      const other = others.get(key);
      return other !== undefined && equalNodes(entry, other);
    })
  );
}

/** A scalar so that different types and different ways to write a number never look the same. */
function scalarText({ value, text }: Node): string {
  if (text !== undefined) return text;
  return JSON.stringify(value);
}

function build(value: ConfigValue, path: KeyPath, numberText: NumberText): Node {
  if (isList(value))
    return { kind: 'list', value, items: value.map((item, at) => build(item, [...path, at], numberText)) };
  if (value === null) return { kind: 'null', value };
  if (typeof value === 'object') {
    const entries = Object.keys(value).map((key): [string, Node] => [
      key,
      build(value[key] ?? null, [...path, key], numberText),
    ]);
    return { kind: 'map', value, entries: new Map(entries) };
  }
  if (typeof value === 'boolean') return { kind: 'boolean', value };
  if (typeof value === 'string') return { kind: 'string', value };
  return { kind: 'number', value, text: numberText(path) ?? String(value) };
}

function isList(value: ConfigValue): value is readonly ConfigValue[] {
  return Array.isArray(value);
}

function numberTexts(document: ConfigDocument): ReadonlyMap<string, string> {
  return new Map(
    leaves(document)
      .filter(({ value }) => typeof value === 'number' || typeof value === 'bigint')
      .flatMap(({ path, range }): readonly (readonly [string, string])[] => {
        const text = writtenNumber(document.text.slice(range.start.offset, range.end.offset));
        return text === undefined ? [] : [[formatKeyPath(path), text]];
      }),
  );
}

/** The text when it is that of a number: what stands at the place of an alias is not. */
function writtenNumber(text: string): string | undefined {
  return /^[-+.\d]/.test(text) ? text : undefined;
}
