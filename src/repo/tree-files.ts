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
  };
}

/** The same files, writing down in `read` which of them were asked for, and what is in folders that were. */
export function recordingFiles(files: ConfigFiles, read: Set<RepoPath>): ConfigFiles {
  return { ...files, read: (path) => (read.add(path), files.read(path)) };
}
