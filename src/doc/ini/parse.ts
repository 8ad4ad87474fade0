/** INI text to a tree. Every text is INI: what is no section, key, comment or blank line gets a warning. */
import type { Problems } from '../diagnostics.js';
import { entryOf } from '../entry.js';
import { Occurrences } from '../occurrences.js';
import type { DocumentNode, EntryKey, MapEntry, MapNode, ScalarNode } from '../tree.js';
import { delimiterAt, isBlank, isComment, linesOf, sectionSpan, type Line } from './lines.js';
import { readName, readValue, sectionPath } from './scalar.js';

export interface IniOptions {
  /** Python's dialect: `:` delimits as `=` does, deeper lines always continue a value, and no comments behind values. */
  readonly python: boolean;
  readonly problems: Problems;
}

export function parseIni(source: string, options: IniOptions): DocumentNode {
  return new IniReader(source, options).document();
}

/** A section whose lines are being read. */
interface OpenSection {
  readonly entry: Omit<MapEntry, 'value'>;
  readonly open: string;
  readonly offset: number;
  readonly entries: MapEntry[];
  readonly occurrences: Occurrences;
}

class IniReader {
  private readonly root: MapEntry[] = [];
  private readonly rootKeys = new Occurrences();
  private section: OpenSection | undefined;
  /** Where what no entry has taken yet begins. */
  private free: number;
  private head = '';
  private readonly source: string;
  private readonly options: IniOptions;
  private readonly lines: readonly Line[];

  constructor(source: string, options: IniOptions) {
    this.source = source;
    this.options = options;
    this.free = source.startsWith('\uFEFF') ? 1 : 0;
    this.lines = linesOf(source, this.free);
  }

  document(): DocumentNode {
    for (let index = 0; index < this.lines.length; index += 1) {
      const line = this.lines[index];
      if (line && !isBlank(line) && !isComment(line)) index = this.line(line, index);
    }
    const close = this.closeSection(this.source.length);
    const first = this.root[0];
    const value: MapNode = {
      kind: 'map',
      style: 'section',
      open: '',
      start: '',
      entries: withPaths(this.root),
      trailingComma: false,
      close,
      column: 0,
      offset: first ? first.key.offset : this.source.length,
      end: this.root.at(-1)?.value.end ?? this.source.length,
    };
    return { head: this.head, value, foot: '' };
  }

  /** Takes a line, and those that continue it; the index of the last one taken. */
  private line(line: Line, index: number): number {
    const span = sectionSpan(line);
    if (span) {
      this.openSection(line, span);
      return index;
    }
    const delimiter = delimiterAt(line, this.options.python);
    if (delimiter === line.indent) {
      this.warn(line, 'a value without a key');
      return index;
    }
    if (line.text[line.indent] === '[') this.warn(line, 'looks like a section, but is read as a key');
    const last = delimiter < 0 ? index : this.lastContinuation(line, index, delimiter);
    this.key(line, delimiter, { from: index, to: last });
    return last;
  }

  private warn(line: Line, message: string): void {
    const start = line.offset + line.indent;
    this.options.problems.add({
      rule: 'syntax',
      severity: 'warning',
      message,
      start,
      end: line.offset + line.text.length,
    });
  }

  private openSection(line: Line, { from, to }: { readonly from: number; readonly to: number }): void {
    const leadFrom = this.splitTrivia(line.offset);
    const nameAt = line.offset + from;
    const text = line.text.slice(from, to);
    const name = readName(text, this.options.python);
    const key = this.rootKeys.number({
      name,
      id: `[${name}]`,
      text,
      offset: nameAt,
      path: sectionPath(name),
    });
    const headEnd = line.offset + to + 1;
    this.section = {
      entry: { ...this.around(line, leadFrom), head: this.source.slice(nameAt - 1, headEnd), tail: '', key },
      open: this.source.slice(headEnd, line.end),
      offset: line.end,
      entries: [],
      occurrences: new Occurrences(),
    };
    this.free = line.end;
  }

  /** Ends the open section before a header at `offset`; where the lead of that header begins. */
  private splitTrivia(offset: number): number {
    if (!this.section) return this.afterHead(offset);
    const text = this.source.slice(this.free, offset);
    const blank = /^[^\S\r\n]*(?:\r\n|\n|\r)/m.exec(text);
    const closeEnd = blank ? this.free + blank.index : this.free;
    this.closeSection(closeEnd);
    return closeEnd;
  }

  /** Puts the open section into the root; what is left for the root's own `close`. */
  private closeSection(end: number): string {
    const rest = this.source.slice(this.free, end);
    if (!this.section) return rest;
    const { entry, open, offset, entries } = this.section;
    const value: MapNode = {
      kind: 'map',
      style: 'section',
      open,
      start: '',
      entries,
      trailingComma: false,
      close: rest,
      column: 0,
      offset: entries[0]?.key.offset ?? offset,
      end: entries.at(-1)?.value.end ?? offset,
    };
    this.root.push({ ...entry, value });
    this.section = undefined;
    return '';
  }

  /** Sets the comments of the file apart: those above the last blank line before the first entry. */
  private afterHead(offset: number): number {
    if (this.root.length > 0) return this.free;
    const from = this.free;
    const text = this.source.slice(from, offset);
    const blank = [...text.matchAll(/^[^\S\r\n]*(?:\r\n|\n|\r)/gm)].at(-1);
    if (!blank) return from;
    const end = from + blank.index + blank[0].length;
    this.head = this.source.slice(from, end);
    return end;
  }

