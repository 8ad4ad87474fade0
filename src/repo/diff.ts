import { ConfigError } from '../errors.js';
import {
  diffTrees,
  findFile,
  resolveCommit,
  type FileChange,
  type Oid,
  type RepoPath,
  type Store,
} from '../store/index.js';
import {
  changesBetween,
  fileDiff,
  readChange,
  readVersion,
  type ChangedFile,
  type FileVersion,
} from './compare.js';
import { checkedOut, type RepositoryContext } from './context.js';
import { draftOf } from './draft.js';
import { readHead, treeOf } from './head.js';
import { entryAt, filesOf } from './index-changes.js';
import { fileMasks, maskedDiff } from './secret-keys.js';
import { worktreeTree } from './snapshot.js';
import { selectPaths } from './pathspec.js';
import type { DiffOptions } from './repository.js';
import type { DiffAnswer, FileDiff } from './types.js';

/**
 * What differs, by key, between index and worktree; HEAD and index (`staged`); a revision and the worktree; or two revisions. Untracked
 * files are not in it; renames are found where both sides are trees or the index. Files sorted by path.
 *
 * A file that is no configuration, or has a side that does not parse, has `text`, the line diff, in place of changes.
 * Throws E_REVISION_NOT_FOUND, E_FILE_NOT_FOUND for a path that no side has, E_USAGE.
 */
export async function diff(context: RepositoryContext, options: DiffOptions = {}): Promise<DiffAnswer> {
  const compared = await comparedBy(context, options);
  const selected = await selectChanges(context, compared, options.paths ?? []);
  const masked = options.mask === true ? await maskedBy(context, options) : undefined;
  const files = [];
  for (const file of selected) {
    const read = 'change' in file ? await readChange(context.store, file) : file;
    const found = fileDiff(read, { text: options.text === true });
    files.push(masked === undefined ? found : await masked(found, read));
  }
  return { files };
}

/** Masks what either side marks as secret; of files that nobody has committed, what the worktree does. */
async function maskedBy(
  context: RepositoryContext,
  { revisions: [first, second] = [] }: DiffOptions,
): Promise<(found: FileDiff, read: ChangedFile) => Promise<FileDiff>> {
  const { store } = draftOf(context.store);
  const drafted = { ...context, store };
  const before =
    first === undefined
      ? await treeOf(store, (await readHead(store)).commit)
      : await treeOfRevision(store, first);
  const after =
    second === undefined ? await worktreeTree(drafted, store) : await treeOfRevision(store, second);
  const maskOf = await fileMasks(drafted, [before, after]);
  return (found, read) => maskedDiff(found, read, maskOf);
}

/** A change to read from the object store, or one that has been read. */
type Difference = FileChange | ChangedFile;

/** What differs, and all paths that could have. */
interface Compared {
  readonly differences: readonly Difference[];
  readonly candidates: () => Promise<Iterable<RepoPath>>;
}

async function comparedBy(context: RepositoryContext, options: DiffOptions): Promise<Compared> {
  const [first, second, third] = options.revisions ?? [];
  if (third !== undefined || (options.staged === true && second !== undefined))
    throw new ConfigError('E_USAGE', 'a diff compares two states, not more', { hint: 'cfg diff REV REV' });
  if (first === undefined)
    return options.staged === true ? stagedDifferences(context) : unstagedDifferences(context);
  const before = await treeOfRevision(context.store, first);
  if (second !== undefined)
    return betweenTrees(context.store, before, await treeOfRevision(context.store, second));
  if (options.staged === true)
    throw new ConfigError('E_USAGE', 'a staged diff is always against HEAD', { hint: 'cfg diff --staged' });
  return worktreeDifferences(context, before);
}

async function treeOfRevision(store: Store, revision: string): Promise<Oid> {
  const tree = await treeOf(store, await resolveCommit(store, revision));
  if (tree === null) throw new ConfigError('E_INTERNAL', 'a commit has no tree');
  return tree;
}

