import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { emptyFolder, run, type Run } from './command-line.js';

const cwd = emptyFolder();
await run(['init'], { cwd });
writeFileSync(join(cwd, 'evil\u001b[2J.yaml'), 'a: 1\n');
writeFileSync(join(cwd, 'esc.yaml'), 'a: "\\e]0;title\\a\\tx\\ny"\nnumber: 1\n');

describe('a terminal', () => {
  it.each([
    ['status', ['status']],
    ['a path of an error', ['get', 'evil\u001b[2J.yaml#b']],
    ['what was staged', ['add', '-A']],
    ['a value', ['get', 'esc.yaml#a']],
    ['a text diff', ['diff', '--staged', '--text']],
    ['a diff by key', ['diff', '--staged']],
    ['a summary', ['diff', '--staged', '--summary']],
    ['a commit', ['commit', '-m', 'first \u001b[2J']],
    ['its history', ['log']],
    ['in one line', ['log', '--oneline']],
    ['its changes', ['show']],
    ['a file', ['show', 'HEAD:esc.yaml']],
  ])('never obeys %s', async (_name, argv) => {
    const { stdout, stderr } = await run([...argv, '--no-color'], { cwd, columns: 80 });
    expect(stdout + stderr).not.toMatch(/(?![\n\t])\p{Cc}/u);
    expect(stdout + stderr).not.toBe('');
  });

  it('is not asked when the reader is a program: the value is as it is', async () => {
    expect((await run(['get', 'esc.yaml#a'], { cwd })).stdout).toBe('\u001b]0;title\u0007\tx\ny\n');
  });
});

const lines = async (...argv: readonly string[]): Promise<Run> => run(argv, { cwd });

describe('--quiet', () => {
  it('leaves out what was done, and keeps what was asked for', async () => {
    expect(await lines('-q', 'set', 'esc.yaml#number', '2')).toEqual({ code: 0, stdout: '', stderr: '' });
    expect(await lines('get', 'esc.yaml#number', '-q')).toEqual({ code: 0, stdout: '2\n', stderr: '' });
    expect(await lines('get', 'esc.yaml#x', '--quiet')).toMatchObject({ code: 1, stdout: '' });
  });

  it('does not silence --json', async () => {
    const { stdout } = await lines('-q', '--json', 'set', 'esc.yaml#number', '3');
    expect(JSON.parse(stdout)).toEqual({ file: 'esc.yaml', path: 'number', before: 2, after: 3 });
  });
});

describe('blame', () => {
  it.each([80, 120])('keeps to %i columns, with every value', async (columns) => {
    const folder = emptyFolder();
    await run(['init'], { cwd: folder });
    const key = 'a-rather-long-name-of-a-feature: {of-a-service: {with-limits: some words, n: 1}}\n';
    writeFileSync(join(folder, 'a.yaml'), `short: ${'word '.repeat(40)}\n${key}`);
    const author = 'Augusta Ada King, Countess of Lovelace <ada@example.com>';
    await run(['add', '-A'], { cwd: folder });
    await run(['commit', '-m', 'first', '--author', author], { cwd: folder });
    const { stdout } = await run(['blame', 'a.yaml', '--no-pager', '--no-color'], { cwd: folder, columns });
    const widths = stdout.split('\n').map((line) => line.length);
    expect(Math.max(...widths)).toBeLessThanOrEqual(columns);
    expect(stdout).toContain('"some words"');
    expect(stdout).toContain('a-rather-long-name-of-a-feature.of-a-service.with-limits');
  });
});

it('colour is never in --json', async () => {
  const { stdout, stderr } = await run(['status', '--json'], { cwd, columns: 80, env: { FORCE_COLOR: '1' } });
  expect(stdout + stderr).not.toContain('\u001b');
});

it('errors are coloured on a terminal', async () => {
  const { stderr } = await run(['frob'], { cwd, columns: 80 });
  expect(stderr.split('\n')[0]).toBe(`\u001b[31merror:\u001b[39m unknown command 'frob'`);
  expect(stderr.split('\n')[1]).toContain('\u001b[1mhint:\u001b[22m ');
});

it('a bare repository answers what needs no worktree', async () => {
  const bare = join(emptyFolder(), 'config.git');
  mkdirSync(bare);
  expect(await run(['init', '--bare'], { cwd: bare })).toMatchObject({ code: 0, stderr: '' });
  expect(await run(['-C', bare, 'branch'], { cwd })).toMatchObject({ code: 0, stderr: '' });
  expect(await run(['-C', bare, 'log'], { cwd })).toMatchObject({ code: 0, stderr: '' });
  for (const argv of [['status'], ['add', '-A'], ['set', 'a.yaml#b', '1'], ['commit', '-m', 'x']])
    expect(await run(['-C', bare, ...argv], { cwd })).toMatchObject({ code: 2, stdout: '' });
});
