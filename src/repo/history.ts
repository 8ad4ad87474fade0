import {
  andThen,
  CommitGraph,
  DateQueue,
  readCommit,
  walkCommits,
  type Awaitable,
  type Commit,
  type Oid,
  type Store,
} from '../store/index.js';

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

/** What a history is about, as it stands in some commit. Commits are numbers of a {@link CommitGraph}, and loaded. */
export interface Subject {
  /** Tells subjects of one history apart. */
  readonly name: string;
  /** Compares it with what it is in a parent; `undefined` for the parent stands for an empty tree. */
  readonly compare: (commit: number, parent: number | undefined) => Awaitable<Compared>;
}

export interface Compared {
  readonly same: boolean;
  /** What the history is about in the parent: the file may have had another name. */
  readonly subject: Subject;
}

export interface HistoryOptions extends HistoryRange {
  /** Commits older than this (committer date, seconds) end their line of history. */
  readonly since?: number;
  /** Of merges only the first parent is followed. */
  readonly firstParent?: boolean;
}

/** Commits newest first by committer date, as `git log` lists them. */
export async function* walkHistory(store: Store, options: HistoryOptions): AsyncGenerator<Visited> {
  const { starts, hide, since = 0, firstParent = false } = options;
  if (hide.length > 0) {
    for await (const visited of walkCommits(store, starts, { exclude: hide, firstParent }))
      if (visited.commit.committer.timestamp >= since) yield visited;
    return;
  }
  let parents: readonly Oid[] = [];
  for await (const visited of walkCommits(store, starts, { parents: () => parents })) {
    const isYoung = visited.commit.committer.timestamp >= since;
    parents = !isYoung ? [] : visited.commit.parents.slice(0, firstParent ? 1 : undefined);
    if (isYoung) yield visited;
  }
}

/** A commit that changed what its history is about. */
export interface SubjectVisited extends Visited {
  readonly number: number;
  readonly subject: Subject;
  /** The commits that the history goes on with. */
  readonly follow: readonly number[];
}

interface Waiting {
  readonly commit: number;
  readonly subject: Subject;
}

export interface SubjectHistoryOptions extends HistoryOptions {
  readonly graph: CommitGraph;
  readonly subject: Subject;
}

/**
 * The commits that changed something, newest first, simplified as git does it (git: Documentation/git-log "Default mode"): from a merge that
 * is the same as one of its parents only that parent is followed, so a merge is listed only when it differs from all of them.
 */
export async function* walkSubject(
  store: Store,
  { graph, subject, ...options }: SubjectHistoryOptions,
): AsyncGenerator<SubjectVisited> {
  const { starts, hide, since = 0, firstParent = false } = options;
  const within = hide.length === 0 ? undefined : await commitsWithin(store, graph, options);
  const isWithin = (commit: number): boolean => within?.has(commit) !== false;
  const hidden = new Set(hide.map((oid) => graph.numberOf(oid)));
  const isRelevant = (commit: number): boolean => isWithin(commit) || hidden.has(commit);
  const queue = new DateQueue<Waiting>();
  const seen = new Set<string | number>();
  const enqueue = (next: Waiting): void | Promise<void> => {
    const key = next.subject === subject ? next.commit : `${next.commit} ${next.subject.name}`;
    if (!isWithin(next.commit) || seen.has(key)) return undefined;
    seen.add(key);
    return andThen(graph.load(next.commit), () => queue.push(next, graph.date(next.commit)));
  };
  for (const oid of starts) await enqueue({ commit: graph.numberOf(oid), subject });
  for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
    if (graph.date(next.commit) < since) continue;
    const step = simplify(graph, next, { isRelevant, firstParent });
    const { listed, follow } = step instanceof Promise ? await step : step;
    if (listed) {
      const oid = graph.oid(next.commit);
      const commits = follow.map(({ commit }) => commit);
      const visited = { oid, commit: await readCommit(store, oid), number: next.commit };
      yield { ...visited, subject: next.subject, follow: commits };
    }
    for (const one of follow) {
      const waiting = enqueue(one);
      if (waiting !== undefined) await waiting;
    }
  }
}

/** The commits of a range; where `hide` is close behind, without walking all that lies beyond it. */
async function commitsWithin(
  store: Store,
  graph: CommitGraph,
  { starts, hide, firstParent = false }: HistoryOptions,
): Promise<ReadonlySet<number>> {
  const within = new Set<number>();
  for await (const { oid } of walkCommits(store, starts, { exclude: hide, firstParent }))
    within.add(graph.numberOf(oid));
  return within;
}

interface Simplified {
  readonly listed: boolean;
  readonly follow: readonly Waiting[];
}

interface Bounds {
  /** Parents beyond the commits that begin or bound the range only count where there are no others. */
  readonly isRelevant: (commit: number) => boolean;
  readonly firstParent: boolean;
}

/** Whether a commit is listed, and which parents are followed (git: revision.c, try_to_simplify_commit). */
function simplify(graph: CommitGraph, waiting: Waiting, bounds: Bounds): Awaitable<Simplified> {
  const { commit, subject } = waiting;
  const all = graph.parents(commit);
  const parents = bounds.firstParent ? all.slice(0, 1) : all;
  const [parent] = parents;
  if (parent === undefined || parents.length > 1) return simplifyEdges(graph, { waiting, parents, bounds });
  return andThen(graph.load(parent), () =>
    andThen(subject.compare(commit, parent), (compared) => ({
      listed: !compared.same,
      follow: [{ commit: parent, subject: compared.subject }],
    })),
  );
}

interface Edges {
  readonly waiting: Waiting;
  readonly parents: readonly number[];
  readonly bounds: Bounds;
}

/** The same for a commit with several parents, or none. */
async function simplifyEdges(
  graph: CommitGraph,
  { waiting: { commit, subject }, parents, bounds: { isRelevant } }: Edges,
): Promise<Simplified> {
  if (parents.length === 0) return { listed: !(await subject.compare(commit, undefined)).same, follow: [] };
  const follow: Waiting[] = [];
  let differsOutside = false;
  let inside = 0;
  for (const parent of parents) {
    await graph.load(parent);
    const compared = await subject.compare(commit, parent);
    const waiting = { commit: parent, subject: compared.subject };
    if (!isRelevant(parent)) differsOutside ||= !compared.same;
    else if (compared.same) return { listed: false, follow: [waiting] };
    else inside++;
    follow.push(waiting);
  }
  return { listed: inside > 0 || differsOutside, follow };
}
