import { isConfigError } from '../../errors.js';
import type { IndexImage } from '../staging/index.js';
import type { FileChange, FileEntry, Oid, RepoPath, WorktreeStatus } from '../types.js';
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
  const staged = await detectRenames(
    context.objects,
    await diffTreeWithIndex(context.objects, headTree, image),
  );
  if (scan.touched.size > 0) await refreshIndex(context, image, scan);
  return {
    staged,
    unstaged: unstagedChanges(context, image, scan),
    untracked: scan.untracked,
    conflicts: conflictsOf(image),
  };
}

function unstagedChanges(context: WorktreeContext, image: IndexImage, { changed }: Scan): FileChange[] {
  const changes: FileChange[] = [];
  for (const [at, change] of changed) {
    const entry: FileEntry = image.entry(at);
    changes.push({ path: entry.path, change, ...(change === 'added' ? {} : { before: fileOf(entry) }) });
  }
  return changes.toSorted((a, b) => (a.path < b.path ? -1 : 1));
}

const fileOf = ({ path, mode, oid }: FileEntry): FileEntry => ({ path, mode, oid });

function conflictsOf(image: IndexImage): RepoPath[] {
  const paths = new Set<RepoPath>();
  for (let at = 0; at < image.count; at += 1) if (image.stage(at) !== 0) paths.add(image.path(at));
  return [...paths].toSorted();
}

/** git does the same, with the same switch to turn it off: GIT_OPTIONAL_LOCKS=0. */
async function refreshIndex(context: WorktreeContext, image: IndexImage, scan: Scan): Promise<void> {
  if (context.env['GIT_OPTIONAL_LOCKS'] === '0') return;
  try {
    await context.index.edit((now) => ({
      ...(now === image ? { edit: { refreshed: scan.touched } } : {}),
      result: undefined,
    }));
  } catch (error) {
    if (!isConfigError(error, 'E_LOCKED', 'E_IO')) throw error;
  }
}
