import { join } from 'node:path';
import { ConfigError } from '../errors.js';
import {
  nodeFileSystem,
  removeIfPresent,
  type ConfigEdit,
  type LocalConfig,
  type Worktree,
} from '../store/index.js';
import { withBlock, withoutBlock } from './attribute-lines.js';
import { checkedOut, type RepositoryContext } from './context.js';
import { installHook, uninstallHook } from './hook-file.js';
import type { InstallOptions } from './repository.js';
import { hasServerHook } from './server-hook.js';
import { readSettings } from './settings.js';
import { decodeText, encodeText } from './text.js';
import type { InstallAnswer, UninstallAnswer } from './types.js';

const hookName = 'pre-commit';
const attributesPath = '.gitattributes';

/** By what cfg knows an installation as its own. */
const driverName = 'merge configuration by key (cfg)';

/**
 * Makes plain Git merge (and with `diff` show) configuration files by key: registers the drivers in the repository's Git configuration
 * and names the files in `.gitattributes`; with `preCommit` puts that hook in place, in front of none that is there. Doing it again
 * brings all up to date.
 * Throws E_EXISTS when drivers of that name are somebody else's (unless `force`), E_USAGE (bare repository), E_SETTINGS, E_LOCKED.
 */
export async function installDrivers(
  context: RepositoryContext,
  options: InstallOptions,
): Promise<InstallAnswer> {
  const { worktree } = checkedOut(context, 'install drivers');
  const config = localConfig(context);
  const { files } = await readSettings(context);
  const before = await readAttributes(worktree);
  const edits = registration(options);
  if (options.force !== true) await requireOwn(config, edits);
  await config.update(edits);
  const after = withBlock(before ?? '', files);
  if (after !== before) await worktree.write(attributesPath, encodeText(after));
  const hooked = options.preCommit !== undefined && (await installHook(context, hookName, options.preCommit));
  return { installed: edits.map(nameOf), files: [attributesPath], hooks: hooked ? [hookName] : [] };
}

/** Takes back what {@link installDrivers} did, and nothing else. Throws E_NOTHING_TO_DO, E_EXISTS, E_USAGE, E_LOCKED. */
export async function uninstallDrivers(context: RepositoryContext): Promise<UninstallAnswer> {
  const { worktree } = checkedOut(context, 'uninstall drivers');
  const config = localConfig(context);
  const edits = registration({ mergeDriver: '', diffDriver: '' });
  await requireOwn(config, edits);
  const present: ConfigEdit[] = [];
  for (const edit of edits) if ((await config.get(nameOf(edit))) !== undefined) present.push(edit);
  const before = await readAttributes(worktree);
  const after = withoutBlock(before ?? '');
  const written = before !== undefined && after !== before;
  const unhooked = await uninstallHook(context, hookName);
  if (present.length === 0 && !written && !unhooked)
    throw new ConfigError('E_NOTHING_TO_DO', 'no drivers of cfg are installed here', {
      hint: hasServerHook(context)
        ? 'the hook of a server is another thing: cfg hooks uninstall --server'
        : 'cfg hooks install',
    });
  // The lines go first: without them Git never asks for the drivers.
  if (written) await writeAttributes(worktree, after);
  await config.update(present.map((edit) => ({ ...edit, value: null })));
  return {
    removed: present.map(nameOf),
    files: written ? [attributesPath] : [],
    hooks: unhooked ? [hookName] : [],
  };
}

function localConfig({ store }: RepositoryContext): LocalConfig {
  if (store.localConfig !== undefined) return store.localConfig;
  throw new ConfigError('E_USAGE', 'this repository has no Git configuration file');
}

/** `recursive=text`: several merge bases are merged by line first, as a driver could not read the outcome (git: gitattributes). */
function registration({ mergeDriver, diffDriver }: InstallOptions): readonly ConfigEdit[] {
  const merge = { section: 'merge', subsection: 'cfg' };
  return [
    { section: 'diff', subsection: 'cfg', key: 'command', value: diffDriver },
    { ...merge, key: 'driver', value: mergeDriver },
    { ...merge, key: 'name', value: driverName },
    { ...merge, key: 'recursive', value: 'text' },
  ];
}

function nameOf(edit: ConfigEdit): string {
  const section = `${edit.section}.${edit.subsection}`;
  return 'key' in edit ? `${section}.${edit.key}` : section;
}

async function requireOwn(config: LocalConfig, edits: readonly ConfigEdit[]): Promise<void> {
  if ((await config.get('merge.cfg.name')) === driverName) return;
  for (const edit of edits) {
    const name = nameOf(edit);
    if ((await config.get(name)) === undefined) continue;
    throw new ConfigError('E_EXISTS', `Git's configuration has a '${name}' that cfg did not write`, {
      hint: `look at it with 'git config ${name}'; to replace it: cfg hooks install --force`,
      details: { name },
    });
  }
}

async function readAttributes(worktree: Worktree): Promise<string | undefined> {
  const file = await worktree.read(attributesPath);
  if (file?.mode === '120000')
    throw new ConfigError('E_EXISTS', `'${attributesPath}' is a symlink, which Git does not follow`, {
      hint: 'make it a file',
    });
  return file && decodeText(file.data, attributesPath);
}

/** An empty file says nothing, so it goes. */
async function writeAttributes(worktree: Worktree, text: string): Promise<void> {
  if (text !== '') await worktree.write(attributesPath, encodeText(text));
  else removeIfPresent(nodeFileSystem, join(worktree.root, attributesPath));
}
