import { isConfigError } from '../../errors.js';
import { type IndexImage, knownTree, unmergedPaths } from '../staging/index.js';
import type { FileChange, FileEntry, Oid, WorktreeStatus } from '../types.js';
import { rebuildCacheTree } from './cache.js';
import type { WorktreeContext } from './context.js';
import { diffTreeWithIndex } from './head-diff.js';
import { detectRenames } from './renames.js';
import { type Scan, scanWorktree } from './scan.js';

/**
 * HEAD, index and worktree compared; equal to `git status --porcelain -uall`, but that folders of other repositories are not looked at. Where files turn out to be
 * unchanged under new stat data the index is brought up to date on the way, unless someone else holds it or it cannot be written.
 */
export async function statusOf(context: WorktreeContext, headTree: Oid | null): Promise<WorktreeStatus> {
  const image = context.index.load();
  const scan = scanWorktree(context, image);
  const changes = await diffTreeWithIndex(context.objects, headTree, image);
  const conflicts = unmergedPaths(image);
  const isHead =
    changes.length === 0 && conflicts.length === 0 && ![...scan.changed.values()].includes('added');
  await refreshIndex(context, image, { scan, tree: isHead ? headTree : null });
  return {
    staged: await detectRenames(context.objects, changes),
    unstaged: unstagedChanges(image, scan),
    untracked: scan.untracked,
    repositories: scan.repositories,
    unreadable: scan.unreadable,
    conflicts,
  };
}

function unstagedChanges(image: IndexImage, { changed }: Scan): FileChange[] {
  const changes: FileChange[] = [];
  for (const [at, change] of changed) {
    const entry: FileEntry = image.entry(at);
    changes.push({ path: entry.path, change, ...(change === 'added' ? {} : { before: fileOf(entry) }) });
  }
  return changes.toSorted((a, b) => (a.path < b.path ? -1 : 1));
}

const fileOf = ({ path, mode, oid }: FileEntry): FileEntry => ({ path, mode, oid });

/**
 * Writes down what was learnt: stat data of files that had not changed, and the trees of an index that is that of `tree`. git does the former, with the
 * same switch to turn it off: GIT_OPTIONAL_LOCKS=0. That the index is held or cannot be written is no matter; then the next one learns it again.
 */
async function refreshIndex(
  context: WorktreeContext,
  image: IndexImage,
  { scan, tree }: { readonly scan: Scan; readonly tree: Oid | null },
): Promise<void> {
  const known = knownTree(image);
  const cacheTree =
    tree === null || image.count === 0 || known?.oid === tree
      ? undefined
      : await rebuildCacheTree(context.objects, known, tree);
  if ((scan.touched.size === 0 && !cacheTree) || context.env['GIT_OPTIONAL_LOCKS'] === '0') return;
  const edit = { refreshed: scan.touched, ...(cacheTree ? { cacheTree } : {}) };
  try {
    await context.index.edit((now) => ({ ...(now === image ? { edit } : {}), result: undefined }), {
      wait: false,
    });
  } catch (error) {
    if (!isConfigError(error, 'E_LOCKED', 'E_IO')) throw error;
  }
}
