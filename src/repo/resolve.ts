import { closest, ConfigError, shellWord } from '../errors.js';
import { addressOf, conflictMarkers, formatKeyPath, parseAddress } from '../doc/index.js';
import { fitsBoth, type Choices, type ConflictChoice } from '../merge/index.js';
import { writeTree, type RepoPath } from '../store/index.js';
import { openFiles, type OpenFile } from './conflicts.js';
import { checkedOut, fromRoot, type RepositoryContext } from './context.js';
import { carryEdits, requireUntouched } from './hand-edits.js';
import { readHead, treeOf } from './head.js';
import { writeBlob } from './write-commit.js';
import { headInProgress, newRecord, readMergeRecord, writeMergeRecord } from './merge-record.js';
import type { Resolution } from './repository.js';
import { encodeText } from './text.js';
import type { MergeConflict, ResolveAnswer } from './types.js';

/**
 * Decides one conflict, or with `FILE` alone all that are left in a file. The file is merged again from the originals with all
 * decisions; what somebody typed into it meanwhile stays, or the decision is refused. A file with nothing left to decide is staged.
 * Throws E_NOTHING_TO_DO, E_KEY_NOT_FOUND, E_FILE_NOT_FOUND, E_CONFLICT, E_USAGE, E_BAD_PATH.
 */
export async function resolveConflict(
  context: RepositoryContext,
  address: string,
  resolution: Resolution,
): Promise<ResolveAnswer> {
  checkedOut(context, 'resolve conflicts');
  const { file: typed, path: key, revision } = parseAddress(address);
  if (revision !== undefined)
    throw new ConfigError('E_USAGE', `'${address}' names a revision; conflicts are in the worktree`);
  const file = fromRoot(context, typed);
  const path = key === undefined ? '' : formatKeyPath(key);
  const files = await openFiles(context);
  const open = files.find(({ stages }) => stages.path === file);
  if (open === undefined) throw noConflict(file, files);
  if (open.mergeWith === undefined) await takeWholeFile(context, open, { path, resolution });
  else await decideKeys(context, open, { path, resolution });
  const left = await openFiles(context);
  return { file, path, remaining: left.reduce((sum, { conflicts }) => sum + conflicts.length, 0) };
}

interface Decision {
  /** A key path in text form; '' for all that is left in the file. */
  readonly path: string;
  readonly resolution: Resolution;
}

async function decideKeys(context: RepositoryContext, open: OpenFile, decision: Decision): Promise<void> {
  const { worktree } = checkedOut(context, 'resolve conflicts');
  const { path: file } = open.stages;
  const { path } = decision;
  const choices = withDecision(open, decision);
  const before = open.mergeWith?.(open.choices);
  const after = open.mergeWith?.(choices);
  if (before === undefined || after === undefined) return;
  const isOpenStill = before.conflicts.length > 0 && after.conflicts.length >= before.conflicts.length;
  if (decision.resolution === 'both' && isOpenStill) throw bothRefused({ file, path });
  const current = await worktree.read(file);
  const text = await carryEdits(context.store, open.stages, {
    current,
    before: before.data,
    after: after.data,
  });
  await worktree.write(file, encodeText(text));
  await remember(context, file, choices);
  if (after.conflicts.length === 0 || conflictMarkers(text) === undefined) await worktree.stage([file]);
}

/** Adds a decision; a key stands for every conflict at or below it. */
function withDecision({ stages, choices, conflicts }: OpenFile, { path, resolution }: Decision): Choices {
  const file = stages.path;
  const choice: ConflictChoice = resolution;
  if (choice === 'both') return withBoth({ choices, conflicts }, { file, path });
  if (path === '') {
    if (typeof choice !== 'string')
      throw new ConfigError('E_USAGE', `a value decides one key; '${file}' is a file`, {
        hint: `name the key: cfg resolve ${shellWord(addressOf(file, conflicts[0]?.path ?? 'KEY'))} --value V`,
      });
    return new Map([...choices, ['', choice]]);
  }
  const meant = conflictsAt(conflicts, { file, path });
  if (typeof choice !== 'string' && meant[0]?.path !== path)
    throw new ConfigError('E_USAGE', `'${path}' holds ${meant.length} conflicts; a value decides one`, {
      hint: `name the key: cfg resolve ${shellWord(addressOf(file, meant[0]?.path ?? ''))} --value V`,
    });
  return withChoice(choices, meant, choice);
}

