export { decide, needsMergeCommit, protectionOf } from './policy.js';
export type { BranchAction, BranchRule, Facts, Protection, ProtectionLevel, Reason } from './policy.js';
