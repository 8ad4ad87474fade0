export { bumpFor } from './bump.js';
export type { Bump, FileChanges, VersionBump } from './bump.js';
export { compareVersions, isRange, maxSatisfying, nextVersion, parseVersion, satisfies } from './version.js';
export type { Version } from './version.js';
