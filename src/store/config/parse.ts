/** The syntax of Git's configuration files (git: config.c, git_parse_source). */
import { ConfigError } from '../../errors.js';

/** Names with section and key in lower case and the subsection as written; a key without `=` has the value `true`. */
export interface ConfigEntry {
  readonly name: string;
  readonly value: string;
}

/** Throws E_CORRUPT with file and line. */
export function parseConfig(text: string, path: string): ConfigEntry[] {
  const scanner = { text: text.replace(/^\ufeff/, '').replaceAll('\r\n', '\n'), at: 0, path };
  const entries: ConfigEntry[] = [];
  let section: string | undefined;
  for (;;) {
    skipBlank(scanner);
    const char = scanner.text[scanner.at];
    if (char === undefined) return entries;
    if (char === '[') section = readSection(scanner);
    else if (section === undefined) throw syntaxError(scanner);
    else entries.push(readEntry(scanner, section));
  }
}

interface Scanner {
  readonly text: string;
  readonly path: string;
  at: number;
}

/** Blanks, line breaks and comments. */
function skipBlank(scanner: Scanner): void {
  match(scanner, /(?:\s+|[#;][^\n]*)*/y);
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
  const name = `${section}.${key.toLowerCase()}`;
  if (match(scanner, /=[ \t]*/y) !== null) return { name, value: readValue(scanner) };
  if (match(scanner, /(?=\n|$)/y) === null) throw syntaxError(scanner);
  return { name, value: 'true' };
}

const escapes: Readonly<Record<string, string>> = { n: '\n', t: '\t', b: '\b', '"': '"', '\\': '\\' };

/** Up to the end of the line; blanks at the end count only inside quotes. */
function readValue(scanner: Scanner): string {
  let value = '';
  let kept = 0;
  for (let quoted = false; ;) {
    const char = scanner.text[scanner.at];
    if (char === undefined || char === '\n') {
      if (quoted) throw syntaxError(scanner);
      return value.slice(0, kept);
    }
    if (!quoted && (char === '#' || char === ';')) {
      match(scanner, /[^\n]*/y);
      continue;
    }
    scanner.at += 1;
    if (char === '"') quoted = !quoted;
    else value += char === '\\' ? readEscape(scanner) : char;
    if (quoted || char === '"' || !/\s/.test(char)) kept = value.length;
  }
}

function readEscape(scanner: Scanner): string {
  const char = scanner.text[scanner.at] ?? '';
  const meaning = char === '\n' ? '' : escapes[char];
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
