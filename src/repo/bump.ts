import { ConfigError } from '../errors.js';
import { valueOf } from '../doc/index.js';
import { isConfigFile, type Settings } from '../settings/index.js';
import { readCommit, type FileChange, type Oid, type RepoPath, type Store } from '../store/index.js';
import {
  bumpFor,
  bumpReasons,
  type BumpReason,
  type FileChanges,
  type VersionBump,
} from '../version/index.js';
import { changesBetween, keyChanges, readChange, type ChangedFile } from './compare.js';
import type { RepositoryContext } from './context.js';
import { documentOf } from './documents.js';
import { treeOf } from './head.js';
import { schemaRuleChanges, type ComparedRules } from './schema-rules.js';
import { settingsOfTree, settingsPath } from './settings.js';

/** What is compared: two commits, null for nothing yet, and a folder or `''` for everything. */
export interface Compared {
  readonly from: Oid | null;
  readonly to: Oid;
  readonly scope: string;
}

/** Every change of configuration from one commit to another with the bump that it calls for, the highest first. */
export async function changesFor(
  context: RepositoryContext,
  { from, to, scope }: Compared,
): Promise<readonly BumpReason[]> {
  const { store } = context;
  const trees = { before: await treeOf(store, from), after: (await readCommit(store, to)).tree };
  const settings = await settingsOfTree(context, trees.after);
  return bumpReasons(await allChanges(context, { ...trees, scope, settings }));
}

/** The bump that the changes between two trees call for. What is configuration, the later one says. */
export async function bumpOfTrees(
  context: RepositoryContext,
  before: Oid | null,
  after: Oid,
): Promise<VersionBump> {
  const settings = await settingsOfTree(context, after);
  return bumpFor(await allChanges(context, { before, after, scope: '', settings }));
}

/** Of the files, and of what `cfg.yaml` wants of them. */
async function allChanges(
  context: RepositoryContext,
  compared: ComparedRules,
): Promise<readonly FileChanges[]> {
  const rules = await schemaRuleChanges(context, compared);
  const ofRules = { path: settingsPath, status: 'modified', changes: [], rules } as const;
  const files = await fileChanges(context.store, compared, compared.settings);
  return rules.length === 0 ? files : [...files, ofRules];
}

interface Trees {
  readonly before: Oid | null;
  readonly after: Oid | null;
  readonly scope: string;
}

async function fileChanges(
  store: Store,
  { before, after, scope }: Trees,
  settings: Settings,
): Promise<readonly FileChanges[]> {
  const schemas = schemaFiles(settings);
  const files: FileChanges[] = [];
  for (const found of await changesBetween(store, before, after)) {
    const change = scope === '' ? found : withinScope(found, scope);
    if (change === undefined) continue;
    const { path, change: status, from } = change;
    const configured = isConfigFile(settings, path) || (from !== undefined && isConfigFile(settings, from));
    const read = configured ? await readChange(store, change) : undefined;
    const changes = read && keyChanges(read);
    const schema = read && schemas.has(path) ? schemaVersions(read) : undefined;
    files.push({
      path,
      status,
      ...(from !== undefined && { from }),
      ...(changes && { changes }),
      ...(schema && { schema }),
    });
  }
  return files;
}

/** A change as the folder sees it: a file that leaves it is deleted, one that comes from elsewhere is added. */
function withinScope(change: FileChange, scope: string): FileChange | undefined {
  const isInside = (path: string | undefined): boolean => path?.startsWith(`${scope}/`) === true;
  const { path, from, before, after } = change;
  if (from === undefined) return isInside(path) ? change : undefined;
  if (isInside(path)) return isInside(from) ? change : { path, change: 'added', ...(after && { after }) };
  return isInside(from) ? { path: from, change: 'deleted', ...(before && { before }) } : undefined;
}

/** What files and stacks must satisfy. */
function schemaFiles({ schemas, stacks }: Settings): ReadonlySet<RepoPath> {
  const ofStacks = [...stacks.values()].flatMap(({ schema }) => schema ?? []);
  return new Set([...schemas.map(({ schema }) => schema), ...ofStacks]);
}

function schemaVersions({ path, before, after }: ChangedFile): FileChanges['schema'] {
  const [old, now] = [before, after].map((version) => version && documentOf(path, version.data));
  if (old?.valid !== true || now?.valid !== true) return undefined;
  return { before: valueOf(old), after: valueOf(now) };
}

/** Throws E_NOTHING_TO_DO where nothing changed; `again` is the command that makes a version all the same. */
export function requireChange(
  reasons: readonly BumpReason[],
  { since, again }: { readonly since: string; readonly again: string },
): void {
  if (reasons.length > 0) return;
  throw new ConfigError('E_NOTHING_TO_DO', `no key changed since '${since}'`, {
    hint: `to release it all the same, say which part to raise: ${again}`,
  });
}
