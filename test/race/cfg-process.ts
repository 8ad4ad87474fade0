/**
 * One of several processes that use cfg in one repository: `node cfg-process.ts DIR NAME COUNT MODE`. Each change is a file of its own,
 * written, added and committed by command lines (`index`, `paths`) or committed by the library to a key of a file that all share (`keys`).
 * In the mode `tag` it makes version 1.0.0 of the branch that it is named after, once. Prints `MILLISECONDS ID` once a commit was reported as done.
 */
import { mkdirSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { main } from '../../src/cli/index.js';
import { isConfigError } from '../../src/errors.js';
import { openRepository } from '../../src/repo/index.js';

const [dir = '', name = '', count = '0', mode = 'paths'] = process.argv.slice(2);

const env = {
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_AUTHOR_NAME: name,
  GIT_AUTHOR_EMAIL: `${name}@example.com`,
  GIT_COMMITTER_NAME: name,
  GIT_COMMITTER_EMAIL: `${name}@example.com`,
};

for (let n = 0; n < Number(count); n += 1) {
  const startedAt = performance.now();
  const commit = await (mode === 'tag' ? tagVersion() : mode === 'keys' ? commitKey(n) : commitFile(n));
  writeSync(1, `${Math.round(performance.now() - startedAt)} ${commit}\n`);
}

/** The commit, or why there is no tag. */
async function tagVersion(): Promise<string> {
  const repo = await openRepository({ dir, env });
  try {
    return (await repo.tag({ version: '1.0.0', revision: name })).commit;
  } catch (error) {
    return isConfigError(error) ? error.code : String(error);
  }
}

async function commitKey(n: number): Promise<string> {
  const repo = await openRepository({ dir, env });
  const change = { path: 'shared.yaml', set: { [`${name}.k${n}`]: n } };
  return (await repo.commitChanges('main', [change], { message: `${name} ${n}` })).commit;
}

async function commitFile(n: number): Promise<string> {
  const file = `${name}/f${n}.yaml`;
  mkdirSync(join(dir, name), { recursive: true });
  writeFileSync(join(dir, file), `by: ${name}\nn: ${n}\n`);
  for (;;) {
    await cfg('add', file);
    try {
      return await cfg('commit', '-m', `${name} ${n}`, ...(mode === 'paths' ? [file] : []));
    } catch (error) {
      // `git commit -- PATH` reads the index before it locks it (builtin/commit.c, prepare_index): what was added in between is gone.
      if (mode !== 'paths' || !String(error).includes('E_FILE_NOT_FOUND')) throw error;
    }
  }
}

/** Runs a command line; the id of the commit that it made. What fails ends the process. */
async function cfg(...argv: readonly string[]): Promise<string> {
  const [answer, complaint]: [string[], string[]] = [[], []];
  const code = await main(['--json', ...argv], {
    stdout: { isTTY: false, columns: 80, write: (text) => void answer.push(text) },
    stderr: { isTTY: false, columns: 80, write: (text) => void complaint.push(text) },
    readStdin: async () => '',
    env,
    cwd: dir,
    now: () => new Date(),
  });
  const isDoneByOther = mode === 'index' && complaint.join('').includes('"E_NOTHING_TO_DO"');
  if (isDoneByOther) return 'by another process, which found it in the index';
  if (code !== 0) throw new Error(`cfg ${argv.join(' ')}: ${complaint.join('')}`);
  const { commit = '' }: { readonly commit?: string } = JSON.parse(answer.join(''));
  return commit;
}
