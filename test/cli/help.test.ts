import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { catalogue } from '../../src/cli/catalogue.js';
import type { CommandSpec } from '../../src/cli/command.js';
import { globalOptions } from '../../src/cli/globals.js';
import { optionRow } from '../../src/cli/help.js';
import { parseCommand } from '../../src/cli/parse.js';
import { topics } from '../../src/cli/topics.js';
import { emptyFolder, run } from './command-line.js';
import { shellWords } from './shell-words.js';

const cwd = emptyFolder();
const names = catalogue.map(({ name }) => name);
const specs = new Map<string, CommandSpec>();
for (const { name, load } of catalogue) specs.set(name, await load());

describe('cfg --help', () => {
  it.each([[[]], [['--help']], [['-h']], [['help']]])('is printed for %j', async (argv) => {
    const { code, stdout, stderr } = await run(argv, { cwd });
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatchSnapshot('cfg --help');
  });

  it('is a document with --json', async () => {
    const { stdout } = await run(['--json', '--help'], { cwd });
    expect(Object.keys(JSON.parse(stdout))).toEqual(['help']);
    for (const argv of [
      ['help', '--json'],
      ['help', '--json', 'status'],
      ['help', 'layers', '--json'],
    ])
      expect(Object.keys(JSON.parse((await run(argv, { cwd })).stdout))).toEqual(['help']);
  });
});

describe('the table of commands in README.md', () => {
  const rows = readFileSync('README.md', 'utf8').match(/^\| `cfg .*$/gm) ?? [];
  const named = rows.flatMap((row) => row.split('|')[1]?.match(/`[^`]+`/g) ?? []);

  it.each(names)('names %s', (name) => {
    expect(named.map((code) => code.slice(1, -1).replace(/^cfg /, ''))).toContain(name);
  });
});

describe.each(topics.map(({ name }) => name))('cfg help %s', (name) => {
  it('is printed, in lines that fit, and is no command', async () => {
    const { code, stdout, stderr } = await run(['help', name], { cwd, columns: 80 });
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout.split('\n').filter((line) => line.length > 80 || line.endsWith(' '))).toEqual([]);
    expect(names).not.toContain(name);
    expect(stdout).toMatchSnapshot();
  });

  it('only speaks of commands and options that there are', async () => {
    const { stdout } = await run(['help', name], { cwd });
    for (const [, command = ''] of stdout.matchAll(/\bcfg ([a-z-]+)/g))
      expect([...names, 'help']).toContain(command);
  });
});

describe.each(names)('cfg %s --help', (name) => {
  const spec = specs.get(name);

  it('is printed in every spelling, in lines that fit', async () => {
    const { code, stdout } = await run([name, '--help'], { cwd });
    expect(code).toBe(0);
    expect(stdout.split('\n').filter((line) => line.length > 110 || line.endsWith(' '))).toEqual([]);
    expect(await run(['help', name], { cwd })).toMatchObject({ stdout });
    expect(await run(['-h', name, 'what', '--ever'], { cwd })).toMatchObject({ stdout });
    expect(stdout).toMatchSnapshot();
  });

  it('fits a narrow terminal; examples stay as they are typed', async () => {
    const { stdout } = await run([name, '--help', '--no-color'], { cwd, columns: 80 });
    const tooLong = stdout.split('\n').filter((line) => line.length > 80 && !/^  [$#] /.test(line));
    expect(tooLong).toEqual([]);
  });

  it('has two or more examples, each of which parses', () => {
    expect(spec?.examples.length).toBeGreaterThanOrEqual(2);
    for (const { command } of spec?.examples ?? []) {
      const words = shellWords(/cfg (?:"[^"]*"|[^)"<])*/.exec(command)?.[0] ?? command);
      expect(words.slice(0, 2)).toEqual(['cfg', name]);
      if (spec !== undefined) parseCommand(name, spec, words.slice(2));
    }
  });
});

/** The reference of every command, from what the program says of itself. */
function reference(): string {
  const parts = catalogue.map(({ name, summary }) => {
    const spec = specs.get(name);
    return spec === undefined ? '' : section({ name, summary }, spec);
  });
  return [
    '# Commands',
    '',
    '`cfg [-C DIR] [--json] [--no-color] [-q] COMMAND …`. This page is generated from the program (`UPDATE_DOCS=1 npx vitest run test/cli/help.test.ts`).',
    '',
    'Global options, before the command or after it:',
    '',
    ...globalOptions.map((option) => optionItem(option)),
    '',
    'Paths are typed relative to the current folder, as in Git; answers name them from the root of the repository, and so does `REV:FILE` (`REV:./FILE` is relative again).',
    '',
    readFileSync(join(import.meta.dirname, 'exit-codes.md'), 'utf8'),
    ...parts,
  ].join('\n');
}

function section(
  { name, summary }: { readonly name: string; readonly summary: string },
  spec: CommandSpec,
): string {
  return [
    `## cfg ${name}`,
    '',
    `${summary[0]?.toUpperCase()}${summary.slice(1)}. ${spec.about}`,
    '',
    '```sh',
    ...spec.usage.map((usage) => `cfg ${usage}`),
    '```',
    ...list(
      'Arguments:',
      spec.arguments.map((argument) => `- \`${argument.name}\`: ${argument.about}`),
    ),
    ...list(
      'Options:',
      spec.options.map((option) => optionItem(option)),
    ),
    ...list('Examples:', [
      '```sh',
      ...spec.examples.map(({ command, about }) => `${command}   # ${about}`),
      '```',
    ]),
    '',
    `\`--json\` answers \`${spec.answer}\`.`,
    '',
  ].join('\n');
}

function list(title: string, items: readonly string[]): string[] {
  return items.length === 0 ? [] : ['', title, '', ...items];
}

function optionItem(option: Parameters<typeof optionRow>[0]): string {
  const [flags, about] = optionRow(option);
  return `- \`${flags}\`: ${about}`;
}

it('docs/commands.md is what the program says', () => {
  const file = join(import.meta.dirname, '../../docs/commands.md');
  if (process.env['UPDATE_DOCS'] === '1') writeFileSync(file, reference());
  expect(readFileSync(file, 'utf8')).toBe(reference());
});
