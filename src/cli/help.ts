import { catalogue, type Entry } from './catalogue.js';
import type { CommandSpec, OptionSpec } from './command.js';
import { globalOptions } from './globals.js';
import { lines, padded } from './render/text.js';
import type { Style } from './render/style.js';

const pitch =
  'cfg keeps YAML, JSON and INI files as a Git repository of configuration: history, merges and tags by key.';

/** What `cfg --help` prints: the commands in groups. */
export function programHelp(style: Style): string {
  const nameWidth = Math.max(...catalogue.map(({ name }) => name.length));
  const group = (title: string): string[] =>
    catalogue
      .filter((entry) => entry.group === title)
      .map(({ name, summary }) => `  ${name.padEnd(nameWidth)}  ${summary}`);
  const titles = [...new Set(catalogue.map((entry) => entry.group))];
  return [
    lines([pitch, '', `${style.bold('Usage:')} cfg [-C DIR] [--json] [--no-color] [-q] COMMAND …`]),
    ...titles.map((title) => lines(section(`${title}:`, group(title), style))),
    lines([
      ...section('Global options:', optionRows(globalOptions), style),
      '',
      'A value is named FILE#KEY, as in services/api.yaml#db.pool.max; REV: in front names it at a revision.',
      "'cfg COMMAND --help' shows arguments, options and examples of a command.",
    ]),
  ].join('');
}

/** What `cfg COMMAND --help` prints. */
export function commandHelp(entry: Entry, spec: CommandSpec, style: Style): string {
  return lines([
    `cfg ${entry.name}: ${entry.summary}`,
    '',
    ...wrap(spec.about),
    ...section(
      'Usage:',
      spec.usage.map((usage) => `  cfg ${usage}`),
      style,
    ),
    ...section('Arguments:', table(spec.arguments.map(({ name, about }) => [name, about])), style),
    ...section('Options:', optionRows(spec.options), style),
    ...section('Global options:', optionRows(globalOptions), style),
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

/** An option as people read it: `-m, --message MSG`, and what it is for, with its choices. */
export function optionRow({ flags, about, choices, repeat }: OptionSpec): readonly [string, string] {
  const notes = [
    choices === undefined ? '' : ` (${choices.join(', ')})`,
    repeat === true ? '; may be repeated' : '',
  ];
  return [flags.replace(/<(.*)>/, '$1'), about + notes.join('')];
}

function optionRows(options: readonly OptionSpec[]): string[] {
  return table(options.map(optionRow));
}

const width = 100;

/** Two columns; what does not fit goes on below the second one. */
function table(rows: readonly (readonly string[])[]): string[] {
  return padded(rows).flatMap(([left = '', right = '']) => {
    const margin = left.length + 4;
    return wrap(right, width - margin).map(
      (line, i) => (i === 0 ? `  ${left}  ` : ' '.repeat(margin)) + line,
    );
  });
}

function wrap(text: string, columns: number = width): string[] {
  const rows: string[] = [];
  for (const word of text.split(' ')) {
    const row = rows.at(-1);
    if (row === undefined || row.length + word.length >= columns) rows.push(word);
    else rows[rows.length - 1] = `${row} ${word}`;
  }
  return rows;
}

function section(title: string, body: readonly string[], style: Style): string[] {
  return body.length === 0 ? [] : ['', style.bold(title), ...body];
}
