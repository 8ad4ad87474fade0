import { parseKeyPath } from '../doc/index.js';
import { loadConfig } from '../load/index.js';
import type { RepositoryContext } from './context.js';
import { lastSet } from './last-set.js';
import type { ExplainOptions } from './repository.js';
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
  const { store, env } = context;
  const { revision: asked, ...stack } = options;
  const revision = asked ?? (store.worktree === undefined ? 'HEAD' : undefined);
  const config = await loadConfig({
    ...stack,
    dir: store.worktree?.root ?? store.gitDir,
    env,
    ...(revision !== undefined && { rev: revision }),
  });
  const { path, value, from, overridden } = config.explain(key);
  const { file, ...place } = from;
  const setBy =
    file === undefined
      ? nobody
      : await lastSet(context, parseKeyPath(path), {
          ...place,
          file,
          ...(revision !== undefined && { revision }),
        });
  return { path, value, from: { ...from, ...setBy }, overridden };
}
