import { ConfigError } from '../errors.js';
import { diffTrees, resolveCommit, writeTree, type Oid } from '../store/index.js';
import type { RepositoryContext } from './context.js';
import { draftOf, type Draft } from './draft.js';
import { requireValid } from './gate.js';
import { readHead, treeOf, type Head } from './head.js';
import { filesOf, type TreePatch } from './index-changes.js';
import { refuseWhileMerging } from './merge-state.js';
import { selectPaths } from './pathspec.js';
import { protectionAt, requireAllowed, requireSigned } from './protection.js';
import type { RollbackOptions } from './repository.js';
import { withCheckout } from './switch.js';
import type { RollbackAnswer } from './types.js';
import { commitLog, writeCommit, type NewCommit } from './write-commit.js';

/**
 * Makes a new commit on the current branch whose content, of everything or of some paths, is that of a revision; files that came later
 * go. History is never rewritten. Throws E_NOTHING_TO_DO, E_PROTECTED, E_GATE, E_LOCAL_CHANGES, E_MERGE_IN_PROGRESS,
 * E_REVISION_NOT_FOUND, E_FILE_NOT_FOUND, E_NO_IDENTITY, E_STALE.
 */
export async function rollback(
  context: RepositoryContext,
  revision: string,
  options: RollbackOptions = {},
): Promise<RollbackAnswer> {
  const { store } = context;
  if (store.worktree !== undefined) await refuseWhileMerging(context, 'roll back');
  const head = await readHead(store);
  const to = await treeOf(store, await resolveCommit(store, revision));
  const protection = await protectionAt(context, head.branch, head.commit);
  requireAllowed({ protection, branch: head.branch, action: 'commit' });
  const from = await treeOf(store, head.commit);
  const changes = await changesTo(context, { from, to, paths: options.paths ?? [] });
  if (changes.length === 0)
    throw new ConfigError('E_NOTHING_TO_DO', `nothing differs from '${revision}'`, {
      hint: 'name an earlier one: cfg log',
    });
  const draft = draftOf(store);
  const tree = await writeTree(draft.store, from, changes);
  await requireValid({ ...context, store: draft.store }, { tree, changes });
  const parents = head.commit === null ? [] : [head.commit];
  const message = messageOf(revision, options);
  const { author, sign } = options;
  const made = await writeCommit(context, draft.store, { tree, parents, message, author, sign });
  await requireSigned(
    { ...context, store: draft.store },
    { protection, branch: head.branch, tip: made.commit, exclude: [head.commit] },
  );
  await record(context, { head, from, made, draft });
  return { commit: made.commit };
}

/** What makes the selected paths of one tree those of another. */
async function changesTo(
  context: RepositoryContext,
  trees: { readonly from: Oid | null; readonly to: Oid | null; readonly paths: readonly string[] },
): Promise<readonly TreePatch[]> {
  const { store } = context;
  const { from, to, paths } = trees;
  const candidates = new Set([...(await filesOf(store, from)).keys(), ...(await filesOf(store, to)).keys()]);
  const wanted = paths.length === 0 ? candidates : new Set(selectPaths(context, paths, candidates));
  return (await diffTrees(store, from, to))
    .filter(({ path }) => wanted.has(path))
    .map(({ path, after }) => ({ path, entry: after ?? null }));
}

function messageOf(revision: string, { message, paths = [] }: RollbackOptions): string {
  return message ?? `Roll back ${paths.length === 0 ? '' : `${paths.join(', ')} `}to ${revision}`;
}

async function record(
  context: RepositoryContext,
  step: {
    readonly head: Head;
    readonly from: Oid | null;
    readonly made: NewCommit;
    readonly draft: Draft;
  },
): Promise<void> {
  const { head, from, made, draft } = step;
  await draft.publish([made.commit]);
  const edits = [{ name: head.ref, expected: head.commit, value: made.commit }];
  const log = { committer: made.committer, message: commitLog(made) };
  const move = (): void | Promise<void> => context.store.refs.update(edits, log);
  await (context.store.worktree === undefined
    ? move()
    : withCheckout(context, { from, to: made.tree }, move));
}
