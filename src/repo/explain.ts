import { parseKeyPath } from '../doc/index.js';
import { loadConfig, loadStack, maskExplanation, type Config, type StackOptions } from '../load/index.js';
import { resolveCommit } from '../store/index.js';
import type { RepositoryContext } from './context.js';
import { treeOf } from './head.js';
import { lastSet } from './last-set.js';
import type { ExplainOptions } from './repository.js';
import { settingsOfTree } from './settings.js';
import { filesOfTree } from './tree-files.js';
import type { ExplainAnswer, LastSet } from './types.js';

const nobody: LastSet = { commit: null, author: null, date: null };

/**
 * The whole provenance of a value of the merged configuration: the layer that won and its place, the commit and author that last set it there,
 * and every layer that it overrides. Of the worktree, of HEAD in a bare repository, or of a revision.
 * Throws E_KEY_NOT_FOUND, E_BAD_PATH, and what `loadConfig` throws.
 */
export async function explain(
  context: RepositoryContext,
  key: string,
  options: ExplainOptions = {},
): Promise<ExplainAnswer> {
  const { revision: asked, mask = false, onSources, ...stack } = options;
  const revision = asked ?? (context.store.worktree === undefined ? 'HEAD' : undefined);
  const config = await load(context, stack, revision);
  onSources?.(config.sources);
  const found = config.explain(key);
  const { path, value, from, overridden } = mask ? maskExplanation(found, config) : found;
  const { file, ...place } = from;
  const setBy =
    file === undefined
      ? nobody
      : await lastSet(context, parseKeyPath(path), {
          ...place,
          file,
          ...(revision !== undefined && { revision }),
        });
  const { line = null, column = null } = from;
  return { path, value, from: { ...from, file: file ?? null, line, column, ...setBy }, overridden };
}

async function load(
  context: RepositoryContext,
  stack: StackOptions,
  revision: string | undefined,
): Promise<Config> {
  const { store, env } = context;
  if (revision === undefined) return loadConfig({ ...stack, dir: store.worktree?.root ?? '.', env });
  const tree = await treeOf(store, await resolveCommit(store, revision));
  return loadStack(filesOfTree(store, tree), await settingsOfTree(context, tree), { ...stack, env });
}
