import { ConfigError, isConfigError } from '../errors.js';
import { valueOf } from '../doc/index.js';
import { isConfigFile, type Settings } from '../settings/index.js';
import { readCommit, type FileChange, type Oid, type RepoPath, type Store } from '../store/index.js';
import {
  bumpFor,
  bumpReasons,
  type BumpReason,
  type FileChanges,
  type SchemaSource,
  type VersionBump,
} from '../version/index.js';
import { readFromTree } from './check.js';
import { changesBetween, keyChanges, readChange, type ChangedFile } from './compare.js';
import type { RepositoryContext } from './context.js';
import { documentOf } from './documents.js';
import { treeOf } from './head.js';
import { schemaRuleChanges, type ComparedRules } from './schema-rules.js';
import { schemaFrom, schemasOfSettings } from './schema-sources.js';
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
  const schemas = await comparedSchemas(context, compared);
  const files = await fileChanges(context.store, compared, schemas);
  const referring = schemas.referring.filter(({ path }) => !files.some((file) => file.path === path));
  return [...files, ...referring, ...(rules.length === 0 ? [] : [ofRules])];
}

interface ComparedSchemas {
  /** Every file that a schema of either side consists of. */
  readonly files: ReadonlySet<RepoPath>;
  readonly both: ReadonlyMap<RepoPath, NonNullable<FileChanges['schema']>>;
  /** Schemas that may be others through a file that they refer to. */
  readonly referring: readonly FileChanges[];
}

/** The schemas that the settings of both sides name. */
async function comparedSchemas(
  context: RepositoryContext,
  { before, after, scope, settings }: ComparedRules,
): Promise<ComparedSchemas> {
  const { store } = context;
  const earlier = await parsedSettings(context, before);
  const files = new Set<RepoPath>();
  const both = new Map<RepoPath, NonNullable<FileChanges['schema']>>();
  const referring: FileChanges[] = [];
  const [readOld, readNew] = [readFromTree(store, before), readFromTree(store, after)];
  for (const path of new Set([
    ...(earlier ? schemasOfSettings(earlier) : []),
    ...schemasOfSettings(settings),
  ])) {
    const schema = { before: await schemaFrom(readOld, path), after: await schemaFrom(readNew, path) };
    for (const side of [schema.before, schema.after]) for (const file of side?.files ?? []) files.add(file);
    both.set(path, schema);
    const isInside = scope === '' || path.startsWith(`${scope}/`);
    if (isInside && schema.before !== undefined && schema.after !== undefined)
      referring.push({ path, status: 'modified', changes: [], schema });
  }
  return { files, both, referring };
}

/** Undefined for none, and for those that do not parse. */
async function parsedSettings(context: RepositoryContext, tree: Oid | null): Promise<Settings | undefined> {
  try {
    return tree === null ? undefined : await settingsOfTree(context, tree);
  } catch (error) {
    if (isConfigError(error, 'E_SETTINGS', 'E_INVALID')) return undefined;
    throw error;
  }
}

async function fileChanges(
  store: Store,
  { before, after, scope, settings }: ComparedRules,
  schemas: ComparedSchemas,
): Promise<readonly FileChanges[]> {
  const files: FileChanges[] = [];
  for (const found of await changesBetween(store, before, after)) {
    const change = scope === '' ? found : withinScope(found, scope);
    if (change === undefined) continue;
    const { path, change: status, from } = change;
    const configured = isConfigFile(settings, path) || (from !== undefined && isConfigFile(settings, from));
    const read = configured ? await readChange(store, change) : undefined;
    const changes = read && keyChanges(read);
    const isSchema = schemas.files.has(path) || (from !== undefined && schemas.files.has(from));
    const known = status === 'renamed' ? undefined : schemas.both.get(path);
    const schema = read && isSchema ? (known ?? schemaVersions(read)) : undefined;
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

/** A file that a schema refers to, or of another name before: by itself. */
function schemaVersions({ path, from, before, after }: ChangedFile): NonNullable<FileChanges['schema']> {
  return { before: standalone(from ?? path, before?.data), after: standalone(path, after?.data) };
}

function standalone(path: RepoPath, data: Uint8Array | undefined): SchemaSource | undefined {
  const document = data && documentOf(path, data);
  return document?.valid === true ? { value: valueOf(document), refer: () => undefined } : undefined;
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
