import { listingOf, type ConfigFiles } from '../load/index.js';
import {
  findFile,
  listFiles,
  readBlob,
  resolveCommit,
  type Oid,
  type RepoPath,
  type Store,
} from '../store/index.js';
import { treeOf } from './head.js';
import { decodeText } from './text.js';

/** The files of a tree, for stacks to read from. A symbolic link or a submodule is no file. */
export function filesOfTree(store: Store, tree: Oid | null): ConfigFiles {
  const readFrom = async (from: Oid | null, path: string): Promise<string | undefined> => {
    const entry = from === null ? undefined : await findFile(store, from, path);
    if (entry === undefined || entry.mode === '120000' || entry.mode === '160000') return undefined;
    return decodeText(await readBlob(store, entry.oid), path);
  };
  return {
    read: (path) => readFrom(tree, path),
    list: async (folder, deep) =>
      listingOf(tree === null ? [] : await listFiles(store, tree), { path: folder, prefix: '', deep }),
    readAt: async (revision, path) =>
      readFrom(await treeOf(store, await resolveCommit(store, revision)), path),
    code: store.code,
  };
}

/** What was asked for among files: whether it was there or not, and whole folders. */
export class AskedFor {
  private readonly paths = new Set<RepoPath>();
  private readonly folders = new Set<string>();

  /** The same files, of which it is written down what is asked for. */
  of(files: ConfigFiles): ConfigFiles {
    return {
      ...files,
      read: (path) => (this.paths.add(path), files.read(path)),
      list: (folder, deep) => (this.folders.add(folder), files.list(folder, deep)),
    };
  }

  /** Whether a path is one of these, or in one of the folders: also one that is no longer there. */
  has(path: RepoPath): boolean {
    if (this.paths.has(path)) return true;
    return [...this.folders].some((folder) => folder === '' || path.startsWith(`${folder}/`));
  }
}
