/** The lines that `.gitattributes` gets, in a block of their own. Pure. */

const first = '# >>> cfg: merge and diff configuration by key (written by cfg hooks install)';
const last = '# <<< cfg';

/** What the lines say of the files that a glob of the settings names, and of those that it takes out. */
const attributes = { in: 'merge=cfg diff=cfg', out: '!merge !diff' };

/**
 * The text of a `.gitattributes` with the block for these globs (a `!` one takes out), in the place of an older block, else at the
 * top: the last line that matches counts, so lines that were there keep the last word.
 */
export function withBlock(text: string, globs: readonly string[]): string {
  const eol = /^[^\n]*\r\n/.test(text) ? '\r\n' : '\n';
  const lines = globs.flatMap((glob) => {
    const [pattern, say] = glob.startsWith('!') ? [glob.slice(1), attributes.out] : [glob, attributes.in];
    return attributePatterns(pattern).map((one) => `${quoted(one)} ${say}`);
  });
  const block = [first, ...new Set(lines), last].map((line) => line + eol).join('');
  const found = findBlock(text);
  return found === undefined ? block + text : text.slice(0, found.start) + block + text.slice(found.end);
}

/** The text without the block. */
export function withoutBlock(text: string): string {
  const found = findBlock(text);
  return found === undefined ? text : text.slice(0, found.start) + text.slice(found.end);
}

/** Up to the end mark; where that is gone, just the lines that only the block can have written. */
function findBlock(text: string): { readonly start: number; readonly end: number } | undefined {
  const start = text.search(/^# >>> cfg: /m);
  if (start < 0) return undefined;
  const rest = text.slice(start);
  const whole =
    /^# >>> cfg: [^\n]*\n(?:[^\n]*(?:merge=cfg diff=cfg|!merge !diff)\r?\n)*(?:# <<< cfg\r?(?:\n|$))?/;
  return { start, end: start + (whole.exec(rest)?.[0].length ?? 0) };
}

/**
 * A glob over repository paths as patterns of gitattributes: braces written out, and a glob without a folder held at the root. What
 * gitattributes cannot say becomes `*`: the patterns may match more, never less.
 */
export function attributePatterns(glob: string): readonly string[] {
  return expandBraces(glob.replaceAll(/\([^()]*\)/g, '*')).map((pattern) => {
    const deep = pattern.replace(/^(?:\*\*\/)+/, '');
    if (deep !== pattern) return deep.includes('/') ? pattern : deep;
    return pattern.includes('/') || pattern === '**' ? pattern : `/${pattern}`;
  });
}

const mostPatterns = 100;

function expandBraces(glob: string): readonly string[] {
  const found = /\{([^{}]*)\}/.exec(glob);
  if (found === null) return [glob];
  const [whole, inner = ''] = found;
  const choices = inner.includes(',') ? inner.split(',') : ['*'];
  const all = choices.flatMap((choice) =>
    expandBraces(glob.slice(0, found.index) + choice + glob.slice(found.index + whole.length)),
  );
  const expanded = [...new Set(all)];
  return expanded.length > mostPatterns ? [glob.replaceAll(/\{.*\}/g, '*')] : expanded;
}

/** git: gitattributes, "patterns that begin with a double quote are quoted in C style". */
function quoted(pattern: string): string {
  if (!/[\s"]|^#/.test(pattern)) return pattern;
  const escaped = pattern.replaceAll(/["\\]/g, '\\$&').replaceAll('\t', '\\t').replaceAll('\n', '\\n');
  return `"${escaped}"`;
}
