/** Git repositories in bytes and names: objects, refs, index, worktree. Everything that touches `.git` is in this folder. */
export * from './types.js';
export { nodeFileSystem, type DirectoryEntry, type FileStat, type Fs } from './fs.js';
export { atomicWrite, type AtomicWriteOptions } from './disk.js';
export { openStore, type StoreOptions } from './open.js';
export { type Environment, loadGitConfig } from './config/load.js';
export { type InitOptions, type InitResult, initStore } from './init.js';
export * from './maintenance/index.js';
export { assembleStore, memoryStore, type StoreParts } from './memory.js';
export {
  formatCommit,
  formatSignature,
  formatTag,
  parseCommit,
  parseSignature,
  parseTag,
} from './objects/codec.js';
export { emptyTreeOid, objectOid, zeroOid } from './objects/oid.js';
export { readBlob, readCommit, readTag, readTree } from './objects/read.js';
export { formatTree, parseTree } from './objects/tree.js';
export { checkRepoPath } from './paths.js';
export { checkBranchName, checkRefName, checkTagName } from './refs/name.js';
export { fullRefName } from './revision/names.js';
export { resolveCommit, resolveRevision, trackingRef } from './revision/resolve.js';
export type { CommitNode } from './history/commits.js';
export { isAncestor, mergeBases } from './history/bases.js';
export { walkCommits, type WalkOptions } from './history/walk.js';
export { diffTrees, findEntry, findFile, listFiles } from './trees/read.js';
export { type PlannedTree, planTree, type TreeChange, writeTree } from './trees/write.js';
export { detectRenames } from './worktree/renames.js';
