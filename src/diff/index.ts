export { comparableAt } from './at.js';
export type { ComparableValue } from './at.js';
export type { Change } from './types.js';
export { diffDocuments, diffValues } from './values.js';
export { diffSequences } from './sequences.js';
export { similarity } from './similarity.js';
export { summarize } from './summary.js';
export type { FileSummary } from './summary.js';
export { unifiedDiff } from './unified.js';
