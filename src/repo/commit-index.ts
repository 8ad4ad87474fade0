import { ConfigError, isConfigError } from '../errors.js';
import { writeTree, type Oid, type RepoPath, type Signature } from '../store/index.js';
import { commitAnswer } from './commit-answer.js';
import { checkedOut, type RepositoryContext } from './context.js';
import { draftOf, type Draft } from './draft.js';
import { requireMergeAllowed, requireValid } from './gate.js';
import { readHead, refCommit, treeOf, type Head } from './head.js';
import { unlikeTree, type TreePatch } from './index-changes.js';
import { type AfterLostRace, changesOnNewTip, racing, mostAttempts } from './lost-race.js';
import { requireNoMarkers } from './marker-check.js';
import { forgetMade } from './merge-leftover.js';
import { headInProgress, newRecord, readMergeRecord, writeMergeRecord } from './merge-record.js';
import type { Author } from './identity.js';
import type { MergeState } from './merge-state.js';
import { protectionAt, requireAllowed, requireSigned } from './protection.js';
import type { CommitOptions } from './repository.js';
import { stagedPatches, type Staging } from './staging.js';
import type { CommitAnswer } from './types.js';
import { commitLog, writeCommit, type NewCommit } from './write-commit.js';

/** As {@link CommitOptions}; a whole signature is kept with its date. */
export interface IndexCommitOptions extends Omit<CommitOptions, 'author'> {
  readonly author?: Author | Signature;
}

export interface IndexCommit {
  readonly head: Head;
  readonly merge: MergeState | undefined;
  readonly staging: Staging;
  readonly options: IndexCommitOptions;
  /** Commit no other paths than these. */
  readonly only: ReadonlySet<RepoPath> | undefined;
  /** Paths that had conflicts until just now. */
  readonly decided: ReadonlySet<RepoPath>;
}

/**
 * Commits what the index has unlike HEAD. Where another process moves the branch meanwhile, the same changes go on top of what it made,
 * as long as it left those files alone; a merge is never made with another tip than the one that it began at.
 */
export async function commitIndex(context: RepositoryContext, input: IndexCommit): Promise<CommitAnswer> {
  return racing(context.store, input.head.ref, (lost) => commitUntilWon(context, input, lost));
}

async function commitUntilWon(
  context: RepositoryContext,
  input: IndexCommit,
  afterLostRace: AfterLostRace,
): Promise<CommitAnswer> {
  const { store } = context;
  const { merge, only } = input;
  const began = input.head;
  const { planned } = input.staging;
  const changes = await stagedPatches(context, await treeOf(store, began.commit), { planned, only });
  let [head, left] = [began, changes];
  for (let attempt = 1; ; attempt++) {
    if (left.length === 0 && merge === undefined) throw await nothingToCommit(context, head);
    try {
      return await commitOn(context, { ...input, head }, left);
    } catch (error) {
      if (merge !== undefined || attempt === mostAttempts || !isConfigError(error, 'E_STALE')) throw error;
      await afterLostRace(attempt);
      head = await readHead(store);
      if (head.ref !== began.ref || head.commit === null) throw error;
    }
    await requireDirectCommit(context, head);
    left = await changesOnNewTip(store, { from: began, to: head, changes });
  }
}

/** Throws E_PROTECTED where the branch only moves by merges. */
export async function requireDirectCommit(context: RepositoryContext, head: Head): Promise<void> {
  const { branch, commit } = head;
  const protection = await protectionAt(context, branch, commit);
  requireAllowed({ protection, branch, action: 'commit', facts: { empty: commit === null } });
}

async function commitOn(
  context: RepositoryContext,
  input: IndexCommit,
  changes: readonly TreePatch[],
): Promise<CommitAnswer> {
  const { head, merge, options } = input;
  const draft = draftOf(context.store, input.staging.objects);
  const before = await treeOf(draft.store, head.commit);
  const tree = await writeTree(draft.store, before, changes);
  await requireGoodContent(context, { ...input, draft, tree, changes });
  const parents = [...(head.commit === null ? [] : [head.commit]), ...(merge?.heads ?? [])];
  const made = await writeCommit(context, draft.store, { tree, parents, ...options });
  await requireMadeSigned({ ...context, store: draft.store }, input, made);
  await noteResult(context, made.commit);
  await moveHead(context, { draft, head, made, staging: input.staging });
  if (merge !== undefined) await forgetMade(context);
  return commitAnswer({ ...context, store: draft.store }, { made, before, branch: head.branch });
}

async function requireMadeSigned(
  context: RepositoryContext,
  { head: { branch, commit }, merge }: IndexCommit,
  { commit: tip }: NewCommit,
): Promise<void> {
  const protection = await protectionAt(context, branch, commit);
  const exclude = commit === null ? [] : [commit, ...(merge?.heads ?? [])];
  await requireSigned(context, { protection, branch, tip, exclude });
}

/** Where a merge (pick, revert) waits: should this process die before it has forgotten it, the next one knows that it is over. */
async function noteResult(context: RepositoryContext, commit: Oid): Promise<void> {
  const head = await headInProgress(context);
  if (head === undefined) return;
  const record = (await readMergeRecord(context)) ?? newRecord(head);
  await writeMergeRecord(context, { ...record, result: commit });
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
    if (verify) await requireValid(drafted, { tree, changes, isStaged: true });
    return;
  }
  const decided = await unlikeTree(store, changes, await treeOf(store, theirs));
  await requireNoMarkers(store, decided);
  if (verify) await requireValid(drafted, { tree, changes: decided, isStaged: true });
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

interface Move {
  readonly draft: Draft;
  readonly head: Head;
  readonly made: NewCommit;
  readonly staging: Staging;
}

/**
 * Publishes a commit as the new tip of where HEAD was: all objects in one flush, then the index, which the branch must never be ahead of,
 * then the branch. Throws E_STALE when somebody else moved it meanwhile.
 */
async function moveHead(context: RepositoryContext, { draft, head, made, staging }: Move): Promise<void> {
  const edits = [{ name: head.ref, expected: head.commit, value: made.commit }];
  if ((await refCommit(context.store, head.ref)) !== head.commit) throw movedMeanwhile(head); // saves writing what is lost already
  try {
    await draft.publish([made.commit]);
    await staging.apply();
    await context.store.refs.update(edits, { committer: made.committer, message: commitLog(made) });
  } catch (error) {
    if (!isConfigError(error, 'E_STALE')) throw error;
    throw movedMeanwhile(head, error);
  }
}

function movedMeanwhile({ branch }: Head, cause?: ConfigError): ConfigError {
  return new ConfigError('E_STALE', `'${branch ?? 'HEAD'}' moved while this commit was made`, {
    hint: "look at what came in with 'cfg log', then commit again",
    ...(cause?.details && { details: cause.details }),
    cause,
  });
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
