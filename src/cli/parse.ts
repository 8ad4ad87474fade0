import { Command, CommanderError, Option } from 'commander';
import { ConfigError, closest, shellWord } from '../errors.js';
import type { CommandSpec, OptionSpec } from './command.js';
import { choiceOf, globalOptions, type ColorWhen, type Globals } from './globals.js';
import { Input } from './input.js';

/** What follows the name of a command: its own input, and the global options among it. */
export interface Parsed {
  readonly globals: Globals;
  readonly input: Input;
}

/** Parses the words after the name of a command. Throws E_USAGE. Arity is checked unless help or the version was asked for. */
export function parseCommand(name: string, spec: CommandSpec, words: readonly string[]): Parsed {
  const command = declare(name, spec);
  try {
    command.parse(words, { from: 'user' });
  } catch (error) {
    throw usageError(error, name, spec);
  }
  const options: Record<string, unknown> = command.opts();
  const input = new Input(command.args, options, afterDashes(words, command.args));
  const globals: Globals = {
    dirs: input.texts('C'),
    json: input.flag('json'),
    color: colorOf(options['color']),
    pager: input.flag('pager'),
    quiet: input.flag('quiet'),
    help: input.flag('help'),
    version: input.flag('version'),
  };
  if (!globals.help && !globals.version) {
    refuseNumberOption(name, spec, input);
    checkArity(name, spec, input.operands);
  }
  return { globals, input };
}

/** commander keeps `--color WHEN` and `--no-color` in one place. */
function colorOf(value: unknown): ColorWhen {
  if (value === false) return 'never';
  return value === 'always' || value === 'never' ? value : 'auto';
}

function declare(name: string, spec: CommandSpec): Command {
  const command = new Command(name)
    .exitOverride()
    .configureOutput({ writeOut: () => {}, writeErr: () => {} })
    .showSuggestionAfterError(false)
    .helpOption(false)
    .argument('[words...]');
  for (const option of [...spec.options, ...globalOptions]) command.addOption(declareOption(option));
  return command;
}

function declareOption({ flags, about, choices, repeat }: OptionSpec): Option {
  const option = new Option(flags, about);
  if (choices !== undefined)
    option.argParser((value: string) => choiceOf(option.long ?? flags, value, choices));
  if (repeat === true)
    option.argParser((value: string, before: readonly string[] | undefined) => [...(before ?? []), value]);
  return option;
}

/** commander drops the `--`; what stands after it is the end of its arguments. */
function afterDashes(words: readonly string[], operands: readonly string[]): number | undefined {
  const at = words.indexOf('--');
  if (at === -1) return undefined;
  const after = words.slice(at + 1);
  const end = operands.slice(operands.length - after.length);
  return after.every((word, i) => word === end[i]) ? after.length : undefined;
}

/** commander takes `-5` for an operand, which only a value or what stands after `--` can be. */
function refuseNumberOption(name: string, spec: CommandSpec, { beforeDashes }: Input): void {
  const typed = beforeDashes.find((word) => /^-\d+$/.test(word));
  if (typed === undefined || takesValue(spec)) return;
  throw new ConfigError('E_USAGE', `unknown option '${typed}'`, {
    hint: spec.options.some(({ flags }) => flags.startsWith('-n,'))
      ? `write -n ${typed.slice(1)}`
      : usageHint(name, spec),
  });
}

function takesValue(spec: CommandSpec): boolean {
  return spec.arguments.at(-1)?.name === 'VALUE';
}

function checkArity(name: string, spec: CommandSpec, operands: readonly string[]): void {
  const missing = spec.arguments.find(({ required }, i) => required === true && i >= operands.length);
  if (missing !== undefined)
    throw new ConfigError('E_USAGE', `'${name}' needs ${missing.name}`, { hint: usageHint(name, spec) });
  const excess = operands[spec.arguments.length];
  if (excess !== undefined && spec.arguments.at(-1)?.many !== true)
    throw new ConfigError('E_USAGE', `unexpected argument '${excess}'`, {
      hint: joinHint(name, spec, operands) ?? usageHint(name, spec),
    });
}

/** A file and a key typed as two words. */
function joinHint(name: string, spec: CommandSpec, operands: readonly string[]): string | undefined {
  const [file, key, ...rest] = operands;
  const keyed = spec.arguments[0]?.name.startsWith('FILE#KEY') === true;
  if (!keyed || file?.includes('#') === true || key === undefined || rest.length >= spec.arguments.length)
    return undefined;
  return `write file and key as one word: cfg ${[name, `${file}#${key}`, ...rest].join(' ')}`;
}

function usageHint(name: string, spec: CommandSpec): string {
  return `usage: ${spec.usage.map((line) => `cfg ${line}`).join(' | ')}; see 'cfg ${name} --help'`;
}

function usageError(error: unknown, name: string, spec: CommandSpec): unknown {
  if (!(error instanceof CommanderError)) return error;
  const subject = /'(.*)'/s.exec(error.message)?.[1] ?? '';
  if (error.code === 'commander.optionMissingArgument') {
    const [, flag = '', value = ''] = /(--?[\w-]+) <(.*)>$/.exec(subject) ?? [];
    return new ConfigError('E_USAGE', `option '${flag}' needs ${value}`, { hint: usageHint(name, spec) });
  }
  return new ConfigError('E_USAGE', `unknown option '${subject}'`, { hint: optionHint(subject, name, spec) });
}

function optionHint(unknown: string, name: string, spec: CommandSpec): string {
  const known = [...spec.options, ...globalOptions].flatMap(({ flags }) => flags.match(/--[\w-]+/g) ?? []);
  const near = closest(unknown, known);
  if (near !== undefined) return `did you mean '${near}'? see 'cfg ${name} --help'`;
  if (/#|\.(?:ya?ml|json|ini)$/i.test(unknown)) return `to name a file: ${shellWord(`./${unknown}`)}`;
  if (!takesValue(spec)) return usageHint(name, spec);
  const others = spec.arguments.slice(0, -1).map((argument) => argument.name);
  return `a value that begins with '-' goes after '--': cfg ${[name, ...others].join(' ')} -- ${unknown}`;
}
