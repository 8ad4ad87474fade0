import { readCommit, walkCommits, type Commit, type Oid, type Store } from '../store/index.js';

/** A commit and its id. */
export interface Visited {
  readonly oid: Oid;
  readonly commit: Commit;
}

/** Which commits a walk begins with, and which (with all their ancestors) it leaves out. */
export interface HistoryRange {
  readonly starts: readonly Oid[];
  readonly hide: readonly Oid[];
}

/** Whether what a history is about is the same in two commits; `undefined` for the parent stands for an empty tree. */
export type IsSame = (commit: Commit, parent: Commit | undefined) => Promise<boolean>;

export interface HistoryOptions extends HistoryRange {
  /** Commits that are the same as one of their parents are left out. Absent: all are listed. */
  readonly isSame?: IsSame;
  /** Commits older than this (committer date, seconds) end their line of history. */
  readonly since?: number;
}

/**
 * Commits newest first by committer date, as `git log` lists them.
 *
 * With `isSame` the history is simplified as git does it (git: Documentation/git-log "Default mode"): from a merge that is the same as one of its
 * parents only that parent is followed, so a merge is listed only when it differs from all of them.
 */
export async function* walkHistory(store: Store, options: HistoryOptions): AsyncGenerator<Visited> {
  const { starts, hide, since, isSame } = options;
  const within = hide.length === 0 ? undefined : await oidsWithin(store, options);
  const isWithin = (oid: Oid): boolean => within?.has(oid) !== false;
  const isRelevant = (oid: Oid): boolean => isWithin(oid) || hide.includes(oid);
  let follow: readonly Oid[] = [];
  const walk = walkCommits(store, starts.filter(isWithin), { parents: () => follow.filter(isWithin) });
  for await (const visited of walk) {
    follow = [];
    if (since !== undefined && visited.commit.committer.timestamp < since) continue;
    const decided = await simplify(store, visited.commit, { isRelevant, isSame });
    follow = decided.follow;
    if (decided.listed) yield visited;
  }
}

/** The commits of a range; where `hide` is close behind, without walking all that lies beyond it. */
async function oidsWithin(store: Store, { starts, hide }: HistoryRange): Promise<ReadonlySet<Oid>> {
  const oids = new Set<Oid>();
  for await (const { oid } of walkCommits(store, starts, { exclude: hide })) oids.add(oid);
  return oids;
}

/**
 * Whether a commit is listed, and which parents are followed (git: revision.c, try_to_simplify_commit). Parents beyond the
 * commits that begin or bound the range only count where there are no others.
 */
async function simplify(
  store: Store,
  commit: Commit,
  { isRelevant, isSame }: { readonly isRelevant: (oid: Oid) => boolean; readonly isSame: IsSame | undefined },
): Promise<{ readonly listed: boolean; readonly follow: readonly Oid[] }> {
  const { parents } = commit;
  if (isSame === undefined) return { listed: true, follow: parents };
  if (parents.length === 0) return { listed: !(await isSame(commit, undefined)), follow: [] };
  let differsOutside = false;
  let inside = 0;
  for (const oid of parents) {
    const same = await isSame(commit, await readCommit(store, oid));
    if (!isRelevant(oid)) differsOutside ||= !same;
    else if (same) return { listed: false, follow: [oid] };
    else inside++;
  }
  return { listed: inside > 0 || differsOutside, follow: parents };
}
