/** Stacks: sources -> one validated value with the origin of every key. */
export type {
  Config,
  ConfigFiles,
  Explanation,
  LayerObject,
  LoadOptions,
  OverriddenValue,
  Problem,
  StackOptions,
} from './types.js';
export { formatConfig, type OutputFormat } from './format.js';
export { configTypes, loadConfig, readStack, type ConfigTypes } from './load.js';
export { problemsOf } from './problems.js';
export { maskChange, maskExplanation } from './config.js';
export { documentMask } from './secrets.js';
export { sqlSource, type SqlClient, type SqlSourceOptions } from './source/sql.js';
export type { AnySchema } from './conform.js';
export type { StandardSchema } from './standard-schema.js';
export { listingOf } from './listing.js';
export type {
  ConfigSource,
  LookedAt,
  SourceContent,
  SourceContext,
  SourceDocument,
  SourceHealth,
} from './source/types.js';
export { loadStack } from './stack.js';
export { watchTree } from './watch/tree.js';
export { watchConfig } from './watch.js';
export { withFiles } from './with-files.js';
export type {
  ConfigChange,
  InvalidConfig,
  LiveConfig,
  LiveEvents,
  Unsubscribe,
  WatchOptions,
} from './watch/types.js';
