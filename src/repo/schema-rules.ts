import { isConfigError } from '../errors.js';
import { matchPath } from '../doc/index.js';
import { isConfigFile, type Settings } from '../settings/index.js';
import { findFile, listFiles, type Oid, type RepoPath } from '../store/index.js';
import { phrase, schemaEffects, type Phrase, type RuleChange } from '../version/index.js';
import { readFromTree } from './check.js';
import type { RepositoryContext } from './context.js';
import { schemaFrom } from './schema-sources.js';
import { settingsOfTree, settingsPath } from './settings.js';

/** Two trees, the settings of the later one, and the folder that counts (`''`: all). */
export interface ComparedRules {
  readonly before: Oid | null;
  readonly after: Oid | null;
  readonly settings: Settings;
  readonly scope: string;
}

/**
 * What must satisfy a schema that it did not have to before, and the contrary, as `cfg.yaml` says: a new rule rejects what was valid just as
 * a stricter schema does. A rule that no file was under before, and a schema that only got another name, change nothing.
 */
export async function schemaRuleChanges(
  context: RepositoryContext,
  compared: ComparedRules,
): Promise<readonly RuleChange[]> {
  const before = await earlierSettings(context, compared);
  if (before === undefined) return [];
  const files = await commonFiles(context, compared);
  const swaps = [
    ...swapsOfFiles(files, { before, after: compared.settings }),
    ...(compared.scope === '' ? swapsOfStacks({ before, after: compared.settings }) : []),
  ];
  const changes: RuleChange[] = [];
  for (const swap of swaps) changes.push(...(await changesOf(context, compared, swap)));
  return changes;
}

/** Undefined where nothing can have changed: there were none, they are the same, or they did not parse and so nothing was valid by them. */
async function earlierSettings(
  context: RepositoryContext,
  { before, after }: ComparedRules,
): Promise<Settings | undefined> {
  if (before === null || after === null) return undefined;
  const [old, now] = [
    await findFile(context.store, before, settingsPath),
    await findFile(context.store, after, settingsPath),
  ];
  if (old?.oid === now?.oid) return undefined;
  try {
    return await settingsOfTree(context, before);
  } catch (error) {
    if (isConfigError(error, 'E_SETTINGS', 'E_INVALID')) return undefined;
    throw error;
  }
}

/** Files of the folder that both trees have. */
async function commonFiles(
  { store }: RepositoryContext,
  { before, after, scope }: ComparedRules,
): Promise<readonly RepoPath[]> {
  if (before === null || after === null) return [];
  const later = new Set((await listFiles(store, after)).map(({ path }) => path));
  const earlier = (await listFiles(store, before)).map(({ path }) => path);
  return earlier.filter((path) => later.has(path) && (scope === '' || path.startsWith(`${scope}/`)));
}

interface BothSettings {
  readonly before: Settings;
  readonly after: Settings;
}

/** What has to satisfy other schemas than before. */
interface Swap {
  readonly of: Phrase;
  readonly added: readonly RepoPath[];
  readonly removed: readonly RepoPath[];
}

/** Files whose schemas change in the same way are told together. */
function swapsOfFiles(files: readonly RepoPath[], { before, after }: BothSettings): readonly Swap[] {
  const groups = new Map<string, Swap & { readonly paths: RepoPath[] }>();
  for (const path of files) {
    const swap = difference(schemasFor(before, path), schemasFor(after, path));
    const key = JSON.stringify(swap);
    const group = groups.get(key) ?? { ...swap, of: phrase`${path}`, paths: [] };
    group.paths.push(path);
    groups.set(key, group);
  }
  return [...groups.values()].map(({ paths, ...swap }) => {
    const more = paths.length - 1;
    return more === 0 ? swap : { ...swap, of: [...swap.of, ` and ${more} more`] };
  });
}

function schemasFor(settings: Settings, path: RepoPath): readonly RepoPath[] {
  if (!isConfigFile(settings, path)) return [];
  return settings.schemas.filter(({ files }) => matchPath(files, path)).map(({ schema }) => schema);
}

function swapsOfStacks({ before, after }: BothSettings): readonly Swap[] {
  return [...after.stacks].flatMap(([name, { schema }]) => {
    const old = before.stacks.get(name);
    if (old === undefined) return [];
    return [{ of: phrase`the stack ${name}`, ...difference(listed(old.schema), listed(schema)) }];
  });
}

function listed(schema: RepoPath | undefined): readonly RepoPath[] {
  return schema === undefined ? [] : [schema];
}

function difference(old: readonly RepoPath[], now: readonly RepoPath[]): Omit<Swap, 'of'> {
  return {
    added: now.filter((schema) => !old.includes(schema)),
    removed: old.filter((schema) => !now.includes(schema)),
  };
}

/** One schema in the place of another is judged by what the two allow. */
async function changesOf(
  context: RepositoryContext,
  trees: ComparedRules,
  { of, added, removed }: Swap,
): Promise<readonly RuleChange[]> {
  const must = (schema: RepoPath): RuleChange => ({
    effect: 'stricter',
    said: [...of, ...phrase` must satisfy ${schema} now`],
  });
  const free = (schema: RepoPath): RuleChange => ({
    effect: 'looser',
    said: [...of, ...phrase` need not satisfy ${schema} any more`],
  });
  const [schema, more] = added;
  const [other] = removed;
  if (schema === undefined || other === undefined || more !== undefined || removed.length > 1)
    return [...added.map(must), ...removed.map(free)];
  const [old, now] = [
    await schemaFrom(readFromTree(context.store, trees.before), other),
    await schemaFrom(readFromTree(context.store, trees.after), schema),
  ];
  if (old === undefined || now === undefined) return [must(schema)];
  const effects = new Set(schemaEffects(old, now).map(({ effect }) => effect));
  if (effects.has('stricter')) return [must(schema)];
  return effects.has('looser') ? [free(other)] : [];
}