async function betweenTrees(store: Store, before: Oid, after: Oid): Promise<Compared> {
  return {
    differences: await changesBetween(store, before, after),
    candidates: async () => [
      ...(await filesOf(store, before)).keys(),
      ...(await filesOf(store, after)).keys(),
    ],
  };
}

async function stagedDifferences(context: RepositoryContext): Promise<Compared> {
  const { worktree } = checkedOut(context, 'show what is staged');
  const tree = await treeOf(context.store, (await readHead(context.store)).commit);
  return {
    differences: (await worktree.status(tree)).staged,
    candidates: async () => [
      ...(await trackedPaths(context)),
      ...(await filesOf(context.store, tree)).keys(),
    ],
  };
}

/** The index against the worktree; of a file with conflicts our side against it. */
async function unstagedDifferences(context: RepositoryContext): Promise<Compared> {
  const { index, worktree } = checkedOut(context, 'compare files (name two revisions)');
  const tree = await treeOf(context.store, (await readHead(context.store)).commit);
  const { unstaged, conflicts } = await worktree.status(tree);
  const entries = await index.read();
  const paths = [...new Set([...unstaged.map(({ path }) => path), ...conflicts])].toSorted();
  const differences: ChangedFile[] = [];
  for (const path of paths) {
    const entry =
      entryAt(entries, path) ?? entries.entries.find((one) => one.path === path && one.stage === 2);
    const before = entry && (await readVersion(context.store, entry));
    differences.push(...changedFile(path, before, await worktree.read(path)));
  }
  return { differences, candidates: () => trackedPaths(context) };
}

/** A tree against the files of the worktree; a path that is not in the index counts as absent from the worktree. */
async function worktreeDifferences(context: RepositoryContext, before: Oid): Promise<Compared> {
  const { store } = context;
  const { worktree } = checkedOut(context, 'compare with files (name two revisions)');
  const head = await treeOf(store, (await readHead(store)).commit);
  const { staged, unstaged, conflicts } = await worktree.status(head);
  const tracked = new Set(await trackedPaths(context));
  const touched = [...(await diffTrees(store, before, head)), ...staged, ...unstaged];
  const paths = new Set([
    ...touched.flatMap(({ path, from }) => (from === undefined ? [path] : [path, from])),
    ...conflicts,
  ]);
  const differences: ChangedFile[] = [];
  for (const path of [...paths].toSorted()) {
    const entry = await findFile(store, before, path);
    const after = tracked.has(path) ? await worktree.read(path) : undefined;
    differences.push(...changedFile(path, entry && (await readVersion(store, entry)), after));
  }
  return {
    differences,
    candidates: async () => [...tracked, ...(await filesOf(store, before)).keys()],
  };
}

async function trackedPaths(context: RepositoryContext): Promise<readonly RepoPath[]> {
  const index = await checkedOut(context, 'compare files').index.read();
  return index.entries.map(({ path }) => path);
}

/** One or no change: none when both sides are the same or absent. */
function changedFile(
  path: RepoPath,
  before: FileVersion | undefined,
  after: FileVersion | undefined,
): readonly ChangedFile[] {
  if (before === undefined) return after === undefined ? [] : [{ path, status: 'added', after }];
  if (after === undefined) return [{ path, status: 'deleted', before }];
  const same = before.mode === after.mode && Buffer.compare(before.data, after.data) === 0;
  return same ? [] : [{ path, status: 'modified', before, after }];
}

async function selectChanges(
  context: RepositoryContext,
  { differences, candidates }: Compared,
  patterns: readonly string[],
): Promise<readonly Difference[]> {
  if (patterns.length === 0) return differences;
  const selected = new Set(selectPaths(context, patterns, await candidates()));
  return differences.filter(
    ({ path, from }) => selected.has(path) || (from !== undefined && selected.has(from)),
  );
}
