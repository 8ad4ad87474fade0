/** What refs, files and index entries are at this moment, in the terms of the operation log. */
import {
  objectOid,
  type FileEntry,
  type IndexEntry,
  type IndexStore,
  type Oid,
  type RefStore,
  type RepoPath,
  type Worktree,
} from '../../store/index.js';
import type { FileState, IndexState, RefState } from './types.js';

/** A ref as it is. */
export async function refState(refs: RefStore, name: string): Promise<RefState> {
  const ref = await refs.read(name);
  if (ref === undefined) return null;
  return 'oid' in ref ? ref.oid : `ref: ${ref.target}`;
}

/** A file as it is. */
export async function fileState(worktree: Worktree, path: RepoPath): Promise<FileState> {
  const file = await worktree.read(path);
  return file === undefined ? null : [file.mode, objectOid('blob', file.data)];
}

/** The index entries of each path. */
export async function indexStates(
  index: IndexStore,
  paths: readonly RepoPath[],
): Promise<[RepoPath, IndexState][]> {
  const states = new Map<RepoPath, [IndexEntry['stage'], FileEntry['mode'], Oid][]>();
  for (const path of paths) states.set(path, []);
  for (const { path, stage, mode, oid } of await index.find([...states.keys()]))
    states.get(path)?.push([stage, mode, oid]);
  return [...states];
}
