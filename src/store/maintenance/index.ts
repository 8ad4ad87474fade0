/** Housekeeping of a repository on disk: gc and fsck. */
export { collectGarbage, type Collected, type CollectOptions, type ObjectFiles } from './gc.js';
export { type Checked, type CheckOptions, checkStore } from './fsck.js';
export type { ProblemKind, RepositoryProblem } from './finding.js';
