import { catalogue, type Entry } from './catalogue.js';
import type { CommandSpec, OptionSpec } from './command.js';
import { globalOptions } from './globals.js';
import { lines, padded } from './render/text.js';
import type { Style } from './render/style.js';

const pitch =
  'cfg keeps YAML, JSON and INI files as a Git repository of configuration: history, merges and tags by key.';

/** What `cfg --help` prints: the commands in groups. */
export function programHelp(style: Style): string {
  const rows = table(catalogue.map(({ name, summary }) => [name, summary]));
  const titles = [...new Set(catalogue.map(({ group }) => group))];
  const groups = titles.map((title) =>
    lines(['', style.bold(`${title}:`), ...rows.filter((_, i) => catalogue[i]?.group === title)]),
  );
  return [
    lines([pitch, '', `${style.bold('Usage:')} cfg [-C DIR] [--json] [--no-color] [-q] COMMAND …`]),
    ...groups,
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
    spec.about,
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
    ...section('JSON answer:', [`  ${spec.answer}`], style),
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

function table(rows: readonly (readonly string[])[]): string[] {
  return padded(rows).map((row) => `  ${row.join('  ')}`);
}

function section(title: string, body: readonly string[], style: Style): string[] {
  return body.length === 0 ? [] : ['', style.bold(title), ...body];
}
