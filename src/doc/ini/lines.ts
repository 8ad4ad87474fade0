/** The lines of an INI text, and what each of them is. */

/** One line; `text` is without the line break. */
export interface Line {
  readonly offset: number;
  readonly text: string;
  /** After the line break. */
  readonly end: number;
  /** Width of the white space it begins with. */
  readonly indent: number;
}

/** Cuts a text into lines; `\n`, `\r\n` and a lone `\r` end one, as in the `ini` package. */
export function linesOf(source: string, from: number): Line[] {
  const lines: Line[] = [];
  const lineBreak = /\r\n|\n|\r/g;
  lineBreak.lastIndex = from;
  let offset = from;
  while (offset < source.length) {
    const found = lineBreak.exec(source);
    const textEnd = found ? found.index : source.length;
    const end = found ? lineBreak.lastIndex : source.length;
    const text = source.slice(offset, textEnd);
    lines.push({ offset, text, end, indent: text.length - text.trimStart().length });
    offset = end;
  }
  return lines;
}

export function isBlank({ text, indent }: Line): boolean {
  return indent === text.length;
}

export function isComment({ text, indent }: Line): boolean {
  return text[indent] === ';' || text[indent] === '#';
}

/** Where the name in a section header begins and ends in its line, `[` and `]` left out. */
export function sectionSpan({
  text,
  indent,
}: Line): { readonly from: number; readonly to: number } | undefined {
  if (text[indent] !== '[') return undefined;
  const to = text.indexOf(']', indent);
  return to >= 0 && /^\s*(?:[;#]|$)/.test(text.slice(to + 1)) ? { from: indent + 1, to } : undefined;
}

/**
 * Where the delimiter of a key line is, -1 for a key without a value. `=`, or in Python's dialect the first of `=` and `:`. Elsewhere a `:` counts
 * when no `=` is in the line and space or nothing follows it (`name: value`, but not `http://host`). A key in quotes may contain both.
 */
export function delimiterAt(line: Line, python: boolean): number {
  const { text } = line;
  const from = quotedKeyEnd(line);
  const equals = text.indexOf('=', from);
  if (python) {
    const colon = text.indexOf(':', from);
    return equals < 0 || colon < 0 ? Math.max(equals, colon) : Math.min(equals, colon);
  }
  if (equals >= 0) return equals;
  const colon = text.slice(from).search(/:(?:\s|$)/);
  return colon < 0 || isCommentBefore(text, from + colon) ? -1 : from + colon;
}

/** The end of a key in quotes before a delimiter, or where the line's text begins. */
function quotedKeyEnd({ text, indent }: Line): number {
  const quote = text[indent];
  if (quote !== '"' && quote !== "'") return indent;
  const end = closingQuote(text, indent);
  return end !== undefined && /^\s*[=:]/.test(text.slice(end)) ? end : indent;
}

/** The offset after the quote that closes the one at `start`; a backslash escapes inside of double quotes. */
export function closingQuote(text: string, start: number): number | undefined {
  const quote = text[start];
  for (let at = start + 1; at < text.length; at += 1) {
    if (text[at] === '\\' && quote === '"') at += 1;
    else if (text[at] === quote) return at + 1;
  }
  return undefined;
}

function isCommentBefore(text: string, at: number): boolean {
  return commentStart(text.slice(0, at)) < at;
}

/** Where the first `;` or `#` without a backslash before it is, or the length of the text. */
export function commentStart(text: string): number {
  for (let at = 0; at < text.length; at += 1) {
    if (text[at] === '\\') at += 1;
    else if (text[at] === ';' || text[at] === '#') return at;
  }
  return text.length;
}
