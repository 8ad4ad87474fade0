/**
 * A reader for the YAML that most configuration consists of: block maps and lists, scalars on one line, `|` texts, and collections in
 * brackets on one line. It reads values only, some thirty times as fast as the whole parser, and takes nothing that would get a
 * diagnostic: whatever it is not certain of is left to the whole parser, mistakes included. test/doc/plain.test.ts holds the two against each other.
 */
import type { ConfigValue } from '../types.js';

/** Deeper nesting is left to the whole parser, which counts it against the limits. */
export const maxPlainDepth = 64;

/** Tabs, other line breaks, byte order marks and control characters. */
// oxlint-disable-next-line no-control-regex -- they are what it looks for
const uncommon = /[\0-\x09\x0B-\x1F\x7F\uFEFF]/;

/** Thrown to leave a text to the whole parser. One object, as a stack trace costs more than reading does. */
const notPlain = new Error('more than plain YAML');

/** The value of a text, frozen; undefined when it takes the whole parser. */
export function readPlain(text: string): ConfigValue | undefined {
  if (uncommon.test(text)) return undefined;
  try {
    return new PlainReader(text).document();
  } catch (error) {
    if (error === notPlain) return undefined;
    throw error;
  }
}

function giveUp(): never {
  throw notPlain;
}

type Fields = Record<string, ConfigValue>;

