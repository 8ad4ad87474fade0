import { shellWord } from '../errors.js';
import { matchPath } from '../doc/index.js';

/** How well a branch is protected, weakest first. */
export type ProtectionLevel = (typeof levels)[number];

const levels = ['none', 'basic', 'standard', 'strict'] as const;

/** One entry under `branches` in `cfg.yaml`. */
export interface BranchRule {
  /** A branch name or a glob over them: `release/*`. */
  readonly pattern: string;
  readonly protection: ProtectionLevel;
  /** How many people must approve what is merged; only `strict` asks for them. */
  readonly approvals: number;
  /** Only approvals signed by an allowed signer count. */
  readonly signedApprovals?: boolean;
  /** Every commit that comes into the branch must be signed by an allowed signer. */
  readonly signed?: boolean;
}

/** The protection of one branch. */
export interface Protection {
  readonly level: ProtectionLevel;
  readonly approvals: number;
  readonly signedApprovals?: boolean;
  readonly signed?: boolean;
  /** The pattern that decided; absent when no rule matches. */
  readonly pattern?: string;
}

/**
 * What is about to happen to a branch. `commit`: commits become part of it without a merge commit of their own (so a fast-forward
 * too). `create`: a server gets a new branch of that name. `rewrite`: it moves to a commit that does not contain its tip. `delete`: it goes away, by renaming too.
 */
export type BranchAction = 'commit' | 'merge' | 'create' | 'rewrite' | 'delete';

/** What the decision depends on besides the rule. Merge facts may be left out for other actions. */
export interface Facts {
  readonly branch: string;
  /** The branch has no commit yet: the first one is always allowed. */
  readonly empty?: boolean;
  /** Of a new branch: its commits are all on the default branch, or on one that takes merges only. */
  readonly inside?: boolean;
  /** Of a new branch: where it begins, its own rules protect it no less. */
  readonly guarded?: boolean;
  /** What is being merged, as the user would name it in a command. */
  readonly head?: string;
  /** The merged head contains the tip of the branch. */
  readonly upToDate?: boolean;
  /** The result is exactly the content of the merged head, so nothing comes in that was not looked at. */
  readonly exact?: boolean;
  /** Approvals of exactly the merged head, by people other than the authors of its new commits. */
  readonly approvals?: number;
  /** Approvals that do not count, and why; only told. */
  readonly discounted?: Discounted;
  /** New commits that no allowed signer signed. */
  readonly unsigned?: MissingSignatures;
  /** How many problems validation finds in the result: files that do not parse, schemas not satisfied, stacks that do not load. */
  readonly problems?: number;
}

/** Approvals that do not count. */
export interface Discounted {
  /** By authors of the new commits. */
  readonly own: number;
  /** Of other new commits than the head. */
  readonly stale: number;
  /** Without a signature of an allowed signer, where it needs one. */
  readonly unsigned?: number;
}

/** Commits without a signature of an allowed signer. */
export interface MissingSignatures {
  readonly count: number;
  /** One of them, and what it lacks. */
  readonly first: string;
}

/** One thing that stands in the way. */
export interface Reason {
  /** Stable id: `merges-only`, `no-rewrite`, `no-delete`, `new-branch`, `valid`, `up-to-date`, `exact`, `approvals`, `signed`; of a check also `conflicts`. */
  readonly rule: string;
  /** Names the branch, its protection and what is missing. */
  readonly message: string;
  /** The command that supplies it. */
  readonly hint: string;
}

/** Whether an action is allowed, and everything that stands in its way. */
export interface Decision {
  readonly allowed: boolean;
  readonly reasons: readonly Reason[];
}

/** The protection of a branch (`main`, without `refs/heads/`): the first rule whose pattern matches; `none` without one. */
export function protectionOf(branch: string, rules: readonly BranchRule[]): Protection {
  const rule = rules.find(({ pattern }) => pattern === branch || matchPath(pattern, branch));
  if (rule === undefined) return { level: 'none', approvals: 0 };
  const { protection: level, pattern, signed, signedApprovals } = rule;
  const approvals = level === 'strict' ? rule.approvals : 0;
  const signing = {
    ...(signed === true && { signed }),
    ...(signedApprovals === true && { signedApprovals }),
  };
  return { level, approvals, pattern, ...signing };
}

