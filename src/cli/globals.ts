import { ConfigError, closest } from '../errors.js';
import type { OptionSpec } from './command.js';

/** The options that every command takes, before its name or after it. */
export interface Globals {
  /** Folders to change into, one after the other. */
  readonly dirs: readonly string[];
  readonly json: boolean;
  /** False with `--no-color`. */
  readonly color: boolean;
  readonly quiet: boolean;
  readonly help: boolean;
  readonly version: boolean;
}

export const globalOptions: readonly OptionSpec[] = [
  { flags: '-C <DIR>', about: 'run as if started in DIR', repeat: true },
  { flags: '--json', about: 'print the answer as one JSON document' },
  { flags: '--no-color', about: 'never use colour (NO_COLOR does the same)' },
  { flags: '-q, --quiet', about: 'print no confirmations' },
  { flags: '--version', about: 'print the version of cfg' },
  { flags: '-h, --help', about: 'show help' },
];

/** `argv` cut at the name of the command. */
export interface Split {
  readonly globals: Globals;
  /** Undefined when no command was named. */
  readonly command: string | undefined;
  readonly words: readonly string[];
}

type Flag = 'json' | 'quiet' | 'help' | 'version';

const flags: Readonly<Record<string, Flag>> = {
  '--json': 'json',
  '-q': 'quiet',
  '--quiet': 'quiet',
  '-h': 'help',
  '--help': 'help',
  '--version': 'version',
};

/** Reads the global options that stand before the command. Throws E_USAGE. */
export function splitArguments(argv: readonly string[]): Split {
  const dirs: string[] = [];
  const on = { json: false, quiet: false, help: false, version: false };
  let color = true;
  let at = 0;
  for (let word = argv[0]; word?.startsWith('-') === true; word = argv[++at]) {
    const flag = Object.hasOwn(flags, word) ? flags[word] : undefined;
    if (flag !== undefined) on[flag] = true;
    else if (word === '--no-color') color = false;
    else if (word.startsWith('-C')) dirs.push(word.length > 2 ? word.slice(2) : folder(argv[++at]));
    else throw unknownOption(word);
  }
  return { globals: { ...on, color, dirs }, command: argv[at], words: argv.slice(at + 1) };
}

/** Options from before the command and from after it, together. */
export function joinGlobals(a: Globals, b: Globals): Globals {
  return {
    dirs: [...a.dirs, ...b.dirs],
    json: a.json || b.json,
    color: a.color && b.color,
    quiet: a.quiet || b.quiet,
    help: a.help || b.help,
    version: a.version || b.version,
  };
}

function folder(word: string | undefined): string {
  if (word === undefined)
    throw new ConfigError('E_USAGE', "option '-C' needs a folder", { hint: 'cfg -C DIR COMMAND' });
  return word;
}

function unknownOption(word: string): ConfigError {
  const near = closest(word, [...Object.keys(flags), '--no-color']);
  return new ConfigError('E_USAGE', `unknown option '${word}'`, {
    hint: near === undefined ? "see 'cfg --help'" : `did you mean '${near}'? see 'cfg --help'`,
  });
}
