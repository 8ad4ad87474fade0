/** INI values that are lists, one item a line below the key, as Python's tools and PlatformIO write them. */
import { printNode, type Entry, type ListNode, type ScalarNode } from '../doc/index.js';
import { mergeLists } from './list.js';
import { resolveNode } from './merged.js';
import type { Place, Session } from './session.js';

/** The text of the merged value when its lines merge as the items of a list without a conflict. */
export function mergeLineLists(
  session: Session,
  versions: { readonly base: ScalarNode; readonly ours: ScalarNode; readonly theirs: ScalarNode },
  place: Place,
): string | undefined {
  const { base, ours, theirs } = versions;
  if (![base, ours, theirs].every(({ text }) => text.startsWith('\n'))) return undefined;
  const lists = { base: listOf(base.text), ours: listOf(ours.text), theirs: listOf(theirs.text) };
  const attempt = session.attempt(() => mergeLists(session, lists, place));
  if (attempt.conflicts.length > 0 || 'clash' in attempt.value) return undefined;
  const { node } = session.accept({ ...attempt, value: attempt.value });
  return printNode(resolveNode(node, 'ours')).replace(/\n$/, '');
}

/** Comments and blank lines belong to the item below them. */
function listOf(text: string): ListNode {
  const entries: Entry[] = [];
  let lead = '';
  for (const line of text.slice(1).split('\n')) {
    const [, indent = '', item = ''] = /^([ \t]*)(.*)$/.exec(line) ?? [];
    if (item === '' || /^[#;]/.test(item)) {
      lead += `${line}\n`;
      continue;
    }
    entries.push({ lead, indent, head: '', value: itemOf(item), tail: '\n', post: '', offset: 0 });
    lead = '';
  }
  const style = 'section';
  const pieces = { open: '', start: '\n', close: lead, trailingComma: false, column: 0, offset: 0, end: 0 };
  return { kind: 'list', style, entries, ...pieces };
}

function itemOf(text: string): ScalarNode {
  return { kind: 'scalar', style: 'plain', open: '', text, value: text.trimEnd(), offset: 0, end: 0 };
}
