import { dirname, join, resolve as resolvePath } from 'node:path';
import { ConfigError, shellWord } from '../errors.js';
import { nodeFileSystem as fs, readIfPresent } from '../store/index.js';
import type { RepositoryContext } from './context.js';
import { branchRef } from './head.js';

/** The folder of another worktree that has a branch checked out; undefined when none has (git: Documentation/git-worktree "DETAILS"). */
async function otherWorktreeOn(context: RepositoryContext, branch: string): Promise<string | undefined> {
  const { gitDir, localConfig, state } = context.store;
  if (localConfig === undefined) return undefined; // not kept in files: nobody can check it out
  const link = await state.read('commondir');
  const common = link === undefined ? gitDir : resolvePath(gitDir, link.trim());
  const linked = join(common, 'worktrees');
  const names = fs.stat(linked) === undefined ? [] : fs.readdir(linked);
  const folders = [common, ...names.map(({ name }) => join(linked, name))];
  return folders.filter((folder) => folder !== gitDir && headOf(folder) === branchRef(branch)).map(rootOf)[0];
}

/** Throws E_CHECKED_OUT when another worktree has the branch checked out: its files and index would no longer belong to its HEAD. */
export async function requireNotElsewhere(
  context: RepositoryContext,
  branch: string,
  verb: string,
): Promise<void> {
  const folder = await otherWorktreeOn(context, branch);
  if (folder === undefined) return;
  throw new ConfigError(
    'E_CHECKED_OUT',
    `cannot ${verb} branch '${branch}': it is checked out at '${folder}'`,
    {
      hint: `work there: cfg -C ${shellWord(folder)} …`,
      details: { branch, worktree: folder },
    },
  );
}

function headOf(folder: string): string | undefined {
  const text = readText(join(folder, 'HEAD'));
  return /^ref:\s*(.+)/.exec(text ?? '')?.[1]?.trim();
}

function rootOf(folder: string): string {
  const link = readText(join(folder, 'gitdir'));
  return link === undefined ? dirname(folder) : dirname(link.trim());
}

function readText(path: string): string | undefined {
  return readIfPresent(fs, path)?.toString('utf8');
}
