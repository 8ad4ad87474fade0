import { ConfigError } from '../errors.js';
import { parseTagName } from '../version/index.js';
import { resolveCommit } from '../store/index.js';
import { fromRoot, type RepositoryContext } from './context.js';
import { recordedDigest } from './digest.js';
import { branchTip, refCommit } from './head.js';
import { signatureOf } from './signatures.js';
import type { VerifyAnswer } from './types.js';
import { branchViolations } from './verify-branch.js';
import { contentDigest, findVersionTag, tagObject } from './version-tags.js';

export interface VerifyOptions {
  /** Of a branch: only what came after this revision. */
  readonly since?: string;
  /** Of a version: the folder that it is of. */
  readonly scope?: string;
}

/**
 * A version tag: whether its content still has the digest that the tag records, and its signature, where it has one, is not a wrong one. A branch: which commits of its first-parent history
 * (after `since`) broke the protection that was in force when they came. Where there is no such branch here, that of the remote `origin` is
 * meant, as in a clone of CI.
 *
 * Throws E_REVISION_NOT_FOUND, E_NOTHING_TO_DO for a tag that records no digest, E_USAGE.
 */
export async function verify(
  context: RepositoryContext,
  name: string,
  options: VerifyOptions = {},
): Promise<VerifyAnswer> {
  const tip =
    (await branchTip(context.store, name)) ?? (await refCommit(context.store, `refs/remotes/origin/${name}`));
  if (tip === null || parseTagName(name) !== undefined) return verifyTag(context, name, options);
  const since = options.since === undefined ? undefined : await resolveCommit(context.store, options.since);
  const violations = await branchViolations(context, { branch: name, tip, since });
  return { branch: name, ok: violations.length === 0, violations };
}

async function verifyTag(
  context: RepositoryContext,
  name: string,
  { since, scope }: VerifyOptions,
): Promise<VerifyAnswer> {
  if (parseTagName(name) === undefined)
    throw new ConfigError('E_REVISION_NOT_FOUND', `there is no branch and no version tag '${name}'`, {
      hint: 'see them with: cfg branch, cfg tag --list',
      details: { revision: name },
    });
  if (since !== undefined)
    throw new ConfigError('E_USAGE', `'${name}' is a tag, and --since is for branches`, {
      hint: `cfg verify ${name}`,
    });
  const found = await findVersionTag(
    context.store,
    name,
    scope === undefined ? '' : fromRoot(context, scope),
  );
  const recorded = recordedDigest((await tagObject(context.store, found))?.message ?? '');
  if (recorded === undefined)
    throw new ConfigError('E_NOTHING_TO_DO', `tag '${found.tag}' records no digest to verify`, {
      hint: 'it was made by git; tags made with cfg tag record one',
    });
  const digest = await contentDigest(context.store, found.commit, found.scope);
  const signature = await signatureOf(context, found.ref.oid, 'tag');
  const ok = digest === recorded && signature?.status !== 'bad';
  return { tag: found.tag, digest, ok, ...(signature && { signature }) };
}
