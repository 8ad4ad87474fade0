/** JSON text, with or without comments, to a tree and diagnostics (RFC 8259; comments as in JSONC). */
import type { Problem, Problems } from '../diagnostics.js';
import type { Limits } from '../document.js';
import { entryOf } from '../entry.js';
import { cutFlow } from '../flow.js';
import { Occurrences } from '../occurrences.js';
import type {
  DocumentNode,
  Entry,
  EntryKey,
  ListNode,
  MapEntry,
  MapNode,
  Node,
  ScalarNode,
} from '../tree.js';
import type { ConfigScalar } from '../types.js';
import { skipTrivia, slashLineEnd, type CommentSpan } from './trivia.js';

export interface JsonOptions {
  readonly limits: Limits;
  readonly problems: Problems;
  /** Whether comments and a comma at the end are allowed. Where they are not, they are errors, but the tree is there. */
  readonly comments: boolean;
}

/** Reads one JSON value; `undefined` when it has no structure, and then `problems` says why. */
export function parseJson(source: string, options: JsonOptions): readonly DocumentNode[] | undefined {
  try {
    return [new JsonReader(source, options).document()];
  } catch (error) {
    if (!(error instanceof NoStructure)) throw error;
    options.problems.add(error.problem);
    return undefined;
  }
}

/** Ends the reading at the first mistake of syntax; never leaves this file. */
class NoStructure extends Error {
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.message);
    this.problem = problem;
  }
}

interface Item {
  readonly start: number;
  readonly end: number;
  readonly own: { readonly head: string; readonly value: Node; readonly key?: EntryKey };
}

/** What is between two brackets. */
interface Items {
  readonly items: readonly Item[];
  readonly commas: readonly number[];
  readonly close: number;
}

class JsonReader {
  private at: number;
  private depth = 0;
  private readonly source: string;
  private readonly options: JsonOptions;

  constructor(source: string, options: JsonOptions) {
    this.source = source;
    this.options = options;
    this.at = source.startsWith('\uFEFF') ? 1 : 0;
  }

  document(): DocumentNode {
    const from = this.at;
    this.skip();
    if (this.at >= this.source.length) return this.empty(from);
    const head = this.source.slice(from, this.at);
    const value = this.value(this.at);
    const end = this.at;
    this.skip();
    if (this.at < this.source.length) throw this.trailingContent();
    return { head, value, foot: this.source.slice(end) };
  }

  /** A file without a value is no JSON, but it is one that can be filled. */
  private empty(from: number): DocumentNode {
    this.options.problems.add(this.problem('the file has no value', this.source.length));
    const value: ScalarNode = {
      kind: 'scalar',
      style: 'empty',
      open: '',
      text: '',
      value: null,
      offset: this.source.length,
      end: this.source.length,
    };
    return { head: this.source.slice(from), value, foot: '' };
  }

  /** The value at the current place; `openFrom` is where its `open` begins. */
  private value(openFrom: number): Node {
    const open = this.source.slice(openFrom, this.at);
    switch (this.source[this.at]) {
      case '{':
        return this.collection(open, 'map');
      case '[':
        return this.collection(open, 'list');
      case '"': {
        const offset = this.at;
        const value = this.string();
        return this.scalar({ open, offset, style: 'double', value });
      }
      default:
        return this.word(open);
    }
  }

  private scalar(
    part: Pick<ScalarNode, 'open' | 'offset' | 'style'> & { readonly value: ConfigScalar },
  ): ScalarNode {
    return { kind: 'scalar', ...part, text: this.source.slice(part.offset, this.at), end: this.at };
  }

