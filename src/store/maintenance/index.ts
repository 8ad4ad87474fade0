/** Housekeeping of a repository on disk: gc and fsck. */
export { collectGarbage, type Collected } from './gc.js';
export { type Checked, checkStore } from './fsck.js';
