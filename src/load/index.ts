/** Stacks: sources -> one validated value with the origin of every key. */
export type {
  Config,
  ConfigFiles,
  Explanation,
  LoadOptions,
  OverriddenValue,
  StackOptions,
} from './types.js';
export { formatConfig, type OutputFormat } from './format.js';
export { loadConfig } from './load.js';
export { loadStack } from './stack.js';
