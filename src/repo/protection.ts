import { ConfigError, isConfigError } from '../errors.js';
import { decide, protectionOf, type BranchAction, type Facts, type Protection } from '../policy/index.js';
import { parseSettings, type Settings } from '../settings/index.js';
import { readCommit, type Oid } from '../store/index.js';
import type { RepositoryContext } from './context.js';
import { settingsOfTree } from './settings.js';

/**
 * The settings that govern a branch: those at its tip, never those of the change that wants in. Where the tip has a `cfg.yaml` that
 * does not parse, the last one on its first-parent history that does: breaking the file must not lift the protection.
 */
export async function governingSettings(context: RepositoryContext, tip: Oid | null): Promise<Settings> {
  for (let commit = tip; commit !== null;) {
    const { tree, parents } = await readCommit(context.store, commit);
    try {
      return await settingsOfTree(context, tree);
    } catch (error) {
      if (!isConfigError(error, 'E_SETTINGS', 'E_INVALID')) throw error;
      commit = parents[0] ?? null;
    }
  }
  return parseSettings(undefined);
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
  readonly details?: Readonly<Record<string, unknown>>;
}

/** Throws E_PROTECTED with everything that stands in the way, unless the branch's protection allows it. */
export function requireAllowed({ protection, branch, action, facts, details }: Intent): void {
  if (branch === null) return;
  const { allowed, reasons } = decide(protection, action, { ...facts, branch });
  const [first] = reasons;
  if (allowed || first === undefined) return;
  throw new ConfigError('E_PROTECTED', reasons.map(({ message }) => message).join('; '), {
    hint: first.hint,
    details: { branch, protection: protection.level, reasons, ...details },
  });
}
