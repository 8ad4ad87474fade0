import { parseSettings, type Settings } from '../settings/index.js';
import { findFile, readBlob, resolveCommit, type Oid } from '../store/index.js';
import type { RepositoryContext } from './context.js';
import { readHead, treeOf } from './head.js';
import { decodeText } from './text.js';

/** Where the settings stand, at the root of every tree. */
export const settingsPath = 'cfg.yaml';

/** Settings of a tree (the defaults for null, and where there is no `cfg.yaml`). Throws E_SETTINGS. */
export async function settingsOfTree(context: RepositoryContext, tree: Oid | null): Promise<Settings> {
  const entry = tree === null ? undefined : await findFile(context.store, tree, settingsPath);
  if (entry === undefined) return parseSettings(undefined);
  const cached = context.settingsCache.get(entry.oid);
  if (cached !== undefined) return cached;
  const settings = parseSettings(decodeText(await readBlob(context.store, entry.oid), settingsPath));
  context.settingsCache.set(entry.oid, settings);
  return settings;
}

/** Settings at a commit; null: before the first one. Throws E_SETTINGS. */
export async function settingsOfCommit(context: RepositoryContext, commit: Oid | null): Promise<Settings> {
  return settingsOfTree(context, await treeOf(context.store, commit));
}

/** Settings of the worktree, of HEAD in a bare repository, or at `revision`. Throws E_SETTINGS, E_REVISION_NOT_FOUND. */
export async function readSettings(context: RepositoryContext, revision?: string): Promise<Settings> {
  if (revision !== undefined) return settingsOfCommit(context, await resolveCommit(context.store, revision));
  const { worktree } = context.store;
  if (worktree === undefined) return settingsOfCommit(context, (await readHead(context.store)).commit);
  const file = await worktree.read(settingsPath);
  return parseSettings(file && decodeText(file.data, settingsPath));
}
