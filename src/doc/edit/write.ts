/** Texts that put a value in the place of another one. */
import { isList, isMap } from '../equal.js';
import { printDocument, printNode, type Node } from '../tree.js';
import type { ConfigScalar, ConfigValue } from '../types.js';
import { jsonScalar } from '../write/json.js';
import { yamlListLines, yamlMapLines, yamlFlow, yamlLeaf } from '../write/yaml.js';
import { yamlScalar } from '../write/yaml-scalar.js';
import { flowValue, isFilled } from './flow-edit.js';
import { paddingOf, yamlLayout } from './layout.js';
import type { Splice } from './splice.js';
import { documentOffset, lineIndent, type Target } from './target.js';

/** Splices of one way to write a value, and whether its tag is gone. */
export interface Candidate {
  readonly splices: readonly Splice[];
  readonly withoutTag?: boolean;
}

export interface WriteOptions {
  /** How the value was typed: written like that where the format reads it as the value. */
  readonly source?: string;
}

/** The ways to write a value over the node of a target, the best one first. */
export function replaceNode(target: Target, value: ConfigValue, { source }: WriteOptions): Candidate[] {
  const keep = writings(target, value, source).map((splices): Candidate => ({ splices }));
  const { tag } = target.node;
  if (tag === undefined) return keep;
  const drop = writings(withoutTag(target), value, source).map((splices): Candidate => ({
    splices: [dropTag(target), ...splices],
    withoutTag: true,
  }));
  return fitsTag(value, tag) ? [...keep, ...drop] : [...drop, ...keep];
}

/** The tags of YAML itself name the type of their value; any other one is for the application to judge. */
function fitsTag(value: ConfigValue, tag: string): boolean {
  return !tag.startsWith('!!') || tagsOf(value).includes(tag);
}

function tagsOf(value: ConfigValue): readonly string[] {
  if (value === null) return ['!!null'];
  if (isList(value)) return ['!!seq', '!!omap', '!!pairs'];
  if (isMap(value)) return ['!!map', '!!set'];
  if (typeof value === 'string') return ['!!str', '!!binary', '!!timestamp'];
  return typeof value === 'boolean' ? ['!!bool'] : ['!!int', '!!float'];
}

function withoutTag(target: Target): Target {
  const { tag: _, ...node } = target.node;
  return { ...target, node };
}

function dropTag({ text, openFrom, node }: Target): Splice {
  const start = text.indexOf(node.tag ?? '', openFrom);
  const end = start + (node.tag ?? '').length;
  return { start, end: text[end] === ' ' ? end + 1 : end, text: '' };
}

function writings(target: Target, value: ConfigValue, source: string | undefined): (readonly Splice[])[] {
  const { node } = target;
  if (isBlockCollection(node)) return [blockToAny(target, value)];
  if (target.inFlow) return flowTexts(target, value, source).map((text) => [overNode(target, text)]);
  if (isFilled(value)) {
    const flow = [overNode(target, yamlFlow(value, paddingOf(target.tree)))];
    const wasFlow = node.kind !== 'scalar' && node.entries.length > 0;
    return wasFlow ? [flow] : [[toBlock(target, value)], flow];
  }
  const texts =
    typeof value === 'object' && value !== null ? [isList(value) ? '[]' : '{}'] : leafTexts(target, value);
  return [...(source === undefined || typeof value === 'string' ? [] : [source]), ...texts].map((text) => [
    overNode(target, text),
  ]);
}

function isBlockCollection(node: Node): boolean {
  return node.kind !== 'scalar' && node.style === 'block';
}

function flowTexts(target: Target, value: ConfigValue, source: string | undefined): string[] {
  const { node, tree, text } = target;
  const style = node.kind === 'scalar' ? node.style : 'plain';
  const typed = source === undefined || typeof value === 'string' ? [] : [source];
  if (isList(value) || isMap(value))
    return [flowValue(value, { tree, lineIndent: lineIndent(text, node.offset) })];
  return [...typed, tree.format === 'json' ? jsonScalar(value) : yamlScalar(value, { flow: true, style })];
}

function leafTexts({ node, tree, column, last }: Target, value: ConfigScalar): string[] {
  const style = node.kind === 'scalar' ? node.style : 'plain';
  const quoted = yamlScalar(value, { flow: false, style: style === 'single' ? style : 'double' });
  const oneLine = yamlScalar(value, { flow: false, style });
  const comment = last?.entry.tail.trim() ?? '';
  if (typeof value !== 'string' || !value.includes('\n')) {
    const header = node.kind === 'scalar' ? blockComment(node.text, style) : '';
    return [oneLine + header, quoted + header];
  }
  return comment === '' ? [yamlLeaf(value, { layout: yamlLayout(tree), column, style }), quoted] : [quoted];
}

