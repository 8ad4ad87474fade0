import { formatCommit, mergeBases, type Oid, type Store } from '../store/index.js';
import { treeOf } from './head.js';
import type { MergeRulesOfTrees } from './merge-file.js';
import { mergeTrees } from './merge-trees.js';

/** What a merge is measured against. */
export interface MergeBase {
  /** Null: the two histories share nothing. */
  readonly tree: Oid | null;
  readonly commits: readonly Oid[];
}

/**
 * The merge base of two commits. Several are merged with each other first, by line and with markers left in, as git's recursive
 * strategy does (git: Documentation/merge-strategies); `store` is a draft's, and what it gets here nobody publishes.
 */
export async function findMergeBase(
  store: Store,
  commits: { readonly ours: Oid; readonly theirs: Oid },
  rules: MergeRulesOfTrees,
): Promise<MergeBase> {
  const bases = await mergeBases(store, commits.ours, commits.theirs);
  return {
    tree: await treeOf(store, await joinBases(store, bases, { ...rules, lineOnly: true })),
    commits: bases,
  };
}

/** One commit whose tree is the merge of all. It gets its parents, so that the next step finds its own bases. */
async function joinBases(store: Store, bases: readonly Oid[], rules: MergeRulesOfTrees): Promise<Oid | null> {
  let joined: Oid | null = null;
  for (const next of bases) joined = joined === null ? next : await joinTwo(store, [joined, next], rules);
  return joined;
}

async function joinTwo(store: Store, parents: readonly [Oid, Oid], rules: MergeRulesOfTrees): Promise<Oid> {
  const [ours, theirs] = parents;
  const common = await joinBases(store, await mergeBases(store, ours, theirs), rules);
  const trees = { base: await treeOf(store, common), ours: await treeOf(store, ours) };
  const { tree } = await mergeTrees(store, {
    ...rules,
    ...trees,
    theirs: (await treeOf(store, theirs)) ?? '',
  });
  const nobody = { name: 'cfg', email: '', timestamp: 0, offsetMinutes: 0 };
  const data = formatCommit({ tree, parents, author: nobody, committer: nobody, message: 'merged bases\n' });
  const [oid = ''] = await store.objects.write([{ type: 'commit', data }]);
  return oid;
}
