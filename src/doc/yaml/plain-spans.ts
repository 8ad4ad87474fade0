/** The spans of plain YAML, found by its lines. What they mean was read before (`plain.ts`). */
import { isList, isMap, isScalar, ownValue } from '../equal.js';
import type { ScalarStyle } from '../tree.js';
import type { ConfigScalar, ConfigValue } from '../types.js';
import { blockFrom, firstBlock, isRest, lineAfter, type Block } from './plain-place.js';
import { doubleQuoted, flowEnd, isItemAt, plainKeyHead, singleQuoted, spaceEnd } from './plain.js';
import type { Content, Span, SpanKey } from './spans.js';

/** The span of the document of a text that `readPlain` takes, and of which it read `value`. */
export function plainSpan(text: string, value: ConfigValue): Span {
  return new PlainSpans(text).document(value);
}

/** What a value consists of, and where it ends. */
interface Extent {
  readonly content: Content;
  readonly end: number;
}

/** What stands before a value. */
type Head = Pick<Span, 'start' | 'headEnd' | 'key'>;

/** One run over a text. */
class PlainSpans {
  readonly #text: string;
  /** The first line, from its first character on, that is not in a span yet and neither empty nor a comment; of a map in an item, what it begins with. */
  #next: Block | undefined;

  constructor(text: string) {
    this.#text = text;
  }