/** The comment in the header of a block scalar. */
function blockComment(text: string, style: string): string {
  return style === 'literal' || style === 'folded'
    ? (/^[^\r\n]*?([ \t]+#[^\r\n]*)/.exec(text)?.[1] ?? '')
    : '';
}

/** A text in the place of the node; after `key:` with nothing behind it a space comes first. */
function overNode(target: Target, text: string): Splice {
  const { node, last } = target;
  const isEmpty = node.kind === 'scalar' && node.style === 'empty';
  if (!isEmpty) return { start: node.offset, end: node.end, text };
  const lineBreak = last || target.text.length > node.end ? '' : target.tree.eol;
  return {
    start: node.offset,
    end: node.end,
    text: emptyPrefix(target, last?.entry.head ?? '') + text + lineBreak,
  };
}

/** What stands between an indicator with nothing behind it and the new value. */
function emptyPrefix({ tree, text, node, last, inFlow }: Target, head: string): string {
  const before = text[node.offset - 1];
  if (!last) return rootPrefix(text, node.offset, tree.eol);
  if (last.entry.key && !head.endsWith(':'))
    return inFlow ? ': ' : `${tree.eol}${' '.repeat(last.parent.column)}: `;
  return before === ' ' || before === '\t' ? '' : ' ';
}

/** The value of an empty document begins on a line of its own. */
function rootPrefix(text: string, offset: number, eol: string): string {
  return offset === 0 || text[offset - 1] === '\n' || text[offset - 1] === '\uFEFF' ? '' : eol;
}

/** A collection in lines below the indicator, in the place of a scalar or an empty collection behind it. */
function toBlock(target: Target, value: ConfigValue): Splice {
  const { tree, text, node, last, openFrom } = target;
  if (!last) return rootBlock(target, value);
  const tail = last.entry.tail;
  const lineLength = (/^[^\r\n]*/.exec(tail)?.[0] ?? '').length;
  const anchor = node.anchor === undefined ? '' : ` &${node.anchor}`;
  const tag = node.tag === undefined ? '' : ` ${node.tag}`;
  const comment = commentOf(text.slice(openFrom, node.offset)) + tail.slice(0, lineLength).trimEnd();
  const colon =
    last.entry.key && !last.entry.head.endsWith(':') ? `${tree.eol}${' '.repeat(last.parent.column)}:` : '';
  const compact = !last.entry.key && anchor + tag + comment === '';
  const lines = blockLines(target, value, compact);
  return {
    start: openFrom,
    end: node.end + lineLength,
    text: colon + tag + anchor + comment + lines,
  };
}

function commentOf(open: string): string {
  const comment = /(^|\s)#[^\r\n]*/.exec(open)?.[0] ?? '';
  return comment === '' ? '' : ` ${comment.trim()}`;
}

/** ` a: 1` behind a `-`, or a line break and the lines. */
function blockLines({ tree, column, last }: Target, value: ConfigValue, compact: boolean): string {
  const layout = yamlLayout(tree);
  const below = isList(value) ? layout.listStep : layout.step;
  const inner = last?.entry.key ? column + below : column + 2;
  const lines = linesAt(value, tree.eol === '\n' ? layout : { ...layout, eol: tree.eol }, inner);
  return compact ? ` ${lines}` : tree.eol + ' '.repeat(inner) + lines;
}

function linesAt(value: ConfigValue, layout: ReturnType<typeof yamlLayout>, column: number): string {
  if (isList(value)) return yamlListLines(value, { layout, column });
  return isMap(value) ? yamlMapLines(value, { layout, column }) : '';
}

function rootBlock({ tree, text, node }: Target, value: ConfigValue): Splice {
  const lines = linesAt(value, yamlLayout(tree), 0);
  const prefix = rootPrefix(text, node.offset, tree.eol);
  const ended = text.length > node.end;
  const isNew = text.slice(tree.bom.length) === '' || (node.kind === 'scalar' && node.style === 'empty');
  return { start: node.offset, end: node.end, text: prefix + lines + (isNew && !ended ? tree.eol : '') };
}

/** A value of any kind in the place of the lines of a block collection. */
function blockToAny(target: Target, value: ConfigValue): Splice[] {
  const { tree, text, node, openFrom, regionEnd, last } = target;
  if (node.kind === 'scalar') return [];
  const end = regionEnd - node.close.length - (last?.entry.tail.length ?? 0);
  const hasBreak = text[end - 1] === '\n';
  const lineBreak = hasBreak ? tree.eol : '';
  const start = last ? openFrom : node.offset - (node.entries[0]?.indent.length ?? 0);
  const anchor = node.anchor === undefined ? '' : ` &${node.anchor}`;
  const tag = node.tag === undefined ? '' : ` ${node.tag}`;
  const comment = last ? commentOf(node.open) : '';
  const properties = last ? tag + anchor : '';
  if (isFilled(value)) {
    if (!last) return [{ start, end, text: linesAt(value, yamlLayout(tree), 0) + lineBreak }];
    const compact = !last.entry.key && properties + comment === '';
    return [{ start, end, text: properties + comment + blockLines(target, value, compact) + lineBreak }];
  }
  const written = isList(value) || isMap(value) ? yamlFlow(value) : scalarFor(target, value, comment !== '');
  return [{ start, end, text: `${properties}${last ? ' ' : ''}${written}${comment}${lineBreak}` }];
}

function scalarFor({ tree, column }: Target, value: ConfigScalar, oneLine: boolean): string {
  if (oneLine)
    return yamlScalar(value, {
      flow: false,
      ...(typeof value === 'string' && value.includes('\n') ? { style: 'double' } : {}),
    });
  return yamlLeaf(value, { layout: yamlLayout(tree), column });
}

/** The text of a node as it was in another document, in the place of what is there now. */
export function likeNode(target: Target, like: Target): Splice {
  const { openFrom, regionEnd, tree, documentIndex } = target;
  if (target.last && like.last) {
    const { head, tail } = like.last.entry;
    const start = openFrom - target.last.entry.head.length;
    return { start, end: regionEnd, text: head + printNode(like.node) + tail };
  }
  const start = documentOffset(tree, documentIndex);
  return { start, end: start + printDocument(target.document).length, text: printDocument(like.document) };
}
