import { catalogue, type Entry } from './catalogue.js';
import type { Outcome } from './command.js';
import { reportFailure } from './failure.js';
import { colorAmong, joinGlobals, splitArguments, type Globals, type Split } from './globals.js';
import type { Io } from './io.js';
import { formatJson } from './json.js';
import { styleFor, visible } from './render/style.js';
import { programVersion } from './version.js';

/**
 * Runs one command line (without `node` and `cfg`) and returns its exit code: 0 done, 1 the answer is no, 2 wrong usage,
 * 3 refused by a rule, 4 the surroundings failed, 70 a bug. Prints through `io` only; never throws.
 */
export async function main(argv: readonly string[], io: Io): Promise<number> {
  const words = beforeDashes(argv);
  const asked = { json: words.includes('--json'), color: colorAmong(words) };
  let command: string | undefined;
  try {
    const split = splitArguments(argv);
    command = catalogue.find(({ name }) => name === split.command)?.name;
    return await dispatch(split, io);
  } catch (error) {
    return reportFailure(error, io, { ...asked, command });
  }
}

async function dispatch({ globals, command, words }: Split, io: Io): Promise<number> {
  if (globals.version) return print(versionAnswer(), { globals }, io);
  if (command === undefined) return print(await generalHelp(), { globals, paged: true }, io);
  if (command === 'help') return help(globals, words, io);
  const entry = catalogue.find(({ name }) => name === command);
  if (entry === undefined) return dispatchAlias({ globals, command, words }, io);
  return runCommand(entry, { globals, words }, io);
}

/** A name of the user's own for a command line. */
async function dispatchAlias(
  { globals, command, words }: Split & { readonly command: string },
  io: Io,
  topics: readonly string[] = [],
): Promise<number> {
  const { aliasesFor, expandAlias } = await import('./aliases.js');
  const aliases = await aliasesFor(io, globals);
  const expanded = expandAlias(command, { aliases, isCommand });
  if (expanded === undefined) {
    const { unknownCommand } = await import('./unknown-command.js');
    throw unknownCommand(command, [...commandNames, 'help', ...aliases.keys(), ...topics]);
  }
  if (globals.help) return print(aliasAnswer(command, expanded), { globals, paged: false }, io);
  const split = splitArguments([...expanded, ...words]);
  return dispatch({ ...split, globals: joinGlobals(globals, split.globals) }, io);
}

/** `cfg help WORD`, with global options before the word or behind it. */
async function help(given: Globals, typed: readonly string[], io: Io): Promise<number> {
  const before = splitArguments(typed);
  const behind = splitArguments(before.words);
  const globals = joinGlobals(joinGlobals(given, before.globals), behind.globals);
  const { command: word } = before;
  const { words } = behind;
  if (word === undefined) return dispatch({ globals, command: undefined, words }, io);
  const { topicHelp, topicNamed, topicNames } = await import('./help.js');
  const topic = topicNamed(word);
  if (topic !== undefined)
    return print(
      helpAnswer((style) => topicHelp(topic, style)),
      { globals, paged: true },
      io,
    );
  const split = { globals: { ...globals, help: true }, command: word, words };
  return isCommand(word) ? dispatch(split, io) : dispatchAlias(split, io, topicNames);
}

async function runCommand(entry: Entry, typed: Omit<Split, 'command'>, io: Io): Promise<number> {
  const [spec, { parseCommand }] = await Promise.all([entry.load(), import('./parse.js')]);
  const parsed = parseCommand(entry.name, spec, typed.globals.help ? ['--help'] : typed.words);
  const globals = joinGlobals(typed.globals, parsed.globals);
  if (globals.version) return print(versionAnswer(), { globals }, io);
  if (globals.help) {
    const { commandHelp } = await import('./help.js');
    return print(
      helpAnswer((style) => commandHelp(entry, spec, style)),
      { globals, paged: true },
      io,
    );
  }
  const { startSession } = await import('./session.js');
  const session = startSession(io, {
    dirs: globals.dirs,
    color: globals.json ? 'never' : globals.color,
    json: globals.json,
    run: main,
  });
  return print(await spec.run(session, parsed.input), { globals, paged: entry.paged }, io);
}

interface Printing {
  readonly globals: Globals;
  /** Whether a long text goes to a pager. Default false. */
  readonly paged?: boolean | undefined;
}

async function print(outcome: Outcome, { globals, paged = false }: Printing, io: Io): Promise<number> {
  const exitCode = outcome.exitCode ?? 0;
  if (!globals.quiet) warn(outcome.warnings ?? [], globals, io);
  if (outcome.printed === true) return exitCode;
  if (globals.json) io.stdout.write(`${formatJson(outcome.answer, 2)}\n`);
  else if (!(globals.quiet && outcome.confirmation === true && exitCode === 0)) {
    const text = outcome.text(styleFor(io.stdout, io.env, globals.color));
    if (!(paged && (await isPaged(text, globals, io)))) io.stdout.write(text);
  }
  return exitCode;
}

async function isPaged(text: string, globals: Globals, io: Io): Promise<boolean> {
  if (io.page === undefined) return false;
  return (await import('./pager.js')).showInPager(text, io, globals);
}

function warn(warnings: readonly string[], { color }: Globals, io: Io): void {
  const style = styleFor(io.stderr, io.env, color);
  for (const warning of warnings) io.stderr.write(`${style.yellow('warning:')} ${visible(warning)}\n`);
}

function versionAnswer(): Outcome {
  const version = programVersion();
  return { answer: { version }, text: () => `${version}\n` };
}

async function generalHelp(): Promise<Outcome> {
  const { programHelp } = await import('./help.js');
  return helpAnswer(programHelp);
}

function helpAnswer(text: Outcome['text']): Outcome {
  return { answer: { help: text(plain) }, text };
}

const plain = styleFor({ write: () => {}, isTTY: false, columns: 80 }, {}, 'never');

function aliasAnswer(alias: string, expanded: readonly string[]): Outcome {
  const meaning = expanded.join(' ');
  return {
    answer: { alias, expanded },
    text: () => `'${visible(alias)}' is an alias for '${visible(meaning)}'\n`,
  };
}

const commandNames = catalogue.map(({ name }) => name);

function isCommand(name: string): boolean {
  return commandNames.includes(name);
}

/** Where options can be, for an error that comes before they could be parsed. */
function beforeDashes(argv: readonly string[]): readonly string[] {
  const end = argv.indexOf('--');
  return end === -1 ? argv : argv.slice(0, end);
}
