import {
  type Choices,
  type ContentMerge,
  planTreeMerge,
  type TreeConflict,
  type TreeMergePlan,
} from '../merge/index.js';
import {
  diffTrees,
  readBlob,
  writeTree,
  type FileChange,
  type FileContent,
  type FileEntry,
  type Oid,
  type RepoPath,
  type Store,
  type UnmergedFile,
} from '../store/index.js';
import { followFolders, withMoves, type FollowedFolders } from './folder-moves.js';
import type { TreePatch } from './index-changes.js';
import { mergeFile, type MergeRulesOfTrees } from './merge-file.js';
import type { FileNote, MergeConflict } from './types.js';
import { contentOf, fileConflict, keyConflict, stagesOf } from './unmerged.js';
import { decideWhole } from './whole-file.js';
import { writeBlob } from './write-commit.js';

export interface TreesToMerge extends MergeRulesOfTrees {
  readonly base: Oid | null;
  readonly ours: Oid | null;
  readonly theirs: Oid;
  /** Decisions by file. */
  readonly choices?: ReadonlyMap<RepoPath, Choices>;
}

export interface MergedTrees {
  /** Ours with everything that merged cleanly; files that somebody has to decide are in it as ours has them. */
  readonly tree: Oid;
  /** What turns ours into `tree`, sorted by path. */
  readonly patches: readonly TreePatch[];
  /** Files whose content both sides changed and that merged cleanly. */
  readonly merged: readonly ContentMerge[];
  readonly unmerged: readonly UnmergedFile[];
  readonly conflicts: readonly MergeConflict[];
  readonly notes: readonly FileNote[];
}

/**
 * Merges two trees over a base; new objects go to `store`, so give it a draft's. Files that only one side changed are taken by id
 * and never opened.
 */
export async function mergeTrees(store: Store, input: TreesToMerge): Promise<MergedTrees> {
  const ours = await diffTrees(store, input.base, input.ours);
  const changed = await diffTrees(store, input.base, input.theirs);
  const followed = await followFolders(store, input, { ours, theirs: changed });
  const theirs = withMoves(changed, followed.theirs);
  const blobs = await renameContents(store, ours, theirs);
  const { labels } = input;
  const plan = planTreeMerge({ ours, theirs, labels, read: (oid) => blobs.get(oid) ?? new Uint8Array() });
  const result = new Result();
  for (const file of plan.writes) result.take(file.path, file);
  for (const path of plan.deletes) result.take(path, null);
  moveFollowed(followed, result);
  for (const merge of plan.merges) await mergeOne(store, input, { merge, plan, result });
  for (const conflict of plan.conflicts) await decideOne(store, input, { conflict, result });
  const patches = result.patches();
  return {
    tree: await writeTree(store, input.ours, patches),
    patches,
    merged: plan.merges.filter(({ path }) => !result.unmerged.has(path)),
    unmerged: [...result.unmerged.values()].toSorted(byPath),
    conflicts: [...result.conflicts].toSorted((a, b) => byPath({ path: a.file }, { path: b.file })),
    notes: result.notes,
  };
}

const noChoices: Choices = new Map();

/** The outcome in the making. */
class Result {
  readonly entries: Map<RepoPath, FileEntry | null> = new Map();
  readonly unmerged: Map<RepoPath, UnmergedFile> = new Map();
  readonly conflicts: MergeConflict[] = [];
  readonly notes: FileNote[] = [];

  take(path: RepoPath, entry: FileEntry | null): void {
    this.entries.set(path, entry);
  }

  patches(): readonly TreePatch[] {
    return [...this.entries]
      .filter(([path]) => !this.unmerged.has(path))
      .map(([path, entry]) => ({ path, entry }))
      .toSorted(byPath);
  }
}

/** What ours has in a folder that theirs renamed goes along; what theirs has there is planned at its new place. */
function moveFollowed(followed: FollowedFolders, result: Result): void {
  for (const { file, to } of followed.ours) {
    result.take(file.path, null);
    result.take(to, { ...file, path: to });
  }
  for (const { folder, to } of [...followed.ours, ...followed.theirs]) {
    const message = `added in '${folder}', which the other side renamed; it went along`;
    result.notes.push({ file: to, rule: 'folder-rename', path: '', message });
  }
}

