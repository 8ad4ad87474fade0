export {
  bringIn,
  decide,
  decideSigned,
  isAsStrong,
  judgesSteps,
  needsMergeCommit,
  protectionOf,
} from './policy.js';
export type {
  BranchAction,
  BranchRule,
  Facts,
  MissingSignatures,
  Protection,
  ProtectionLevel,
  Reason,
} from './policy.js';
