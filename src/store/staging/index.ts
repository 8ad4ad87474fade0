/** The staging area: `.git/index`, read in versions 2 to 4, written in 2 and 3. */
export { type CacheTree, knownTree } from './cache-tree.js';
export { childrenOf, type IndexChild, type IndexFolder } from './children.js';
export { buildIndex, type IndexEdit, type NewEntry, parentsOf } from './edit.js';
export { extendedFlag, field, flag, type IndexImage } from './image.js';
export { type IndexFile, type IsModified, openIndex, unmergedPaths } from './index-file.js';
export { isRacy, matchesStat, type StatRules } from './stat-data.js';
