/** The first placeholder of a template in a text, as offsets. */
export interface TemplateMark {
  readonly start: number;
  readonly end: number;
}

/** What opens one in Go, Helm, Jinja or Handlebars; after a quote or a `#` it is text or a comment, after a `$` text of GitHub Actions. */
const opening = /^[^'"#]*?(?<!\$)(?=\{\{-?[ \t]*[^\s'"{}]|\{%)/;

/** Where a text that is no YAML shows to be a template of it, up to the line of `offset`; undefined where it does not. */
export function templateMark(text: string, offset: number): TemplateMark | undefined {
  let lineStart = 0;
  for (const line of text.split('\n')) {
    if (lineStart > offset) return undefined;
    const before = opening.exec(line)?.[0];
    if (before !== undefined && isAtBeginning(before)) {
      const start = lineStart + before.length;
      const close = text.indexOf(line.startsWith('{%', before.length) ? '%}' : '}}', start);
      return close === -1 ? undefined : { start, end: close + 2 };
    }
    lineStart += line.length + 1;
  }
  return undefined;
}

/** Whether a value or a line begins behind a text: in the middle of a plain scalar braces are letters like any other (`hello {{ name }}`). */
function isAtBeginning(before: string): boolean {
  const head = before.trimEnd();
  if (head.endsWith(',')) return /[[{]/.test(head);
  return /[[{]$/.test(head) || (head.endsWith(':') && head !== before) || /^[\s-]*$/.test(head);
}
