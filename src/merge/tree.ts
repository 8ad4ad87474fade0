/**
 * The merge of two trees, as a plan: which files to take, to delete, to merge by content, and what somebody has to decide.
 * Files that only one side changed are taken by id and never opened.
 */
import { findRenames } from './rename.js';
import { stepAside } from './step-aside.js';
import { TreeDraft } from './tree-draft.js';
import type { TreeChange, TreeFile, TreeMergeInput, TreeMergePlan } from './tree-types.js';

/** Plans the merge of two trees from what changed between each of them and their merge base; applying it is the caller's. */
export function planTreeMerge(input: TreeMergeInput): TreeMergePlan {
  const draft = new TreeDraft();
  const { ours, theirs } = sidesOf(input);
  for (const path of new Set([...ours.fates.keys(), ...theirs.fates.keys()]))
    joinFates(draft, ours.fates.get(path), theirs.fates.get(path));
  for (const path of theirs.added.keys()) joinAdditions(draft, ours.added.get(path), theirs.added.get(path));
  stepAside(draft, input);
  return draft.plan();
}

/** What became of a file of the merge base on one side. */
interface Fate {
  readonly base: TreeFile;
  /** Where and what it is now; absent: deleted. */
  readonly now?: TreeFile;
}

interface Side {
  /** Of every file of the base that the side changed, by its path there. */
  readonly fates: ReadonlyMap<string, Fate>;
  /** New files that are no rename. */
  readonly added: ReadonlyMap<string, TreeFile>;
}

type Renames = ReadonlyMap<string, TreeFile>;

function sidesOf({ ours, theirs, read }: TreeMergeInput): { readonly ours: Side; readonly theirs: Side } {
  const renames = {
    ours: findRenames(ours, changedPaths(theirs), read),
    theirs: findRenames(theirs, changedPaths(ours), read),
  };
  return {
    ours: sideOf(ours, undisputed(renames.ours, renames.theirs, theirs)),
    theirs: sideOf(theirs, undisputed(renames.theirs, renames.ours, ours)),
  };
}

function changedPaths(changes: readonly TreeChange[]): ReadonlySet<string> {
  return new Set(changes.flatMap(({ before }) => (before === undefined ? [] : [before.path])));
}

/**
 * A rename to a name that the other side gave to another file is taken for a deletion and an addition: both then show as
 * conflicts of their own, and no content has to be merged in two steps.
 */
function undisputed(renames: Renames, others: Renames, otherChanges: readonly TreeChange[]): Renames {
  const takenByOther = new Set(
    otherChanges.flatMap(({ before, after }) =>
      before === undefined && after !== undefined ? [after.path] : [],
    ),
  );
  return new Map(
    [...renames].filter(([from, to]) => !takenByOther.has(to.path) || others.get(from)?.path === to.path),
  );
}

function sideOf(changes: readonly TreeChange[], renames: Renames): Side {
  const targets = new Set([...renames.values()].map(({ path }) => path));
  const fates = new Map<string, Fate>();
  const added = new Map<string, TreeFile>();
  for (const { before, after } of changes) {
    if (before !== undefined) {
      const now = after ?? renames.get(before.path);
      fates.set(before.path, now === undefined ? { base: before } : { base: before, now });
    } else if (after !== undefined && !targets.has(after.path)) added.set(after.path, after);
  }
  return { fates, added };
}

function joinFates(draft: TreeDraft, ours: Fate | undefined, theirs: Fate | undefined): void {
  if (theirs === undefined) return;
  const { base } = theirs;
  if (ours === undefined) {
    if (theirs.now === undefined) draft.deletes.add(base.path);
    else draft.put(theirs.now.path, theirs.now, undefined);
    return;
  }
  if (ours.now === undefined && theirs.now === undefined) return;
  if (ours.now === undefined || theirs.now === undefined)
    joinDeletion(draft, base, { ours: ours.now, theirs: theirs.now });
  else joinChanges(draft, base, { ours: ours.now, theirs: theirs.now });
}