  document(value: ConfigValue): Span {
    this.#next = firstBlock(this.#text);
    return spanOf({ start: 0, headEnd: 0 }, this.#block(value));
  }

  #block(value: ConfigValue | undefined): Extent {
    const first = this.#next?.from ?? 0;
    const isItems = isItemAt(this.#text, first);
    const found = isItems ? this.#items(value) : this.#entries(value);
    const content = { kind: 'block', of: isItems ? 'list' : 'map', first, spans: () => found } as const;
    return { content, end: found.at(-1)?.end ?? first };
  }

  #entries(value: ConfigValue | undefined): readonly Span[] {
    const column = this.#next?.column;
    const spans: Span[] = [];
    for (let at = this.#next; at !== undefined && at.column === column; at = this.#next) {
      const head = keyAt(this.#text, at.from);
      if (head === undefined) break;
      const own = isMap(value) ? ownValue(value, head.key.name) : undefined;
      spans.push(spanOf(head, this.#behind(head, at.column, own)));
    }
    return spans;
  }

  #items(value: ConfigValue | undefined): readonly Span[] {
    const column = this.#next?.column;
    const spans: Span[] = [];
    for (let at = this.#next; at !== undefined && at.column === column; at = this.#next) {
      if (!isItemAt(this.#text, at.from)) break;
      const head = { start: at.from, headEnd: at.from + 1 };
      const own = isList(value) ? value[spans.length] : undefined;
      spans.push(spanOf(head, this.#behind(head, at.column, own)));
    }
    return spans;
  }

  /** The value behind a `key:` or `-` in a column; afterwards at the line after it. */
  #behind({ headEnd, key }: Head, column: number, value: ConfigValue | undefined): Extent {
    const at = spaceEnd(this.#text, headEnd);
    if (isRest(this.#text, at)) return this.#below({ headEnd, key }, column, value);
    if (this.#text[at] === '|') return this.#literal(at, value);
    if (key === undefined && keyAt(this.#text, at) !== undefined) {
      this.#next = { from: at, column: column + at - headEnd + 1 };
      return this.#block(value);
    }
    const extent = this.#inline(at, value);
    this.#goAfter(extent.end);
    return extent;
  }

  #below({ headEnd, key }: Omit<Head, 'start'>, column: number, value: ConfigValue | undefined): Extent {
    this.#goAfter(headEnd);
    const next = this.#next;
    const isDeeper = next !== undefined && next.column > column;
    const isOwnList = next?.column === column && key !== undefined && isItemAt(this.#text, next.from);
    if (isDeeper || isOwnList) return this.#block(value);
    return { content: scalar(headEnd, 'empty', null), end: headEnd };
  }

  #goAfter(at: number): void {
    this.#next = blockFrom(this.#text, lineAfter(this.#text, at));
  }

  /** A `|` text: the lines below it as deep as the first of them, without the blank ones at its end. */
  #literal(offset: number, value: ConfigValue | undefined): Extent {
    const text = this.#text;
    const column = blockColumn(text, lineAfter(text, offset));
    let end = offset;
    let line = lineAfter(text, offset);
    for (; line !== undefined; line = lineAfter(text, line)) {
      const at = spaceEnd(text, line);
      if (text[at] === '\n' || at === text.length) continue;
      if (at - line < column) break;
      end = lineEnd(text, at);
    }
    this.#next = blockFrom(text, line);
    return { content: scalar(offset, 'literal', value), end };
  }

  /** A value on its line that is no block collection. */
  #inline(at: number, value: ConfigValue | undefined): Extent {
    const mark = this.#text[at];
    if (mark === '[' || mark === '{') return this.#flow(at, value);
    if (mark === '"')
      return { content: scalar(at, 'double', value), end: matchEnd(doubleQuoted, this.#text, at) };
    if (mark === "'")
      return { content: scalar(at, 'single', value), end: matchEnd(singleQuoted, this.#text, at) };
    const line = this.#text.slice(at, lineEnd(this.#text, at));
    const comment = line.indexOf(' #');
    const written = comment < 0 ? line : line.slice(0, comment);
    return { content: scalar(at, 'plain', value), end: at + withoutSpace(written) };
  }

  /** A collection in brackets. */
  #flow(offset: number, value: ConfigValue | undefined): Extent {
    const text = this.#text;
    const isOfMap = text[offset] === '{';
    const found: Span[] = [];
    const commas: number[] = [];
    let at = spaceEnd(text, offset + 1);
    while (text[at] !== (isOfMap ? '}' : ']')) {
      const span = isOfMap ? this.#flowEntry(at, value) : this.#flowItem(at, value, found.length);
      found.push(span);
      at = spaceEnd(text, span.end);
      if (text[at] !== ',') break;
      commas.push(at);
      at = spaceEnd(text, at + 1);
    }
    const of = isOfMap ? 'map' : 'list';
    return { content: { kind: 'flow', of, offset, close: at, commas, spans: () => found }, end: at + 1 };
  }

  #flowEntry(at: number, value: ConfigValue | undefined): Span {
    const head = keyAt(this.#text, at) ?? { start: at, headEnd: at, key: undefined };
    const own = isMap(value) && head.key ? ownValue(value, head.key.name) : undefined;
    return spanOf(head, this.#flowValue(spaceEnd(this.#text, head.headEnd), own));
  }

  #flowItem(at: number, value: ConfigValue | undefined, index: number): Span {
    const own = isList(value) ? value[index] : undefined;
    return spanOf({ start: at, headEnd: at }, this.#flowValue(at, own));
  }

  #flowValue(at: number, value: ConfigValue | undefined): Extent {
    if (/["'[{]/.test(this.#text[at] ?? '')) return this.#inline(at, value);
    flowEnd.lastIndex = at;
    const end = flowEnd.exec(this.#text)?.index ?? at;
    return { content: scalar(at, 'plain', value), end: at + withoutSpace(this.#text.slice(at, end)) };
  }
}

/** Written out, as in `entryOf`: there is one for every entry of a file. */
function spanOf({ start, headEnd, key }: Head, { content, end }: Extent): Span {
  return { start, headEnd, end, content, key };
}

function scalar(offset: number, style: ScalarStyle, value: ConfigValue | undefined): Content {
  return { kind: 'scalar', offset, style, value: scalarOf(value) };
}

function scalarOf(value: ConfigValue | undefined): ConfigScalar {
  return value !== undefined && isScalar(value) ? value : null;
}

function keyAt(text: string, at: number): (Head & { readonly key: SpanKey }) | undefined {
  plainKeyHead.lastIndex = at;
  const [all, plain, double, single] = plainKeyHead.exec(text) ?? [];
  if (all === undefined) return undefined;
  const name = plain ?? double ?? single ?? '';
  const key = { name, id: `=${name}`, text: all.slice(0, -1), offset: at };
  return { start: at, headEnd: at + all.length, key };
}

function blockColumn(text: string, line: number | undefined): number {
  return line === undefined ? 0 : spaceEnd(text, line) - line;
}

function lineEnd(text: string, at: number): number {
  const newline = text.indexOf('\n', at);
  return newline < 0 ? text.length : newline;
}

function matchEnd(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  return at + (pattern.exec(text)?.[0].length ?? 0);
}

/** The length of a text without the spaces at its end. */
function withoutSpace(text: string): number {
  let end = text.length;
  while (text.charCodeAt(end - 1) === 32) end -= 1;
  return end;
}
