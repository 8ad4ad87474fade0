export type * from './repository.js';
export type * from './types.js';
export type { PlainProblem, RelatedPlace } from './problems.js';
export { fileDiff, type ChangedFile } from './compare.js';
export { initRepository, type InitOptions } from './init.js';
export { fsckRepository, type FsckOptions } from './maintenance.js';
export { openRepository } from './open.js';
