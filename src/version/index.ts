export { bumpFor, bumpReasons } from './bump.js';
export type { BumpReason, FileChanges, RuleChange, VersionBump } from './bump.js';
export { schemaChanges } from './schema-change.js';
export {
  compareVersions,
  highestTagIn,
  isRange,
  maxSatisfying,
  nextVersion,
  parseTagName,
  parseVersion,
  tagNameOf,
  withinRange,
} from './version.js';
export type { TagVersion } from './version.js';
