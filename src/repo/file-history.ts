import {
  CommitGraph,
  detectRenames,
  diffTrees,
  PathColumn,
  type Oid,
  type PathEntry,
  type RepoPath,
  type Store,
} from '../store/index.js';
import { documentReader, type DocumentReader } from './documents.js';
import { VersionCache } from './version-cache.js';

/** Files through the commits of a repository: what is at a path, and what a file was called before. */
export class FileHistory {
  readonly store: Store;
  readonly graph: CommitGraph;
  readonly document: DocumentReader;
  private readonly columns = new Map<RepoPath, Promise<PathColumn>>();
  private readonly caches = new Map<string, Promise<VersionCache>>();

  private constructor(store: Store, graph: CommitGraph) {
    this.store = store;
    this.graph = graph;
    this.document = documentReader(store);
  }

  static async open(store: Store): Promise<FileHistory> {
    return new FileHistory(store, await CommitGraph.open(store));
  }

  /** What is at a path in each commit; `''` is the root. */
  column(path: RepoPath): Promise<PathColumn> {
    const known = this.columns.get(path) ?? PathColumn.open(this.graph, this.store, path);
    this.columns.set(path, known);
    return known;
  }

  /** What is kept about the versions of files; see {@link VersionCache}. */
  versions(about: string): Promise<VersionCache> {
    const known = this.caches.get(about) ?? VersionCache.open(this.store, about);
    this.caches.set(about, known);
    return known;
  }

  /** The number of a commit, ready to be looked at. */
  async numberOf(oid: Oid): Promise<number> {
    const commit = this.graph.numberOf(oid);
    await this.graph.load(commit);
    return commit;
  }

  /** The path in the parent of a file that the commit renamed; undefined for one that is new. */
  async nameBefore(path: RepoPath, commit: number, parent: number): Promise<RepoPath | undefined> {
    const trees = [this.graph.tree(parent), this.graph.tree(commit)] as const;
    const changes = await diffTrees(this.store, ...trees);
    const added = changes.some((one) => one.path === path && one.change === 'added');
    if (!added || !changes.some(({ change }) => change === 'deleted')) return undefined;
    return (await detectRenames(this.store.objects, changes)).find((one) => one.path === path)?.from;
  }

  /** Keeps what was read for the next time. */
  async save(): Promise<void> {
    await this.graph.save();
    for (const kept of [...this.columns.values(), ...this.caches.values()]) await (await kept).save();
  }
}

/** Whether an entry is a file, not a folder or a submodule. */
export function isFileEntry(
  entry: PathEntry | undefined,
): entry is PathEntry & { readonly mode: '100644' | '100755' } {
  return entry?.mode === '100644' || entry?.mode === '100755';
}
