/** A bare repository to exchange with, and clones of it. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { emptyFolder, run, shell, type Run } from '../../cli/command-line.js';

export interface World {
  /** The folder that everything is in. */
  readonly dir: string;
  /** Runs cfg in a folder of it; throws unless it ends with `code` (default 0). */
  readonly cfg: (folder: string, words: readonly string[], options?: CfgOptions) => Promise<Run>;
  /** The JSON answer of a command. */
  readonly answer: (
    folder: string,
    words: readonly string[],
    options?: CfgOptions,
  ) => Promise<Record<string, unknown>>;
  /** Runs git; the output without the last line break. */
  readonly git: (folder: string, words: string) => string;
  readonly write: (path: string, content: string) => void;
}

export interface CfgOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly code?: number;
}

/** `srv.git` with a branch `main` of two commits, a branch `feature` and the tag `v1.0.0`. */
export function newWorld(): World {
  const dir = emptyFolder();
  const git = (folder: string, words: string): string => {
    const { code, stdout, stderr } = shell(`git ${words}`, { cwd: join(dir, folder) });
    if (code !== 0) throw new Error(`git ${words}: ${stderr}`);
    return stdout.trimEnd();
  };
  const write = (path: string, content: string): void => {
    mkdirSync(dirname(join(dir, path)), { recursive: true });
    writeFileSync(join(dir, path), content);
  };
  const cfg = async (
    folder: string,
    words: readonly string[],
    { env, code = 0 }: CfgOptions = {},
  ): Promise<Run> => {
    const result = await run(words, { cwd: join(dir, folder), ...(env && { env }) });
    if (result.code !== code)
      throw new Error(`cfg ${words.join(' ')}: ${result.code} ${result.stdout}${result.stderr}`);
    return result;
  };
  const answer: World['answer'] = async (folder, words, options) =>
    JSON.parse((await cfg(folder, ['--json', ...words], options)).stdout);
  git('', 'init -q --bare -b main srv.git');
  git('', 'init -q -b main seed');
  write('seed/a.yaml', 'one: 1\ntwo: 2\n');
  git('seed', 'add -A');
  git('seed', 'commit -q -m one');
  git('seed', 'tag -m release v1.0.0');
  write('seed/b/c.yaml', 'x: 1\n');
  git('seed', 'add -A');
  git('seed', 'commit -q -m two');
  git('seed', 'branch feature');
  git('seed', 'push -q ../srv.git main feature v1.0.0');
  return { dir, cfg, answer, git, write };
}

/** Changes a value, commits and returns the id. */
export async function commit(world: World, folder: string, address: string, value: string): Promise<string> {
  await world.cfg(folder, ['set', address, value]);
  await world.cfg(folder, ['commit', '-a', '-m', `${address} ${value}`]);
  return world.git(folder, 'rev-parse HEAD');
}
