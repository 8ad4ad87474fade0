import { describe, expect, it } from 'vitest';
import { parseCommand } from '../../src/cli/parse.js';
import { catalogue } from '../../src/cli/catalogue.js';
import { splitArguments } from '../../src/cli/globals.js';
import type { CommandSpec } from '../../src/cli/command.js';
import { emptyFolder, run } from './command-line.js';

const cwd = emptyFolder();

async function specOf(name: string): Promise<CommandSpec> {
  const entry = catalogue.find((candidate) => candidate.name === name);
  if (entry === undefined) throw new Error(`no command ${name}`);
  return entry.load();
}

describe('wrong usage', () => {
  it.each([
    ['comit', "unknown command 'comit'", "did you mean 'commit'? 'cfg --help' lists the commands"],
    ['hlep', "unknown command 'hlep'", "did you mean 'help'? 'cfg --help' lists the commands"],
    ['frobnicate', "unknown command 'frobnicate'", "'cfg --help' lists the commands"],
    ['mv a b', "unknown command 'mv'", 'rename the file, then: cfg add -A'],
    ['stash', "unknown command 'stash'", 'use git for that, it works in the same repository: git stash'],
    [
      'help exit-code',
      "unknown command 'exit-code'",
      "did you mean 'exit-codes'? 'cfg --help' lists the commands",
    ],
    ['--jsn status', "unknown option '--jsn'", "did you mean '--json'? see 'cfg --help'"],
    ['-C', "option '-C' needs DIR", "cfg -C DIR COMMAND; see 'cfg --help'"],
    ['--color', "option '--color' needs WHEN", "cfg --color WHEN COMMAND; see 'cfg --help'"],
    [
      '--color=nevr status',
      "'nevr' is not a value of --color",
      "did you mean 'never'? it is one of auto, always, never",
    ],
    [
      'status --color nevr',
      "'nevr' is not a value of --color",
      "did you mean 'never'? it is one of auto, always, never",
    ],
    ['status -C', "option '-C' needs DIR", "usage: cfg status; see 'cfg status --help'"],
    [
      'set a.yaml#b -c',
      "unknown option '-c'",
      "a value that begins with '-' goes after '--': cfg set FILE#KEY -- -c",
    ],
    ['get -a.yaml#b', "unknown option '-a.yaml#b'", 'to name a file: ./-a.yaml#b'],
    ['log -5', "unknown option '-5'", 'write -n 5'],
    ['merge --dryrun x', "unknown option '--dryrun'", "did you mean '--dry-run'? see 'cfg merge --help'"],
    ['status x', "unexpected argument 'x'", "usage: cfg status; see 'cfg status --help'"],
    ['set a.yaml#b', "'set' needs VALUE", "usage: cfg set FILE#KEY VALUE [--string]; see 'cfg set --help'"],
    ['add', "'add' needs either paths or -A", 'cfg add PATH… | cfg add -A'],
    ['add -A x', "'add' needs either paths or -A", 'cfg add PATH… | cfg add -A'],
    ['commit', 'a commit needs a message', 'cfg commit -m "what changed and why"'],
    ['branch -d', 'the name of the branch is missing', 'cfg branch -d NAME | cfg branch -m [OLD] NEW'],
    ['branch -d -m x', '-d and -m exclude each other', 'cfg branch -d NAME | cfg branch -m [OLD] NEW'],
    ['switch x y', "unexpected argument 'y'", 'cfg switch -c BRANCH START'],
    [
      'merge',
      "'merge' needs a revision, --continue or --abort",
      'cfg merge REV | cfg merge --continue | cfg merge --abort',
    ],
    [
      'merge x --abort',
      "'merge' needs just one of a revision, --continue and --abort",
      'cfg merge REV | cfg merge --continue | cfg merge --abort',
    ],
    [
      'tag --pre rc --list',
      'only one of --bump (or --pre), --list and -d can be given',
      "cfg tag VERSION | cfg tag --bump auto | cfg tag --list | cfg tag -d VERSION; see 'cfg tag --help'",
    ],
  ])('cfg %s', async (line, message, hint) => {
    const { code, stdout, stderr } = await run(line.split(' '), { cwd });
    expect({ code, stdout, stderr }).toEqual({
      code: 2,
      stdout: '',
      stderr: `error: ${message}\nhint: ${hint}\n`,
    });
  });

  it.each([
    ['resolve a.yaml', 'one of --ours, --theirs, --both, --base, --value is missing'],
    [
      'resolve a.yaml --ours --theirs',
      'only one of --ours, --theirs, --both, --base, --value can be given, not 2',
    ],
    ['diff --text --summary', '--text and --summary exclude each other'],
    ['diff --effective --text', '--effective and --text exclude each other'],
    ['log -n 0', "--limit takes a whole number of at least 1, not '0'"],
    ['log -n 1e3', "--limit takes a whole number of at least 1, not '1e3'"],
    ['protect main strict --approvals -1', "--approvals takes a whole number of at least 0, not '-1'"],
    ['commit -m', "option '--message' needs MSG"],
    ['merge x --strategy best', "'best' is not a value of --strategy"],
  ])('cfg %s', async (line, message) => {
    const { code, stderr } = await run(line.split(' '), { cwd });
    expect([code, stderr.split('\n')[0]]).toEqual([2, `error: ${message}`]);
  });

  it('is one JSON document on stderr with --json, wherever that stands', async () => {
    for (const argv of [
      ['--json', 'frob'],
      ['frob', '--json'],
      ['status', '--frob', '--json'],
    ]) {
      const { code, stdout, stderr } = await run(argv, { cwd });
      expect([code, stdout]).toEqual([2, '']);
      expect(Object.keys(JSON.parse(stderr).error)).toEqual(['code', 'message', 'hint', 'details']);
    }
  });
});

