/** Names of the user's own for command lines: `git config --global cfg.alias.st "status"`. */
import { ConfigError } from '../errors.js';
import { gitSettings } from './git-settings.js';
import type { Globals } from './globals.js';
import type { Io } from './io.js';

const prefix = 'cfg.alias.';

/** The aliases, name to what it stands for. Throws E_CORRUPT, E_IO. */
export async function aliasesFor(
  io: Io,
  globals: Pick<Globals, 'dirs'>,
): Promise<ReadonlyMap<string, string>> {
  const config = await gitSettings(io, globals);
  const names = config.names().filter((name) => name.startsWith(prefix));
  return new Map(names.map((name) => [name.slice(prefix.length), config.get(name) ?? '']));
}

interface Aliases {
  readonly aliases: ReadonlyMap<string, string>;
  /** An alias never stands in front of a command. */
  readonly isCommand: (name: string) => boolean;
}

/**
 * The words that a command line with an alias in front stands for; an alias may name another one. Undefined when `name` is none.
 * Throws E_USAGE for one that is empty, has an open quote, or leads back to itself.
 */
export function expandAlias(name: string, { aliases, isCommand }: Aliases): readonly string[] | undefined {
  const seen: string[] = [];
  let words: readonly string[] = [name];
  for (;;) {
    const [first = '', ...rest] = words;
    const text = isCommand(first) ? undefined : aliases.get(first.toLowerCase());
    if (text === undefined) return seen.length === 0 ? undefined : words;
    if (seen.includes(first))
      throw wrongAlias(first, `leads back to itself: ${[...seen, first].join(' -> ')}`);
    seen.push(first);
    words = [...splitWords(first, text), ...rest];
  }
}

/** Words as a shell cuts them: by white space, but for what stands in quotes or behind a backslash (git: alias.c, split_cmdline). */
function splitWords(name: string, text: string): readonly string[] {
  const words: string[] = [];
  const piece = /(?:"(?:[^"\\]|\\.)*"|'[^']*'|\\.|[^\s"'\\])+/gsy;
  for (let at = skipSpace(text, 0); at < text.length; at = skipSpace(text, piece.lastIndex)) {
    piece.lastIndex = at;
    const [word] = piece.exec(text) ?? [];
    if (word === undefined) throw wrongAlias(name, 'has a quote that does not end');
    words.push(word.replace(/"((?:[^"\\]|\\.)*)"|'([^']*)'|\\(.)/gs, unquoted));
  }
  if (words.length === 0) throw wrongAlias(name, 'stands for nothing');
  if (words[0]?.startsWith('!') === true)
    throw wrongAlias(name, 'is a program: aliases of cfg are its commands');
  return words;
}

function skipSpace(text: string, from: number): number {
  const found = text.slice(from).search(/\S/);
  return found === -1 ? text.length : from + found;
}

function unquoted(_: string, double?: string, single?: string, escaped?: string): string {
  return double?.replace(/\\(.)/gs, '$1') ?? single ?? escaped ?? '';
}

function wrongAlias(name: string, why: string): ConfigError {
  return new ConfigError('E_USAGE', `the alias '${name}' ${why}`, {
    hint: `git config --global ${prefix}${name} "COMMAND OPTIONS"`,
  });
}
