import { ConfigError, isConfigError } from '../errors.js';
import { writeTree, type Index, type Oid, type RepoPath, type Signature } from '../store/index.js';
import { checkedOut, type RepositoryContext } from './context.js';
import { countChanges } from './count.js';
import { draftOf, type Draft } from './draft.js';
import { requireMergeAllowed, requireValid } from './gate.js';
import { readHead, treeOf, type Head } from './head.js';
import {
  filesOf,
  indexChanges,
  requireMerged,
  unlikeTree,
  unmergedPaths,
  type TreePatch,
} from './index-changes.js';
import { requireNoMarkers } from './marker-check.js';
import { clearMergeState, readMergeState, refuseUnfinished, type MergeState } from './merge-state.js';
import { selectPaths } from './pathspec.js';
import { governingSettings, protectionAt, requireAllowed } from './protection.js';
import type { CommitOptions } from './repository.js';
import { withStaged } from './staging.js';
import type { CommitAnswer } from './types.js';
import { commitLog, publish, writeCommit, type NewCommit } from './write-commit.js';

/**
 * Commits the index; with `all` every change of tracked files, with `paths` just the present content of those (git: `--only`).
 * While a merge waits it makes the merge commit. Changed configuration files must parse and satisfy their schemas.
 * Throws E_NOTHING_TO_DO, E_INVALID, E_PROTECTED, E_CONFLICT, E_NO_IDENTITY, E_USAGE, E_STALE, E_FILE_NOT_FOUND.
 */
export async function commit(context: RepositoryContext, options: CommitOptions): Promise<CommitAnswer> {
  checkedOut(context, 'commit');
  await refuseUnfinished(context);
  return commitWaiting(context, options);
}

/** As {@link CommitOptions}; a whole signature is kept with its date. */
export interface IndexCommitOptions extends Omit<CommitOptions, 'author'> {
  readonly author?: string | Signature;
}

/** {@link commit}, while a pick or revert of one commit may be waiting for it. */
export async function commitWaiting(
  context: RepositoryContext,
  options: IndexCommitOptions,
): Promise<CommitAnswer> {
  const head = await readHead(context.store);
  const merge = await readMergeState(context);
  await requirePermission(context, head, merge);
  const paths = await pathsToStage(context, head, { ...options, merging: merge !== undefined });
  return withStaged(context, paths, async (index, before) => {
    const isPartial = options.paths !== undefined;
    requireMerged(isPartial ? before : index, 'commit');
    const only = isPartial ? new Set(paths) : undefined;
    const decided = new Set(unmergedPaths(before));
    return commitIndex(context, { head, merge, index, options, only, decided });
  });
}

/** A merge is judged by its result, later; anything else is a direct commit. */
async function requirePermission(
  context: RepositoryContext,
  head: Head,
  merge: MergeState | undefined,
): Promise<void> {
  if (merge !== undefined) return;
  const protection = await protectionAt(context, head.branch, head.commit);
  requireAllowed({
    protection,
    branch: head.branch,
    action: 'commit',
    facts: { empty: head.commit === null },
  });
}

async function pathsToStage(
  context: RepositoryContext,
  head: Head,
  options: Pick<CommitOptions, 'all' | 'paths'> & { readonly merging: boolean },
): Promise<readonly RepoPath[]> {
  const { index, worktree } = checkedOut(context, 'commit');
  const tree = await treeOf(context.store, head.commit);
  if (options.paths !== undefined) {
    if (options.all === true) throw new ConfigError('E_USAGE', 'give either -a or paths, not both');
    if (options.merging)
      throw new ConfigError('E_MERGE_IN_PROGRESS', 'a merge is committed as a whole, not by path', {
        hint: 'cfg merge --continue',
      });
    const tracked = (await index.read()).entries.map(({ path }) => path);
    const inHead = (await filesOf(context.store, tree)).keys();
    return selectPaths(context, options.paths, new Set([...tracked, ...inHead]));
  }
  if (options.all !== true) return [];
  const { unstaged, conflicts } = await worktree.status(tree);
  return [...unstaged.map(({ path }) => path), ...conflicts];
}

