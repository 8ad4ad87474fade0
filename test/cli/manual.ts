import type { Entry } from '../../src/cli/catalogue.js';
import type { CommandSpec } from '../../src/cli/command.js';
import { globalOptions } from '../../src/cli/globals.js';
import { optionRow } from '../../src/cli/help.js';
import type { Topic } from '../../src/cli/topics.js';

export interface Manual {
  readonly commands: readonly (readonly [Entry, CommandSpec])[];
  readonly topics: readonly Topic[];
}

/** The page cfg(1) in roff (groff_man(7)). */
export function manual({ commands, topics }: Manual): string {
  return [
    '.\\" Generated from the program: UPDATE_DOCS=1 npx vitest run test/cli/manual.test.ts',
    '.TH CFG 1 "" cfgit "User Commands"',
    '.SH NAME',
    escaped('cfg - keep YAML, JSON and INI files in a Git repository, by key'),
    '.SH SYNOPSIS',
    escaped('cfg [-C DIR] [--json] [--no-color] [-q] COMMAND …'),
    '.SH OPTIONS',
    'Before the command or after it.',
    ...globalOptions.flatMap((option) => row(optionRow(option))),
    '.SH COMMANDS',
    ...commands.flatMap(([entry, spec]) => section(entry, spec)),
    ...topics.flatMap((topic) => [
      `.SH ${quoted(topic.name.toUpperCase())}`,
      ...topic.body.flatMap(paragraph),
    ]),
    '.SH FILES',
    ...row(['cfg.yaml', 'settings of the repository, at its root']),
    ...row(['$XDG_CACHE_HOME/cfg', 'what may be deleted at any time; CFG_NO_CACHE=1 does without']),
    '.SH "SEE ALSO"',
    '.BR git (1)',
    '',
  ].join('\n');
}

function section({ name, summary }: Entry, spec: CommandSpec): readonly string[] {
  return [
    `.SS ${quoted(`cfg ${name}`)}`,
    ...spec.usage.flatMap((usage, at) => [...(at === 0 ? [] : ['.br']), `.B ${quoted(`cfg ${usage}`)}`]),
    '.PP',
    escaped(`${summary[0]?.toUpperCase()}${summary.slice(1)}. ${spec.about}`),
    ...spec.arguments.flatMap((argument) => row([argument.name, argument.about])),
    ...spec.options.flatMap((option) => row(optionRow(option))),
    '.PP',
    'Examples:',
    ...spec.examples.flatMap(({ command, about }) => row([command, about])),
  ];
}

function paragraph(part: Topic['body'][number]): readonly string[] {
  return typeof part === 'string' ? ['.PP', escaped(part)] : part.flatMap(row);
}

function row([term, meaning]: readonly [string, string]): readonly string[] {
  return ['.TP', `.B ${quoted(term)}`, escaped(meaning)];
}

/** One argument of a macro. */
function quoted(text: string): string {
  return `"${escaped(text).replaceAll('"', '\\(dq')}"`;
}

/** Text on one line: no macro at its start, and its dashes are those that are typed. */
function escaped(text: string): string {
  const one = text
    .replaceAll('\\', '\\(rs')
    .replaceAll(/\s*\n\s*/g, ' ')
    .replaceAll('-', '\\-');
  const ascii = one.replaceAll('^', '\\(ha').replaceAll('~', '\\(ti').replaceAll('`', '\\(ga');
  return ascii.replace(/^[.']/, '\\&$&');
}