const keyWords = String.raw`[A-Za-z_$/][\w$./-]*(?: [\w$./-]+)*`;
/** A key without quotes. */
export const plainKey: RegExp = new RegExp(`^${keyWords}$`);
/** A key with its colon: plain, in double or in single quotes. */
export const plainKeyHead: RegExp = new RegExp(
  String.raw`(?:(${keyWords})|"([^"\\\n]*)"|'([^'\n]*)'):(?=[ \n]|$)`,
  'y',
);
export const doubleQuoted: RegExp = /"[^"\\]*(?:\\.[^"\\]*)*"/y;
export const singleQuoted: RegExp = /'[^']*(?:''[^']*)*'/y;
const literalHead = /\|(-?) *(?: #.*)?$/y;
const plainStart = /[A-Za-z0-9_./\\$(^+~=<;\u00A1-\uFFFF]|-[^ ,[\]{}]/y;
/** What ends a plain scalar in brackets. */
export const flowEnd: RegExp = /[,[\]{}]/g;
const maxKeyLength = 200;

/** One run over a text. It is always at a line that is neither empty nor a comment, or at the end. */
class PlainReader {
  readonly #lines: readonly string[];
  /** The index of the line after the one it is at. */
  #next = 0;
  #line = '';
  /** The column of the first character of the line; of `key` in `- key:` when that is what it is at; -1 at the end. */
  #indent = 0;
  #at = 0;
  #depth = 0;

  constructor(text: string) {
    this.#lines = text.split('\n');
  }

  document(): ConfigValue {
    this.#advance();
    if (this.#line === '---') this.#advance();
    if (this.#indent !== 0) giveUp();
    const value = this.#block();
    return this.#indent < 0 ? value : giveUp();
  }

  #advance(): void {
    while (this.#next < this.#lines.length) {
      const line = this.#lines[this.#next++] ?? '';
      const indent = indentOf(line);
      if (indent === line.length || line[indent] === '#') continue;
      this.#line = line;
      this.#indent = indent;
      return;
    }
    this.#line = '';
    this.#indent = -1;
  }

  #block(): ConfigValue {
    return this.#nested(() => (this.#isItem() ? this.#list() : this.#map()));
  }

  #nested<T>(read: () => T): T {
    if (++this.#depth > maxPlainDepth) giveUp();
    const value = read();
    this.#depth -= 1;
    return value;
  }

  #isItem(): boolean {
    return isItemAt(this.#line, this.#indent);
  }

  #map(): ConfigValue {
    const indent = this.#indent;
    const fields: Fields = {};
    while (this.#indent === indent) {
      const name = this.#key(indent) ?? giveUp();
      put(fields, name, this.#isEmptyAfter(this.#at) ? this.#below(indent, true) : this.#inline(indent));
    }
    return this.#indent > indent ? giveUp() : Object.freeze(fields);
  }

  #list(): ConfigValue {
    const indent = this.#indent;
    const items: ConfigValue[] = [];
    while (this.#indent === indent && this.#isItem()) {
      if (this.#isEmptyAfter(indent + 1)) {
        items.push(this.#below(indent, false));
        continue;
      }
      const at = this.#at;
      if (this.#key(at) === undefined) items.push(this.#inline(indent));
      else {
        this.#indent = at;
        items.push(this.#nested(() => this.#map()));
      }
    }
    return this.#indent > indent ? giveUp() : Object.freeze(items);
  }

  /** What stands on the lines below a `key:` or `-`. The items of a list may begin where its key does. */
  #below(indent: number, isKey: boolean): ConfigValue {
    this.#advance();
    if (this.#indent > indent) return this.#block();
    return isKey && this.#indent === indent && this.#isItem() ? this.#nested(() => this.#list()) : null;
  }

  /** Whether the line has only space and a comment from here on; else goes to what it has. `from` is where a space must be. */
  #isEmptyAfter(from: number): boolean {
    const at = spaceEnd(this.#line, from);
    this.#at = at;
    return at === this.#line.length || (at > from && this.#line[at] === '#');
  }

  /** The key at a column, and goes behind its colon; undefined when there is none. */
  #key(at: number): string | undefined {
    plainKeyHead.lastIndex = at;
    const [all = '', plain, double, single] = plainKeyHead.exec(this.#line) ?? [];
    if (all === '') return undefined;
    if (all.length > maxKeyLength || (plain !== undefined && words.has(plain))) giveUp();
    this.#at = at + all.length;
    return plain ?? double ?? single;
  }

  /** The value that begins here; afterwards at the next line. */
  #inline(indent: number): ConfigValue {
    const mark = this.#line[this.#at];
    if (mark === '|') return this.#literal(indent);
    const value = mark === '"' || mark === "'" || mark === '[' || mark === '{' ? this.#flow() : this.#plain();
    if (!this.#isEmptyAfter(this.#at)) giveUp();
    this.#advance();
    return value;
  }

  #plain(): ConfigValue {
    const comment = this.#line.indexOf(' #', this.#at);
    const end = comment < 0 ? this.#line.length : comment;
    const text = this.#plainText(end);
    if (text.endsWith(':') || text.includes(': ')) giveUp();
    this.#at = end;
    return meaning(text);
  }

  #plainText(end: number): string {
    plainStart.lastIndex = this.#at;
    if (!plainStart.test(this.#line)) giveUp();
    let last = end;
    while (this.#line[last - 1] === ' ') last -= 1;
    return this.#line.slice(this.#at, last);
  }

  #literal(indent: number): string {
    literalHead.lastIndex = this.#at;
    const [, strip] = literalHead.exec(this.#line) ?? giveUp();
    const first = this.#lines[this.#next] ?? '';
    const column = indentOf(first);
    if (column <= indent || column === first.length) giveUp();
    const texts: string[] = [];
    for (; this.#next < this.#lines.length; this.#next += 1) {
      const line = this.#lines[this.#next] ?? '';
      const start = indentOf(line);
      if (start === line.length && start > column) giveUp();
      if (start < column && start < line.length) break;
      texts.push(line.slice(column));
    }
    // A last line without a line break.
    if (this.#next === this.#lines.length && this.#lines.at(-1) !== '') giveUp();
    while (texts.at(-1) === '') texts.pop();
    this.#advance();
    return texts.join('\n') + (strip === '-' ? '' : '\n');
  }

  /** A quoted text or a collection in brackets, or in one a plain text; afterwards behind it. */
  #flow(): ConfigValue {
    switch (this.#line[this.#at]) {
      case '"':
        return this.#quoted(doubleQuoted).replace(/\\(.)/g, (_, name: string) => escapes[name] ?? giveUp());
      case "'":
        return this.#quoted(singleQuoted).replaceAll("''", "'");
      case '[':
        return this.#nested(() => this.#flowList());
      case '{':
        return this.#nested(() => this.#flowMap());
      default:
        return this.#flowPlain();
    }
  }

  #quoted(pattern: RegExp): string {
    pattern.lastIndex = this.#at;
    const [text] = pattern.exec(this.#line) ?? giveUp();
    this.#at += text.length;
    return text.slice(1, -1);
  }

  #flowList(): ConfigValue {
    const items: ConfigValue[] = [];
    this.#flowEntries(']', () => items.push(this.#flow()));
    return Object.freeze(items);
  }

  #flowMap(): ConfigValue {
    const fields: Fields = {};
    this.#flowEntries('}', () => {
      const name = this.#key(this.#at) ?? giveUp();
      if (this.#isEmptyAfter(this.#at)) giveUp();
      put(fields, name, this.#flow());
    });
    return Object.freeze(fields);
  }

  #flowEntries(close: string, read: () => unknown): void {
    this.#at += 1;
    for (;;) {
      if (this.#isEmptyAfter(this.#at)) giveUp();
      if (this.#line[this.#at] === close) break;
      read();
      if (this.#isEmptyAfter(this.#at)) giveUp();
      if (this.#line[this.#at] === close) break;
      if (this.#line[this.#at] !== ',') giveUp();
      this.#at += 1;
    }
    this.#at += 1;
  }

  #flowPlain(): ConfigValue {
    flowEnd.lastIndex = this.#at;
    const end = flowEnd.exec(this.#line)?.index ?? giveUp();
    const text = this.#plainText(end);
    if (text === '' || text.includes(':') || text.includes('#')) giveUp();
    this.#at = end;
    return meaning(text);
  }
}

function indentOf(line: string): number {
  return spaceEnd(line, 0);
}

/** The first place from here on that is no space. */
export function spaceEnd(line: string, from: number): number {
  let at = from;
  while (line.charCodeAt(at) === 32) at += 1;
  return at;
}

/** Whether an item of a list begins here. */
export function isItemAt(text: string, at: number): boolean {
  const next = text[at + 1];
  return text[at] === '-' && (next === undefined || next === ' ' || next === '\n');
}

/** `__proto__` and a key that is there already are left to the whole parser. */
function put(fields: Fields, name: string, value: ConfigValue): void {
  if (name === '__proto__' || Object.hasOwn(fields, name)) giveUp();
  fields[name] = value;
}

const escapes: Readonly<Record<string, string>> = {
  '"': '"',
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
};

const words: ReadonlyMap<string, ConfigValue> = new Map<string, ConfigValue>([
  ...['~', 'null', 'Null', 'NULL'].map((word) => [word, null] as const),
  ...['true', 'True', 'TRUE'].map((word) => [word, true] as const),
  ...['false', 'False', 'FALSE'].map((word) => [word, false] as const),
]);

/** A plain scalar by the core schema (YAML 1.2.2 section 10.3.2). */
function meaning(text: string): ConfigValue {
  const first = text.charCodeAt(0);
  if ((first >= 48 && first <= 57) || first === 43 || first === 45 || first === 46) return number(text);
  const word = text.length <= 5 ? words.get(text) : undefined;
  return word === undefined ? text : word;
}

function number(text: string): ConfigValue {
  if (/^[-+]?\d+$/.test(text)) return text.length > 15 ? giveUp() : Number(text) || 0;
  if (/^[-+]?(?:\.\d+|\d+(?:\.\d*)?)(?:[eE][-+]?\d+)?$/.test(text)) return Number(text);
  return /^(?:0o[0-7]+|0x[\da-fA-F]+|[-+]?\.(?:inf|nan))$/i.test(text) ? giveUp() : text;
}
