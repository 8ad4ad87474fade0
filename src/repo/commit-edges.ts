import { CommitGraph, type Oid, type Store } from '../store/index.js';
import type { CommitInfo } from './types.js';

/** A listed commit and the listed ones that come next below it. */
export type Linked<T> = T & { readonly edges: readonly Oid[] };

/**
 * Commits with the edges between them, in an order in which every commit comes before those it leads to and lines of history are not
 * mixed (git: `--graph` implies `--topo-order`). Edges run through commits that are not listed.
 */
export async function linkCommits<T extends CommitInfo>(
  store: Store,
  commits: readonly T[],
  options: { readonly firstParent: boolean },
): Promise<readonly Linked<T>[]> {
  const graph = await CommitGraph.open(store);
  const listed = new Set(commits.map(({ commit }) => graph.numberOf(commit)));
  const edges = new EdgeFinder(graph, listed, options.firstParent);
  const linked: Linked<T>[] = [];
  for (const one of commits)
    linked.push({
      ...one,
      edges: (await edges.below(graph.numberOf(one.commit))).map((to) => graph.oid(to)),
    });
  return topological(linked);
}

class EdgeFinder {
  private readonly graph: CommitGraph;
  private readonly listed: ReadonlySet<number>;
  private readonly firstParent: boolean;
  /** What commits that are not listed lead to. */
  private readonly known = new Map<number, readonly number[]>();

  constructor(graph: CommitGraph, listed: ReadonlySet<number>, firstParent: boolean) {
    this.graph = graph;
    this.listed = listed;
    this.firstParent = firstParent;
  }

  async below(commit: number): Promise<readonly number[]> {
    const parents = await this.parentsOf(commit);
    await this.resolve(parents);
    return this.join(parents);
  }

  /** Depth first without recursion: histories are longer than a stack. */
  private async resolve(starts: readonly number[]): Promise<void> {
    const stack = [...starts];
    for (let commit = stack.at(-1); commit !== undefined; commit = stack.at(-1)) {
      const parents = this.isDone(commit) ? [] : await this.parentsOf(commit);
      const open = parents.filter((parent) => !this.isDone(parent));
      if (open.length > 0) stack.push(...open);
      else {
        if (!this.isDone(commit)) this.known.set(commit, this.join(parents));
        stack.pop();
      }
    }
  }

  private isDone(commit: number): boolean {
    return this.listed.has(commit) || this.known.has(commit);
  }

  private join(parents: readonly number[]): readonly number[] {
    return [
      ...new Set(parents.flatMap((one) => (this.listed.has(one) ? [one] : (this.known.get(one) ?? [])))),
    ];
  }

  private async parentsOf(commit: number): Promise<readonly number[]> {
    await this.graph.load(commit);
    return this.graph.parents(commit).slice(0, this.firstParent ? 1 : undefined);
  }
}

function topological<T extends CommitInfo>(commits: readonly Linked<T>[]): readonly Linked<T>[] {
  const byOid = new Map(commits.map((one) => [one.commit, one]));
  const children = new Map<Oid, number>();
  for (const { edges } of commits) for (const oid of edges) children.set(oid, (children.get(oid) ?? 0) + 1);
  const ready = commits.filter(({ commit }) => !children.has(commit)).toReversed();
  const sorted: Linked<T>[] = [];
  for (let next = ready.pop(); next !== undefined; next = ready.pop()) {
    sorted.push(next);
    for (const oid of next.edges) {
      const left = (children.get(oid) ?? 0) - 1;
      children.set(oid, left);
      const below = byOid.get(oid);
      if (left === 0 && below !== undefined) ready.push(below);
    }
  }
  return sorted;
}
