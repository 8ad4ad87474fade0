export { bumpFor } from './bump.js';
export type { FileChanges, VersionBump } from './bump.js';
export {
  compareVersions,
  isRange,
  maxSatisfying,
  nextVersion,
  parseVersion,
  withinRange,
} from './version.js';
export type { Version } from './version.js';