interface At {
  readonly file: RepoPath;
  readonly path: string;
}

/** The conflicts at a key, or else those below it; of the whole file all. Throws E_KEY_NOT_FOUND. */
function conflictsAt(conflicts: readonly MergeConflict[], { file, path }: At): readonly MergeConflict[] {
  if (path === '') return conflicts;
  const exact = conflicts.filter((one) => one.path === path);
  if (exact.length > 0) return exact;
  const below = conflicts.filter((one) => one.path.startsWith(`${path}.`) || one.path.startsWith(`${path}[`));
  if (below.length > 0) return below;
  throw unknownKey(
    file,
    path,
    conflicts.map((one) => one.path),
  );
}

/** Keeps both sides of the conflicts where they fit, and leaves the others open. Throws E_USAGE where they fit nowhere. */
function withBoth({ choices, conflicts }: Pick<OpenFile, 'choices' | 'conflicts'>, at: At): Choices {
  const meant = conflictsAt(conflicts, at).filter(fitsBoth);
  if (meant.length > 0) return withChoice(choices, meant, 'both');
  throw bothRefused(at);
}

function bothRefused({ file, path }: At): ConfigError {
  const address = addressOf(file, path);
  return new ConfigError('E_USAGE', `both sides of '${address}' cannot stay beside each other`, {
    hint: `choose one: cfg resolve ${shellWord(address)} --ours | --theirs | --base`,
  });
}

function withChoice(choices: Choices, meant: readonly MergeConflict[], choice: ConflictChoice): Choices {
  return new Map([...choices, ...meant.map(({ path }) => [path, choice] as const)]);
}

function unknownKey(file: RepoPath, path: string, paths: readonly string[]): ConfigError {
  const similar = closest(path, paths);
  return new ConfigError('E_KEY_NOT_FOUND', `no conflict at '${addressOf(file, path)}'`, {
    hint:
      similar === undefined
        ? "see what is left with 'cfg conflicts'"
        : `did you mean '${addressOf(file, similar)}'?`,
    details: { conflicts: paths },
  });
}

/** Makes one side's file, or its absence, the answer. */
async function takeWholeFile(
  context: RepositoryContext,
  open: OpenFile,
  { path, resolution }: Decision,
): Promise<void> {
  const { stages, conflicts } = open;
  const file = stages.path;
  if (path !== '' || typeof resolution !== 'string' || resolution === 'both')
    throw new ConfigError(
      'E_USAGE',
      `'${file}' is decided as a whole (${conflicts[0]?.kind ?? 'conflict'})`,
      {
        hint: `cfg resolve ${shellWord(file)} --ours (or --theirs, --base)`,
      },
    );
  const { worktree } = checkedOut(context, 'resolve conflicts');
  const current = await worktree.read(file);
  requireUntouched(stages, { current, wrote: open.wrote });
  const head = await treeOf(context.store, (await readHead(context.store)).commit);
  const entry = stages[resolution] ?? null;
  const oid =
    conflicts[0]?.kind === 'mode' && current ? await writeBlob(context.store, current.data) : entry?.oid;
  const chosen = entry === null || oid === undefined ? null : { ...entry, oid };
  const tree = await writeTree(context.store, head, [{ path: file, entry: chosen }]);
  await worktree.restore([file], tree);
}

/** Records the decisions about a file; a merge that git began gets its record here. */
async function remember(context: RepositoryContext, file: RepoPath, choices: Choices): Promise<void> {
  const head = await headInProgress(context);
  if (head === undefined) return; // unmerged paths without a merge (a stash): nothing to continue later
  const known = (await readMergeRecord(context)) ?? newRecord(head);
  await writeMergeRecord(context, { ...known, choices: new Map([...known.choices, [file, choices]]) });
}

function noConflict(file: RepoPath, files: readonly OpenFile[]): ConfigError {
  if (files.length === 0)
    return new ConfigError('E_NOTHING_TO_DO', 'there is no conflict to resolve', {
      hint: "see where you are with 'cfg status'",
    });
  const paths = files.map(({ stages }) => stages.path);
  const similar = closest(file, paths);
  return new ConfigError('E_FILE_NOT_FOUND', `no conflict in '${file}'`, {
    hint: similar === undefined ? "see what is left with 'cfg conflicts'" : `did you mean '${similar}'?`,
    details: { files: paths },
  });
}