async function mergeOne(
  store: Store,
  input: TreesToMerge,
  step: { readonly merge: ContentMerge; readonly plan: TreeMergePlan; readonly result: Result },
): Promise<void> {
  const { path, mode, base, ours, theirs } = step.merge;
  const versions = {
    path,
    base: base && (await readBlob(store, base.oid)),
    ours: await readBlob(store, ours.oid),
    theirs: await readBlob(store, theirs.oid),
  };
  const { data, conflicts, notes } = mergeFile(versions, input, input.choices?.get(path) ?? noChoices);
  const binary = conflicts.find(({ kind }) => kind === 'binary');
  if (binary !== undefined) {
    const conflict: TreeConflict = { ...step.merge, kind: 'binary', keep: 'ours' };
    return decideOne(store, input, { conflict, result: step.result });
  }
  const oid = await writeBlob(store, data);
  step.result.take(path, { path, mode: fileMode(mode), oid });
  step.result.notes.push(...notes.map((note) => ({ file: path, ...note })));
  if (conflicts.length === 0) return;
  step.result.conflicts.push(...conflicts.map(keyConflict));
  step.result.unmerged.set(path, {
    ...stagesOf(step.merge),
    content: { path, mode: fileMode(mode), data },
  });
}

/** A conflict of whole files: decided by a choice or a strategy, or left with what the plan wants to stand there. */
async function decideOne(
  store: Store,
  input: TreesToMerge,
  { conflict, result }: { readonly conflict: TreeConflict; readonly result: Result },
): Promise<void> {
  const { path } = conflict;
  const decided = decideWhole(conflict, input, input.choices?.get(path) ?? noChoices);
  if (decided !== undefined) {
    const merged = conflict.kind === 'mode' ? result.entries.get(path) : undefined;
    result.take(path, merged && decided.entry ? { ...merged, mode: decided.entry.mode } : decided.entry);
    return;
  }
  const kept = keptEntry(conflict, result);
  const content = kept && (await contentOf(store, { ...kept, path }));
  result.unmerged.set(path, { ...stagesOf(conflict), ...(content && { content }) });
  result.conflicts.push(fileConflict(conflict));
}

/** What is to stand at the path until somebody decides. */
function keptEntry({ path, keep, ...versions }: TreeConflict, result: Result): FileEntry | undefined {
  if (keep === 'none') return undefined;
  return keep === 'merge' ? (result.entries.get(path) ?? undefined) : versions[keep];
}

function fileMode(mode: FileEntry['mode']): FileContent['mode'] {
  return mode === '100755' ? '100755' : '100644';
}

/** What a search for renames may want to read: on each side, files that are gone and the other side changed, and all new ones. */
async function renameContents(
  store: Store,
  ours: readonly FileChange[],
  theirs: readonly FileChange[],
): Promise<ReadonlyMap<Oid, Uint8Array>> {
  const blobs = new Map<Oid, Uint8Array>();
  for (const entry of [...candidates(ours, theirs), ...candidates(theirs, ours)])
    if (entry.mode !== '160000') blobs.set(entry.oid, await readBlob(store, entry.oid));
  return blobs;
}

function candidates(side: readonly FileChange[], other: readonly FileChange[]): readonly FileEntry[] {
  const changed = new Set(other.map(({ path }) => path));
  const gone = side.flatMap(({ path, before, after }) =>
    before !== undefined && after === undefined && changed.has(path) ? [before] : [],
  );
  if (gone.length === 0) return [];
  return [
    ...gone,
    ...side.flatMap(({ before, after }) => (before === undefined && after !== undefined ? [after] : [])),
  ];
}

function byPath(a: { readonly path: string }, b: { readonly path: string }): number {
  return a.path < b.path ? -1 : Number(a.path > b.path);
}
