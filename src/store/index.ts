/** Git repositories in bytes and names: objects, refs, index, worktree. Everything that touches `.git` is in this folder. */
export * from './types.js';
export { nodeFileSystem, type DirectoryEntry, type FileStat, type Fs } from './fs.js';
