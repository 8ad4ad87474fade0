/** What Git leaves out of a worktree: `.gitignore`, `.git/info/exclude`, core.excludesFile. */
export { type IgnoreScope, rootIgnoreScope } from './scope.js';
export { byteString, compileWildmatch } from './wildmatch.js';
