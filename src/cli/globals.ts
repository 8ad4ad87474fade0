import { ConfigError, closest } from '../errors.js';
import type { OptionSpec } from './command.js';

/** The options that every command takes, before its name or after it. */
export interface Globals {
  /** Folders to change into, one after the other. */
  readonly dirs: readonly string[];
  readonly json: boolean;
  readonly color: ColorWhen;
  /** False with `--no-pager`. */
  readonly pager: boolean;
  readonly quiet: boolean;
  readonly help: boolean;
  readonly version: boolean;
}

/** `auto`: on a terminal, as the environment says. */
export type ColorWhen = 'auto' | 'always' | 'never';

const colorWhens: readonly ColorWhen[] = ['auto', 'always', 'never'];

export const globalOptions: readonly OptionSpec[] = [
  { flags: '-C <DIR>', about: 'run as if started in DIR', repeat: true },
  { flags: '--json', about: 'print the answer as one JSON document' },
  { flags: '--color <WHEN>', about: 'use colour', choices: colorWhens },
  { flags: '--no-color', about: 'never use colour (NO_COLOR does the same)' },
  { flags: '--no-pager', about: 'print long answers as they are' },
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
  let color: ColorWhen = 'auto';
  let pager = true;
  let at = 0;
  for (let word = argv[0]; word?.startsWith('-') === true; word = argv[++at]) {
    const flag = Object.hasOwn(flags, word) ? flags[word] : undefined;
    if (flag !== undefined) on[flag] = true;
    else if (word === '--no-color') color = 'never';
    else if (word === '--no-pager') pager = false;
    else if (word === '--color')
      color = choiceOf('--color', valueOf('--color', 'WHEN', argv[++at]), colorWhens);
    else if (word.startsWith('--color='))
      color = choiceOf('--color', word.slice('--color='.length), colorWhens);
    else if (word.startsWith('-C'))
      dirs.push(word.length > 2 ? word.slice(2) : valueOf('-C', 'DIR', argv[++at]));
    else throw unknownOption(word);
  }
  return { globals: { ...on, color, pager, dirs }, command: argv[at], words: argv.slice(at + 1) };
}

/** Options from before the command and from after it, together. */
export function joinGlobals(a: Globals, b: Globals): Globals {
  return {
    dirs: [...a.dirs, ...b.dirs],
    json: a.json || b.json,
    color: b.color === 'auto' ? a.color : b.color,
    pager: a.pager && b.pager,
    quiet: a.quiet || b.quiet,
    help: a.help || b.help,
    version: a.version || b.version,
  };
}

/** One of the words that an option takes. Throws E_USAGE. */
export function choiceOf<T extends string>(option: string, word: string, choices: readonly T[]): T {
  const found = choices.find((choice) => choice === word);
  if (found !== undefined) return found;
  const near = closest(word, choices);
  throw new ConfigError('E_USAGE', `'${word}' is not a value of ${option}`, {
    hint: `${near === undefined ? '' : `did you mean '${near}'? `}it is one of ${choices.join(', ')}`,
  });
}

/** What is said of colour among the words of a command that are not parsed yet, for an error that comes before. */
export function colorAmong(words: readonly string[]): ColorWhen {
  const said = words.flatMap((word, i) => {
    if (word === '--no-color') return ['never' as const];
    const value = word === '--color' ? words[i + 1] : /^--color=(.*)$/s.exec(word)?.[1];
    return colorWhens.filter((when) => when === value);
  });
  return said.at(-1) ?? 'auto';
}

function valueOf(option: string, name: string, word: string | undefined): string {
  if (word !== undefined) return word;
  throw new ConfigError('E_USAGE', `option '${option}' needs ${name}`, {
    hint: `cfg ${option} ${name} COMMAND; see 'cfg --help'`,
  });
}

function unknownOption(word: string): ConfigError {
  const near = closest(word, [...Object.keys(flags), '--color', '--no-color', '--no-pager']);
  return new ConfigError('E_USAGE', `unknown option '${word}'`, {
    hint: near === undefined ? "see 'cfg --help'" : `did you mean '${near}'? see 'cfg --help'`,
  });
}
