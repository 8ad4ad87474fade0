import { ConfigError } from '../../errors.js';
import {
  isAncestor,
  writeTree,
  type IndexEntry,
  type Oid,
  type RefEdit,
  type RepoPath,
} from '../../store/index.js';
import { checkedOut, type RepositoryContext } from '../context.js';
import { branchRef } from '../head.js';
import { list } from '../index-changes.js';
import { refuseWhileMerging } from '../merge-state.js';
import { protectionAt, requireAllowed, requireSigned } from '../protection.js';
import { refSteps } from '../ref-steps.js';
import { byPathAndStage } from '../staging.js';
import { requireNotElsewhere } from '../worktrees.js';
import { isKnown, isSame, reversalOf, type Past, type Reversal } from './compose.js';
import { cfgItself } from './recorder.js';
import { fileState, indexStates, refState } from './states.js';
import type { FileState, IndexState, Operation, RefState } from './types.js';

/** One thing that has to change. */
interface Move<T> {
  readonly name: string;
  readonly now: T;
  readonly target: T;
}

/** All that is not yet what it shall be again. */
interface Plan {
  readonly refs: readonly Move<RefState>[];
  readonly files: readonly Move<FileState>[];
  readonly index: readonly Move<IndexState>[];
  readonly state: readonly Move<string | null>[];
}

/**
 * Makes refs, index, worktree and a merge in progress what they were before some operations, oldest first; returns what changed: names of
 * refs and paths, sorted. Protected branches stay protected. Throws E_STALE before anything changes when something was changed by
 * anyone else since, E_PROTECTED, E_MERGE_IN_PROGRESS, E_OBJECT_MISSING (after a `git gc` that was told to forget).
 */
export async function goBack(
  context: RepositoryContext,
  operations: readonly Operation[],
  what: string,
): Promise<readonly string[]> {
  const reversal = await reversalOf(context.store, operations);
  const plan = await planOf(context, reversal, what);
  await requireRefsMovable(context, plan, reversal);
  if (plan.files.length + plan.index.length > 0) await restoreFiles(context, plan);
  for (const { name, target } of plan.state) await context.store.state.write(name, target ?? undefined);
  for (const edits of refSteps(plan.refs.map(editOf)))
    await context.store.refs.update(edits, { committer: cfgItself(context.now()), message: what });
  const names = [...plan.refs, ...plan.files, ...plan.index].map(({ name }) => name);
  return [...new Set(names)].toSorted();
}

/** Throws E_STALE with everything that somebody else changed. */
async function planOf(context: RepositoryContext, reversal: Reversal, what: string): Promise<Plan> {
  const { refs, state, worktree, index } = context.store;
  const moved: string[] = [];
  const compare = async <T>(
    past: ReadonlyMap<string, Past<T>>,
    read: (name: string) => T | Promise<T>,
  ): Promise<Move<T>[]> => {
    const moves: Move<T>[] = [];
    for (const [name, one] of past) {
      const now = await read(name);
      if (isSame(now, one.target)) continue;
      if (!isKnown(one, now)) moved.push(name);
      moves.push({ name, now, target: one.target });
    }
    return moves;
  };
  const entries = new Map(index ? await indexStates(index, [...reversal.index.keys()]) : []);
  const plan = {
    refs: await compare(reversal.refs, (name) => refState(refs, name)),
    files: await compare(reversal.files, (path) => (worktree ? fileState(worktree, path) : null)),
    index: await compare(reversal.index, (path) => entries.get(path) ?? []),
    state: await compare(reversal.state, async (name) => (await state.read(name)) ?? null),
  };
  if (moved.length > 0) throw changedSince([...new Set(moved)].toSorted(), what);
  return plan;
}

function changedSince(changed: readonly string[], what: string): ConfigError {
  const isRef = changed.some((name) => name === 'HEAD' || name.startsWith('refs/'));
  return new ConfigError('E_STALE', `cannot ${what}: ${list(changed)} changed since, and not by cfg`, {
    hint: isRef
      ? `see what happened: git reflog ${changed.find((name) => name === 'HEAD' || name.startsWith('refs/')) ?? ''}`
      : "see it with 'cfg diff', and commit it or copy it away; then undo by hand: cfg restore, cfg revert",
    details: { changed },
  });
}

async function requireRefsMovable(context: RepositoryContext, plan: Plan, reversal: Reversal): Promise<void> {
  const isOurMerge = ['MERGE_HEAD', 'CHERRY_PICK_HEAD', 'REVERT_HEAD'].some((name) =>
    reversal.state.has(name),
  );
  const branches = plan.refs.filter(({ name }) => name.startsWith(branchRef('')));
  const movesHead = branches.length > 0 || plan.refs.some(({ name }) => name === 'HEAD');
  if (movesHead && !isOurMerge && context.store.worktree !== undefined)
    await refuseWhileMerging(context, 'undo');
  for (const { name, now, target } of branches) {
    const branch = name.slice(branchRef('').length);
    await requireNotElsewhere(context, branch, 'move');
    if (now === null || now.startsWith('ref: ')) continue;
    const protection = await protectionAt(context, branch, now);
    requireAllowed({ protection, branch, action: await actionOf(context, now, target) });
    if (target !== null && !target.startsWith('ref: '))
      await requireSigned(context, { protection, branch, tip: target, exclude: [now] });
  }
}

async function actionOf(
  context: RepositoryContext,
  now: Oid,
  target: RefState,
): Promise<'commit' | 'rewrite' | 'delete'> {
  if (target === null) return 'delete';
  if (target.startsWith('ref: ')) return 'rewrite';
  return (await isAncestor(context.store, now, target)) ? 'commit' : 'rewrite';
}

function editOf({ name, now, target }: Move<RefState>): RefEdit {
  const value = target?.startsWith('ref: ') === true ? { target: target.slice(5) } : target;
  return now?.startsWith('ref: ') === true ? { name, value } : { name, value, expected: now };
}

/** Files first, by way of a tree; then the index entries, which need not agree with them. */
async function restoreFiles(context: RepositoryContext, { files, index: moves }: Plan): Promise<void> {
  const { index, worktree } = checkedOut(context, 'undo');
  const paths = files.map(({ name }) => name);
  const wanted = new Map(await indexStates(index, paths));
  for (const { name, target } of moves) wanted.set(name, target);
  if (paths.length > 0) {
    // only what is tracked is ever removed
    const gone = new Set(files.filter(({ target }) => target === null).map(({ name }) => name));
    await worktree.stage(paths.filter((path) => gone.has(path) && wanted.get(path)?.length === 0));
    await worktree.restore(paths, await treeWith(context, files));
  }
  await index.update(({ entries }) =>
    [...entries.filter(({ path }) => !wanted.has(path)), ...[...wanted].flatMap(entriesOf)].toSorted(
      byPathAndStage,
    ),
  );
}

async function treeWith(context: RepositoryContext, files: Plan['files']): Promise<Oid> {
  const patches = files.flatMap(({ name: path, target }) =>
    target === null ? [] : [{ path, entry: { path, mode: target[0], oid: target[1] } }],
  );
  return writeTree(context.store, null, patches);
}

function entriesOf([path, state]: readonly [RepoPath, IndexState]): readonly IndexEntry[] {
  return state.map(([stage, mode, oid]) => ({ path, stage, mode, oid }));
}
