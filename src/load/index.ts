/** Stacks: sources -> one validated value with the origin of every key. */
export type {
  Config,
  ConfigFiles,
  Environment,
  Explanation,
  LoadOptions,
  OverriddenValue,
  Problem,
  StackOptions,
} from './types.js';
