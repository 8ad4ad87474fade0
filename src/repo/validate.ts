import { ConfigError, isConfigError } from '../errors.js';
import { isConfigFile } from '../settings/index.js';
import { diffTrees, listFiles, mergeBases, resolveCommit, type Oid, type RepoPath } from '../store/index.js';
import type { RepositoryContext } from './context.js';
import { draftOf } from './draft.js';
import { problemsOfTree } from './gate.js';
import { readHead, treeOf } from './head.js';
import { selectPaths } from './pathspec.js';
import { byPlace } from './problems.js';
import type { ValidateOptions } from './repository.js';
import { governingSettings } from './protection.js';
import { settingsOfTree, settingsPath } from './settings.js';
import { indexTree, worktreeTree } from './snapshot.js';
import { withSourceLines } from './source-lines.js';
import type { ValidateAnswer } from './types.js';

/**
 * Checks configuration: that files parse and satisfy their schemas, and that stacks load in every combination of their `matrix`. Of the
 * worktree; of the index (`staged`: what differs from HEAD); of what the worktree changed since the branch left a revision (`since`); or
 * of a whole revision. Stacks are loaded where they read one of those files.
 * Throws E_USAGE, E_REVISION_NOT_FOUND, E_SOURCE (no such path).
 */
export async function validate(
  context: RepositoryContext,
  options: ValidateOptions = {},
): Promise<ValidateAnswer> {
  requireOne(options);
  const { store } = draftOf(context.store);
  const drafted = { ...context, store };
  const tree = await treeToCheck(drafted, options);
  const before = await treeBefore(drafted, options);
  const paths = await wantedPaths(drafted, { tree, before, patterns: options.paths ?? [] });
  const wanted = paths && new Set(paths);
  const isWanted = (path: RepoPath): boolean => wanted?.has(path) !== false;
  const problems = await problemsOfTree(drafted, { tree, changed: wanted, isWanted });
  const checked = (await configFiles(drafted, tree)).filter(isWanted);
  const sorted = problems.toSorted(byPlace);
  return {
    valid: !sorted.some(({ severity }) => severity === 'error'),
    files: checked.length,
    problems: options.details === true ? await withSourceLines(store, tree, sorted) : sorted,
    ...(options.details === true && { checked }),
  };
}

function requireOne({ staged, since, revision }: ValidateOptions): void {
  const given = [staged === true, since !== undefined, revision !== undefined].filter(Boolean);
  if (given.length > 1)
    throw new ConfigError('E_USAGE', 'only one of --staged, --since and --rev can be given', {
      hint: 'cfg validate --since REV',
    });
}

async function treeToCheck(context: RepositoryContext, options: ValidateOptions): Promise<Oid> {
  const { store } = context;
  const bare = store.worktree === undefined;
  const revision = options.revision ?? (bare && options.staged !== true ? 'HEAD' : undefined);
  if (revision === undefined)
    return options.staged === true ? indexTree(context, store) : worktreeTree(context, store);
  return (await treeOf(store, await resolveCommit(store, revision))) ?? '';
}

/** What the tree is compared with; undefined: with nothing, everything counts. */
async function treeBefore(
  { store }: RepositoryContext,
  { staged, all, since }: ValidateOptions,
): Promise<Oid | null | undefined> {
  if (all === true) return undefined;
  const { commit } = await readHead(store);
  if (staged === true) return treeOf(store, commit);
  if (since === undefined) return undefined;
  const from = await resolveCommit(store, since);
  const [base] = commit === null ? [] : await mergeBases(store, from, commit);
  return treeOf(store, base ?? from);
}

/** The paths to look at; undefined: all of them. A schema or `cfg.yaml` that changed makes every file count. */
async function wantedPaths(
  context: RepositoryContext,
  input: {
    readonly tree: Oid;
    readonly before: Oid | null | undefined;
    readonly patterns: readonly string[];
  },
): Promise<readonly RepoPath[] | undefined> {
  const { tree, before, patterns } = input;
  const all = (await listFiles(context.store, tree)).map(({ path }) => path);
  const selected = patterns.length === 0 ? undefined : namedPaths(context, patterns, all);
  if (before === undefined) return selected;
  const changed = new Set((await diffTrees(context.store, before, tree)).map(({ path }) => path));
  const rules = await ruleFiles(context, tree);
  if (rules.some((path) => changed.has(path))) return selected;
  return selected === undefined ? [...changed] : selected.filter((path) => changed.has(path));
}

/** What is not there cannot be looked at, which is no answer about configuration. */
function namedPaths(
  context: RepositoryContext,
  patterns: readonly string[],
  all: readonly RepoPath[],
): readonly RepoPath[] {
  try {
    return selectPaths(context, patterns, all);
  } catch (error) {
    if (!isConfigError(error, 'E_FILE_NOT_FOUND')) throw error;
    const path = String(error.details?.['path']);
    throw new ConfigError('E_SOURCE', `cannot validate '${path}': no such file`, {
      hint: error.hint?.startsWith('did you mean') === true ? error.hint : 'cfg validate looks at every file',
      details: { path },
      cause: error,
    });
  }
}

async function ruleFiles(context: RepositoryContext, tree: Oid): Promise<readonly RepoPath[]> {
  try {
    const { schemas } = await settingsOfTree(context, tree);
    return [settingsPath, ...schemas.map(({ schema }) => schema)];
  } catch (error) {
    if (isConfigError(error, 'E_SETTINGS', 'E_INVALID')) return [settingsPath];
    throw error;
  }
}

async function configFiles(context: RepositoryContext, tree: Oid): Promise<readonly RepoPath[]> {
  const paths = (await listFiles(context.store, tree)).map(({ path }) => path);
  try {
    const settings = await settingsOfTree(context, tree);
    return paths.filter((path) => isConfigFile(settings, path));
  } catch (error) {
    if (!isConfigError(error, 'E_SETTINGS', 'E_INVALID')) throw error;
    const settings = await governingSettings(context, null);
    return paths.filter((path) => isConfigFile(settings, path));
  }
}
