import { checkRepoPath } from '../paths.js';
import type { NewEntry } from '../staging/index.js';
import { findFile } from '../trees/read.js';
import type { FileEntry, Oid, RepoPath } from '../types.js';
import type { WorktreeContext } from './context.js';

/** Makes the index entries of paths those of a tree again; files stay as they are. Returns the paths that changed, sorted. Throws E_BAD_PATH, E_LOCKED, E_IO. */
export async function unstageFiles(
  context: WorktreeContext,
  paths: readonly RepoPath[],
  headTree: Oid | null,
): Promise<readonly RepoPath[]> {
  const wanted = new Map<RepoPath, FileEntry | undefined>();
  for (const path of paths) {
    checkRepoPath(path);
    wanted.set(path, headTree === null ? undefined : await findFile(context, headTree, path));
  }
  return context.index.edit((image) => {
    const set = new Map<RepoPath, readonly NewEntry[]>();
    for (const [path, file] of wanted) {
      const [low, high] = image.range(Buffer.from(path));
      const entry = high === low + 1 ? image.entry(low) : undefined;
      const isSame = file
        ? entry?.stage === 0 && entry.oid === file.oid && entry.mode === file.mode
        : low === high;
      if (!isSame) set.set(path, file ? [{ ...file, stage: 0 }] : []);
    }
    return { ...(set.size > 0 ? { edit: { set } } : {}), result: [...set.keys()].toSorted() };
  });
}
