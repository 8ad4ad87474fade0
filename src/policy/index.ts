export { decide, needsMergeCommit, protectionOf } from './policy.js';
export type {
  BranchAction,
  BranchRule,
  Decision,
  Facts,
  Protection,
  ProtectionLevel,
  Reason,
} from './policy.js';
