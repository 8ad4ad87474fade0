/** INI values that are lists, one item a line, as Python's tools and PlatformIO write them (the first may stand behind the key), or between commas. */
import { printNode, type Entry, type ListNode, type ScalarNode } from '../doc/index.js';
import { mergeLists } from './list.js';
import { resolveNode } from './merged.js';
import type { Place, Session } from './session.js';

export interface LineLists {
  /** Absent where both sides added the key. */
  readonly base: ScalarNode | undefined;
  readonly ours: ScalarNode;
  readonly theirs: ScalarNode;
}

/** The merged value, laid out as `like`, when its lines merge as the items of a list without a conflict. */
export function mergeLineLists(
  session: Session,
  { base, ours, theirs }: LineLists,
  { like, place }: { readonly like: ScalarNode; readonly place: Place },
): string | undefined {
  const lists = {
    base: base === undefined ? undefined : listOf(base.text),
    ours: listOf(ours.text),
    theirs: listOf(theirs.text),
  };
  if (isToggled(lists.ours, lists.theirs, lists.base) || isToggled(lists.theirs, lists.ours, lists.base))
    return undefined;
  const attempt = session.attempt(() => mergeLists(session, lists, place));
  if (attempt.conflicts.length > 0 || 'clash' in attempt.value) return undefined;
  const node = resolveNode(attempt.value.node, 'ours');
  const text = node.kind === 'list' ? printed(node, like.text) : undefined;
  if (text !== undefined) session.accept(attempt);
  return text;
}

/**
 * The merged value of a list in one line, items between commas, when it merges without a conflict. Less than three items, or anything but
 * words, may as well be a sentence or a number of many parts, which only make sense as a whole.
 */
export function mergeCommaLists(session: Session, lists: LineLists, place: Place): string | undefined {
  const { base, ours, theirs } = lists;
  if (base === undefined || ![base, ours, theirs].every(({ text }) => isCommaList(text))) return undefined;
  const lines = (node: ScalarNode): ScalarNode => ({
    ...node,
    text: `\n${node.text.split(comma).join('\n')}`,
  });
  const like = lines(ours);
  const merged = mergeLineLists(
    session,
    { base: lines(base), ours: like, theirs: lines(theirs) },
    { like, place },
  );
  const separator = comma.exec(ours.text)?.[0] ?? ', ';
  return merged
    ?.trim()
    .split(/\n[ \t]*/)
    .join(separator);
}

const comma = /[ \t]*,[ \t]*/;

function isCommaList(text: string): boolean {
  const items = text.split(comma);
  return (
    items.length > 2 &&
    items.every((item) => /^(?![#;])[^"'()[\]\n]*[a-z]/i.test(item)) &&
    !/["'()[\]]/.test(text)
  );
}

/** Whether an item that a side put in stands in the other one's comments, where nobody had it: one line, on and off. */
function isToggled(side: ListNode, other: ListNode, base: ListNode | undefined): boolean {
  const known = new Set(base === undefined ? [] : [...itemsOf(base), ...commentsOf(base)]);
  const off = new Set(commentsOf(other));
  return itemsOf(side).some((item) => off.has(item) && !known.has(item));
}

function itemsOf({ entries }: ListNode): readonly string[] {
  return entries.map(({ value }) => (value.kind === 'scalar' ? value.text.trim() : ''));
}

function commentsOf({ entries, close }: ListNode): readonly string[] {
  const lines = [...entries.map(({ lead }) => lead), close].join('').split('\n');
  return lines.map((line) => line.replace(/^[ \t]*[#;]+[ \t]*/, '').trim());
}

/** Comments and blank lines belong to the item below them. */
function listOf(text: string): ListNode {
  const entries: Entry[] = [];
  let lead = '';
  const [beside = '', ...lines] = text.split('\n');
  if (beside.trim() !== '') entries.push(entryOf(beside.trim(), { lead, indent: '' }));
  for (const line of lines) {
    const [, indent = '', item = ''] = /^([ \t]*)(.*)$/.exec(line) ?? [];
    if (item === '' || /^[#;]/.test(item)) {
      lead += `${line}\n`;
      continue;
    }
    entries.push(entryOf(item, { lead, indent }));
    lead = '';
  }
  const style = 'section';
  const pieces = { open: '', start: '\n', close: lead, trailingComma: false, column: 0, offset: 0, end: 0 };
  return { kind: 'list', style, entries, ...pieces };
}

function entryOf(text: string, above: Pick<Entry, 'lead' | 'indent'>): Entry {
  const place = { offset: 0, end: 0 };
  const value: ScalarNode = {
    kind: 'scalar',
    style: 'plain',
    open: '',
    text,
    value: text.trimEnd(),
    ...place,
  };
  return { ...above, head: '', value, tail: '\n', post: '', offset: 0 };
}

/** The list with its first item where `like` has its own; undefined where a comment stands above that. */
function printed(list: ListNode, like: string): string | undefined {
  const [first = ''] = like.split('\n', 1);
  const isBeside = first.trim() !== '';
  const indent = /\n([ \t]+)\S/.exec(like)?.[1] ?? '    ';
  const entries = list.entries.map((entry, at) => ({
    ...entry,
    indent: isBeside && at === 0 ? '' : entry.indent || indent,
  }));
  if (isBeside && entries[0]?.lead !== '') return undefined;
  return printNode({ ...list, start: isBeside ? '' : `${first}\n`, entries }).replace(/\n$/, '');
}
