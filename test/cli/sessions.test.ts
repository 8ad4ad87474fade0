import { cpSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { emptyFolder, run, shell, type Run } from './command-line.js';
import { shellWords } from './shell-words.js';

/*
 * Whole sessions as they look in a terminal: a line that begins with `$ ` is typed, what follows is its output (stdout, then
 * stderr), and `[N]` its exit code when that is not 0. Lines that begin with `## ` say what to notice. Words before `cfg` of the
 * form NAME=VALUE are its environment. Anything else than cfg is run by sh.
 * `UPDATE_SESSIONS=1` writes what the commands really print; read the difference before committing it.
 */
const folder = join(import.meta.dirname, 'sessions');
const shop = join(import.meta.dirname, '../../fixtures/shop');

describe('sessions', () => {
  it.each(readdirSync(folder))('%s', async (name) => {
    const file = join(folder, name);
    const script = readFileSync(file, 'utf8');
    const actual = await replay(script);
    if (process.env['UPDATE_SESSIONS'] === '1') writeFileSync(file, actual);
    expect(actual).toBe(readFileSync(file, 'utf8'));
  });
});

async function replay(script: string): Promise<string> {
  const cwd = emptyFolder();
  if (script.startsWith('## In a copy of the sample repository')) cpSync(shop, cwd, { recursive: true });
  let text = '';
  for (const line of script.split('\n')) {
    const typed = line.startsWith('$ ');
    if (!typed && !line.startsWith('## ')) continue;
    const lastLine = text.trimEnd().split('\n').at(-1) ?? '';
    text += `${text === '' || lastLine.startsWith('## ') ? '' : '\n'}${line}\n`;
    if (typed) text += shown(await type(line.slice(2), cwd), cwd);
  }
  return text;
}

function shown({ code, stdout, stderr }: Run, cwd: string): string {
  const output = (stdout + stderr).replaceAll(cwd, '/shop');
  const ended = output === '' || output.endsWith('\n') ? output : `${output}\n`;
  return ended + (code === 0 ? '' : `[${code}]\n`);
}

async function type(line: string, cwd: string): Promise<Run> {
  const [, assignments = '', rest] = /^((?:[A-Z_]+=\S* )*)cfg (.*)$/.exec(line) ?? [];
  if (rest === undefined) return shell(line, { cwd });
  const env = Object.fromEntries(
    assignments
      .split(' ')
      .filter(Boolean)
      .map((word) => word.split('=', 2)),
  );
  const [, words = rest, input] = /^(.*) < (\S+)$/.exec(rest) ?? [];
  const stdin = input === undefined ? '' : readFileSync(join(cwd, input), 'utf8');
  return run(shellWords(words), { cwd, env, stdin });
}
