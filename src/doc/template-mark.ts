/** The first placeholder of a template in a text, as offsets. */
export interface TemplateMark {
  readonly start: number;
  readonly end: number;
}

/** What opens one in Go, Helm, Jinja or Handlebars; after a quote or a `#` it is text or a comment, after a `$` text of GitHub Actions. */
const opening = /^[^'"#]*?(?<!\$)(?=\{\{-?[ \t]*[^\s'"{]|\{%)/;

/** Where a text that is no YAML shows to be a template of it, up to the line of `offset`; undefined where it does not. */
export function templateMark(text: string, offset: number): TemplateMark | undefined {
  let lineStart = 0;
  for (const line of text.split('\n')) {
    if (lineStart > offset) return undefined;
    const before = opening.exec(line)?.[0].length;
    if (before !== undefined) {
      const start = lineStart + before;
      const close = text.indexOf(line.startsWith('{%', before) ? '%}' : '}}', start);
      return close === -1 ? undefined : { start, end: close + 2 };
    }
    lineStart += line.length + 1;
  }
  return undefined;
}
