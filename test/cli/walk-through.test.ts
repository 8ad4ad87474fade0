import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { main } from '../../src/cli/index.js';
import { emptyFolder, environment, identity, run, type Run } from './command-line.js';

const base = 'a: 1\nx: 0\nimage: web:1.0\ny: 0\nb: 1\n';

/** A repository with three conflicts, as a folder. */
async function stopped(): Promise<string> {
  const cwd = emptyFolder();
  const cfg = (...argv: readonly string[]): Promise<Run> => run(argv, { cwd });
  const commit = async (text: string): Promise<void> => {
    writeFileSync(join(cwd, 'f.yaml'), text);
    await cfg('add', '-A');
    await cfg('commit', '-m', 'change');
  };
  await cfg('init');
  await commit(base);
  await cfg('switch', 'other', '-c');
  await commit('a: 3\nx: 0\nimage: web:1.10\ny: 0\nb: 3\n');
  await cfg('switch', 'main');
  await commit('a: 2\nx: 0\nimage: web:1.9\ny: 0\nb: 2\n');
  expect(await cfg('merge', 'other')).toMatchObject({ code: 1 });
  return cwd;
}

/** `cfg resolve` with somebody who types these lines. */
async function resolveWith(
  cwd: string,
  typed: readonly string[],
  argv: readonly string[] = [],
): Promise<Run> {
  const [out, err]: [string[], string[]] = [[], []];
  const left = [...typed];
  const code = await main(['resolve', ...argv], {
    stdout: { write: (text) => void out.push(text), isTTY: false, columns: 80 },
    stderr: { write: (text) => void err.push(text), isTTY: false, columns: 80 },
    readStdin: async () => '',
    openPrompt: async () => ({
      askSecret: async () => undefined,
      ask: async (question) => {
        err.push(question);
        const line = left.shift();
        err.push(`${line ?? '(end)'}\n`);
        return line;
      },
      close: () => void err.push('(closed)\n'),
    }),
    env: environment(identity),
    cwd,
    now: () => new Date('2026-01-31T11:00:00Z'),
  });
  return { code, stdout: out.join(''), stderr: err.join('') };
}

describe('cfg resolve in a terminal', () => {
  it('asks about one conflict after the other', async () => {
    const cwd = await stopped();
    const { code, stdout, stderr } = await resolveWith(cwd, ['o', '?', 't', 'e', '{n: 7}']);
    expect([code, stdout]).toEqual([0, '3 resolved, 0 left\nNext: cfg merge --continue\n']);
    expect(stderr).toMatchSnapshot();
    expect(readFileSync(join(cwd, 'f.yaml'), 'utf8')).toMatch(/^a: 2\nx: 0\nimage: web:1.10\ny: 0\nb:.*7/s);
    expect(await run(['merge', '--continue'], { cwd })).toMatchObject({ code: 0 });
  });

  it.each([
    ['skipping', ['s', 's', 's'], 0, 3],
    ['quitting', ['b', 'q'], 1, 2],
    ['the end of input', ['o'], 1, 2],
    ['what is no answer', ['x', '', 'e', '', 'q'], 0, 3],
  ])('%s leaves the rest open', async (_what, typed, resolved, remaining) => {
    const cwd = await stopped();
    const { code, stdout, stderr } = await resolveWith(cwd, typed, ['--json']);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ remaining });
    expect(stdout.match(/"path"/g) ?? []).toHaveLength(resolved);
    expect(stderr.endsWith('(closed)\n')).toBe(true);
  });

  it('offers both where both fit', async () => {
    const cwd = await stopped();
    const { stderr: plain } = await resolveWith(cwd, ['+', 'q']);
    expect(plain).not.toContain('[+]both');
    await run(['merge', '--abort'], { cwd });
    const branches = { main: '  - y: 1\n', other: '  - z: 1\n' };
    for (const [branch, item] of Object.entries(branches)) {
      await run(['switch', branch], { cwd });
      writeFileSync(join(cwd, 'l.yaml'), `l:\n${item}`);
      await run(['add', 'l.yaml'], { cwd });
      await run(['commit', '-m', 'list'], { cwd });
    }
    await run(['switch', 'main'], { cwd });
    await run(['merge', 'other'], { cwd });
    expect((await run(['conflicts'], { cwd })).stdout).toContain(
      'suggested: both, as both sides only added items',
    );
    const { code, stderr } = await resolveWith(cwd, ['o', 'o', 'o', '?', '+']);
    expect(code).toBe(0);
    expect(stderr).toContain('1 left. [o]urs [t]heirs [+]both [b]ase [e]dit [s]kip [q]uit ? ?\n');
    expect(stderr).toContain('  +  keep both, ours first\n');
    expect(readFileSync(join(cwd, 'l.yaml'), 'utf8')).toBe('l:\n  - y: 1\n  - z: 1\n');
  });

  it('says why a decision cannot be made, and asks again', async () => {
    const cwd = await stopped();
    writeFileSync(join(cwd, 'f.yaml'), 'all: new\n');
    const { stderr } = await resolveWith(cwd, ['o', 'q']);
    expect(stderr).toContain("'f.yaml' was edited by hand where this decision would write\n");
  });

  it('needs a terminal, and conflicts', async () => {
    const cwd = await stopped();
    expect(await run(['resolve'], { cwd })).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('cfg resolve FILE[#KEY] --ours'),
    });
    expect(await resolveWith(cwd, [], ['--ours'])).toMatchObject({ code: 2 });
    await run(['merge', '--abort'], { cwd });
    expect(await resolveWith(cwd, [])).toMatchObject({ code: 1 });
  });
});

it('cfg conflicts shows what to take, and why', async () => {
  const { stdout } = await run(['conflicts'], { cwd: await stopped() });
  expect(stdout).toContain('    suggested: theirs (other), as the higher version\n');
});
