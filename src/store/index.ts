/** Git repositories in bytes and names: objects, refs, index, worktree. Everything that touches `.git` is in this folder. */
export * from './types.js';
export { andThen } from './awaitable.js';
export { nodeFileSystem, type Fs } from './fs.js';
export { atomicWrite, readIfPresent, removeIfPresent } from './disk.js';
export { ioError } from './io-error.js';
export { openStore } from './open.js';
export type { PlaceInQueue } from './queue.js';
export { configAround } from './config/around.js';
export { buildId } from './build.js';
export { readOwnFile, userCacheFolder, writeOwnFile } from './user-cache.js';
export { loadGitConfig } from './config/load.js';
export { initStore } from './init.js';
export * from './maintenance/index.js';
export * from './transport/index.js';
export { assembleStore, memoryStore, type StoreParts } from './memory.js';
export {
  formatCommit,
  formatSignature,
  formatTag,
  parseCommit,
  parseSignature,
  parseTag,
} from './objects/codec.js';
export { objectOid, zeroOid } from './objects/oid.js';
export { readBlob, readCommit, readOnce, readTag } from './objects/read.js';
export { formatTree, parseTree } from './objects/tree.js';
export { checkSignature, type CheckedSignature, type SignatureStatus } from './signing/check.js';
export { signPayload, signsByDefault, type SigningContext } from './signing/sign.js';
export { signatureHeader, splitSigned } from './signing/split.js';
export { checkRepoPath } from './paths.js';
export { checkBranchName, checkRemoteName, checkTagName, isRefName } from './refs/name.js';
export { parseDateLimit } from './revision/date-limit.js';
export { patternOf } from './revision/pattern.js';
export { previousBranch, resolveCommit, resolveRevision, trackingRef } from './revision/resolve.js';
export { readVisibleCommit } from './history/commits.js';
export { isAncestor, mergeBases } from './history/bases.js';
export { DateQueue } from './history/date-queue.js';
export { CommitGraph } from './history/graph.js';
export { PathColumn } from './history/path-column.js';
export { walkCommits } from './history/walk.js';
export type { PathEntry } from './trees/path-finder.js';
export { diffTrees, findEntry, findFile, listFiles } from './trees/read.js';
export { MutableTree } from './trees/mutable.js';
export { planTree, type TreeChange, writeTree } from './trees/write.js';
export { detectRenames } from './worktree/renames.js';
export { indexLockPath, revisionPaths } from './watched-paths.js';