  private around(line: Line, leadFrom: number): Pick<MapEntry, 'lead' | 'indent' | 'post' | 'offset'> {
    const start = line.offset + line.indent;
    return {
      lead: this.source.slice(leadFrom, line.offset),
      indent: this.source.slice(line.offset, start),
      post: '',
      offset: leadFrom,
    };
  }

  private key(line: Line, delimiter: number, lines: { readonly from: number; readonly to: number }): void {
    const { python } = this.options;
    const leadFrom = this.section ? this.free : this.afterHead(line.offset);
    const start = line.offset + line.indent;
    const value = delimiter < 0 ? this.flag(line) : this.value(line, delimiter, lines);
    const text = this.source.slice(start, delimiter < 0 ? value.offset : line.offset + delimiter).trimEnd();
    const name = readName(text, python);
    const headEnd = value.offset - value.open.length;
    const last = this.lines[lines.to] ?? line;
    const { lead, indent, post, offset } = this.around(line, leadFrom);
    const tail = this.source.slice(value.end, last.end);
    const entry = entryOf(
      { lead, indent, tail, post, offset },
      {
        head: this.source.slice(start, headEnd),
        value,
        key: (this.section?.occurrences ?? this.rootKeys).number(keyOf(name, text, start)),
      },
    );
    (this.section?.entries ?? this.root).push(entry);
    this.free = last.end;
  }

  /** A key without a delimiter stands for `true`. */
  private flag(line: Line): ScalarNode {
    const { text, style } = readValue(line.text, this.options.python);
    const end = line.offset + line.indent + (style === 'empty' ? line.text.trim() : text).length;
    return { kind: 'scalar', style: 'flag', open: '', text: '', value: true, offset: end, end };
  }

  private value(
    line: Line,
    delimiter: number,
    lines: { readonly from: number; readonly to: number },
  ): ScalarNode {
    const rest = line.text.slice(delimiter + 1);
    const first = readValue(rest, this.options.python);
    const openFrom = line.offset + delimiter + 1;
    const space = first.text === '' ? 0 : rest.length - rest.trimStart().length;
    const offset = openFrom + space;
    const more = this.lines.slice(lines.from + 1, lines.to + 1);
    const last = more.at(-1);
    const end = last ? last.offset + last.text.trimEnd().length : offset + first.text.length;
    const open = this.source.slice(openFrom, offset);
    const text = this.source.slice(offset, end);
    const { style, value } = last ? continued(first.text, more) : first;
    return { kind: 'scalar', open, offset, end, text, style, value };
  }

  /**
   * The last line that continues the value of a key line: lines deeper than the key, with the blank and comment lines between them. Outside of
   * Python's dialect a line with a delimiter continues only a value that begins below its key (`key =`).
   */
  private lastContinuation(line: Line, index: number, delimiter: number): number {
    const { python } = this.options;
    const anyLine = python || readValue(line.text.slice(delimiter + 1), python).text === '';
    let last = index;
    for (let at = index + 1; at < this.lines.length; at += 1) {
      const next = this.lines[at];
      if (!next || !this.mayContinue(next, line.indent, anyLine)) break;
      if (!isBlank(next) && !isComment(next)) last = at;
    }
    return last;
  }

  private mayContinue(next: Line, indent: number, anyLine: boolean): boolean {
    if (isBlank(next)) return anyLine;
    if (isComment(next)) return anyLine;
    if (next.indent <= indent) return false;
    return anyLine || (!sectionSpan(next) && delimiterAt(next, this.options.python) < 0);
  }
}

/** The value of a key whose lines go on below it. */
function continued(first: string, more: readonly Line[]): Pick<ScalarNode, 'style' | 'value'> {
  const rest = more.filter((line) => !isComment(line)).map((line) => line.text.trim());
  return { style: 'literal', value: [first, ...rest].join('\n') };
}

/**
 * Gives up the nesting of sections that a key is in the way of: with `packages = find:` in `[options]`, `[options.packages.find]` is one name.
 */
function withPaths(root: readonly MapEntry[]): readonly MapEntry[] {
  if (!root.some(({ key }) => (key.path?.length ?? 0) > 1)) return root;
  const keys = new Set(root.flatMap((entry) => keysOf(entry).map((path) => pathId(path))));
  return root.map((entry) => {
    const path = entry.key.path ?? [];
    const isBlocked = path.length > 1 && path.some((_, at) => keys.has(pathId(path.slice(0, at + 1))));
    return isBlocked ? { ...entry, key: { ...entry.key, path: [entry.key.name] } } : entry;
  });
}

function keysOf({ key, value }: MapEntry): (readonly string[])[] {
  if (value.kind === 'scalar') return [[key.name]];
  const section = key.path ?? [];
  return value.kind === 'map' ? value.entries.map((entry) => [...section, entry.key.name]) : [];
}

function pathId(path: readonly string[]): string {
  return JSON.stringify(path);
}

/** `k[]` adds an item to the list `k`. */
function keyOf(name: string, text: string, offset: number): Omit<EntryKey, 'occurrence'> {
  const base = name.length > 2 && name.endsWith('[]') ? name.slice(0, -2) : name;
  return { name: base, id: `=${name}`, text, offset, path: [base] };
}
