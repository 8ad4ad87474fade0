import { compileWildmatch, foldCase, type Matcher } from './wildmatch.js';

/** One line of an ignore file. */
export interface IgnorePattern {
  readonly negated: boolean;
  /** Written with a '/' at its end. */
  readonly foldersOnly: boolean;
  /** Matched against the last name only; otherwise against the path below the folder of the file. */
  readonly nameOnly: boolean;
  readonly matches: (text: string) => boolean;
}

/**
 * The patterns of an ignore file, in its order. `text` is a byte string (Latin-1); lines as in gitignore(5): comments, blank lines, a
 * byte-order mark, CR before LF and unescaped spaces at the end do not count. Source of the matching: git: dir.c.
 */
export function parsePatterns(text: string, ignoreCase: boolean): readonly IgnorePattern[] {
  return text
    .replace(/^\u00ef\u00bb\u00bf/, '')
    .split('\n')
    .flatMap((line) => {
      const pattern = line.startsWith('#') ? '' : trimEnd(line.replace(/\r$/, ''));
      return pattern === '' ? [] : [parsePattern(pattern, ignoreCase)];
    });
}

/** Without the spaces at the end; one that is escaped stays, with what is before it. */
function trimEnd(line: string): string {
  let end = 0;
  for (let at = 0; at < line.length; at += 1) {
    if (line[at] === ' ') continue;
    if (line[at] === '\\') at += 1;
    end = at + 1;
  }
  return line.slice(0, end);
}

function parsePattern(line: string, ignoreCase: boolean): IgnorePattern {
  const negated = line.startsWith('!');
  const rest = negated ? line.slice(1) : line;
  const foldersOnly = rest.endsWith('/');
  const pattern = foldersOnly ? rest.slice(0, -1) : rest;
  const nameOnly = !pattern.includes('/');
  const fold = ignoreCase ? foldCase : (text: string): string => text;
  const matches = nameOnly ? nameMatcher(pattern, ignoreCase) : pathMatcher(pattern, ignoreCase);
  return { negated, foldersOnly, nameOnly, matches: (text) => matches(fold(text)) };
}

const wild = /[*?[\\]/;

function nameMatcher(pattern: string, ignoreCase: boolean): (text: string) => boolean {
  const folded = ignoreCase ? foldCase(pattern) : pattern;
  if (!wild.test(pattern)) return (text) => text === folded;
  const ending = folded.slice(1);
  if (pattern.startsWith('*') && !wild.test(ending)) return (text) => text.endsWith(ending);
  return compileWildmatch(pattern, { pathname: false, ignoreCase });
}

/** What is before the first wildcard is compared as it is; the wildcards begin after it, as in git (so `a**` + `/b` reaches any depth). */
function pathMatcher(pattern: string, ignoreCase: boolean): (text: string) => boolean {
  const anchored = pattern.startsWith('/') ? pattern.slice(1) : pattern;
  const length = anchored.search(wild);
  const literal = length < 0 ? anchored : anchored.slice(0, length);
  const start = ignoreCase ? foldCase(literal) : literal;
  if (length < 0) return (text) => text === start;
  // Made for those that begin alike: a hostile file may have half a million patterns.
  let rest: Matcher | undefined;
  return (text) => {
    if (!text.startsWith(start)) return false;
    rest ??= compileWildmatch(anchored.slice(length), { pathname: true, ignoreCase });
    return rest(text.slice(start.length));
  };
}