interface IndexCommit {
  readonly head: Head;
  readonly merge: MergeState | undefined;
  readonly index: Index;
  readonly options: IndexCommitOptions;
  /** Commit no other paths than these. */
  readonly only: ReadonlySet<RepoPath> | undefined;
  /** Paths that had conflicts until just now. */
  readonly decided: ReadonlySet<RepoPath>;
}

async function commitIndex(context: RepositoryContext, input: IndexCommit): Promise<CommitAnswer> {
  const { head, merge, options } = input;
  const draft = draftOf(context.store);
  const before = await treeOf(draft.store, head.commit);
  const all = await indexChanges(draft.store, before, input.index);
  const changes = input.only === undefined ? all : all.filter(({ path }) => input.only?.has(path));
  if (changes.length === 0 && merge === undefined) throw await nothingToCommit(context, head);
  const tree = await writeTree(draft.store, before, changes);
  await requireGoodContent(context, { ...input, draft, tree, changes });
  const parents = [...(head.commit === null ? [] : [head.commit]), ...(merge?.heads ?? [])];
  const made = await writeCommit(context, draft.store, { tree, parents, ...options });
  await moveHead(context, { draft, head, made });
  if (merge !== undefined) await clearMergeState(context);
  return commitAnswer(context, { made, before, branch: head.branch });
}

/** The checks of what is committed: a merge answers to the protection of its branch, and leaves no markers behind. */
async function requireGoodContent(
  context: RepositoryContext,
  input: IndexCommit & { readonly draft: Draft; readonly tree: Oid; readonly changes: readonly TreePatch[] },
): Promise<void> {
  const { head, merge, tree, changes } = input;
  const { store } = input.draft;
  const drafted = { ...context, store };
  const verify = input.options.verify !== false;
  const [theirs] = merge?.heads ?? [];
  if (theirs === undefined) {
    await requireNoMarkers(
      store,
      changes.filter(({ path }) => input.decided.has(path)),
    );
    if (verify) await requireValid(drafted, { tree, changes });
    return;
  }
  const decided = await unlikeTree(store, changes, await treeOf(store, theirs));
  await requireNoMarkers(store, decided);
  if (verify) await requireValid(drafted, { tree, changes: decided });
  const protection = await protectionAt(context, head.branch, head.commit);
  const label = theirs.slice(0, 7);
  await requireMergeAllowed(context, {
    protection,
    branch: head.branch,
    ours: head.commit,
    theirs,
    label,
    tree,
    store,
  });
}

/** Publishes a commit as the new tip of where HEAD was. Throws E_STALE when somebody else moved it meanwhile. */
async function moveHead(
  context: RepositoryContext,
  { draft, head, made }: { readonly draft: Draft; readonly head: Head; readonly made: NewCommit },
): Promise<void> {
  const edits = [{ name: head.ref, expected: head.commit, value: made.commit }];
  try {
    await publish(context, draft, { edits, committer: made.committer, log: commitLog(made) });
  } catch (error) {
    if (!isConfigError(error, 'E_STALE')) throw error;
    throw new ConfigError('E_STALE', `'${head.branch ?? 'HEAD'}' moved while this commit was made`, {
      hint: "look at what came in with 'cfg log', then commit again",
      ...(error.details && { details: error.details }),
      cause: error,
    });
  }
}

/** What a verb that made a commit says. */
export async function commitAnswer(
  context: RepositoryContext,
  {
    made,
    before,
    branch,
  }: { readonly made: NewCommit; readonly before: Oid | null; readonly branch: string | null },
): Promise<CommitAnswer> {
  const { commit: oid, tree, parents } = made;
  const settings = await governingSettings(context, oid);
  const changes = await countChanges(context.store, { before, after: tree }, settings);
  return { commit: oid, branch, parents, tree, changes };
}

async function nothingToCommit(context: RepositoryContext, head: Head): Promise<ConfigError> {
  const { worktree } = checkedOut(context, 'commit');
  const { unstaged, untracked } = await worktree.status(await treeOf(context.store, head.commit));
  const hint =
    unstaged.length > 0
      ? "stage changes with 'cfg add PATH', or commit all of them with 'cfg commit -a'"
      : untracked.length > 0
        ? "new files are not tracked yet: 'cfg add PATH'"
        : "change something first: 'cfg set FILE#KEY VALUE'";
  return new ConfigError('E_NOTHING_TO_DO', 'nothing to commit', { hint });
}
