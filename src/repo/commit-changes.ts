import { setTimeout as sleep } from 'node:timers/promises';
import { ConfigError, isConfigError, shellWord } from '../errors.js';
import { checkBranchName, resolveCommit, writeTree, type Oid } from '../store/index.js';
import { applyChanges } from './apply-changes.js';
import { commitAnswer } from './commit-answer.js';
import type { RepositoryContext } from './context.js';
import { draftOf, type Draft } from './draft.js';
import { requireValid } from './gate.js';
import { branchRef, branchTip, readHead, realBranch, treeOf } from './head.js';
import { list, type TreePatch } from './index-changes.js';
import { type AfterLostRace, racing, mostAttempts } from './lost-race.js';
import { refuseWhileMerging } from './merge-state.js';
import { mergeTrees } from './merge-trees.js';
import { governingSettings, protectionAt, requireAllowed, requireSigned } from './protection.js';
import type { Change, CommitChangesOptions } from './repository.js';
import { withCheckout } from './switch.js';
import type { CommitAnswer } from './types.js';
import { requireNotElsewhere } from './worktrees.js';
import { commitLog, writeCommit, type NewCommit } from './write-commit.js';

/** What to commit, and where. */
export interface ChangesInput extends CommitChangesOptions {
  readonly branch: string;
  readonly changes: readonly Change[];
}

/** Where a branch is, and what the changes are made from: the tip, or where the new branch begins. */
export interface Start {
  readonly tip: Oid | null;
  readonly base: Oid | null;
}

/** The first attempt: the tree it began with and the tree it wanted. */
interface Wanted {
  readonly from: Oid | null;
  readonly tree: Oid;
}

/**
 * Commits changes to a branch without index or worktree, on a bare repository too. Without `expect` a commit that came in meanwhile is
 * merged with, key by key. A branch that is checked out here takes its worktree and index along, and is refused (E_LOCAL_CHANGES)
 * where they have other changes of the same files.
 * Throws E_STALE (`expect`), E_CONFLICT (the same keys changed meanwhile), E_NOTHING_TO_DO, E_GATE, E_PROTECTED,
 * E_LOCAL_CHANGES, E_MERGE_IN_PROGRESS, E_NO_IDENTITY, E_REVISION_NOT_FOUND, E_BAD_PATH and those of a change.
 */
export async function commitChanges(context: RepositoryContext, given: ChangesInput): Promise<CommitAnswer> {
  checkBranchName(given.branch);
  const input = { ...given, branch: await realBranch(context.store, given.branch) };
  await requireNotElsewhere(context, input.branch, 'commit to');
  return racing(context.store, branchRef(input.branch), (lost) => commitUntilWon(context, input, lost));
}

async function commitUntilWon(
  context: RepositoryContext,
  input: ChangesInput,
  afterLostRace: AfterLostRace,
): Promise<CommitAnswer> {
  const draft = draftOf(context.store);
  let wanted: Wanted | undefined;
  for (let attempt = 1; ; attempt++) {
    const start = await startOf(context, input);
    const attempted = await prepare(context, { input, start, draft, wanted });
    try {
      await publishTo(context, { input, start, draft, made: attempted.made });
      const before = await treeOf(context.store, start.base);
      return await commitAnswer(context, { made: attempted.made, before, branch: input.branch });
    } catch (error) {
      if (attempt === mostAttempts || !(await isLostRace(context, input, { start, error }))) throw error;
      wanted ??= { from: await treeOf(context.store, start.base), tree: attempted.made.tree };
      await afterLostRace(attempt);
    }
  }
}

/** The branch as it is now. Throws E_STALE where it is not where the caller expects it. */
export async function startOf(
  context: RepositoryContext,
  { branch, expect, from }: Pick<ChangesInput, 'branch' | 'expect' | 'from'>,
): Promise<Start> {
  const tip = await branchTip(context.store, branch);
  if (expect !== undefined && expect !== tip)
    throw new ConfigError('E_STALE', `branch '${branch}' is not at ${expect ?? 'nothing: it exists'}`, {
      hint: 'read it again, and decide on what is there now',
      details: { branch, expected: expect, actual: tip },
    });
  if (tip !== null) return { tip, base: tip };
  if (from !== undefined) return { tip, base: await resolveCommit(context.store, from) };
  const head = await readHead(context.store);
  if (expect !== null && head.branch !== branch)
    throw new ConfigError('E_REVISION_NOT_FOUND', `no branch '${branch}'`, {
      hint: `create it first (cfg branch ${shellWord(branch)}), or say where it begins (from)`,
    });
  return { tip, base: null };
}

