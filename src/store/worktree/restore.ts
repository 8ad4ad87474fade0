import { ConfigError, shellWord } from '../../errors.js';
import type { FileStat } from '../fs.js';
import { checkRepoPath } from '../paths.js';
import type { IndexEdit, IndexImage, NewEntry } from '../staging/index.js';
import { findFile } from '../trees/read.js';
import type { FileEntry, Oid, RepoPath } from '../types.js';
import { compareFile } from './content.js';
import type { WorktreeContext } from './context.js';
import { Folders } from './folders.js';
import { holds, obstaclesOf, refuseToOverwrite } from './obstacles.js';
import { Publication } from './publish.js';

/** What a path becomes; undefined: no file. */
type Wanted = ReadonlyMap<RepoPath, FileEntry | undefined>;

/**
 * Makes files (and with `tree` their index entries) what the index or the tree says; local changes to them are lost, which is the purpose. Files
 * that were never tracked are not removed, not even to make room: that is E_LOCAL_CHANGES. Returns the paths that changed, sorted.
 *
 * Throws E_FILE_NOT_FOUND (neither there nor in the index), E_CONFLICT (unmerged, without `tree`), E_BAD_PATH, E_LOCAL_CHANGES, E_STALE, E_OBJECT_MISSING, E_LOCKED, E_IO.
 */
export async function restoreFiles(
  context: WorktreeContext,
  paths: readonly RepoPath[],
  tree: Oid | undefined,
): Promise<readonly RepoPath[]> {
  const wanted = await wantedFiles(context, paths, tree);
  const early = plan(context, context.index.load(), wanted);
  const publication = new Publication(context);
  try {
    await publication.prepare(early.writes);
    return await context.index.edit((now) => {
      const { removals, writes } = plan(context, now, wanted);
      const stats = publication.publish(removals, writes);
      const { edit, changed } = tree === undefined ? refreshed(now, stats) : replaced(now, wanted, stats);
      const result = [...new Set([...removals, ...stats.keys(), ...changed])].toSorted();
      return { edit, result };
    });
  } finally {
    publication.discard();
  }
}

async function wantedFiles(
  context: WorktreeContext,
  paths: readonly RepoPath[],
  tree: Oid | undefined,
): Promise<Wanted> {
  const image = context.index.load();
  const wanted = new Map<RepoPath, FileEntry | undefined>();
  for (const path of paths) {
    checkRepoPath(path);
    const file = tree === undefined ? fileInIndex(image, path) : await findFile(context, tree, path);
    if (!file && !isTracked(image, path))
      throw new ConfigError('E_FILE_NOT_FOUND', `'${path}' is not tracked`, { details: { path } });
    wanted.set(path, file);
  }
  return wanted;
}

function isTracked(image: IndexImage, path: RepoPath): boolean {
  const [low, high] = image.range(Buffer.from(path));
  return low < high;
}

/** Throws E_CONFLICT. */
function fileInIndex(image: IndexImage, path: RepoPath): FileEntry | undefined {
  const [low, high] = image.range(Buffer.from(path));
  if (low === high) return undefined;
  if (image.stage(low) === 0) return image.entry(low);
  throw new ConfigError('E_CONFLICT', `'${path}' is in conflict`, {
    hint: `run cfg resolve ${shellWord(path)} --ours; or: cfg merge --abort`,
    details: { path },
  });
}

function plan(
  context: WorktreeContext,
  image: IndexImage,
  wanted: Wanted,
): { readonly removals: readonly RepoPath[]; readonly writes: readonly FileEntry[] } {
  const folders = new Folders(context.disk.fs, context.root);
  const gone = new Set([...wanted].flatMap(([path, file]) => (file ? [] : [path])));
  const [removals, writes, blocked]: [RepoPath[], FileEntry[], RepoPath[]] = [[], [], []];
  for (const [path, file] of wanted) {
    const stat = folders.stat(path);
    if (!file) {
      if (stat && stat.kind !== 'directory') removals.push(path);
    } else if (!isAsWanted(context, image, { file, stat })) {
      blocked.push(...obstaclesOf(folders, path, gone));
      writes.push(file);
    }
  }
  refuseToOverwrite(blocked);
  return { removals, writes };
}

function isAsWanted(
  context: WorktreeContext,
  image: IndexImage,
  { file, stat }: { readonly file: FileEntry; readonly stat: FileStat | undefined },
): boolean {
  if (!stat) return false;
  if (file.mode === '160000') return stat.kind === 'directory';
  const [low, high] = image.range(Buffer.from(file.path));
  const entry = high === low + 1 && image.stage(low) === 0 ? image.entry(low) : undefined;
  if (entry?.oid !== file.oid || entry.mode !== file.mode) return holds(context, file, stat);
  return compareFile(context, image, { at: low, path: file.path, stat }) !== 'modified';
}

interface Result {
  readonly edit: IndexEdit;
  readonly changed: readonly RepoPath[];
}

function refreshed(image: IndexImage, stats: ReadonlyMap<RepoPath, FileStat>): Result {
  const found = new Map<number, FileStat>();
  for (const [path, stat] of stats) found.set(image.lowerBound(Buffer.from(path)), stat);
  return { edit: { refreshed: found }, changed: [] };
}

function replaced(image: IndexImage, wanted: Wanted, stats: ReadonlyMap<RepoPath, FileStat>): Result {
  const set = new Map<RepoPath, readonly NewEntry[]>();
  const found = new Map<number, FileStat>();
  for (const [path, file] of wanted) {
    const stat = stats.get(path);
    const [low, high] = image.range(Buffer.from(path));
    const entry = high === low + 1 ? image.entry(low) : undefined;
    const isSame = file && entry?.stage === 0 && entry.oid === file.oid && entry.mode === file.mode;
    if (isSame && stat) found.set(low, stat);
    if (!isSame && (file || low < high))
      set.set(path, file ? [{ ...file, stage: 0, ...(stat ? { stat } : {}) }] : []);
  }
  return { edit: { set, refreshed: found }, changed: [...set.keys()] };
}
