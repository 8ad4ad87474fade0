import { isAbsolute, join, resolve } from 'node:path';
import { ConfigError } from '../errors.js';
import { atomicWrite, ioError, nodeFileSystem, removeIfPresent } from '../store/index.js';
import type { RepositoryContext } from './context.js';
import { encodeText } from './text.js';

/** By what cfg knows a hook as its own. */
const mark = '# written by cfg hooks install';
/** What a hook that was there before is called; cfg's calls it first. */
const chainedSuffix = '.before-cfg';

/**
 * Puts a hook of cfg in place. One that was there already is kept as `NAME.before-cfg`, which the script is expected to call. False where
 * `core.hooksPath` names a folder of hooks: that is somebody else's to arrange. Throws E_EXISTS, E_IO.
 */
export async function installHook(
  context: RepositoryContext,
  name: string,
  script: string,
): Promise<boolean> {
  const folder = await hooksFolder(context);
  if (folder === undefined) return false;
  const path = join(folder, name);
  const present = nodeFileSystem.lstat(path);
  if (present !== undefined && !isOwn(path)) keep(path);
  if (nodeFileSystem.stat(folder) === undefined) attempt(folder, () => nodeFileSystem.mkdir(folder));
  replace(path, `#!/bin/sh\n${mark}\n${script}`);
  return true;
}

/** Takes the hook out and puts back what was there before. False where there is none of cfg. Throws E_IO. */
export async function uninstallHook(context: RepositoryContext, name: string): Promise<boolean> {
  const folder = await hooksFolder(context);
  const path = join(folder ?? '', name);
  if (folder === undefined || nodeFileSystem.lstat(path) === undefined || !isOwn(path)) return false;
  if (nodeFileSystem.lstat(path + chainedSuffix) === undefined) removeIfPresent(nodeFileSystem, path);
  else attempt(path, () => nodeFileSystem.rename(path + chainedSuffix, path));
  return true;
}

/** git: githooks; linked worktrees share the hooks of the repository. */
async function hooksFolder({ store }: RepositoryContext): Promise<string | undefined> {
  if (store.config.get('core.hookspath') !== undefined) return undefined;
  const common = (await store.state.read('commondir'))?.trim() ?? '.';
  return join(isAbsolute(common) ? common : resolve(store.gitDir, common), 'hooks');
}

function isOwn(path: string): boolean {
  return (
    nodeFileSystem.stat(path)?.kind === 'file' &&
    nodeFileSystem.readFile(path).toString('utf8').split('\n')[1] === mark
  );
}

function keep(path: string): void {
  if (nodeFileSystem.lstat(path + chainedSuffix) !== undefined)
    throw new ConfigError(
      'E_EXISTS',
      `there is a hook '${path}' that cfg did not write, and one kept before`,
      {
        hint: `join them into one: '${path}${chainedSuffix}' and '${path}'`,
        details: { path },
      },
    );
  attempt(path, () => nodeFileSystem.rename(path, path + chainedSuffix));
}

/** By rename, so that no hook runs half written. */
function replace(path: string, text: string): void {
  atomicWrite(nodeFileSystem, path, encodeText(text), { mode: 0o755, sync: false });
  attempt(path, () => nodeFileSystem.chmod(path, 0o755)); // whatever the umask
}

function attempt(path: string, write: () => void): void {
  try {
    write();
  } catch (error) {
    throw ioError('write', path, error);
  }
}
