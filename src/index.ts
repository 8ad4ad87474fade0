/// <reference types="node" preserve="true" />
/** The public API of `cfgit`. Re-exports only: what is not named here is private and may change in any release. */
export { ConfigError, type ConfigErrorOptions, type ErrorCode, isConfigError } from './errors.js';

// Documents: parse, read, edit in place, print.
export type {
  Address,
  ConfigDocument,
  ConfigObject,
  ConfigScalar,
  ConfigValue,
  Diagnostic,
  Format,
  KeyPath,
  KeySegment,
  Leaf,
  Limits,
  ParseOptions,
  Position,
  Severity,
  SourceRange,
} from './doc/index.js';
export {
  appendValue,
  formatAddress,
  formatKeyPath,
  formatOf,
  getValue,
  hasPath,
  leaves,
  locate,
  parseAddress,
  parseDocument,
  parseKeyPath,
  setValue,
  stringifyValue,
  unsetValue,
  valueOf,
} from './doc/index.js';

// Changes by key, and merges.
export { type Change as DocumentChange, diffDocuments, diffValues } from './diff/index.js';
export { mergeDocuments, resolveConflicts, resolvers } from './merge/index.js';
export type {
  Choices,
  Conflict,
  ConflictChoice,
  ConflictResolver,
  ConflictSide,
  LineRange,
  ListMatching,
  MergeInput,
  MergeMethod,
  MergeNote,
  MergeOutcome,
  MergeRules,
  MergeSuggestion,
} from './merge/index.js';

// Layered configuration at run time.
export { configTypes, formatConfig, loadConfig, problemsOf, sqlSource, watchConfig } from './load/index.js';
export type {
  AnySchema,
  Config,
  ConfigChange,
  ConfigSource,
  ConfigTypes,
  Explanation,
  InvalidConfig,
  LiveConfig,
  LiveEvents,
  LayerObject,
  LoadOptions,
  LookedAt,
  OutputFormat,
  OverriddenValue,
  Problem,
  SourceContent,
  SourceContext,
  SourceDocument,
  SourceHealth,
  SqlClient,
  SqlSourceOptions,
  StandardSchema,
  Unsubscribe,
  WatchOptions,
} from './load/index.js';
export type { Origin } from './layer/index.js';

// The repository: one method a verb of the command line.
export {
  cloneRepository,
  fsckRepository,
  initRepository,
  listRemoteRefs,
  openRepository,
} from './repo/index.js';
export type * from './repo/index.js';
export type { Settings } from './settings/index.js';

// The ports of the store, for repositories that are kept elsewhere, and the one that is kept in memory.
// Not through the index of the folder, which is the whole store: most programs never ask for a repository.
export { memoryStore } from './store/memory.js';
export type {
  Awaitable,
  Commit,
  Credentials,
  FileContent,
  FileMode,
  GitConfig,
  ObjectStore,
  Oid,
  RawObject,
  Ref,
  RefEdit,
  RefLog,
  ReflogEntry,
  RefStore,
  RemoteRef,
  RepoPath,
  Signature,
  Store,
  StoreParts,
  TransferProgress,
} from './store/index.js';
