import { ConfigError, isConfigError, shellWord } from '../errors.js';
import {
  checkBranchName,
  diffTrees,
  objectOid,
  type ObjectBatch,
  type Oid,
  type RawObject,
  type RepoPath,
  type Store,
} from '../store/index.js';
import { BatchFiles } from './batch-files.js';
import { BatchGate } from './batch-gate.js';
import { protectionAt, requireSigned } from './protection.js';
import { isLostRace, moved, startOf, type Start } from './commit-changes.js';
import type { RepositoryContext } from './context.js';
import { branchRef, branchTip, readHead, realBranch, treeOf } from './head.js';
import { list } from './index-changes.js';
import { type AfterLostRace, racing } from './lost-race.js';
import { refuseWhileMerging } from './merge-state.js';
import type { BatchCommit, BatchOptions } from './repository.js';
import { withCheckout } from './switch.js';
import type { BatchAnswer } from './types.js';
import { requireNotElsewhere } from './worktrees.js';
import { commitLog, writeCommit, type NewCommit } from './write-commit.js';

/** What to commit, and where. */
export interface BatchInput extends BatchOptions {
  readonly branch: string;
  readonly commits: readonly BatchCommit[];
}

const mostAttempts = 20;

/**
 * Makes many commits in one step: all objects go into one pack, and one ref update ends it, so that either all are there or none. Every
 * commit passes the checks of a single one; one that changes nothing is left out. The branch that is checked out takes worktree and index along.
 *
 * Where another writer was faster the batch is made again on the new tip, unless both changed the same files (E_CONFLICT) or `expect` was
 * given (E_STALE). Throws also E_NOTHING_TO_DO, E_GATE, E_PROTECTED, E_LOCAL_CHANGES, E_MERGE_IN_PROGRESS, E_NO_IDENTITY,
 * E_REVISION_NOT_FOUND, E_BAD_PATH and those of a change; `details.change` is the number of the change, from 1.
 */
export async function batch(context: RepositoryContext, given: BatchInput): Promise<BatchAnswer> {
  checkBranchName(given.branch);
  const input = { ...given, branch: await realBranch(context.store, given.branch) };
  await requireNotElsewhere(context, input.branch, 'commit to');
  return racing(context.store, branchRef(input.branch), (lost) => batchUntilWon(context, input, lost));
}

async function batchUntilWon(
  context: RepositoryContext,
  input: BatchInput,
  afterLostRace: AfterLostRace,
): Promise<BatchAnswer> {
  let first: Start | undefined;
  for (let attempt = 1; ; attempt++) {
    const start = await startOf(context, input);
    if (first !== undefined) await requireDisjoint(context, input, { from: first.base, to: start.base });
    first ??= start;
    const made = await makeCommits(context, input, start);
    try {
      await publishTo(context, { branch: input.branch, start, made });
      return answerOf(input.branch, start, made);
    } catch (error) {
      if (attempt === mostAttempts || !(await isLostRace(context, input, { start, error }))) throw error;
      await afterLostRace(attempt);
    }
  }
}

/** Commits that are made but not yet anywhere. */
interface Made {
  readonly objects: ObjectBatch;
  readonly last: NewCommit;
  readonly commits: number;
  readonly files: ReadonlySet<RepoPath>;
  readonly changes: number;
  readonly unchanged: number;
}

