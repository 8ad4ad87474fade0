import type { Choices, ConflictKind } from '../merge/index.js';
import {
  readBlob,
  type FileEntry,
  type Index,
  type Oid,
  type RepoPath,
  type Store,
  type UnmergedFile,
} from '../store/index.js';
import { checkedOut, type RepositoryContext } from './context.js';
import { readHead } from './head.js';
import { mergeFile, type MergeRulesOfTrees } from './merge-file.js';
import { headInProgress, readMergeRecord, type MergeRecord } from './merge-record.js';
import { readMergeState } from './merge-state.js';
import { governingSettings } from './protection.js';
import type { ConflictsAnswer, MergeConflict } from './types.js';
import { fileConflict, keyConflict } from './unmerged.js';

/** A file that the merge in progress left to decide, merged again from its originals with what was decided so far. */
export interface OpenFile {
  readonly stages: UnmergedFile;
  readonly choices: Choices;
  readonly conflicts: readonly MergeConflict[];
  /** For conflicts of whole files: the id of what cfg wrote there, where it did; null: nothing. */
  readonly wrote?: Oid | null;
  /** The merge of its contents under other decisions; absent where only whole files can be chosen. */
  readonly mergeWith?: (choices: Choices) => {
    readonly data: Uint8Array;
    readonly conflicts: readonly MergeConflict[];
  };
}

/** What is left to decide in the merge in progress, whichever tool began it; by file, then in file order. */
export async function listConflicts(context: RepositoryContext): Promise<ConflictsAnswer> {
  const files = await openFiles(context);
  return { conflicts: files.flatMap(({ conflicts }) => conflicts) };
}

/** The undecided files; none when no merge waits. */
export async function openFiles(context: RepositoryContext): Promise<readonly OpenFile[]> {
  const { index } = checkedOut(context, 'list conflicts');
  const unmerged = unmergedFiles(await index.read());
  if (unmerged.length === 0) return [];
  const record = await readMergeRecord(context);
  const rules = await rulesOf(context, record);
  const files: OpenFile[] = [];
  for (const stages of unmerged) files.push(await openFile(context.store, stages, { record, rules }));
  return files;
}

/** The rules that the merge began with: the settings of the branch are at HEAD, and HEAD has not moved since. */
async function rulesOf(
  context: RepositoryContext,
  record: MergeRecord | undefined,
): Promise<MergeRulesOfTrees> {
  const head = await readHead(context.store);
  const settings = await governingSettings(context, head.commit);
  const said = /^Merge [a-z -]+ '([^']+)'/.exec((await readMergeState(context))?.message ?? '')?.[1];
  const labels = record?.labels ?? {
    base: 'base',
    ours: head.branch ?? 'HEAD',
    theirs: said ?? (await headInProgress(context))?.slice(0, 7) ?? 'theirs',
  };
  return { settings, labels, strategy: record?.strategy };
}

function unmergedFiles(index: Index): readonly UnmergedFile[] {
  const files = new Map<RepoPath, UnmergedFile>();
  const names = ['base', 'ours', 'theirs'] as const;
  for (const { path, mode, oid, stage } of index.entries) {
    const name = names[stage - 1];
    if (name !== undefined)
      files.set(path, { ...(files.get(path) ?? { path }), [name]: { path, mode, oid } });
  }
  return [...files.values()];
}

async function openFile(
  store: Store,
  stages: UnmergedFile,
  { record, rules }: { readonly record: MergeRecord | undefined; readonly rules: MergeRulesOfTrees },
): Promise<OpenFile> {
  const choices = record?.choices.get(stages.path) ?? new Map();
  const recorded = record?.whole.get(stages.path);
  const mergeWith = recorded === undefined ? await contentMerge(store, stages, rules) : undefined;
  const open = mergeWith?.(choices).conflicts ?? [];
  const binary = open.find(({ kind }) => kind === 'binary');
  if (mergeWith === undefined || binary !== undefined) {
    const kind = recorded?.kind ?? binary?.kind ?? kindOf(stages);
    const wrote = recorded && { wrote: recorded.wrote };
    return { stages, choices, ...wrote, conflicts: [fileConflict({ ...stages, kind })] };
  }
  const conflicts = open.length > 0 ? open.map(keyConflict) : [fileConflict({ ...stages, kind: 'text' })];
  return { stages, choices, conflicts, mergeWith };
}

/** Merging contents makes sense where both sides have a plain file. */
async function contentMerge(
  store: Store,
  { path, base, ours, theirs }: UnmergedFile,
  rules: MergeRulesOfTrees,
): Promise<OpenFile['mergeWith']> {
  if (!isPlain(ours) || !isPlain(theirs)) return undefined;
  const versions = {
    path,
    base: isPlain(base) ? await readBlob(store, base.oid) : undefined,
    ours: await readBlob(store, ours.oid),
    theirs: await readBlob(store, theirs.oid),
  };
  return (choices) => mergeFile(versions, rules, choices);
}

function isPlain(entry: FileEntry | undefined): entry is FileEntry {
  return entry?.mode === '100644' || entry?.mode === '100755';
}

/** What the stages alone tell of a conflict of whole files. */
function kindOf({ base, ours, theirs }: UnmergedFile): ConflictKind {
  const modes = [base, ours, theirs].flatMap((entry) => entry?.mode ?? []);
  if (modes.includes('160000')) return 'submodule';
  if (ours !== undefined && theirs !== undefined) return 'symlink';
  if (base === undefined) return 'file/directory';
  if (ours === undefined && theirs === undefined) return 'rename/rename';
  return theirs === undefined ? 'modify/delete' : 'delete/modify';
}