/** Whether a protection demands all that another one does. */
export function isAsStrong(one: Protection, than: Protection): boolean {
  return (
    levels.indexOf(one.level) >= levels.indexOf(than.level) &&
    one.approvals >= than.approvals &&
    (one.signed === true || than.signed !== true) &&
    (one.signedApprovals === true || than.signedApprovals !== true)
  );
}

/** Whether every step of a branch after its first commit must be a merge commit, so that a merge never fast-forwards it. */
export function needsMergeCommit(level: ProtectionLevel): boolean {
  return level === 'standard' || level === 'strict';
}

/** Whether every step of a branch has to be looked at, because it may break a rule that a commit of its own does not show. */
export function judgesSteps({ level, signed }: Protection): boolean {
  return needsMergeCommit(level) || signed === true;
}

/**
 * Decides whether an action on a branch is allowed under its protection.
 *
 * | level | commit | rewrite, delete | create | merge |
 * | --- | --- | --- | --- | --- |
 * | none | yes | yes | yes | yes |
 * | basic | yes | no | yes | yes |
 * | standard | no | no | inside, guarded | when the result is valid |
 * | strict | no | no | inside, guarded | when the result is valid, the head contains the tip and is the result, and enough people approved exactly that head |
 *
 * Where the rule says `signed`, a merge and a new branch also need signatures of all new commits. Those of a direct commit are judged when it is made
 * ({@link decideSigned}), before the branch moves.
 *
 * Pure: the caller gathers the facts, under the lock that the ref update takes. A merge fact that is left out counts as not met.
 */
export function decide(protection: Protection, action: BranchAction, facts: Facts): Decision {
  const reasons = reasonsFor(protection, action, facts);
  return { allowed: reasons.length === 0, reasons };
}

/** Decides whether commits may come into a branch as far as their signatures go; that they were not looked at counts as none. */
export function decideSigned(
  protection: Protection,
  facts: Pick<Facts, 'branch' | 'head' | 'unsigned'>,
): Decision {
  const { level, signed } = protection;
  if (level === 'none' || signed !== true || facts.unsigned?.count === 0)
    return { allowed: true, reasons: [] };
  return { allowed: false, reasons: [unsignedCommits(describe(protection, facts.branch), facts)] };
}

function reasonsFor(protection: Protection, action: BranchAction, facts: Facts): readonly Reason[] {
  if (protection.level === 'none') return [];
  const subject = describe(protection, facts.branch);
  if (action === 'rewrite') return [noRewrite(subject, facts.branch)];
  if (action === 'delete') return [noDelete(subject, facts.branch)];
  if (facts.empty === true) return [];
  const signatures = action === 'commit' ? [] : decideSigned(protection, facts).reasons;
  if (protection.level === 'basic') return signatures;
  if (action === 'commit') return [mergesOnly(subject, facts.branch)];
  if (action === 'merge') return [...mergeReasons(protection, subject, facts), ...signatures];
  return [...startReasons(subject, facts), ...signatures];
}

function startReasons(subject: string, { branch, inside, guarded }: Facts): readonly Reason[] {
  if (inside !== true) return [unknownStart(subject, branch)];
  return guarded === true ? [] : [unguardedStart(subject, branch)];
}

function mergeReasons(protection: Protection, subject: string, facts: Facts): readonly Reason[] {
  const { branch, head = 'HEAD', problems = 1 } = facts;
  const valid = problems > 0 ? [invalid(subject, problems, bringIn(head, branch))] : [];
  if (protection.level !== 'strict') return valid;
  const { upToDate = false, exact = false, approvals = 0 } = facts;
  const missing = protection.approvals - approvals;
  return [
    ...valid,
    ...(upToDate ? [] : [behind(subject, branch, head)]),
    ...(upToDate && !exact ? [unseen(subject, head)] : []),
    ...(missing > 0 ? [unapproved(subject, { facts, missing, protection })] : []),
  ];
}

function describe({ level, pattern }: Protection, branch: string): string {
  const rule = pattern === undefined || pattern === branch ? level : `${level}, by the rule '${pattern}'`;
  return `branch '${branch}' is protected (${rule})`;
}

function mergesOnly(subject: string, branch: string): Reason {
  return {
    rule: 'merges-only',
    message: `${subject}: it takes merges only, no direct commit`,
    hint: `commit on another branch (cfg switch NAME -c), then: cfg switch ${shellWord(branch)} && cfg merge NAME`,
  };
}

