import { isAbsolute, join, resolve } from 'node:path';
import { ConfigError, shellWord } from '../errors.js';
import { atomicWrite, ioError, nodeFileSystem, removeIfPresent } from '../store/index.js';
import type { RepositoryContext } from './context.js';
import { encodeText } from './text.js';

/** By what cfg knows a hook as its own. */
const mark = '# written by cfg hooks install';
/** What a hook that was there before is called; cfg's calls it first. */
const chainedSuffix = '.before-cfg';
/** What the pre-commit framework calls the hook that it found, and runs before its own (pre-commit.com, "running in migration mode"). */
const legacySuffix = '.legacy';

/**
 * Puts a hook of cfg in place. One that was there already is kept as `NAME.before-cfg`, which the script is expected to call. False where
 * `core.hooksPath` names a folder of hooks: that is somebody else's to arrange. Throws E_EXISTS, E_IO.
 */
export async function installHook(
  context: RepositoryContext,
  name: string,
  script: string,
): Promise<boolean> {
  if (context.store.config.get('core.hookspath') !== undefined) return false;
  const folder = await hooksFolder(context);
  const path = join(folder, name);
  const own = ownPlace(path);
  if (own === undefined && nodeFileSystem.lstat(path) !== undefined) keep(path);
  if (nodeFileSystem.stat(folder) === undefined) attempt(folder, () => nodeFileSystem.mkdir(folder));
  replace(own ?? path, `#!/bin/sh\n${mark}\n${script}`);
  return true;
}

/** Takes the hook out and puts back what was there before. False where there is none of cfg. Throws E_IO. */
export async function uninstallHook(context: RepositoryContext, name: string): Promise<boolean> {
  const path = join(await hooksFolder(context), name);
  const own = ownPlace(path);
  if (own === undefined) return false;
  const before = path + chainedSuffix;
  if (nodeFileSystem.lstat(before) === undefined) removeIfPresent(nodeFileSystem, own);
  else if (own !== path && sameContent(before, path))
    for (const one of [own, before]) removeIfPresent(nodeFileSystem, one);
  else attempt(own, () => nodeFileSystem.rename(before, own));
  return true;
}

/** git: githooks; linked worktrees share the hooks of the repository. */
async function hooksFolder({ store }: RepositoryContext): Promise<string> {
  const common = (await store.state.read('commondir'))?.trim() ?? '.';
  return join(isAbsolute(common) ? common : resolve(store.gitDir, common), 'hooks');
}

/** Where the hook of cfg is: in its place, or where the pre-commit framework put it. */
function ownPlace(path: string): string | undefined {
  return [path, path + legacySuffix].find(isOwn);
}

/** Whether the framework, installed before cfg and again after it, is there twice. */
function sameContent(one: string, other: string): boolean {
  return (
    [one, other].every((path) => nodeFileSystem.stat(path)?.kind === 'file') &&
    nodeFileSystem.readFile(one).equals(nodeFileSystem.readFile(other))
  );
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
        hint: `join them into one: ${shellWord(path + chainedSuffix)} and ${shellWord(path)}`,
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
