/** New entries of a collection. */
import { isList } from '../equal.js';
import { printNode, type Entry, type ListNode, type MapNode, type Node } from '../tree.js';
import type { ConfigValue } from '../types.js';
import { yamlKey } from '../write/yaml-scalar.js';
import { yamlValue } from '../write/yaml.js';
import { bracketed, flowValue, withAddition, type Addition } from './flow-edit.js';
import { onlySpace, yamlLayout } from './layout.js';
import type { Splice } from './splice.js';
import { entryEnd, isEmptyNode, lineIndent, type Target } from './target.js';
import { replaceNode, type Candidate } from './write.js';

/** The ways to add an entry at the end of the collection (or instead of the nothing) that a target is. */
export function insertInto(target: Target, addition: Addition): Candidate[] {
  const { node, tree } = target;
  if (isEmptyNode(node)) return fillEmpty(target, addition);
  if (node.kind === 'scalar') return [];
  const last = node.entries.at(-1);
  if (node.style === 'block' && last) return blockEntry(target, { node, last }, addition);
  const context = { tree, lineIndent: lineIndent(target.text, node.offset) };
  const changed = withAddition(bracketed(node), addition, context);
  return [{ splices: [overFlow(node, changed)] }];
}

/** A collection put together anew, in the place of the old one. */
export function overFlow(node: Node, changed: Node): Splice {
  return { start: node.offset, end: node.end, text: printNode({ ...changed, open: '' }) };
}

function fillEmpty(target: Target, { name, value }: Addition): Candidate[] {
  const { node, tree, text } = target;
  const filled = name === undefined ? [value] : { [name]: value };
  const candidates = replaceNode(target, filled, {});
  if (tree.format === 'yaml' || node.kind === 'scalar') return candidates;
  const written = flowValue(filled, { tree, lineIndent: lineIndent(text, node.offset) });
  return [{ splices: [{ start: node.offset, end: node.end, text: written }] }];
}

/**
 * A line (or more) after the last entry of a block collection, behind a blank line where the entries have one between them (and no block scalar
 * swallows it).
 */
function blockEntry(
  target: Target,
  { node, last }: { readonly node: MapNode | ListNode; readonly last: Entry },
  { name, value }: Addition,
): Candidate[] {
  const { tree, text } = target;
  const { eol } = tree;
  const at = entryEnd(last);
  const indent = last.indent === '' ? ' '.repeat(node.column) : last.indent;
  const isSpaced = node.entries.length > 1 && /^[ \t]*\r?\n/.test(last.lead);
  const context = { layout: yamlLayout(tree), column: node.column, inList: name === undefined };
  const written = yamlValue(value, context);
  const head = name === undefined ? `-${dashSpace(last, value)}` : `${yamlKey(name, false)}:`;
  const line = indent + head + (name === undefined && head.length > 2 ? written.trimStart() : written);
  const isEnded = text[at - 1] === '\n';
  return (isSpaced ? [eol, ''] : ['']).map((blank) => {
    const added = isEnded ? blank + line + eol : eol + blank + line;
    return { splices: [{ start: at, end: at, text: added }] };
  });
}

/** Space behind the dash when the list has more of it than usual; only for what stays on the line. */
function dashSpace(last: Entry, value: ConfigValue): string {
  const space = onlySpace(last.value.open) ?? ' ';
  const oneLine = typeof value !== 'object' || value === null || (isList(value) && value.length === 0);
  return oneLine && !(typeof value === 'string' && value.includes('\n')) && space.length > 1 ? space : '';
}
