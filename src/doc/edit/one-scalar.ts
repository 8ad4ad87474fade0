/** The most frequent edit, one scalar for another on its line, without reading the whole text again. */
import { defaultLimits, type ConfigDocument } from '../document.js';
import { isScalar } from '../equal.js';
import type { DocumentTree, Entry, MapNode, Node, ScalarNode, ScalarStyle } from '../tree.js';
import type { ConfigScalar, ConfigValue } from '../types.js';
import type { Editable, SetOptions } from './editable.js';
import type { Target } from './target.js';
import { replaceNode } from './write.js';

/**
 * The document with the scalar of a target replaced; undefined where that needs another look. Only the new scalar is judged: what stands on one
 * line, before and after, with nothing in it that YAML gives a meaning, cannot change how anything else is read. The tree is the same as that
 * of the new text, parsed (a test compares them).
 */
export function replaceScalar(
  { doc, tree }: Editable,
  target: Target,
  { value, options }: { readonly value: ConfigValue; readonly options: SetOptions },
): ConfigDocument | undefined {
  const { node } = target;
  if (!isSimple(doc, target) || node.kind !== 'scalar' || !isScalar(value)) return undefined;
  const [candidate] = replaceNode(target, value, options);
  const [splice, more] = candidate?.splices ?? [];
  if (splice === undefined || more !== undefined) return undefined;
  if (splice.start !== node.offset || splice.end !== node.end) return undefined;
  const style = styleOf(splice.text, value, tree.format);
  if (style === undefined) return undefined;
  const text = doc.text.slice(0, splice.start) + splice.text + doc.text.slice(splice.end);
  if (text.length > defaultLimits.maxLength) return undefined;
  const written = { ...node, style, text: splice.text, value, end: node.offset + splice.text.length };
  return {
    format: doc.format,
    text,
    diagnostics: [],
    valid: true,
    tree: withNode(tree, node, written),
    options: doc.options,
    origin: doc.origin ?? doc,
  };
}

function isSimple(doc: ConfigDocument, { node, last }: Target): boolean {
  return (
    last !== undefined &&
    doc.valid &&
    doc.diagnostics.length === 0 &&
    doc.options.limits === undefined &&
    isOneLine(node)
  );
}

/** Whether a node is a scalar on one line, without anchor and tag. */
export function isOneLine(node: Node): node is ScalarNode {
  return (
    node.kind === 'scalar' &&
    (node.style === 'plain' || node.style === 'single' || node.style === 'double') &&
    node.anchor === undefined &&
    node.tag === undefined &&
    !/[\r\n]/.test(node.text)
  );
}

/** Words that are no strings in YAML, in any version of it. */
const reserved = new Set(['true', 'false', 'null', 'yes', 'no', 'on', 'off', 'y', 'n']);

/** What a text means that can only be read in one way, wherever it stands; undefined for every other. */
export function plainMeaning(
  text: string,
  format: DocumentTree['format'],
): Pick<ScalarNode, 'style' | 'value'> | undefined {
  const value = literalOf(text);
  const style = value === undefined ? undefined : styleOf(text, value, format);
  return value === undefined || style === undefined ? undefined : { value, style };
}

function literalOf(text: string): ConfigScalar | undefined {
  if (text === 'true' || text === 'false') return text === 'true';
  if (text === 'null') return null;
  if (/^-?\d+$/.test(text)) return Number(text);
  return text.startsWith('"') ? text.slice(1, -1) : text;
}

/** The style of a text that can only be read as this value, wherever it stands; undefined for every other. */
export function styleOf(
  text: string,
  value: ConfigScalar,
  format: DocumentTree['format'],
): ScalarStyle | undefined {
  if (typeof value === 'boolean' || value === null) return text === String(value) ? 'plain' : undefined;
  if (typeof value === 'number')
    return Number.isSafeInteger(value) && text === String(value) ? 'plain' : undefined;
  if (typeof value !== 'string') return undefined;
  if (/^"[\x20-\x7e]*"$/.test(text) && !/["\\]/.test(value))
    return text.slice(1, -1) === value ? 'double' : undefined;
  if (format !== 'yaml' || text !== value) return undefined;
  return /^[A-Za-z][\w./-]*$/.test(text) && !reserved.has(text.toLowerCase()) ? 'plain' : undefined;
}

/** The tree with one node replaced, and everything after it moved by what the text got longer. */
export function withNode(tree: DocumentTree, old: ScalarNode, node: ScalarNode): DocumentTree {
  const move: Move = { from: old.end, by: node.end - old.end, old, node };
  const documents = tree.documents.map((document) => ({ ...document, value: moved(document.value, move) }));
  return { ...tree, documents };
}

interface Move {
  readonly from: number;
  readonly by: number;
  readonly old: ScalarNode;
  readonly node: ScalarNode;
}

function moved(node: Node, move: Move): Node {
  if (node === move.old) return move.node;
  const { from, by } = move;
  if (node.end < from) return node;
  const place = { offset: node.offset >= from ? node.offset + by : node.offset, end: node.end + by };
  if (node.kind === 'scalar') return node.offset < from ? node : { ...node, ...place };
  if (node.kind === 'list')
    return { ...node, ...place, entries: node.entries.map((entry) => movedEntry(entry, move)) };
  return { ...node, ...place, entries: node.entries.map((entry) => movedMapEntry(entry, move)) };
}

function movedEntry(entry: Entry, move: Move): Entry {
  const value = moved(entry.value, move);
  const offset = entry.offset >= move.from ? entry.offset + move.by : entry.offset;
  return value === entry.value && offset === entry.offset ? entry : { ...entry, value, offset };
}

function movedMapEntry(entry: MapNode['entries'][number], move: Move): MapNode['entries'][number] {
  const { key } = entry;
  const { value, offset } = movedEntry(entry, move);
  if (key.offset < move.from)
    return value === entry.value && offset === entry.offset ? entry : { ...entry, value, offset };
  const { anchored } = key;
  const place = anchored && {
    anchored: { ...anchored, offset: anchored.offset + move.by, end: anchored.end + move.by },
  };
  return { ...entry, value, offset, key: { ...key, ...place, offset: key.offset + move.by } };
}
