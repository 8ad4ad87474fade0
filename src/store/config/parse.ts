/** The syntax of Git's configuration files (git: config.c, git_parse_source). */
import { ConfigError } from '../../errors.js';

/** Names with section and key in lower case and the subsection as written; a key without `=` has the value `true`. */
export interface ConfigEntry {
  readonly name: string;
  readonly value: string;
}

/** A section header or an entry, and where it stands in the text. */
export type ConfigItem = SectionItem | EntryItem;

export interface SectionItem {
  readonly kind: 'section';
  /** The section in lower case, with the subsection as written: `merge.cfg`. */
  readonly section: string;
  readonly start: number;
  readonly end: number;
}

export interface EntryItem extends ConfigEntry {
  readonly kind: 'entry';
  readonly section: string;
  readonly start: number;
  /** After the value, before a comment and the line break. */
  readonly end: number;
}

/** Throws E_CORRUPT with file and line. */
export function parseConfig(text: string, path: string): ConfigEntry[] {
  return scanConfig(text, path).flatMap((item) =>
    item.kind === 'entry' ? { name: item.name, value: item.value } : [],
  );
}

/**
 * Headers and entries in file order; what is between them are blanks and comments. Git takes entries before the first header too,
 * without a section. Throws E_CORRUPT with file and line.
 */
export function scanConfig(text: string, path: string): ConfigItem[] {
  const scanner = { text, at: text.startsWith('\ufeff') ? 1 : 0, path };
  const items: ConfigItem[] = [];
  let section = '';
  for (;;) {
    skipBlank(scanner);
    const { at: start } = scanner;
    const char = text[start];
    if (char === undefined) return items;
    if (char === '[') {
      section = readSection(scanner);
      items.push({ kind: 'section', section, start, end: scanner.at });
    } else {
      const entry = readEntry(scanner, section);
      const end = start + text.slice(start, scanner.at).replace(/[ \t]+$/, '').length;
      items.push({ kind: 'entry', section, ...entry, start, end });
    }
  }
}

interface Scanner {
  readonly text: string;
  readonly path: string;
  at: number;
}

/** Blanks, line breaks and comments; a blank is what Git's isspace says. */
function skipBlank(scanner: Scanner): void {
  match(scanner, /(?:[ \t\r\n]+|[#;][^\n]*)*/y);
}

function readSection(scanner: Scanner): string {
  const plain = match(scanner, /\[([A-Za-z0-9.-]+)\]/y);
  if (plain?.[1] !== undefined) return plain[1].toLowerCase();
  const quoted = match(scanner, /\[([A-Za-z0-9.-]+)[ \t]+"((?:\\[^\n]|[^"\\\n])*)"\]/y);
  if (quoted?.[1] === undefined || quoted[2] === undefined) throw syntaxError(scanner);
  return `${quoted[1].toLowerCase()}.${quoted[2].replaceAll(/\\(.)/g, '$1')}`;
}

function readEntry(scanner: Scanner, section: string): ConfigEntry {
  const key = match(scanner, /([A-Za-z][A-Za-z0-9-]*)[ \t]*/y)?.[1];
  if (key === undefined) throw syntaxError(scanner);
  const name = `${section}${section === '' ? '' : '.'}${key.toLowerCase()}`;
  if (match(scanner, /=[ \t]*/y) !== null) return { name, value: readValue(scanner) };
  if (match(scanner, /(?=\r?\n|$)/y) === null) throw syntaxError(scanner);
  return { name, value: 'true' };
}

const escapes: Readonly<Record<string, string>> = { n: '\n', t: '\t', b: '\b', '"': '"', '\\': '\\' };

/** Up to the end of the line or a comment; blanks at the end count only inside quotes. */
function readValue(scanner: Scanner): string {
  const plain = match(scanner, /([^"\\#;\r\n]*)(?=\r?\n|$)/y)?.[1];
  if (plain !== undefined) return plain.replace(/[ \t]+$/, '');
  let value = '';
  let kept = 0;
  for (let quoted = false; ;) {
    const char = scanner.text[scanner.at];
    if (isLineEnd(scanner)) {
      if (quoted) throw syntaxError(scanner);
      return value.slice(0, kept);
    }
    if (!quoted && (char === '#' || char === ';')) return value.slice(0, kept);
    scanner.at += 1;
    if (char === '"') quoted = !quoted;
    else value += char === '\\' ? readEscape(scanner) : (char ?? '');
    if (quoted || char === '"' || !/[ \t\r\n]/.test(char ?? '')) kept = value.length;
  }
}

function isLineEnd({ text, at }: Scanner): boolean {
  return at >= text.length || text[at] === '\n' || (text[at] === '\r' && text[at + 1] === '\n');
}

function readEscape(scanner: Scanner): string {
  if (match(scanner, /\r?\n/y) !== null) return '';
  const char = scanner.text[scanner.at] ?? '';
  const meaning = escapes[char];
  if (meaning === undefined) throw syntaxError(scanner);
  scanner.at += 1;
  return meaning;
}

function match(scanner: Scanner, pattern: RegExp): RegExpExecArray | null {
  pattern.lastIndex = scanner.at;
  const found = pattern.exec(scanner.text);
  if (found !== null) scanner.at = pattern.lastIndex;
  return found;
}

function syntaxError(scanner: Scanner): ConfigError {
  const line = scanner.text.slice(0, scanner.at).split('\n').length;
  return new ConfigError('E_CORRUPT', `bad line ${line} in Git configuration '${scanner.path}'`, {
    hint: 'mend that line; git config --list shows the same problem',
    details: { path: scanner.path, line },
  });
}