describe('global options', () => {
  it('are read before the command', () => {
    const { globals, command, words } = splitArguments([
      '-C',
      'a',
      '-Cb',
      '--json',
      '--no-color',
      '-q',
      'log',
      '-n',
      '1',
    ]);
    expect(globals).toEqual({
      dirs: ['a', 'b'],
      json: true,
      color: 'never',
      pager: true,
      quiet: true,
      help: false,
      version: false,
    });
    expect([command, words]).toEqual(['log', ['-n', '1']]);
  });

  it('are read after the command', async () => {
    const { globals, input } = parseCommand('log', await specOf('log'), [
      'x',
      '-C',
      'a',
      '--json',
      '-q',
      '--no-color',
    ]);
    expect(globals).toEqual({
      dirs: ['a'],
      json: true,
      color: 'never',
      pager: true,
      quiet: true,
      help: false,
      version: false,
    });
    expect(input.operands).toEqual(['x']);
  });

  it('are values where an option wants one', async () => {
    const { globals, input } = parseCommand('commit', await specOf('commit'), ['-m', '--json', '-m', '-q']);
    expect([globals.json, globals.quiet, input.texts('message')]).toEqual([false, false, ['--json', '-q']]);
  });

  it('are paths after --', async () => {
    const { globals, input } = parseCommand('log', await specOf('log'), ['HEAD', '--', '--json']);
    expect([globals.json, input.operands, input.afterDashes]).toEqual([false, ['HEAD', '--json'], 1]);
  });

  it('-C needs a folder that is there', async () => {
    const { code, stderr } = await run(['-C', 'missing', 'status'], { cwd });
    expect([code, stderr]).toEqual([4, `error: cannot change to '${cwd}/missing'\nhint: give -C a folder\n`]);
  });
});

describe('operands', () => {
  it('may be negative numbers', async () => {
    const { input } = parseCommand('set', await specOf('set'), ['a.yaml#b', '-5']);
    expect(input.operands).toEqual(['a.yaml#b', '-5']);
  });

  it.each([['add'], ['get'], ['log']])('of %s may look like numbers after --', async (name) => {
    const { input } = parseCommand(name, await specOf(name), ['--', '-5']);
    expect(input.operands).toEqual(['-5']);
  });

  it('flags that begin with no- are on until they are typed', async () => {
    const spec = await specOf('merge');
    expect(parseCommand('merge', spec, ['x']).input.flag('ff')).toBe(true);
    expect(parseCommand('merge', spec, ['x', '--no-ff']).input.flag('ff')).toBe(false);
  });
});

describe('the version', () => {
  it.each([['--version'], ['status --version'], ['--version status']])('cfg %s', async (line) => {
    const { code, stdout } = await run(line.split(' '), { cwd });
    expect([code, stdout]).toEqual([0, expect.stringMatching(/^\d+\.\d+\.\d+\n$/)]);
  });

  it('is a document with --json', async () => {
    const { stdout } = await run(['--version', '--json', 'status'], { cwd });
    expect(JSON.parse(stdout)).toEqual({ version: expect.any(String) });
  });
});
