/** The answers about the protection of branches: checks, approvals, pushes. */
import type { ProtectionLevel, Reason } from '../policy/index.js';
import type { CheckedSignature, Oid } from '../store/index.js';
import type { MergeConflict } from './merge-types.js';
import type { PlainProblem } from './problems.js';
import type { FileDiff } from './types.js';

/** Whether a merge into a branch would be allowed, and what it would do. */
export interface CheckAnswer {
  readonly allowed: boolean;
  /** What the protection of the branch asks for and the merge does not have. */
  readonly reasons: readonly Reason[];
  readonly conflicts: readonly MergeConflict[];
  /** What the merge would do to the version; null with conflicts. */
  readonly bump: 'major' | 'minor' | 'patch' | 'none' | null;
  /** What the reason `valid` counts, each at its place in the result of the merge. */
  readonly problems: readonly PlainProblem[];
  /** What the branch would get, by key; without the files in conflict. */
  readonly changes: readonly FileDiff[];
  /** Those of exactly the head, oldest first. */
  readonly approvals: readonly CheckedApproval[];
}

/** An approval, and whether it counts. */
export interface CheckedApproval extends ApprovalInfo {
  readonly counts: boolean;
  /** Why it does not count: it is by an author of the commits that would come, or lacks the signature of an allowed signer. */
  readonly discounted?: 'author' | 'unsigned';
}

/** An approval of one commit. */
export interface ApprovalInfo {
  /** `Name <email>`. */
  readonly by: string;
  /** RFC 3339 with the approver's own offset. */
  readonly at: string;
  /** `''` when none was given. */
  readonly message: string;
  /** Absent: not signed. */
  readonly signature?: CheckedSignature;
}

/** Who approved a commit. */
export interface ApprovalsAnswer {
  readonly commit: Oid;
  /** One a person, oldest first. */
  readonly approvals: readonly ApprovalInfo[];
}

/** A rule that stands in `cfg.yaml` now. */
export interface ProtectAnswer {
  readonly pattern: string;
  readonly level: ProtectionLevel;
  /** 0 below `strict`. */
  readonly approvals: number;
  /** Only signed approvals count. */
  readonly signedApprovals?: boolean;
  /** Every commit that comes in must be signed. */
  readonly signed?: boolean;
}

/** Why a ref of a push is refused. */
export interface RefusedRef extends Reason {
  readonly ref: string;
}

/** Which refs of a push break a rule. */
export interface PushVerdict {
  readonly accepted: boolean;
  /** Sorted by ref. */
  readonly refused: readonly RefusedRef[];
  /** Why rules that stand in what is pushed will not count. */
  readonly warnings?: readonly string[];
}

/** The hook of a repository that is pushed to. */
export interface ServerHookAnswer {
  /** The absolute path of the hook. */
  readonly hook: string;
  /** The branch whose rules hold for new branches; null while HEAD names one that is not there. */
  readonly branch: string | null;
  /** Why rules that stand there do not count. */
  readonly warnings?: readonly string[];
}
