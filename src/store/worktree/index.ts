/** The checked-out files: status, staging, checkout. */
export type { WorktreeOptions } from './context.js';
export { contentProbe, openWorktree } from './open.js';
