import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { emptyFolder, run, type Run } from './command-line.js';

const cwd = emptyFolder();
await run(['init'], { cwd });
writeFileSync(join(cwd, 'a.yaml'), 'a b: 1\n');
await run(['add', '-A'], { cwd });
await run(['commit', '-m', 'first'], { cwd });

const config = join(emptyFolder(), 'config');
writeFileSync(
  config,
  String.raw`[cfg "alias"]
  st = status
  last = log -n 1 --oneline
  value = "get 'a.yaml#\"a b\"'"
  json = --json st
  status = log
  loop = knot
  knot = loop
  empty =
  open = get 'a
  shell = !ls
  wrong = frobnicate
`,
);

const cfg = (...argv: readonly string[]): Promise<Run> =>
  run(argv, { cwd, env: { GIT_CONFIG_GLOBAL: config } });

describe('an alias', () => {
  it.each([
    ['st', [], ['status']],
    ['last', [], ['log', '-n', '1', '--oneline']],
    ['last', ['a.yaml'], ['log', '-n', '1', '--oneline', 'a.yaml']],
    ['value', [], ['get', 'a.yaml#"a b"']],
    ['json', [], ['--json', 'status']],
    ['ST', [], ['status']],
  ])('%s %j is the command', async (alias, words, meant) => {
    const answer = await cfg(alias, ...words);
    expect(answer).toEqual(await cfg(...meant));
    expect(answer).toMatchObject({ code: 0, stderr: '' });
  });

  it('never stands in front of a command', async () => {
    expect((await cfg('status')).stdout).toContain('On branch main');
  });

  it('says what it stands for', async () => {
    const text = "'last' is an alias for 'log -n 1 --oneline'\n";
    expect(await cfg('help', 'last')).toEqual({ code: 0, stdout: text, stderr: '' });
    expect(await cfg('--help', 'last')).toEqual({ code: 0, stdout: text, stderr: '' });
  });

  it('can be meant by a mistyped word', async () => {
    expect((await cfg('lst')).stderr).toContain("did you mean 'last'?");
  });

  it.each([
    ['loop', "the alias 'loop' leads back to itself: loop -> knot -> loop"],
    ['empty', "the alias 'empty' stands for nothing"],
    ['open', "the alias 'open' has a quote that does not end"],
    ['shell', "the alias 'shell' is a program: aliases of cfg are its commands"],
    ['wrong', "unknown command 'frobnicate'"],
  ])('%s is wrong usage', async (alias, message) => {
    const { code, stdout, stderr } = await cfg(alias);
    expect({ code, stdout, error: stderr.split('\n')[0] }).toEqual({
      code: 2,
      stdout: '',
      error: `error: ${message}`,
    });
  });

  it('is completed', async () => {
    const { stdout } = await cfg('completion', '--candidates', 'bash', '--', 'la');
    expect(stdout).toContain('last');
  });
});
