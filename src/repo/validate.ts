import { ConfigError, isConfigError } from '../errors.js';
import type { Settings } from '../settings/index.js';
import {
  diffTrees,
  listFiles,
  mergeBases,
  resolveCommit,
  type FileEntry,
  type Oid,
  type RepoPath,
} from '../store/index.js';
import type { RepositoryContext } from './context.js';
import { withDependents } from './dependents.js';
import { draftOf } from './draft.js';
import { checkTree } from './gate.js';
import { readHead, treeOf } from './head.js';
import { selectPaths } from './pathspec.js';
import { byPlace } from './problems.js';
import type { ValidateOptions } from './repository.js';
import { settingsOfTree, settingsPath } from './settings.js';
import { indexTree, worktreeFirst, worktreeSnapshot, type Snapshot } from './snapshot.js';
import { withSourceLines } from './source-lines.js';
import type { ValidateAnswer } from './types.js';

/**
 * Checks configuration: that files parse and satisfy their schemas, and that stacks load in every combination of their `matrix`. Of the
 * worktree; of the index (`staged`: what differs from HEAD); of what the worktree changed since the branch left a revision (`since`), with
 * what depends on it; or of a whole revision. Stacks are loaded where they read one of those files.
 * Throws E_USAGE, E_REVISION_NOT_FOUND, E_SOURCE (no such path).
 */
export async function validate(
  context: RepositoryContext,
  options: ValidateOptions = {},
): Promise<ValidateAnswer> {
  requireOne(options);
  const { store } = draftOf(context.store);
  const drafted = { ...context, store };
  const { tree, files: all, read } = await snapshotToCheck(drafted, options);
  const before = await treeBefore(drafted, options);
  const scope = await scopeOf(drafted, { tree, before, patterns: options.paths ?? [], all });
  const isWanted = (path: RepoPath): boolean => scope.files?.has(path) !== false;
  const { problems, files } = await checkTree(drafted, {
    tree,
    changed: scope.touched,
    isWanted,
    all,
    ...(read && { read }),
  });
  const sorted = problems.toSorted(byPlace);
  return {
    valid: !sorted.some(({ severity }) => severity === 'error'),
    files: files.length,
    problems: options.details === true ? await withSourceLines(store, tree, sorted) : sorted,
    ...(options.details === true && { checked: files }),
  };
}

function requireOne({ staged, since, revision }: ValidateOptions): void {
  const given = [staged === true, since !== undefined, revision !== undefined].filter(Boolean);
  if (given.length > 1)
    throw new ConfigError('E_USAGE', 'only one of --staged, --since and --rev can be given', {
      hint: 'cfg validate --since REV',
    });
}

async function snapshotToCheck(context: RepositoryContext, options: ValidateOptions): Promise<Snapshot> {
  const { store } = context;
  const bare = store.worktree === undefined;
  const revision = options.revision ?? (bare && options.staged !== true ? 'HEAD' : undefined);
  if (revision === undefined && options.staged !== true)
    return { ...(await worktreeSnapshot(context, store)), read: worktreeFirst(context) };
  const tree =
    revision === undefined
      ? await indexTree(context, store)
      : ((await treeOf(store, await resolveCommit(store, revision))) ?? '');
  return { tree, files: await listFiles(store, tree) };
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

/** What a validation looks at; undefined: everything. */
interface Scope {
  readonly files: ReadonlySet<RepoPath> | undefined;
  /** Stacks that read one of these. */
  readonly touched: ReadonlySet<RepoPath> | undefined;
}

/** `cfg.yaml` governs everything, so that a change of it makes every file count. */
async function scopeOf(
  context: RepositoryContext,
  input: {
    readonly tree: Oid;
    readonly before: Oid | null | undefined;
    readonly patterns: readonly string[];
    readonly all: readonly FileEntry[];
  },
): Promise<Scope> {
  const { tree, before, patterns } = input;
  const all = input.all.map(({ path }) => path);
  const selected = patterns.length === 0 ? undefined : new Set(namedPaths(context, patterns, all));
  if (before === undefined) return { files: selected, touched: selected };
  const changed = new Set(
    (await diffTrees(context.store, before, tree)).flatMap(({ path, from = path }) => [path, from]),
  );
  const settings = changed.has(settingsPath) ? undefined : await readableSettings(context, tree);
  if (settings === undefined) return { files: selected, touched: selected };
  const files = await withDependents(context.store, { tree, settings, changed, all });
  if (selected === undefined) return { files, touched: changed };
  const narrowed = (paths: ReadonlySet<RepoPath>): ReadonlySet<RepoPath> =>
    new Set([...paths].filter((path) => selected.has(path)));
  return { files: narrowed(files), touched: narrowed(changed) };
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
