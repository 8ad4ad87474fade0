import { isConfigError } from '../../errors.js';
import { aliasesFor } from '../aliases.js';
import { catalogue } from '../catalogue.js';
import type { ArgumentSpec, CommandSpec, OptionSpec } from '../command.js';
import { globalOptions } from '../globals.js';
import { startSession, type Session } from '../session.js';
import { topics } from '../topics.js';
import { valuesFor } from './values.js';

/** Something that can stand where the cursor is. */
export interface Candidate {
  readonly value: string;
  readonly about: string;
}

/**
 * What can follow: `words` are those after `cfg`, the last is the one being typed. Sorted as found: options and commands as the help
 * has them, values as their kind is sorted. Never throws for what cannot be looked up: there is nothing to offer then.
 */
export async function candidatesFor(from: Session, words: readonly string[]): Promise<Candidate[]> {
  const typed = words.at(-1) ?? '';
  const before = words.slice(0, -1);
  const session = movedBy(before, from);
  if (session === undefined) return [];
  const at = commandAt(before);
  if (at !== undefined && before[at] === 'help')
    return helpWords.filter(({ value }) => value.startsWith(typed));
  const entry = at === undefined ? undefined : catalogue.find(({ name }) => name === before[at]);
  const found =
    entry === undefined || at === undefined
      ? await startOf(session, before, typed)
      : await inside(session, { spec: await entry.load(), before: before.slice(at + 1), typed });
  return found.filter(({ value }) => value.startsWith(typed));
}

/** The session where the `-C` options lead; undefined where they lead nowhere. */
function movedBy(words: readonly string[], session: Session): Session | undefined {
  const dirs = words.filter((_, i) => words[i - 1] === '-C');
  if (dirs.length === 0) return session;
  const { io, cwd, ...rest } = session;
  try {
    return startSession(io, { ...rest, dirs: [cwd, ...dirs] });
  } catch (error) {
    if (isConfigError(error)) return undefined;
    throw error;
  }
}

const helpWords: readonly Candidate[] = [...topics, ...catalogue].map(({ name, summary }) => ({
  value: name,
  about: summary,
}));

/** The place of the command among the words: the first that is neither an option nor the value of one. */
function commandAt(words: readonly string[]): number | undefined {
  for (let at = 0; at < words.length; at += takesWord(words[at]) ? 2 : 1)
    if (words[at]?.startsWith('-') === false) return at;
  return undefined;
}

function takesWord(option: string | undefined): boolean {
  return option === '-C' || option === '--color';
}

async function startOf(
  session: Session,
  before: readonly string[],
  typed: string,
): Promise<readonly Candidate[]> {
  if (before.at(-1) === '-C') return valuesFor(session, 'DIR', typed);
  if (typed.startsWith('-')) return globalOptions.flatMap(flagsOf);
  const commands = catalogue.map(({ name, summary }) => ({ value: name, about: summary }));
  return [...commands, ...(await aliases(session))];
}

/** What the user set up; nothing to offer where that cannot be read. */
async function aliases({ io, cwd }: Session): Promise<readonly Candidate[]> {
  try {
    const found = await aliasesFor(io, { dirs: [cwd] });
    return [...found].map(([value, about]) => ({ value, about }));
  } catch (error) {
    if (isConfigError(error)) return [];
    throw error;
  }
}

interface Inside {
  readonly spec: CommandSpec;
  /** The words between the command and the one being typed. */
  readonly before: readonly string[];
  readonly typed: string;
}

async function inside(session: Session, { spec, before, typed }: Inside): Promise<readonly Candidate[]> {
  const options = [...spec.options, ...globalOptions];
  const onlyOperands = before.includes('--');
  const open = onlyOperands ? undefined : options.find((option) => takes(option, before.at(-1)));
  if (open?.choices !== undefined) return open.choices.map((value) => ({ value, about: '' }));
  if (open !== undefined) return valuesFor(session, placeholderOf(open), typed);
  if (typed.startsWith('-') && !onlyOperands) return options.flatMap(flagsOf);
  const operands = before.filter(
    (word, i) => !word.startsWith('-') && !options.some((option) => takes(option, before[i - 1])),
  ).length;
  const argument = spec.arguments[operands] ?? spec.arguments.findLast(({ many }) => many === true);
  if (argument?.name === 'ACTION') return actionsOf(spec);
  return argument === undefined ? [] : valuesFor(session, kindOf(argument, spec, before), typed);
}

/** What `get` takes for an address is a key where a stack was asked for. */
function kindOf({ name }: ArgumentSpec, { options }: CommandSpec, before: readonly string[]): string {
  const ofStack = new Set(options.filter(({ flags }) => /^--stack|^-e/.test(flags)).flatMap(names));
  return name === 'ADDRESS' && before.some((word) => ofStack.has(word)) ? 'KEY' : name;
}

/** What the usage lines have behind the command: `add` of `remote add NAME URL`. */
function actionsOf({ usage }: CommandSpec): readonly Candidate[] {
  const actions = usage.flatMap((line) => /^\S+ ([a-z][a-z-]*)/.exec(line)?.[1] ?? []);
  return [...new Set(actions)].map((value) => ({ value, about: '' }));
}

/** Whether a word is this option, waiting for its value. */
function takes(option: OptionSpec, word: string | undefined): boolean {
  return placeholderOf(option) !== '' && word !== undefined && names(option).includes(word);
}

function names({ flags }: OptionSpec): readonly string[] {
  return flags
    .replace(/[<[].*/, '')
    .split(/[ ,|]+/)
    .filter(Boolean);
}

function placeholderOf({ flags }: OptionSpec): string {
  return /<(.*)>/.exec(flags)?.[1] ?? '';
}

function flagsOf(option: OptionSpec): readonly Candidate[] {
  return names(option)
    .filter((name) => name.startsWith('--') || names(option).length === 1)
    .map((value) => ({ value, about: option.about }));
}
