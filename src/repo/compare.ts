import type { ConfigDocument } from '../doc/index.js';
import { diffDocuments, keyChange, type Change } from '../diff/index.js';
import {
  detectRenames,
  diffTrees,
  readBlob,
  type ChangeKind,
  type FileChange,
  type FileEntry,
  type FileMode,
  type Oid,
  type RepoPath,
  type Store,
} from '../store/index.js';
import { versionOf } from './documents.js';
import { lineDiff } from './line-diff.js';
import { encodeText } from './text.js';
import type { FileDiff } from './types.js';

/** One side of a changed file. */
export interface FileVersion {
  readonly mode: FileMode;
  readonly data: Uint8Array;
}

/** A file that differs, with the content of both sides: no `before` for an added one, no `after` for a deleted one. */
export interface ChangedFile {
  readonly path: RepoPath;
  readonly status: ChangeKind;
  /** The old path of a rename. */
  readonly from?: RepoPath;
  readonly before?: FileVersion;
  readonly after?: FileVersion;
}

/** What differs between two trees, renames detected; sorted by path. */
export async function changesBetween(
  store: Store,
  before: Oid | null,
  after: Oid | null,
): Promise<readonly FileChange[]> {
  return detectRenames(store.objects, await diffTrees(store, before, after));
}

/** Reads both sides of a change between trees (or of a tree and the index). */
export async function readChange(
  store: Store,
  { path, change, from, before, after }: FileChange,
): Promise<ChangedFile> {
  return {
    path,
    status: change,
    ...(from !== undefined && { from }),
    ...(before && { before: await readVersion(store, before) }),
    ...(after && { after: await readVersion(store, after) }),
  };
}

/** The content of a file entry; of a submodule the line that git shows for it. */
export async function readVersion(store: Store, { mode, oid }: FileEntry): Promise<FileVersion> {
  if (mode === '160000') return { mode, data: encodeText(`Subproject commit ${oid}\n`) };
  return { mode, data: await readBlob(store, oid) };
}

/** The keys that differ in a file; undefined for what cannot be compared by key: no configuration format, or a side that does not parse. */
export function keyChanges(file: ChangedFile): readonly Change[] | undefined {
  const before = documentOfVersion(file.from ?? file.path, file.before);
  const after = documentOfVersion(file.path, file.after, before === 'none' ? undefined : before);
  if (before === 'none' || after === 'none') return undefined;
  return diffDocuments(before, after);
}

/** A changed file as it is answered: by key, and by line with `text` or where there is nothing by key. */
export function fileDiff(file: ChangedFile, options: { readonly text?: boolean } = {}): FileDiff {
  const changes = keyChanges(file);
  const wantsText = options.text === true || changes === undefined;
  return {
    path: file.path,
    status: file.status,
    ...(file.from !== undefined && { from: file.from }),
    changes: (changes ?? []).map(keyChange),
    ...(wantsText && { text: lineDiff(file) }),
  };
}

function documentOfVersion(
  path: RepoPath,
  version: FileVersion | undefined,
  previous?: ConfigDocument,
): ConfigDocument | 'none' | undefined {
  if (version === undefined) return undefined;
  if (version.mode !== '100644' && version.mode !== '100755') return 'none';
  const document = versionOf(path, version.data, previous);
  return document?.valid === true ? document : 'none';
}
