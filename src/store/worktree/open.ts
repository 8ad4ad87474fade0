import type { Worktree } from '../types.js';
import type { IsModified } from '../staging/index.js';
import { checkoutTrees, previewCheckout } from './checkout.js';
import { compareFile, isFixed } from './content.js';
import { type WorktreeContext, type WorktreeOptions, worktreeRules } from './context.js';
import { fileReader, readFile, writeFile } from './files.js';
import { Folders } from './folders.js';
import { diffTreeWithIndex } from './head-diff.js';
import { FolderListings } from './listings.js';
import { matchPaths } from './match.js';
import { restoreFiles } from './restore.js';
import { planStage, stageFiles } from './stage.js';
import { statusOf } from './status.js';
import { unstageFiles } from './unstage.js';

/** The checked-out files of a repository on disk. */
export function openWorktree(options: WorktreeOptions): Worktree {
  const listings = new FolderListings(options.disk.fs, options.root);
  const context: WorktreeContext = { ...options, rules: worktreeRules(options.config), listings };
  return {
    root: options.root,
    status: (headTree) => statusOf(context, headTree),
    staged: (tree) => diffTreeWithIndex(context.objects, tree, context.index.load()),
    read: (path, maxBytes) => readFile(context, path, maxBytes),
    reader: () => fileReader(context),
    write: (path, data) => writeFile(context, path, data),
    stage: (paths) => stageFiles(context, paths),
    planStage: (paths) => planStage(context, paths),
    match: (patterns, tree) => matchPaths(context, patterns, tree ?? null),
    unstage: (paths, headTree) => unstageFiles(context, paths, headTree),
    restore: (paths, tree) => restoreFiles(context, paths, tree),
    preview: (changes) => previewCheckout(context, changes),
    checkout: (from, to, unmerged = []) => checkoutTrees(context, { from, to }, unmerged),
  };
}

/** What tells the index whether the file of a young entry still has the content of the entry. */
export function contentProbe({
  disk,
  root,
  config,
}: Pick<WorktreeOptions, 'disk' | 'root' | 'config'>): IsModified {
  const context = { disk, root, rules: worktreeRules(config) };
  return (image, at) => {
    if (isFixed(image, at) || image.stage(at) !== 0 || image.modeBits(at) === 0o160000) return false;
    const path = image.path(at);
    const stat = new Folders(disk.fs, root).stat(path);
    return !stat || compareFile(context, image, { at, path, stat }) === 'modified';
  };
}
