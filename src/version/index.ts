export { bumpFor, bumpReasons } from './bump.js';
export type { BumpReason, FileChanges, RuleChange, VersionBump } from './bump.js';
export { compareSchemas } from './compatibility/compare.js';
export { schemaEffects, type SchemaSource } from './compatibility/effects.js';
export { phrase, phraseText, type Phrase } from './phrase.js';
export {
  badVersion,
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
