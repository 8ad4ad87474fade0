/** Three-way merges: of texts by line, of documents by key, of trees by file. Pure: nothing here reads or writes. */
export type {
  Conflict,
  ConflictChoice,
  ConflictKind,
  ConflictSide,
  LineRange,
  ListMatching,
  MergeInput,
  MergeLabels,
  MergeMethod,
  MergeNote,
  MergeOutcome,
  MergeRules,
  MergeSide,
  MergeSuggestion,
} from './types.js';
export { mergeDocuments, resolveConflicts } from './document.js';
export { rulesOf } from './rules.js';
export type { ConflictResolver } from './resolvers.js';
export { resolvers } from './resolvers.js';
export type { Choices } from './strategies.js';
export { fitsBoth, requireStrategy } from './strategies.js';
export { mergeText } from './text.js';
export type { ContentMergeOutcome } from './contents.js';
export { mergeContents } from './contents.js';
export type { ContentMerge, TreeChange, TreeConflict, TreeFile, TreeMergePlan } from './tree-types.js';
export { planTreeMerge } from './tree.js';
export type { FolderMove } from './folder-rename.js';
export { folderMoves } from './folder-rename.js';
