import { ConfigError } from '../errors.js';

/**
 * A commit message as Git stores it: no trailing blanks, no blank lines at either end or twice in a row, one final line break
 * (git: `git stripspace`). Throws E_USAGE for an empty or a missing one (callers without types forget it), or one with a NUL in it.
 */
export function cleanMessage(given: string | undefined): string {
  const text = given ?? '';
  if (text.includes('\0')) throw new ConfigError('E_USAGE', 'the commit message has a NUL character in it');
  const message = text
    .replace(/\r\n/g, '\n')
    .replace(/[ \t\v\f\r]+$/gm, '')
    .replace(/\n{3,}/g, '\n\n')
    .replace(/^\n+|\n+$/g, '');
  if (message === '')
    throw new ConfigError('E_USAGE', 'the commit message is empty', { hint: 'say why: -m "MESSAGE"' });
  return `${message}\n`;
}

/** A prepared message (MERGE_MSG) without its `#` comment lines. */
export function withoutComments(text: string): string {
  return text.replace(/^#.*(?:\n|$)/gm, '');
}

/** The first paragraph as one line: what reflogs and lists show. */
export function subjectOf(message: string): string {
  return (message.trimStart().split(/\n[ \t]*\n/)[0] ?? '').trim().replace(/\s*\n\s*/g, ' ');
}
