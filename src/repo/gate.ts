import { ConfigError, isConfigError } from '../errors.js';
import { isConfigFile, type Settings } from '../settings/index.js';
import {
  diffTrees,
  isAncestor,
  listFiles,
  readBlob,
  type FileContent,
  type FileEntry,
  type Oid,
  type Store,
} from '../store/index.js';
import { needsMergeCommit, type Protection } from '../policy/index.js';
import { checkContents, readFromTree } from './check.js';
import type { RepositoryContext } from './context.js';
import type { TreePatch } from './index-changes.js';
import { errorsOf, invalidError, plainProblem, type PlainProblem, type Problem } from './problems.js';
import { stackProblems } from './gate-stacks.js';
import { treeOf } from './head.js';
import { requireAllowed } from './protection.js';
import { settingsOfTree, settingsPath } from './settings.js';

/** Throws E_INVALID unless the configuration files among the changes parse and satisfy their schemas, as `tree` has them. */
export async function requireValid(
  context: RepositoryContext,
  input: { readonly tree: Oid; readonly changes: readonly TreePatch[] },
): Promise<void> {
  const settings = await validSettings(context, input.tree);
  const entries = input.changes.flatMap(({ entry }) => entry ?? []);
  const problems = await problemsOf(context.store, { ...input, settings, entries });
  if (problems.length > 0)
    throw invalidError(problems, 'commit', 'correct the file, or skip the check with --no-verify');
}

/** The settings of what is about to be committed. Throws E_INVALID. */
async function validSettings(context: RepositoryContext, tree: Oid): Promise<Settings> {
  try {
    return await settingsOfTree(context, tree);
  } catch (error) {
    if (!isConfigError(error, 'E_SETTINGS')) throw error;
    throw new ConfigError('E_INVALID', `cannot commit: ${error.message}`, {
      hint: error.hint ?? 'correct the file, or skip the check with --no-verify',
      ...(error.details && { details: error.details }),
      cause: error,
    });
  }
}

/** What a merge into a branch brings. */
export interface MergeResult {
  readonly protection: Protection;
  readonly branch: string | null;
  /** The tip of the branch. */
  readonly ours: Oid | null;
  readonly theirs: Oid;
  /** What is merged, as the user named it. */
  readonly label: string;
  /** The merged tree, in `store`. */
  readonly tree: Oid;
  readonly store: Store;
}

/** Throws E_PROTECTED unless the result of a merge meets the rules of the branch that it goes to. */
export async function requireMergeAllowed(context: RepositoryContext, merge: MergeResult): Promise<void> {
  const { protection, branch, ours, theirs, store } = merge;
  if (!needsMergeCommit(protection.level) || ours === null) return;
  const problems = await problemsOfResult({ ...context, store }, { tree: merge.tree, ours });
  requireAllowed({
    protection,
    branch,
    action: 'merge',
    facts: {
      head: merge.label,
      upToDate: await isAncestor(store, ours, theirs),
      approvals: 0, // nobody can have approved yet: approvals are not recorded in this version
      problems: problems.length,
    },
    details: { problems },
  });
}

/** What is wrong with a tree by its own settings: any configuration file, and any stack that it changes. */
async function problemsOfResult(
  context: RepositoryContext,
  { tree, ours }: { readonly tree: Oid; readonly ours: Oid },
): Promise<readonly PlainProblem[]> {
  const { store } = context;
  try {
    const settings = await settingsOfTree(context, tree);
    const files = await problemsOf(store, { tree, settings, entries: await listFiles(store, tree) });
    const changes = await diffTrees(store, await treeOf(store, ours), tree);
    const changed = new Set(changes.map(({ path }) => path));
    return [...files.map(plainProblem), ...(await stackProblems(store, { tree, settings, changed }))];
  } catch (error) {
    if (!isConfigError(error, 'E_SETTINGS')) throw error;
    const { message } = error;
    return [
      { file: settingsPath, line: 1, column: 1, path: '', rule: 'settings', severity: 'error', message },
    ];
  }
}

/** Errors of the configuration files among the entries of a tree. */
export async function problemsOf(
  store: Store,
  input: { readonly tree: Oid; readonly entries: readonly FileEntry[]; readonly settings: Settings },
): Promise<readonly Problem[]> {
  const files: FileContent[] = [];
  for (const { path, mode, oid } of input.entries)
    if (mode !== '160000' && isConfigFile(input.settings, path))
      files.push({ path, mode, data: await readBlob(store, oid) });
  const read = readFromTree(store, input.tree);
  return errorsOf(await checkContents({ files, settings: input.settings, read }));
}