/** One side deleted what the other one changed or renamed. */
function joinDeletion(
  draft: TreeDraft,
  base: TreeFile,
  now: { readonly ours: TreeFile | undefined; readonly theirs: TreeFile | undefined },
): void {
  const [kept, keep] = now.ours === undefined ? [now.theirs, 'theirs' as const] : [now.ours, 'ours' as const];
  if (kept === undefined) return;
  const changed = keep === 'ours' ? 'modify/delete' : 'delete/modify';
  draft.conflicts.push({
    path: kept.path,
    kind: kept.path === base.path ? changed : 'rename/delete',
    base,
    ...(keep === 'ours' ? { ours: kept } : { theirs: kept }),
    keep,
  });
}

interface Both {
  readonly ours: TreeFile;
  readonly theirs: TreeFile;
}

function joinChanges(draft: TreeDraft, base: TreeFile, now: Both): void {
  const { ours, theirs } = now;
  const isOursMoved = ours.path !== base.path;
  const isTheirsMoved = theirs.path !== base.path;
  if (isOursMoved && isTheirsMoved && ours.path !== theirs.path) {
    joinTwoNames(draft, base, now);
    return;
  }
  const path = isOursMoved ? ours.path : theirs.path;
  if (ours.path !== path) draft.deletes.add(ours.path);
  joinContents(draft, path, { base, ...now });
}

/** Each side gave the file another name: both names stay, each with the content of both, and somebody picks. */
function joinTwoNames(draft: TreeDraft, base: TreeFile, { ours, theirs }: Both): void {
  draft.conflicts.push({ path: base.path, kind: 'rename/rename', base, keep: 'none' });
  for (const [side, file] of [
    ['ours', ours],
    ['theirs', theirs],
  ] as const) {
    const before = draft.merges.size;
    joinContents(draft, file.path, { base, ours, theirs });
    const keep = draft.merges.size > before ? 'merge' : side;
    draft.conflicts.push({ path: file.path, kind: 'rename/rename', [side]: file, keep });
  }
}

function joinAdditions(draft: TreeDraft, ours: TreeFile | undefined, theirs: TreeFile | undefined): void {
  if (theirs === undefined) return;
  if (ours === undefined) draft.put(theirs.path, theirs, undefined);
  else joinContents(draft, theirs.path, { ours, theirs });
}

/** Both sides have something to say about the file at `path`. */
function joinContents(draft: TreeDraft, path: string, versions: Both & { readonly base?: TreeFile }): void {
  const { base, ours, theirs } = versions;
  if (kindOf(ours) !== kindOf(theirs)) {
    draft.conflicts.push({ path, ...versions, kind: specialKind(ours, theirs), keep: 'ours' });
    return;
  }
  const mode = pick(base?.mode, ours.mode, theirs.mode);
  if (mode === undefined) draft.conflicts.push({ path, ...versions, kind: 'mode', keep: 'merge' });
  const oid = pick(base?.oid, ours.oid, theirs.oid);
  if (oid !== undefined) draft.put(path, { path, mode: mode ?? ours.mode, oid }, ours);
  else if (kindOf(ours) === 'file') draft.merges.set(path, { path, mode: mode ?? ours.mode, ...versions });
  else draft.conflicts.push({ path, ...versions, kind: specialKind(ours, theirs), keep: 'ours' });
}

/** The three-way rule; undefined where both changed it. */
function pick<T>(base: T | undefined, ours: T, theirs: T): T | undefined {
  if (ours === theirs || theirs === base) return ours;
  return ours === base ? theirs : undefined;
}

function kindOf({ mode }: TreeFile): 'file' | 'symlink' | 'submodule' {
  if (mode === '160000') return 'submodule';
  return mode === '120000' ? 'symlink' : 'file';
}

function specialKind(ours: TreeFile, theirs: TreeFile): 'symlink' | 'submodule' {
  return kindOf(ours) === 'submodule' || kindOf(theirs) === 'submodule' ? 'submodule' : 'symlink';
}
