/** White space and comments of JSON. */

/** A comment, from its first slash to its last byte. */
export interface CommentSpan {
  readonly start: number;
  readonly end: number;
  /** Whether `*` + `/` is missing. */
  readonly open: boolean;
}

/** Where white space and comments from `from` end. Calls `onComment` for each comment. */
export function skipTrivia(source: string, from: number, onComment: (comment: CommentSpan) => void): number {
  let at = from;
  for (;;) {
    at = skipSpace(source, at);
    const comment = commentAt(source, at);
    if (!comment) return at;
    onComment(comment);
    at = comment.end;
  }
}

/** The end of the line at `from` when only space and comments stand before it, and it is before `limit`; otherwise -1. */
export function slashLineEnd(source: string, from: number, limit: number): number {
  let at = from;
  while (at < limit) {
    const char = source[at];
    if (char === '\n') return at + 1;
    const comment = char === '/' ? commentAt(source, at) : undefined;
    if (!comment && !isSpace(source.charCodeAt(at))) return -1;
    at = comment ? comment.end : at + 1;
  }
  return -1;
}

function commentAt(source: string, start: number): CommentSpan | undefined {
  if (source.startsWith('//', start)) {
    const newline = source.indexOf('\n', start);
    const end = newline < 0 ? source.length : newline;
    return { start, end: source[end - 1] === '\r' ? end - 1 : end, open: false };
  }
  if (!source.startsWith('/*', start)) return undefined;
  const end = source.indexOf('*/', start + 2);
  return { start, end: end < 0 ? source.length : end + 2, open: end < 0 };
}

function skipSpace(source: string, from: number): number {
  let at = from;
  while (isSpace(source.charCodeAt(at))) at += 1;
  return at;
}

function isSpace(code: number): boolean {
  return code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09;
}
