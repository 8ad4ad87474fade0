/** The checked-out files: status, staging, checkout. */
export { contentProbe, openWorktree } from './open.js';
