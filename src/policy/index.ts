export { decide, needsMergeCommit, protectionOf } from './policy.js';
export type {
  BranchAction,
  BranchRule,
  Decision,
  Discounted,
  Facts,
  Protection,
  ProtectionLevel,
  Reason,
} from './policy.js';