function noRewrite(subject: string, branch: string): Reason {
  return {
    rule: 'no-rewrite',
    message: `${subject}: its history cannot be rewritten`,
    hint: `take a change back with a new commit: cfg revert REV (merged into ${branch} like any other)`,
  };
}

function noDelete(subject: string, branch: string): Reason {
  return {
    rule: 'no-delete',
    message: `${subject}: it cannot be deleted or renamed`,
    hint: `lift the protection first: cfg protect ${shellWord(branch)} none`,
  };
}

function unknownStart(subject: string, branch: string): Reason {
  return {
    rule: 'new-branch',
    message: `${subject}: it would begin with commits that no such branch has`,
    hint: `create it at a commit of the main branch (git push REMOTE ${shellWord(`main:${branch}`)}), then merge into it`,
  };
}

function unguardedStart(subject: string, branch: string): Reason {
  return {
    rule: 'new-branch',
    message: `${subject}: the cfg.yaml of the commit that it would begin at protects it less`,
    hint: `create it at a commit that has the rule (git push REMOTE ${shellWord(`main:${branch}`)})`,
  };
}

/** The commands that bring what a branch has into what is to be merged into it. */
export function bringIn(head: string, branch: string): string {
  const merge = `cfg merge ${shellWord(branch)}`;
  if (head === 'HEAD') return merge;
  return `cfg switch ${isCommitId(head) ? `-c NAME ${head}` : shellWord(head)} && ${merge}`;
}

function invalid(subject: string, problems: number, bringing: string): Reason {
  return {
    rule: 'valid',
    message: `${subject}: the result of the merge has ${problems} ${problems === 1 ? 'problem' : 'problems'}`,
    hint: `see them where they can be corrected: ${bringing} && cfg validate`,
  };
}

function behind(subject: string, branch: string, head: string): Reason {
  return {
    rule: 'up-to-date',
    message: `${subject}: '${head}' does not contain the tip of '${branch}'`,
    hint: `bring it up to date: ${bringIn(head, branch)}`,
  };
}

/** Who judges a merge that was made already knows its head by nothing else. */
function isCommitId(text: string): boolean {
  return /^[0-9a-f]{7,40}$/.test(text);
}

function unseen(subject: string, head: string): Reason {
  return {
    rule: 'exact',
    message: `${subject}: the merge has content that is not in '${head}'`,
    hint: `commit it on '${head}' and have that approved`,
  };
}

function unapproved(
  subject: string,
  {
    facts,
    missing,
    protection,
  }: { readonly facts: Facts; readonly missing: number; readonly protection: Protection },
): Reason {
  const { head = 'HEAD', discounted = { own: 0, stale: 0 } } = facts;
  const { own, stale, unsigned = 0 } = discounted;
  const { approvals: needed, signedApprovals = false } = protection;
  const what = `${signedApprovals ? 'signed ' : ''}${needed === 1 ? 'approval' : 'approvals'}`;
  const others = [
    ...(own > 0 ? [`${own} by ${own === 1 ? 'an author' : 'authors'} of it`] : []),
    ...(stale > 0 ? [`${stale} of an earlier commit`] : []),
    ...(unsigned > 0 ? [`${unsigned} without the signature of an allowed signer`] : []),
  ];
  const note = others.length === 0 ? '' : ` (not counting ${others.join(' and ')})`;
  return {
    rule: 'approvals',
    message: `${subject}: '${head}' lacks ${missing} of ${needed} ${what}${note}`,
    hint: `someone other than its authors approves it: cfg approve ${shellWord(head)}${signedApprovals ? ' -S' : ''}`,
  };
}

function unsignedCommits(
  subject: string,
  { branch, head, unsigned }: Pick<Facts, 'branch' | 'head' | 'unsigned'>,
): Reason {
  const { count = 1, first = 'not looked at' } = unsigned ?? {};
  const which = count === 1 ? 'a new commit is' : `${count} new commits are`;
  return {
    rule: 'signed',
    message: `${subject}: ${which} not signed by an allowed signer (${first})`,
    hint:
      head === undefined
        ? 'sign it: --sign, or for every commit: git config commit.gpgSign true'
        : `sign them: git rebase --force-rebase --gpg-sign ${shellWord(branch)} ${shellWord(head)}; from now on: git config commit.gpgSign true`,
  };
}
