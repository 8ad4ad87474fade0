/** Commits in the order of `git log`. */
import type { Oid } from '../types.js';
import { type CommitNode, CommitReader, type HistorySource } from './commits.js';
import { DateQueue } from './date-queue.js';

export interface WalkOptions {
  /** Only the first parent of a merge. Default false. */
  readonly firstParent?: boolean;
  /** Commits that are left out, with all their ancestors. Default none. */
  readonly exclude?: readonly Oid[];
  /**
   * Asked after a commit was given out, without `exclude`: which parents the walk goes on to. Default all of them. This is how a
   * history is simplified to what touches a path.
   */
  readonly parents?: (node: CommitNode) => readonly Oid[];
}

/**
 * The commits reachable from `starts`, each once, by committer date, newest first. Reads as far as it is consumed, unless
 * something is excluded: then what both sides reach is found first.
 *
 * Throws E_OBJECT_MISSING, E_CORRUPT.
 */
export async function* walkCommits(
  source: HistorySource,
  starts: readonly Oid[],
  options: WalkOptions = {},
): AsyncGenerator<CommitNode, void, undefined> {
  const reader = new CommitReader(source);
  const { firstParent = false, exclude = [] } = options;
  const parents = options.parents ?? ((node: CommitNode): readonly Oid[] => parentsOf(node, firstParent));
  if (exclude.length > 0) {
    yield* walkWithout(reader, starts, { firstParent, exclude });
    return;
  }
  const queue = new DateQueue<CommitNode>();
  const seen = new Set<Oid>();
  for (let next = starts; ;) {
    for (const oid of next) {
      if (seen.has(oid)) continue;
      seen.add(oid);
      const read = reader.read(oid);
      // Nothing to wait for is the rule, and waiting would take as long as reading.
      const node = read instanceof Promise ? await read : read;
      queue.push(node, node.commit.committer.timestamp);
    }
    const newest = queue.pop();
    if (newest === undefined) return;
    yield newest;
    next = parents(newest);
  }
}

interface Marked {
  readonly node: CommitNode;
  excluded: boolean;
  isQueued: boolean;
}

/** How many commits a walk goes on once it seems to be done, as clocks may be wrong (git: revision.c, SLOP). */
const slop = 5;

/**
 * Marks run from children to parents, and one that arrives late is passed on again. The walk ends once everything that waits
 * is excluded and older than all that was found (git: revision.c, limit_list), and stays so for a few commits.
 */
async function* walkWithout(
  reader: CommitReader,
  starts: readonly Oid[],
  { firstParent, exclude }: Required<Omit<WalkOptions, 'parents'>>,
): AsyncGenerator<CommitNode, void, undefined> {
  const marks = new Map<Oid, Marked>();
  const queue = new DateQueue<Marked>();
  const found: Marked[] = [];
  let wanted = 0;
  const visit = async (oid: Oid, excluded: boolean): Promise<void> => {
    const marked = marks.get(oid) ?? { node: await reader.read(oid), excluded: false, isQueued: false };
    if (marks.has(oid) && (marked.excluded || !excluded)) return;
    marks.set(oid, marked);
    if (isWanted(marked)) wanted -= 1;
    marked.excluded = excluded;
    if (!marked.isQueued) queue.push(marked, dateOf(marked));
    marked.isQueued = true;
    if (isWanted(marked)) wanted += 1;
  };
  for (const oid of exclude) await visit(oid, true);
  for (const oid of starts) await visit(oid, false);
  let oldest = Number.POSITIVE_INFINITY;
  let left = slop;
  for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
    if (isWanted(next)) wanted -= 1;
    next.isQueued = false;
    left = next.excluded && wanted === 0 && dateOf(next) < oldest ? left - 1 : slop;
    if (left === 0) break;
    if (!next.excluded) {
      found.push(next);
      oldest = Math.min(oldest, dateOf(next));
    }
    const parents = next.excluded ? next.node.commit.parents : parentsOf(next.node, firstParent);
    for (const oid of parents) await visit(oid, next.excluded);
  }
  for (const { node, excluded } of found) if (!excluded) yield node;
}

function isWanted({ excluded, isQueued }: Marked): boolean {
  return isQueued && !excluded;
}

function dateOf({ node }: Marked): number {
  return node.commit.committer.timestamp;
}

function parentsOf({ commit }: CommitNode, firstParent: boolean): readonly Oid[] {
  return firstParent ? commit.parents.slice(0, 1) : commit.parents;
}
