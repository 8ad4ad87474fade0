/** The file that curl and ftp keep logins in (curl: docs, .netrc). Pure. */
import type { Credentials } from './types.js';

/** The entry of a host, or the default one; of a user where one is asked for. */
export function findInNetrc(text: string, host: string, username?: string): Credentials | undefined {
  return entriesOf(text).find(
    (entry) =>
      (entry.host === undefined || entry.host === host.toLowerCase()) &&
      entry.username !== '' &&
      (username === undefined || entry.username === username),
  );
}

interface Entry extends Credentials {
  /** Undefined: the default. */
  readonly host: string | undefined;
}

function entriesOf(text: string): Entry[] {
  const words = wordsOf(text);
  const entries: Entry[] = [];
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at];
    if (word === 'machine')
      entries.push({ host: words[++at]?.toLowerCase() ?? '', username: '', password: '' });
    else if (word === 'default') entries.push({ host: undefined, username: '', password: '' });
    else if (word === 'login' || word === 'password') {
      const last = entries.pop();
      const value = words[++at] ?? '';
      if (last !== undefined) entries.push({ ...last, [word === 'login' ? 'username' : 'password']: value });
    } else if (word === 'account') at += 1;
  }
  return entries;
}

/** Words, in double quotes where they hold blanks; a macro goes on to the next empty line. */
function wordsOf(text: string): string[] {
  const plain = text.replace(/^\s*#.*$/gm, '').replace(/^\s*macdef\b[^]*?(?:\n\s*\n|$(?![^]))/gm, '\n');
  return [...plain.matchAll(/"((?:\\.|[^"\\])*)"|(\S+)/gs)].map(([, quoted, bare = '']) =>
    quoted === undefined ? bare : quoted.replaceAll(/\\(.)/gs, '$1'),
  );
}