  private word(open: string): ScalarNode {
    const offset = this.at;
    const word = matchAt(/[^\s,:[\]{}"/]+/y, this.source, offset);
    const value = word === undefined ? undefined : scalarOfWord(word);
    if (word === undefined || value === undefined) {
      throw this.syntax('expected a value', offset + (word?.length ?? 1));
    }
    this.at += word.length;
    return this.scalar({ open, offset, style: 'plain', value });
  }

  private string(): string {
    const start = this.at;
    const end = stringEnd(this.source, start);
    if (end === undefined) throw this.syntax('the string does not end', this.source.length);
    this.at = end;
    try {
      return String(JSON.parse(this.source.slice(start, end)));
    } catch {
      this.at = start;
      throw this.syntax('the string has an invalid escape or a control character in it', end);
    }
  }

  private collection(open: string, kind: 'map' | 'list'): MapNode | ListNode {
    const offset = this.at;
    this.depth += 1;
    if (this.depth > this.options.limits.maxDepth) throw this.tooDeep(offset);
    const found = this.items(kind);
    const cut = cutFlow({
      source: this.source,
      from: offset + 1,
      to: found.close,
      entries: found.items,
      commas: found.commas,
      lineEnd: slashLineEnd,
    });
    this.at = found.close + 1;
    this.depth -= 1;
    const entries = found.items.map((item, index): Entry => entryOf(cut.entries[index] ?? bare, item.own));
    const list: ListNode = {
      kind: 'list',
      open,
      offset,
      end: this.at,
      style: 'flow',
      start: this.source.slice(offset, offset + 1) + cut.startRest,
      entries,
      trailingComma: cut.trailingComma,
      close: cut.closeLead + this.source.slice(found.close, this.at),
      column: 0,
    };
    return kind === 'list' ? list : { ...list, kind, entries: entries.filter(isMapEntry) };
  }

  private items(kind: 'map' | 'list'): Items {
    const close = kind === 'map' ? '}' : ']';
    const items: Item[] = [];
    const commas: number[] = [];
    const occurrences = new Occurrences();
    this.at += 1;
    this.skip();
    while (this.source[this.at] !== close) {
      items.push(kind === 'map' ? this.member(occurrences) : this.item());
      this.skip();
      if (this.source[this.at] !== ',') break;
      commas.push(this.at);
      this.at += 1;
      this.skip();
    }
    if (this.source[this.at] !== close) throw this.syntax(`expected ',' or '${close}'`);
    if (items.length > 0 && commas.length === items.length) this.trailingComma(commas.at(-1) ?? 0);
    return { items, commas, close: this.at };
  }

  private item(): Item {
    const start = this.at;
    const value = this.value(start);
    return { start, end: this.at, own: { head: '', value } };
  }

  private member(occurrences: Occurrences): Item {
    const start = this.at;
    if (this.source[start] !== '"') throw this.syntax('expected a key in double quotes');
    const name = this.string();
    const text = this.source.slice(start, this.at);
    const key = occurrences.number({ name, id: `=${name}`, text, offset: start });
    this.skip();
    if (this.source[this.at] !== ':') throw this.syntax("expected ':'");
    this.at += 1;
    const headEnd = this.at;
    this.skip();
    const value = this.value(headEnd);
    const head = this.source.slice(start, headEnd);
    return { start, end: this.at, own: { head, value, key } };
  }

  private skip(): void {
    this.at = skipTrivia(this.source, this.at, (comment) => this.comment(comment));
  }

  private comment({ start, end, open }: CommentSpan): void {
    if (open) throw new NoStructure(this.problem('the comment does not end', start, end));
    if (this.options.comments) return;
    const message = 'comments are not allowed in a .json file (they are in .jsonc)';
    this.options.problems.add({ rule: 'comment', message, start, end });
  }

  private trailingComma(at: number): void {
    if (this.options.comments) return;
    const message = 'a comma before the closing bracket';
    this.options.problems.add({ rule: 'trailing-comma', message, start: at, end: at + 1 });
  }

  private tooDeep(offset: number): NoStructure {
    const message = `collections are nested deeper than ${this.options.limits.maxDepth}`;
    return new NoStructure({ rule: 'too-deep', message, start: offset, end: offset + 1 });
  }

  private trailingContent(): NoStructure {
    const message = 'expected the end of the file after the value';
    return new NoStructure({
      ...this.problem(message, this.at, this.source.length),
      rule: 'trailing-content',
    });
  }

  private syntax(message: string, end: number = this.at + 1): NoStructure {
    return new NoStructure(this.problem(message, this.at, end));
  }

  private problem(message: string, start: number, end: number = start): Problem {
    return { rule: 'syntax', message, start, end: Math.min(end, this.source.length) };
  }
}

const bare = { lead: '', indent: '', tail: '', post: '', offset: 0 };

function isMapEntry(entry: Entry): entry is MapEntry {
  return entry.key !== undefined;
}

function scalarOfWord(word: string): ConfigScalar | undefined {
  if (word === 'true' || word === 'false') return word === 'true';
  if (word === 'null') return null;
  if (!/^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/.test(word)) return undefined;
  const number = Number(word);
  return /^-?\d+$/.test(word) && !Number.isSafeInteger(number) ? BigInt(word) : number;
}

/** The offset after the closing quote. No regular expression: they need memory for each character of a long string. */
function stringEnd(source: string, start: number): number | undefined {
  let at = start + 1;
  for (;;) {
    const quote = source.indexOf('"', at);
    if (quote < 0) return undefined;
    let slashes = 0;
    while (source[quote - 1 - slashes] === '\\') slashes += 1;
    if (slashes % 2 === 0) return quote + 1;
    at = quote + 1;
  }
}

function matchAt(pattern: RegExp, source: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(source)?.[0];
}
