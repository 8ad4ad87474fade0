import { ConfigError, isConfigError } from '../errors.js';
import {
  decide,
  decideSigned,
  protectionOf,
  type BranchAction,
  type Facts,
  type Protection,
  type Reason,
} from '../policy/index.js';
import { parseSettings, type Settings } from '../settings/index.js';
import { readVisibleCommit, type Oid } from '../store/index.js';
import type { RepositoryContext } from './context.js';
import { settingsOfTree } from './settings.js';
import { CommitSignatures, wantsSignature } from './signatures.js';

/**
 * The settings that govern a branch: those at its tip, never those of the change that wants in. Where the tip has a `cfg.yaml` that
 * does not parse, the last one on its first-parent history that does: breaking the file must not lift the protection.
 */
export async function governingSettings(context: RepositoryContext, tip: Oid | null): Promise<Settings> {
  for (let commit = tip; commit !== null;) {
    const { tree, parents } = await readVisibleCommit(context.store, commit);
    try {
      return await settingsOfTree(context, tree);
    } catch (error) {
      if (!isConfigError(error, 'E_SETTINGS', 'E_INVALID')) throw error;
      commit = parents[0] ?? null;
    }
  }
  return parseSettings(undefined);
}

/** That the rules at the tip of a branch are not read, for its `cfg.yaml` is not valid; empty when it is. */
export async function settingsWarnings(
  context: RepositoryContext,
  branch: string,
  tip: Oid,
): Promise<readonly string[]> {
  try {
    await settingsOfTree(context, (await readVisibleCommit(context.store, tip)).tree);
    return [];
  } catch (error) {
    if (!isConfigError(error, 'E_SETTINGS', 'E_INVALID')) throw error;
    return [
      `the cfg.yaml of '${branch}' is not valid, so only rules of an earlier one count: ${error.message}`,
    ];
  }
}

/** The protection of a branch whose tip is `tip`; none for a detached HEAD. */
export async function protectionAt(
  context: RepositoryContext,
  branch: string | null,
  tip: Oid | null,
): Promise<Protection> {
  if (branch === null) return { level: 'none', approvals: 0 };
  return protectionOf(branch, (await governingSettings(context, tip)).branches);
}

/** What is about to happen to a branch. */
export interface Intent {
  readonly protection: Protection;
  readonly branch: string | null;
  readonly action: BranchAction;
  readonly facts?: Omit<Facts, 'branch'>;
  /** More for a program to read with the refusal. */
  readonly details?: Readonly<Record<string, unknown>> | undefined;
}

/** Throws E_PROTECTED with everything that stands in the way, unless the branch's protection allows it. */
export function requireAllowed({ protection, branch, action, facts, details }: Intent): void {
  if (branch === null) return;
  refuseFor(decide(protection, action, { ...facts, branch }).reasons, { protection, branch, details });
}

/** Commits that are about to come into a branch. */
export interface Arrival {
  readonly protection: Protection;
  readonly branch: string | null;
  /** What the branch will lead to. */
  readonly tip: Oid;
  /** What it leads to already, and what was judged before. */
  readonly exclude: readonly (Oid | null)[];
}

/** Throws E_PROTECTED unless allowed signers signed the new commits, where the branch asks for that. A first commit may be anybody's. */
export async function requireSigned(
  context: RepositoryContext,
  { protection, branch, tip, exclude }: Arrival,
): Promise<void> {
  const known = exclude.filter((oid) => oid !== null);
  if (branch === null || protection.signed !== true || known.length === 0) return;
  const unsigned = await new CommitSignatures(context).missing({ tips: [tip], exclude: known });
  refuseFor(decideSigned(protection, { branch, unsigned }).reasons, { protection, branch });
}

/** Throws E_PROTECTED where something new would get no signature and a branch asks for one: before any work is done. */
export function requireSigning(
  context: RepositoryContext,
  {
    protection,
    branch,
    sign,
  }: { readonly protection: Protection; readonly branch: string | null; readonly sign: boolean | undefined },
): void {
  if (branch === null || wantsSignature(context, 'commit', sign)) return;
  const unsigned = { count: 1, first: 'this one' };
  refuseFor(decideSigned(protection, { branch, unsigned }).reasons, { protection, branch });
}

function refuseFor(
  reasons: readonly Reason[],
  { protection, branch, details }: Pick<Intent, 'protection' | 'branch' | 'details'>,
): void {
  const [first] = reasons;
  if (first === undefined) return;
  throw new ConfigError('E_PROTECTED', reasons.map(({ message }) => message).join('; '), {
    hint: first.hint,
    details: { branch, protection: protection.level, reasons, ...details },
  });
}
