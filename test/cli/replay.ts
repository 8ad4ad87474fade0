import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { run, shell, type Run } from './command-line.js';
import { shellWords } from './shell-words.js';

/**
 * A session as it looks in a terminal, replayed: a line that begins with `$ ` is typed, what follows is its output (stdout, then
 * stderr), and `[N]` its exit code when that is not 0. Lines that begin with `## ` say what to notice. Words before `cfg` of the
 * form NAME=VALUE are its environment; ` && ` joins commands of cfg. Anything else than cfg is run by sh.
 */
export async function replay(script: string, cwd: string): Promise<string> {
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
  const ended: Run = { code: 0, stdout: '', stderr: '' };
  let last = ended;
  for (const command of line.split(' && ')) {
    const { code, stdout, stderr } = await typeOne(command, cwd);
    last = { code, stdout: last.stdout + stdout, stderr: last.stderr + stderr };
    if (code !== 0) break;
  }
  return last;
}

async function typeOne(line: string, cwd: string): Promise<Run> {
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
