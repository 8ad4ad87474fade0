import { isConfigError } from '../errors.js';
import type { ContentMerge } from '../merge/index.js';
import type { Settings } from '../settings/index.js';
import type { FileEntry, Oid, Store } from '../store/index.js';
import type { RepositoryContext } from './context.js';
import { problemsOf } from './gate.js';
import type { MergedTrees } from './merge-trees.js';
import { settingsOfTree, settingsPath } from './settings.js';

interface Sides {
  readonly ours: Oid | null;
  readonly theirs: Oid;
}

/** Cleanly merged files that break a rule (their schema) although both sides satisfied it: cross-key conflicts that no merge by key sees. */
export async function invalidAfterMerge(
  context: RepositoryContext,
  store: Store,
  { merged, sides }: { readonly merged: MergedTrees; readonly sides: Sides },
): Promise<readonly ContentMerge[]> {
  const entries = new Map(merged.patches.map(({ path, entry }) => [path, entry]));
  const check = async (tree: Oid | null, entry: FileEntry | null | undefined): Promise<boolean> => {
    if (tree === null || entry === null || entry === undefined) return true;
    const settings = await readableSettings({ ...context, store }, tree);
    if (settings === undefined) return entry.path !== settingsPath;
    return (await problemsOf(store, { tree, settings, entries: [entry] })).length === 0;
  };
  const invalid: ContentMerge[] = [];
  for (const merge of merged.merged) {
    if (await check(merged.tree, entries.get(merge.path))) continue;
    const { ours, theirs, path } = merge;
    const wereValid =
      (await check(sides.ours, { ...ours, path })) && (await check(sides.theirs, { ...theirs, path }));
    if (wereValid) invalid.push(merge);
  }
  return invalid;
}

/** Undefined where `cfg.yaml` does not say what it should. */
async function readableSettings(context: RepositoryContext, tree: Oid): Promise<Settings | undefined> {
  try {
    return await settingsOfTree(context, tree);
  } catch (error) {
    if (isConfigError(error, 'E_SETTINGS', 'E_INVALID')) return undefined;
    throw error;
  }
}
