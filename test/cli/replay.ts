import { readFileSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { run, shell, type Run } from './command-line.js';
import { shellWords } from './shell-words.js';

type Environment = Readonly<Record<string, string>>;

/** Where a command is typed. */
interface Place {
  readonly cwd: string;
  readonly env: Environment;
}

/**
 * A session as it looks in a terminal, replayed: a line that begins with `$ ` is typed, what follows is its output (stdout, then
 * stderr), and `[N]` its exit code when that is not 0. Lines that begin with `## ` say what to notice. Words before `cfg` of the
 * form NAME=VALUE are its environment; ` && ` joins commands of cfg. `cd` moves the commands after it. Anything else is run by sh.
 */
export async function replay(
  script: string,
  start: string,
  env: Environment = {},
): Promise<{ text: string; cwd: string }> {
  let text = '';
  let cwd = start;
  for (const line of script.split('\n')) {
    const typed = line.startsWith('$ ');
    if (!typed && !line.startsWith('## ')) continue;
    const lastLine = text.trimEnd().split('\n').at(-1) ?? '';
    text += `${text === '' || lastLine.startsWith('## ') ? '' : '\n'}${line}\n`;
    if (!typed) continue;
    const folder = /^\$ cd (\S+)$/.exec(line)?.[1];
    if (folder === undefined) text += shown(await type(line.slice(2), { cwd, env }), start);
    else cwd = realpathSync(join(cwd, folder));
  }
  return { text, cwd };
}

function shown({ code, stdout, stderr }: Run, cwd: string): string {
  const output = (stdout + stderr).replaceAll(cwd, '/shop');
  const ended = output === '' || output.endsWith('\n') ? output : `${output}\n`;
  return ended + (code === 0 ? '' : `[${code}]\n`);
}

async function type(line: string, place: Place): Promise<Run> {
  const ended: Run = { code: 0, stdout: '', stderr: '' };
  let last = ended;
  for (const command of line.split(' && ')) {
    const { code, stdout, stderr } = await typeOne(command, place);
    last = { code, stdout: last.stdout + stdout, stderr: last.stderr + stderr };
    if (code !== 0) break;
  }
  return last;
}

async function typeOne(line: string, { cwd, env }: Place): Promise<Run> {
  const [, assignments = '', rest] = /^((?:[A-Z_]+=\S* )*)cfg (.*)$/.exec(line) ?? [];
  if (rest === undefined) return shell(line, { cwd, env });
  const assigned = Object.fromEntries(
    assignments
      .split(' ')
      .filter(Boolean)
      .map((word) => word.split('=', 2)),
  );
  const [, words = rest, input] = /^(.*) < (\S+)$/.exec(rest) ?? [];
  const stdin = input === undefined ? '' : readFileSync(join(cwd, input), 'utf8');
  return run(shellWords(words), { cwd, env: { ...env, ...assigned }, stdin });
}
