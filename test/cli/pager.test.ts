import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { main, type Io } from '../../src/cli/index.js';
import { emptyFolder, environment, identity, run, shell } from './command-line.js';

const cwd = emptyFolder();
await run(['init'], { cwd });
const keys = Array.from({ length: 40 }, (_, n) => `key${n}: ${n}\n`);
writeFileSync(join(cwd, 'a.yaml'), keys.join(''));
await run(['add', '-A'], { cwd });
await run(['commit', '-m', 'first'], { cwd });

interface Shown {
  readonly code: number;
  readonly stdout: string;
  /** What went to the pager, and which. */
  readonly paged: readonly (readonly [program: string, text: string])[];
}

interface Terminal {
  readonly rows?: number;
  readonly env?: Readonly<Record<string, string>>;
  /** Whether the program is there. */
  readonly isThere?: boolean;
}

async function show(
  argv: readonly string[],
  { rows = 24, env, isThere = true }: Terminal = {},
): Promise<Shown> {
  const [out, paged]: [string[], [string, string][]] = [[], []];
  const stdout = { isTTY: true, columns: 80, rows, write: (text: string) => void out.push(text) };
  const io: Io = {
    stdout,
    stderr: { ...stdout, write: () => {} },
    page: async (text, program) => paged.push([program, text]) > 0 && isThere,
    readStdin: async () => '',
    env: environment({ ...identity, ...env }),
    cwd,
    now: () => new Date('2026-01-31T11:00:00Z'),
  };
  const code = await main(argv, io);
  return { code, stdout: out.join(''), paged };
}

describe('a long answer', () => {
  it('goes to less, whole', async () => {
    const { stdout } = await show(['blame', 'a.yaml', '--no-pager']);
    expect(stdout.split('\n')).toHaveLength(41);
    expect(await show(['blame', 'a.yaml'])).toEqual({ code: 0, stdout: '', paged: [['less', stdout]] });
  });

  it.each<[string, readonly string[], Terminal]>([
    ['when it fits', ['blame', 'a.yaml'], { rows: 41 }],
    ['with --no-pager', ['--no-pager', 'blame', 'a.yaml'], {}],
    ['with --json', ['blame', 'a.yaml', '--json'], {}],
    ['with an empty CFG_PAGER', ['blame', 'a.yaml'], { env: { CFG_PAGER: '', PAGER: 'more' } }],
    ['with cat', ['blame', 'a.yaml'], { env: { PAGER: 'cat' } }],
    ['of a command that changes something', ['init'], { rows: 1 }],
  ])('is printed %s', async (_, argv, terminal) => {
    const { code, stdout, paged } = await show(argv, terminal);
    expect({ code, paged }).toEqual({ code: 0, paged: [] });
    expect(stdout).not.toBe('');
  });

  it('is printed where the pager is missing', async () => {
    const { stdout, paged } = await show(['blame', 'a.yaml'], { isThere: false });
    expect(paged).toEqual([['less', stdout]]);
  });

  it('counts lines that the terminal breaks', async () => {
    writeFileSync(join(cwd, 'long.yaml'), `a: ${'x'.repeat(300)}\n`);
    await run(['add', 'long.yaml'], { cwd });
    await run(['commit', '-m', 'long'], { cwd });
    expect((await show(['show', 'HEAD:long.yaml'], { rows: 4 })).paged).toHaveLength(1);
    expect((await show(['show', 'HEAD:long.yaml'], { rows: 5 })).paged).toHaveLength(0);
  });
});

describe('which pager', () => {
  const config = join(emptyFolder(), 'config');
  writeFileSync(config, '[core]\n  pager = most\n');
  const all = { CFG_PAGER: 'a', GIT_PAGER: 'b', GIT_CONFIG_GLOBAL: config, PAGER: 'd' };
  it.each([
    ['CFG_PAGER', all, 'a'],
    ['GIT_PAGER', { ...all, CFG_PAGER: undefined }, 'b'],
    ['core.pager', { ...all, CFG_PAGER: undefined, GIT_PAGER: undefined }, 'most'],
    ['PAGER', { PAGER: 'd' }, 'd'],
  ])('%s', async (_, variables, program) => {
    const env = Object.fromEntries(
      Object.entries(variables).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
    );
    expect((await show(['log'], { rows: 1, env })).paged.map(([used]) => used)).toEqual([program]);
  });

  it('is asked of the configuration outside of a repository too', async () => {
    const outside = join(emptyFolder(), 'x');
    mkdirSync(outside);
    const { paged } = await show(['-C', outside, '--help'], { rows: 5, env: { GIT_CONFIG_GLOBAL: config } });
    expect(paged.map(([program]) => program)).toEqual(['most']);
  });
});

it('is not started for a program that reads', () => {
  const cfg = join(import.meta.dirname, '../../bin/cfg.js');
  const { stdout } = shell(`node ${cfg} blame a.yaml | wc -l`, { cwd, env: { PAGER: 'false' } });
  expect(stdout.trim()).toBe('40');
});
