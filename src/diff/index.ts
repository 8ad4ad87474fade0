export type { Change, ChangeKind } from './types.js';
export { diffDocuments, diffValues } from './values.js';
export { diffSequences } from './sequences.js';
export type { MatchingRun } from './sequences.js';
