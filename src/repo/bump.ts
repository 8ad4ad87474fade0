import { ConfigError } from '../errors.js';
import { isConfigFile, type Settings } from '../settings/index.js';
import { readCommit, type Oid, type Store } from '../store/index.js';
import { bumpFor, type FileChanges, type VersionBump } from '../version/index.js';
import { changesBetween, keyChanges, readChange } from './compare.js';
import type { RepositoryContext } from './context.js';
import { treeOf } from './head.js';
import { settingsOfTree } from './settings.js';

/** The bump that the changes of configuration from one commit (null: nothing yet) to another call for. */
export async function bumpBetween(
  context: RepositoryContext,
  from: Oid | null,
  to: Oid,
): Promise<VersionBump> {
  const { store } = context;
  return bumpOfTrees(context, await treeOf(store, from), (await readCommit(store, to)).tree);
}

/** The same for two trees. What is configuration, the later one says. */
export async function bumpOfTrees(
  context: RepositoryContext,
  before: Oid | null,
  after: Oid,
): Promise<VersionBump> {
  const settings = await settingsOfTree(context, after);
  return bumpFor(await fileChanges(context.store, { before, after }, settings));
}

async function fileChanges(
  store: Store,
  { before, after }: { readonly before: Oid | null; readonly after: Oid | null },
  settings: Settings,
): Promise<readonly FileChanges[]> {
  const files: FileChanges[] = [];
  for (const change of await changesBetween(store, before, after)) {
    const { path, change: status, from } = change;
    const configured = isConfigFile(settings, path) || (from !== undefined && isConfigFile(settings, from));
    const changes = configured ? keyChanges(await readChange(store, change)) : undefined;
    files.push({ path, status, ...(from !== undefined && { from }), ...(changes && { changes }) });
  }
  return files;
}

/** Throws E_NOTHING_TO_DO for a bump of nothing. */
export function requireChange({ bump }: VersionBump, since: string): void {
  if (bump !== 'none') return;
  throw new ConfigError('E_NOTHING_TO_DO', `no key changed since '${since}'`, {
    hint: 'to release it all the same, say which part to raise: cfg tag --bump patch',
  });
}
