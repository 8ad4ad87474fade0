import { isConfigFile, type Settings } from '../settings/index.js';
import {
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
import { errorsOf, invalidError, type Problem } from './problems.js';
import { requireAllowed } from './protection.js';
import { settingsOfTree } from './settings.js';

/** Throws E_INVALID unless the configuration files among the changes parse and satisfy their schemas, as `tree` has them. */
export async function requireValid(
  store: Store,
  input: { readonly tree: Oid; readonly changes: readonly TreePatch[]; readonly settings: Settings },
): Promise<void> {
  const entries = input.changes.flatMap(({ entry }) => entry ?? []);
  const problems = await problemsOf(store, { ...input, entries });
  if (problems.length > 0)
    throw invalidError(problems, 'commit', 'correct the file, or skip the check with --no-verify');
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
  const problems = await problemsOfTree({ ...context, store }, merge.tree);
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
    details: {
      problems: problems.map(({ file, rule, message, range }) => ({
        file,
        line: range.start.line,
        column: range.start.column,
        rule,
        message,
      })),
    },
  });
}

/** Errors of every configuration file of a tree, by the settings that the tree itself has. */
async function problemsOfTree(context: RepositoryContext, tree: Oid): Promise<readonly Problem[]> {
  const { store } = context;
  const settings = await settingsOfTree(context, tree);
  return problemsOf(store, { tree, settings, entries: await listFiles(store, tree) });
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