async function makeCommits(context: RepositoryContext, input: BatchInput, start: Start): Promise<Made> {
  const { branch, commits, onProgress } = input;
  const before = await treeOf(context.store, start.base);
  const files = new BatchFiles(context.store, before);
  const gate = await BatchGate.open(context, { branch, base: start.base, files });
  const objects = context.store.objects.batch?.() ?? collected(context.store);
  const writing = writingTo(context.store, objects);
  const total = commits.reduce((sum, { changes }) => sum + changes.length, 0);
  const paths = new Set<RepoPath>();
  let [done, made, unchanged] = [0, 0, 0];
  let [last, parent, tree]: [NewCommit | undefined, Oid | null, Oid | null] = [undefined, start.base, before];
  for (const { changes, message, author } of commits) {
    for (const change of changes) {
      done += 1;
      await numbered(done, () => files.apply(change));
      onProgress?.(done, total);
    }
    const changed = files.takeChanged();
    if (changed.size === 0) {
      unchanged += 1;
      continue;
    }
    gate.requireAllowed(parent === null, input.sign);
    const valid = (): Promise<void> => gate.requireValid(changed);
    await (changes.length === 1 ? numbered(done, valid) : valid());
    tree = await files.write(objects, changed);
    const parents = parent === null ? [] : [parent];
    last = await writeCommit(context, writing, {
      tree,
      parents,
      message,
      author: author ?? input.author,
      sign: input.sign,
    });
    parent = last.commit;
    made += 1;
    for (const path of changed.keys()) paths.add(path);
  }
  if (last === undefined)
    throw new ConfigError('E_NOTHING_TO_DO', `nothing differs from what is on '${branch}'`, {
      hint: `every change is there already: cfg log ${shellWord(branch)}`,
    });
  return { objects, last, commits: made, files: paths, changes: done, unchanged };
}

/** Says which change an error is about. */
async function numbered<T>(change: number, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    if (!isConfigError(error)) throw error;
    throw new ConfigError(error.code, `change ${change}: ${error.message}`, {
      ...(error.hint !== undefined && { hint: error.hint }),
      details: { ...error.details, change },
      cause: error,
    });
  }
}

/** The batch of a store that has none of its own: everything goes in one `write`. */
function collected({ objects }: Store): ObjectBatch {
  const added: RawObject[] = [];
  return {
    add: (object) => {
      added.push(object);
      return objectOid(object.type, object.data);
    },
    publish: async () => void (await objects.write(added)),
  };
}

/** A store whose new objects go into a batch. */
function writingTo(store: Store, objects: ObjectBatch): Store {
  const write: Store['objects']['write'] = (added) => added.map((object) => objects.add(object));
  return { ...store, objects: { ...store.objects, write } };
}

async function publishTo(
  context: RepositoryContext,
  { branch, start, made }: { readonly branch: string; readonly start: Start; readonly made: Made },
): Promise<void> {
  const { objects, last, commits } = made;
  const head = await readHead(context.store);
  if ((await branchTip(context.store, branch)) !== start.tip) throw moved(branch); // saves writing what is lost already
  await objects.publish();
  const protection = await protectionAt(context, branch, start.base);
  await requireSigned(context, { protection, branch, tip: last.commit, exclude: [start.base] });
  const edits = [{ name: branchRef(branch), expected: start.tip, value: last.commit }];
  const message = commits === 1 ? commitLog(last) : `commit (batch): ${commits} commits`;
  const move = (): void | Promise<void> =>
    context.store.refs.update(edits, { committer: last.committer, message });
  if (head.branch !== branch || context.store.worktree === undefined) return move();
  await refuseWhileMerging(context, 'commit to the current branch');
  return withCheckout(context, { from: await treeOf(context.store, start.tip), to: last.tree }, move);
}

/** Throws E_CONFLICT when what came in meanwhile touches a file of the batch. */
async function requireDisjoint(
  context: RepositoryContext,
  { branch, commits }: BatchInput,
  { from, to }: { readonly from: Oid | null; readonly to: Oid | null },
): Promise<void> {
  const { store } = context;
  const theirs = await diffTrees(store, await treeOf(store, from), await treeOf(store, to));
  const ours = new Set(commits.flatMap(({ changes }) => changes.map(({ path }) => path)));
  const both = theirs.map(({ path }) => path).filter((path) => ours.has(path));
  if (both.length === 0) return;
  throw new ConfigError('E_CONFLICT', `another commit on '${branch}' changed ${list(both)} meanwhile`, {
    hint: 'read the branch again, and decide on what is there now',
    details: { branch, paths: both },
  });
}

function answerOf(branch: string, start: Start, made: Made): BatchAnswer {
  const { last, commits, files, changes, unchanged } = made;
  return { branch, before: start.tip, commit: last.commit, commits, files: files.size, changes, unchanged };
}
