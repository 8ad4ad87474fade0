import { ConfigError, shellWord } from '../errors.js';
import { highestTagIn, parseTagName } from '../version/index.js';
import { resolveCommit } from '../store/index.js';
import { fromRoot, type RepositoryContext } from './context.js';
import { recordedDigest } from './digest.js';
import { settingsWarnings } from './protection.js';
import { signatureOf } from './signatures.js';
import type { VerifyAnswer } from './types.js';
import { seenBranch } from './upstream.js';
import { branchViolations } from './verify-branch.js';
import { contentDigest, findVersionTag, tagObject, versionTags } from './version-tags.js';

export interface VerifyOptions {
  /** Of a branch: only what came after this revision. */
  readonly since?: string;
  /** Of a version: the folder that it is of. */
  readonly scope?: string;
}

/**
 * A version tag: whether its content still has the digest that the tag records, and its signature, where it has one, is not a wrong one. A branch: which commits of its first-parent history
 * (after `since`) broke the protection that was in force when they came. It may be one of a remote (`origin/main`); where there is no such
 * branch here, that of `origin` is meant, as in a clone of CI.
 *
 * Throws E_REVISION_NOT_FOUND, E_NOTHING_TO_DO for a tag that records no digest, E_USAGE.
 */
export async function verify(
  context: RepositoryContext,
  name: string,
  options: VerifyOptions = {},
): Promise<VerifyAnswer> {
  const { branch, tip } = await seenBranch(context, name);
  if (tip === null || parseTagName(name) !== undefined) return verifyTag(context, name, options);
  const since = options.since === undefined ? undefined : await resolveCommit(context.store, options.since);
  const found = await branchViolations(context, { branch, tip, since });
  const violations = found.map(({ commit, rule, message }) => ({ commit, rule, message }));
  const warnings = await settingsWarnings(context, branch, tip);
  return { branch, ok: violations.length === 0, violations, ...(warnings.length > 0 && { warnings }) };
}

/** Of a range (`^1.2`) the highest tag in it; undefined for what is a version itself, and where none is. */
async function highestTag({ store }: RepositoryContext, text: string): Promise<string | undefined> {
  if (parseTagName(text) !== undefined) return undefined;
  return highestTagIn(
    (await versionTags(store)).map(({ tag }) => tag),
    text,
  );
}

async function verifyTag(
  context: RepositoryContext,
  text: string,
  { since, scope }: VerifyOptions,
): Promise<VerifyAnswer> {
  const name = (await highestTag(context, text)) ?? text;
  if (parseTagName(name) === undefined)
    throw new ConfigError('E_REVISION_NOT_FOUND', `there is no branch and no version tag '${name}'`, {
      hint: 'see them with: cfg branch, cfg tag --list',
      details: { revision: name },
    });
  if (since !== undefined)
    throw new ConfigError('E_USAGE', `'${name}' is a tag, and --since is for branches`, {
      hint: `cfg verify ${shellWord(name)}`,
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
