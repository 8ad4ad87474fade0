import { catalogue, type Entry } from './catalogue.js';
import type { CommandSpec, OptionSpec } from './command.js';
import { globalOptions } from './globals.js';
import { lines, padded } from './render/text.js';
import type { Style } from './render/style.js';
import { topics, type Topic } from './topics.js';

const pitch = 'cfg keeps YAML, JSON and INI files in a Git repository: history, merges and tags by key.';

const naming =
  'A value is named FILE#KEY, as in base.yaml#db.pool.max; REV: in front names it at a revision.';

/** What `cfg --help` prints: the commands in groups. */
export function programHelp(style: Style): string {
  const nameWidth = Math.max(...catalogue.map(({ name }) => name.length));
  const group = (title: string): string[] =>
    catalogue
      .filter((entry) => entry.group === title)
      .map(({ name, summary }) => `  ${name.padEnd(nameWidth)}  ${summary}`);
  const width = widthOf(style);
  const titles = [...new Set(catalogue.map((entry) => entry.group))];
  return [
    lines([
      ...wrap(pitch, width),
      '',
      `${style.bold('Usage:')} cfg [-C DIR] [--json] [--no-color] [-q] COMMAND …`,
    ]),
    ...titles.map((title) => lines(section(`${title}:`, group(title), style))),
    lines([
      ...section('Global options:', optionRows(globalOptions, width), style),
      '',
      ...wrap(naming, width),
      "'cfg COMMAND --help' shows arguments, options and examples of a command,",
      ...wrap(`'cfg help TOPIC' explains: ${topics.map(({ name }) => name).join(', ')}.`, width),
    ]),
  ].join('');
}

/** What `cfg COMMAND --help` prints. */
export function commandHelp(entry: Entry, spec: CommandSpec, style: Style): string {
  const width = widthOf(style);
  return lines([
    `cfg ${entry.name}: ${entry.summary}`,
    '',
    ...wrap(spec.about, width),
    ...section(
      'Usage:',
      spec.usage.flatMap((usage) => usageRows(usage, width)),
      style,
    ),
    ...section(
      'Arguments:',
      table(
        spec.arguments.map(({ name, about }) => [name, about]),
        width,
      ),
      style,
    ),
    ...section('Options:', optionRows(spec.options, width), style),
    ...section('Global options:', optionRows(globalOptions, width), style),
    ...section(
      'Examples:',
      spec.examples.flatMap(({ command, about }) => [`  # ${about}`, `  $ ${command}`]),
      style,
    ),
    ...section(
      'JSON answer:',
      wrap(spec.answer, width - 2).map((line) => `  ${line}`),
      style,
    ),
  ]);
}

/** What `cfg help` explains besides commands. */
export const topicNames: readonly string[] = topics.map(({ name }) => name);

/** The topic of that name. */
export function topicNamed(name: string): Topic | undefined {
  return topics.find((topic) => topic.name === name);
}

/** What `cfg help TOPIC` prints. */
export function topicHelp({ name, summary, body }: Topic, style: Style): string {
  const width = widthOf(style);
  const parts = body.flatMap((part) => [
    '',
    ...(typeof part === 'string' ? wrap(part, width) : table(part, width)),
  ]);
  return lines([`${style.bold(name)}: ${summary}`, ...parts]);
}

/** An option as people read it: `-m, --message MSG`, and what it is for, with its choices. */
export function optionRow({ flags, about, choices, repeat }: OptionSpec): readonly [string, string] {
  const notes = [
    choices === undefined ? '' : ` (${choices.join(', ')})`,
    repeat === true ? '; may be repeated' : '',
  ];
  return [flags.replace(/<(.*)>/, '$1'), about + notes.join('')];
}

function optionRows(options: readonly OptionSpec[], width: number): string[] {
  return table(options.map(optionRow), width);
}

/** As wide as the terminal, but no wider than is easy to read; a window that is narrower than any table breaks the lines itself. */
function widthOf({ columns }: Style): number {
  return Math.max(60, Math.min(100, columns));
}

/** An option in brackets stays in one piece. */
function usageRows(usage: string, width: number): string[] {
  const pieces = `cfg ${usage}`.match(/(?:\[(?:[^[\]]|\[[^\]]*\])*\]|\S)+/g) ?? [];
  return wrapped(pieces, width - 4).map((line, i) => (i === 0 ? `  ${line}` : `    ${line}`));
}

/** Two columns; what does not fit goes on below the second one. */
function table(rows: readonly (readonly string[])[], width: number): string[] {
  return padded(rows).flatMap(([left = '', right = '']) => {
    const margin = left.length + 4;
    return wrap(right, width - margin).map(
      (line, i) => (i === 0 ? `  ${left}  ` : ' '.repeat(margin)) + line,
    );
  });
}

function wrap(text: string, columns: number): string[] {
  return wrapped(text.split(' '), columns);
}

function wrapped(words: readonly string[], columns: number): string[] {
  const rows: string[] = [];
  for (const word of words) {
    const row = rows.at(-1);
    if (row === undefined || row.length + word.length >= columns) rows.push(word);
    else rows[rows.length - 1] = `${row} ${word}`;
  }
  return rows;
}

function section(title: string, body: readonly string[], style: Style): string[] {
  return body.length === 0 ? [] : ['', style.bold(title), ...body];
}
