/** A repository of another user may have been left where one walks in by accident; Git asks first, and so does cfg (git: git-config, safe.directory). */
import { ConfigError, shellWord } from '../errors.js';
import { type Environment, loadGitConfig } from './config/load.js';
import type { Fs } from './fs.js';
import type { Layout } from './layout.js';

/** Throws E_UNSUPPORTED_REPOSITORY unless the user owns the repository, or says in a configuration of their own that it is safe. */
export function checkOwner(fs: Fs, env: Environment, layout: Layout): void {
  const self = process.geteuid?.();
  if (self === undefined) return;
  // Under sudo the one who typed the command counts as well.
  const users = new Set([self, ...(self === 0 && env['SUDO_UID'] ? [Number(env['SUDO_UID'])] : [])]);
  const folders = [layout.workDir, layout.gitDir].flatMap((folder) => folder ?? []);
  const foreign = folders.find((folder) => !users.has(fs.lstat(folder)?.uid ?? self));
  if (foreign === undefined) return;
  const root = layout.workDir ?? layout.gitDir;
  if (isSafe(safeFolders(fs, env), root)) return;
  throw new ConfigError('E_UNSUPPORTED_REPOSITORY', `repository '${root}' belongs to another user`, {
    hint: `if you trust it, run: git config --global --add safe.directory ${shellWord(root)}`,
    details: { gitDir: layout.gitDir },
  });
}

/** From the files of system and user only: a repository cannot vouch for itself. An empty value forgets those before. */
function safeFolders(fs: Fs, env: Environment): readonly string[] {
  const values = loadGitConfig({ fs, env }).getAll('safe.directory');
  return values.slice(values.lastIndexOf('') + 1);
}

function isSafe(folders: readonly string[], root: string): boolean {
  return folders.some(
    (folder) =>
      folder === '*' || folder === root || (folder.endsWith('/*') && root.startsWith(folder.slice(0, -1))),
  );
}
