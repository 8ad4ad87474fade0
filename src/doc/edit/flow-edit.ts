/** Edits of bracketed collections: the collection is put together anew from its pieces. */
import { isList, isMap } from '../equal.js';
import type { DocumentTree, Entry, ListNode, MapNode } from '../tree.js';
import type { ConfigObject, ConfigValue } from '../types.js';
import { jsonScalar, jsonValue } from '../write/json.js';
import { yamlFlow } from '../write/yaml.js';
import { yamlKey } from '../write/yaml-scalar.js';
import { hasOwnLine, jsonLayout, onlySpace, paddingOf } from './layout.js';

type Collection = MapNode | ListNode;

/** What is added at the end of a collection. */
export interface Addition {
  /** Absent in a list. */
  readonly name?: string;
  readonly value: ConfigValue;
}

export interface FlowContext {
  readonly tree: DocumentTree;
  /** The white space that the line of the collection begins with. */
  readonly lineIndent: string;
}

/** A value as text inside of brackets. */
export function flowValue(value: ConfigValue, { tree, lineIndent }: FlowContext, ownLine = true): string {
  if (tree.format === 'yaml') return yamlFlow(value, paddingOf(tree));
  const layout = jsonLayout(tree);
  return jsonValue(value, ownLine ? layout : { ...layout, indent: '' }, lineIndent);
}

/** A collection with one more entry, which looks like the one before it. */
export function withAddition(node: Collection, addition: Addition, context: FlowContext): Collection {
  const index = node.entries.length - 1;
  const last = node.entries[index];
  if (!last) return node;
  const ownLine = hasOwnLine(node, index);
  const alone = index === 0 && !ownLine;
  const indent = alone
    ? context.tree.format === 'json'
      ? jsonLayout(context.tree).comma
      : ' '
    : last.indent;
  const entry: Entry = {
    lead: '',
    indent: ownLine ? (/^[ \t]*/.exec(indent)?.[0] ?? '') : (onlySpace(indent) ?? ' '),
    ...headAndValue(
      last,
      addition,
      { ...context, lineIndent: ownLine ? last.indent : context.lineIndent },
      ownLine,
    ),
    tail: '',
    post: last.post === '' ? '' : context.tree.eol,
    offset: 0,
  };
  const post = ownLine && last.post === '' ? context.tree.eol : last.post;
  return withEntries(node, [...node.entries.slice(0, -1), { ...last, post }, entry]);
}

function headAndValue(
  like: Entry,
  { name, value }: Addition,
  context: FlowContext,
  ownLine: boolean,
): Pick<Entry, 'head' | 'value' | 'key'> {
  const text = flowValue(value, context, ownLine);
  const open = name === undefined ? '' : (onlySpace(like.value.open) ?? ' ');
  const key = { name: name ?? '', id: `=${name}`, occurrence: 1, text: '', offset: 0 };
  const written = { kind: 'scalar' as const, style: 'plain' as const, value: null, offset: 0, end: 0 };
  if (name === undefined) return { head: '', value: { ...written, open: '', text } };
  const keyText = context.tree.format === 'json' ? jsonScalar(name) : yamlKey(name, true);
  const colon = like.key ? like.head.slice(like.head.indexOf(like.key.text) + like.key.text.length) : ':';
  const needsSpace = context.tree.format === 'yaml' && open === '';
  return {
    head: keyText + (/^\s*:$/.test(colon) ? colon : ':'),
    value: { ...written, open: needsSpace ? ' ' : open, text },
    key,
  };
}

/** A collection without one of its entries, the layout of the others as it was. */
export function withoutEntry(node: Collection, index: number): Collection {
  const removed = node.entries[index];
  const entries = node.entries.filter((_, at) => at !== index);
  if (!removed || entries.length === 0) return { ...withEntries(node, []), ...emptied(node) };
  const [first] = entries;
  if (index === 0 && first && !hasOwnLine(node, 1)) {
    return withEntries(node, [
      { ...first, indent: removed.indent, lead: removed.lead === '' ? '' : first.lead },
      ...entries.slice(1),
    ]);
  }
  const before = entries[index - 1];
  if (!before) return withEntries(node, entries);
  return withEntries(node, entries.with(index - 1, { ...before, post: postBefore(before, removed) }));
}

/** The line break behind a removed entry stays, and the one before it goes if that entry had none. */
function postBefore(before: Entry, removed: Entry): string {
  if (before.post === '' && removed.post.endsWith('\n')) return /\r?\n$/.exec(removed.post)?.[0] ?? '';
  return removed.post === '' && onlySpace(before.post.trimEnd()) !== undefined && before.post.trim() === ''
    ? ''
    : before.post;
}

function emptied(node: Collection): Pick<Collection, 'start' | 'close' | 'trailingComma'> {
  const bracket = node.start.slice(0, 1);
  const inner = node.start.slice(1) + node.close.slice(0, -1);
  const close = node.close.slice(-1);
  return inner.trim() === ''
    ? { start: bracket, close, trailingComma: false }
    : { start: node.start, close: node.close, trailingComma: false };
}

function withEntries(node: Collection, entries: readonly Entry[]): Collection {
  if (node.kind === 'list') return { ...node, entries };
  return { ...node, entries: entries.flatMap((entry) => (entry.key ? [{ ...entry, key: entry.key }] : [])) };
}

/** `[a: 1]` has a map without brackets in it; it gets them before it changes. */
export function bracketed(node: Collection): Collection {
  return node.start === '' ? { ...node, start: '{', close: '}' } : node;
}

/** Whether a value is a collection with something in it. */
export function isFilled(value: ConfigValue): value is ConfigObject | readonly ConfigValue[] {
  return isList(value) ? value.length > 0 : isMap(value) && Object.keys(value).length > 0;
}
