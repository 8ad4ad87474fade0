import { isAbsolute, join } from 'node:path';
import { ConfigError } from '../errors.js';
import { atomicWrite, nodeFileSystem as fs } from '../store/index.js';
import type { RepositoryContext } from './context.js';
import { readHead } from './head.js';
import { settingsWarnings } from './protection.js';
import type { ServerHookAnswer } from './types.js';

/** By what cfg knows a hook as its own. */
const mark = '# cfg: every push keeps to the rules of the branches';

/**
 * Writes the hook `pre-receive`, which runs a shell command for every push. Throws E_EXISTS for one that is somebody else's (unless
 * `force`), E_IO.
 */
export async function installServerHook(
  context: RepositoryContext,
  { command, force = false }: { readonly command: string; readonly force?: boolean },
): Promise<ServerHookAnswer> {
  const hook = hookPath(context);
  const present = readText(hook);
  if (present !== undefined && !present.includes(mark) && !force)
    throw new ConfigError('E_EXISTS', `there is a hook '${hook}' that cfg did not write`, {
      hint: 'look at it; to replace it: cfg hooks install --server --force',
      details: { hook },
    });
  if (fs.stat(join(hook, '..')) === undefined) fs.mkdir(join(hook, '..'));
  atomicWrite(fs, hook, Buffer.from(`#!/bin/sh\n${mark}\n${command}\n`, 'utf8'), { mode: 0o755 });
  const { branch, commit } = await readHead(context.store);
  if (branch === null || commit === null) return { hook, branch: null };
  const warnings = await settingsWarnings(context, branch, commit);
  return { hook, branch, ...(warnings.length > 0 && { warnings }) };
}

/** Removes the hook again. Throws E_NOTHING_TO_DO, E_EXISTS. */
export async function uninstallServerHook(context: RepositoryContext): Promise<ServerHookAnswer> {
  const hook = hookPath(context);
  const present = readText(hook);
  if (present === undefined)
    throw new ConfigError('E_NOTHING_TO_DO', 'no hook of cfg is installed here', {
      hint: 'cfg hooks install --server',
    });
  if (!present.includes(mark))
    throw new ConfigError('E_EXISTS', `the hook '${hook}' was not written by cfg`, { details: { hook } });
  fs.unlink(hook);
  return { hook, branch: (await readHead(context.store)).branch };
}

/** Whether pushes to here are judged by cfg. */
export function hasServerHook(context: RepositoryContext): boolean {
  return readText(hookPath(context))?.includes(mark) === true;
}

/** git: Documentation/githooks, core.hooksPath: relative to where hooks run. */
function hookPath({ store }: RepositoryContext): string {
  const root = store.worktree?.root ?? store.gitDir;
  const configured = store.config.get('core.hooksPath');
  const folder =
    configured === undefined
      ? join(store.gitDir, 'hooks')
      : isAbsolute(configured)
        ? configured
        : join(root, configured);
  return join(folder, 'pre-receive');
}

function readText(path: string): string | undefined {
  return fs.stat(path) === undefined ? undefined : fs.readFile(path).toString('utf8');
}
