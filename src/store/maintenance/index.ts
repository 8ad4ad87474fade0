/** Housekeeping of a repository on disk: gc and fsck. */
export { collectGarbage, type Collected, type CollectOptions, type ObjectFiles } from './gc.js';
