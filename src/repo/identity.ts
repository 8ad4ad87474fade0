import { ConfigError, isConfigError } from '../errors.js';
import type { Signature } from '../store/index.js';
import type { RepositoryContext } from './context.js';
import { parseGitDate, type GitDate } from './date.js';

type Role = 'author' | 'committer';

/** Who commits. */
export interface Identity {
  readonly author: Signature;
  readonly committer: Signature;
}

/** Who is named as the author of a commit: `Name <email>`, or its two parts. */
export type Author = string | Person;

/**
 * Author: `--author`, then `GIT_AUTHOR_*`, then Git's configuration; committer: `GIT_COMMITTER_*`, then the configuration (git:
 * Documentation/git-commit "COMMIT INFORMATION"), then the author that was named: a server has nobody configured. Nothing is guessed
 * from the machine. Throws E_NO_IDENTITY, E_USAGE.
 */
export function identify(context: RepositoryContext, author?: Author): Identity {
  if (author === undefined)
    return { author: signatureOf(context, 'author'), committer: signatureOf(context, 'committer') };
  const named = namedPerson(author);
  const committer = findPerson(context, 'committer') ?? named;
  return {
    author: { ...named, ...dateOf(context, 'author') },
    committer: { ...committer, ...dateOf(context, 'committer') },
  };
}

/** Who stands in the reflog: what makes no commit and no tag needs nobody to have a name (git: ident.c, without IDENT_STRICT). */
export function reflogSignature(context: RepositoryContext): Signature {
  try {
    return identify(context).committer;
  } catch (error) {
    if (!isConfigError(error, 'E_NO_IDENTITY')) throw error;
    const now = context.now();
    const name = context.env['USER'] || context.env['LOGNAME'] || 'unknown';
    return {
      name,
      email: '',
      timestamp: Math.floor(now.getTime() / 1000),
      offsetMinutes: -now.getTimezoneOffset(),
    };
  }
}

type Person = Pick<Signature, 'name' | 'email'>;

function namedPerson(author: Author): Person {
  const text = typeof author === 'string' ? author : `${author.name} <${author.email}>`;
  const match = /^([^<>]*)<([^<>]*)>\s*$/.exec(text);
  const name = clean(match?.[1] ?? '');
  if (match === null || name === '')
    throw new ConfigError('E_USAGE', `author '${text}' is not of the form 'Name <email>'`, {
      hint: 'write it as "Your Name <you@example.com>"',
    });
  return { name, email: clean(match[2] ?? '') };
}

function signatureOf(context: RepositoryContext, role: Role): Signature {
  const person = findPerson(context, role);
  if (person === undefined) throw unknownIdentity(context, role);
  return { ...person, ...dateOf(context, role) };
}

function findPerson(context: RepositoryContext, role: Role): Person | undefined {
  const [name, email] = [findField(context, role, 'name'), findField(context, role, 'email')];
  return name === undefined || email === undefined ? undefined : { name, email };
}

function findField(context: RepositoryContext, role: Role, field: 'name' | 'email'): string | undefined {
  const { env, store } = context;
  const upper = role.toUpperCase();
  return [
    env[`GIT_${upper}_${field.toUpperCase()}`],
    store.config.get(`${role}.${field}`),
    store.config.get(`user.${field}`),
    field === 'email' ? env['EMAIL'] : undefined,
  ]
    .map((value) => clean(value ?? ''))
    .find((value) => value !== '');
}

/** git: ident.c strbuf_addstr_without_crud. Without it an author could forge header lines. */
function clean(text: string): string {
  const inner = text.replace(/[<>\n\0]/g, '');
  return inner.replace(/^[\p{Cc} .,:;"\\']+|[\p{Cc} .,:;"\\']+$/gu, '');
}

function dateOf(context: RepositoryContext, role: Role): GitDate {
  const variable = `GIT_${role.toUpperCase()}_DATE`;
  const text = context.env[variable];
  const now = context.now();
  const local: GitDate = {
    timestamp: Math.floor(now.getTime() / 1000),
    offsetMinutes: -now.getTimezoneOffset(),
  };
  if (text === undefined || text === '') return local;
  const date = parseGitDate(text);
  if (date === undefined)
    throw new ConfigError('E_USAGE', `date '${text}' in ${variable} is not one that git writes`, {
      hint: `set ${variable} to a date as '2026-01-31T12:00:00+0000'`,
    });
  return date;
}

function unknownIdentity(context: RepositoryContext, role: Role): ConfigError {
  const what = findField(context, role, 'name') === undefined ? 'name' : 'e-mail';
  return new ConfigError('E_NO_IDENTITY', `no ${role} ${what} is configured`, {
    hint: 'git config --global user.name "Your Name" && git config --global user.email you@example.com',
  });
}
