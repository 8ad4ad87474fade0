import type { TreeConflict } from '../merge/index.js';
import { readBlob, type FileContent, type FileEntry, type Store, type UnmergedFile } from '../store/index.js';
import type { MergeConflict } from './types.js';

/** The index stages of a conflict. Git keeps them under the path where the file is to be, whatever it was called on a side. */
export function stagesOf(conflict: Omit<UnmergedFile, 'content'>): UnmergedFile {
  const { path, base, ours, theirs } = conflict;
  return {
    path,
    ...(base && { base: { ...base, path } }),
    ...(ours && { ours: { ...ours, path } }),
    ...(theirs && { theirs: { ...theirs, path } }),
  };
}

/** A file as it is to be written; undefined for a submodule, which has no content here. */
export async function contentOf(
  store: Store,
  { path, mode, oid }: FileEntry,
): Promise<FileContent | undefined> {
  return mode === '160000' ? undefined : { path, mode, data: await readBlob(store, oid) };
}

/** A conflict by key as answers have it: without places and texts. */
export function keyConflict(conflict: MergeConflict): MergeConflict {
  const { file, path, kind, base, ours, theirs, suggestion } = conflict;
  return {
    file,
    path,
    kind,
    ...(base !== undefined && { base }),
    ...(ours !== undefined && { ours }),
    ...(theirs !== undefined && { theirs }),
    ...(suggestion && { suggestion }),
  };
}

/** A conflict of whole files: the sides are object ids. */
export function fileConflict({ path, kind, base, ours, theirs }: Omit<TreeConflict, 'keep'>): MergeConflict {
  return {
    file: path,
    path: '',
    kind,
    ...(base && { base: base.oid }),
    ...(ours && { ours: ours.oid }),
    ...(theirs && { theirs: theirs.oid }),
  };
}