interface Attempt {
  readonly input: ChangesInput;
  readonly start: Start;
  readonly draft: Draft;
  readonly wanted: Wanted | undefined;
}

/** Makes the commit in the draft, checked by every rule of the tip that it goes on. */
async function prepare(context: RepositoryContext, attempt: Attempt): Promise<{ readonly made: NewCommit }> {
  const { input, start, draft } = attempt;
  const { branch } = input;
  const protection = await protectionAt(context, branch, start.base);
  requireAllowed({ protection, branch, action: 'commit', facts: { empty: start.base === null } });
  const before = await treeOf(context.store, start.base);
  const { tree, patches } = await result(context, attempt, before);
  if (tree === before || (before === null && patches.length === 0))
    throw new ConfigError('E_NOTHING_TO_DO', `nothing differs from what is on '${branch}'`, {
      hint: `every change is there already: cfg log ${shellWord(branch)}`,
    });
  await requireValid({ ...context, store: draft.store }, { tree, changes: patches });
  const parents = start.base === null ? [] : [start.base];
  const { message, author, sign } = input;
  const made = await writeCommit(context, draft.store, { tree, parents, message, author, sign });
  const inner = { ...context, store: draft.store };
  await requireSigned(inner, { protection, branch, tip: made.commit, exclude: [start.base] });
  return { made };
}

/** The changes on the tree; after a lost race the first attempt merged with what won. */
async function result(
  context: RepositoryContext,
  { input, start, draft, wanted }: Attempt,
  before: Oid | null,
): Promise<{ readonly tree: Oid; readonly patches: readonly TreePatch[] }> {
  if (wanted === undefined) {
    const patches = await applyChanges(draft.store, before, input.changes);
    return { tree: await writeTree(draft.store, before, patches), patches };
  }
  const settings = await governingSettings(context, start.base);
  const labels = { base: 'before', ours: input.branch, theirs: 'this change' };
  const trees = { base: wanted.from, ours: before, theirs: wanted.tree };
  const merged = await mergeTrees(draft.store, { ...trees, settings, labels });
  if (merged.conflicts.length === 0) return merged;
  const files = [...new Set(merged.conflicts.map(({ file }) => file))];
  throw new ConfigError(
    'E_CONFLICT',
    `another commit on '${input.branch}' changed the same in ${list(files)}`,
    {
      hint: 'read the branch again, and decide on what is there now',
      details: { branch: input.branch, conflicts: merged.conflicts },
    },
  );
}

async function publishTo(
  context: RepositoryContext,
  step: {
    readonly input: ChangesInput;
    readonly start: Start;
    readonly draft: Draft;
    readonly made: NewCommit;
  },
): Promise<void> {
  const { input, start, draft, made } = step;
  const head = await readHead(context.store);
  if ((await branchTip(context.store, input.branch)) !== start.tip) throw moved(input.branch); // saves writing what is lost already
  await draft.publish([made.commit]);
  const edits = [{ name: branchRef(input.branch), expected: start.tip, value: made.commit }];
  const move = (): void | Promise<void> =>
    context.store.refs.update(edits, { committer: made.committer, message: commitLog(made) });
  if (head.branch !== input.branch || context.store.worktree === undefined) return move();
  await refuseWhileMerging(context, 'commit to the current branch');
  return withCheckout(context, { from: await treeOf(context.store, start.tip), to: made.tree }, move);
}

export function moved(branch: string): ConfigError {
  return new ConfigError('E_STALE', `branch '${branch}' moved while this commit was made`, {
    hint: 'read it again, and decide on what is there now',
    details: { branch },
  });
}

/** Whether another writer came first, and nobody said that none may. */
export async function isLostRace(
  context: RepositoryContext,
  { branch, expect }: Pick<ChangesInput, 'branch' | 'expect'>,
  { start, error }: { readonly start: Start; readonly error: unknown },
): Promise<boolean> {
  if (expect !== undefined) return false;
  if (isConfigError(error, 'E_STALE')) return true;
  return isConfigError(error, 'E_LOCAL_CHANGES') && hasMoved(context, branch, start.tip);
}

/** Files that look changed may be those of a commit that another process is about to finish: then the branch moves in a moment. */
async function hasMoved(context: RepositoryContext, branch: string, tip: Oid | null): Promise<boolean> {
  for (let waitedMs = 0; waitedMs < 500; waitedMs += 25) {
    if ((await branchTip(context.store, branch)) !== tip) return true;
    await sleep(25);
  }
  return false;
}
