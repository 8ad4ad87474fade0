import { ConfigError, isConfigError, shellWord } from '../errors.js';
import {
  badVersion,
  nextVersion,
  parseTagName,
  parseVersion,
  phraseText,
  tagNameOf,
  withinRange,
  type BumpReason,
  type TagVersion,
} from '../version/index.js';
import {
  findEntry,
  formatTag,
  isRefName,
  resolveCommit,
  type Oid,
  type Store,
  type Tag,
} from '../store/index.js';
import { changesFor, requireChange } from './bump.js';
import { tagPrefix } from './commit-info.js';
import { fromRoot, type RepositoryContext } from './context.js';
import { withDigest } from './digest.js';
import { treeOf } from './head.js';
import { identify, reflogSignature } from './identity.js';
import { cleanMessage } from './message.js';
import type { TagOptions } from './repository.js';
import { signatureFor } from './signatures.js';
import type { TagAnswer, TagListAnswer } from './types.js';
import {
  contentDigest,
  findVersionTag,
  tagAnswer,
  versionsBehind,
  versionTags,
  type VersionTag,
} from './version-tags.js';

/**
 * Makes the annotated tag `vX.Y.Z` of a version, given or the next one, with a digest of the content in its message.
 *
 * The next version builds on the highest release among the ancestors of the commit, and on pre-releases above it (see `nextVersion`).
 * `auto` raises what the changes of keys since that release call for (see `bumpFor`) and says why, change by change; the first version is 0.1.0.
 * With `scope` it is a version of one folder, `services/api@1.2.0`: only tags, changes and content of that folder count.
 * `pre` without `bump` is automatic. A version never moves: with several at once exactly one wins.
 *
 * Throws E_EXISTS for a version that is there, E_BAD_VERSION, E_NOTHING_TO_DO for an automatic bump without a change, E_USAGE,
 * E_REVISION_NOT_FOUND, E_NO_IDENTITY, E_SIGNATURE.
 */
export async function tag(context: RepositoryContext, options: TagOptions): Promise<TagAnswer> {
  const { store } = context;
  const commit = await resolveCommit(store, options.revision ?? 'HEAD');
  const named = options.version === undefined ? undefined : parseTagName(options.version);
  const scope = options.scope === undefined ? (named?.scope ?? '') : fromRoot(context, options.scope);
  if (scope !== '') await requireFolder(store, commit, scope);
  const { version, reason, reasons } = await chooseVersion(context, options, { commit, scope });
  await requireNew(context, version, options.version === undefined);
  const digest = await contentDigest(store, commit, scope);
  const message = withDigest(messageOf(options, version), digest);
  await writeTag(context, { version, commit, message, sign: options.sign });
  return {
    tag: version.tag,
    version: version.version,
    ...(scope !== '' && { scope }),
    commit,
    digest,
    ...(reason !== undefined && { reason }),
    ...(reasons !== undefined && { reasons }),
  };
}

/** Throws E_FILE_NOT_FOUND, and E_BAD_REF_NAME where a tag cannot have the name of the folder in its own. */
async function requireFolder(store: Store, commit: Oid, scope: string): Promise<void> {
  const tree = await treeOf(store, commit);
  const entry = tree === null ? undefined : await findEntry(store, tree, scope);
  if (entry?.mode === '040000') {
    if (isRefName(`${tagPrefix}${tagNameOf('1.0.0', scope)}`)) return;
    throw new ConfigError(
      'E_BAD_REF_NAME',
      `folder '${scope}' cannot have versions: no tag of Git has such a name`,
      {
        hint: "a tag has no spaces, no '..' and none of ~^:?*[\\ in its name: rename the folder",
        details: { path: scope },
      },
    );
  }
  throw new ConfigError('E_FILE_NOT_FOUND', `no folder '${scope}' in commit ${commit.slice(0, 7)}`, {
    hint: 'versions are those of the whole repository, or with --scope of a folder',
    details: { path: scope },
  });
}

/**
 * Version tags, highest precedence first, with `range` only those within it. A scope, also one that the range names
 * (`services/api@^1`), is the folder whose versions are meant; without one and without a range all are listed, folder by folder. Throws
 * E_BAD_VERSION for a bad range, E_BAD_PATH.
 */
export async function tags(
  context: RepositoryContext,
  range?: string,
  options: { readonly scope?: string } = {},
): Promise<TagListAnswer> {
  const at = range?.lastIndexOf('@') ?? -1;
  const inRange = at > 0 ? range?.slice(0, at) : undefined;
  const scope = options.scope === undefined ? inRange : fromRoot(context, options.scope);
  const all = await versionTags(context.store, range === undefined ? scope : (scope ?? ''));
  const wanted = range === undefined ? all : selectTags(all, range.slice(at > 0 ? at + 1 : 0));
  const answers: TagAnswer[] = [];
  for (const found of wanted) answers.push(await tagAnswer(context.store, found));
  return { tags: answers };
}

/** Removes the tag of a version; the answer is what it was. Throws E_REVISION_NOT_FOUND, E_BAD_VERSION. */
export async function deleteTag(context: RepositoryContext, version: string): Promise<TagAnswer> {
  const found = await findVersionTag(context.store, version);
  const answer = await tagAnswer(context.store, found);
  const committer = reflogSignature(context);
  await context.store.refs.update([{ name: found.ref.name, expected: found.ref.oid, value: null }], {
    committer,
    message: `tag: delete ${found.tag}`,
  });
  return answer;
}

function selectTags(all: readonly VersionTag[], range: string): readonly VersionTag[] {
  const versions = new Set(
    withinRange(
      all.map(({ version }) => version),
      range,
    ),
  );
  return all.filter(({ version }) => versions.has(version));
}

interface Target {
  readonly commit: Oid;
  readonly scope: string;
}

interface Chosen {
  readonly version: TagVersion;
  readonly reason?: string;
  readonly reasons?: TagAnswer['reasons'];
}

async function chooseVersion(
  context: RepositoryContext,
  options: TagOptions,
  target: Target,
): Promise<Chosen> {
  const { version, bump, pre } = options;
  if (version === undefined) {
    if (bump === undefined && pre === undefined)
      throw new ConfigError('E_USAGE', 'no version was given', {
        hint: 'cfg tag 1.2.0, or let the changes decide: cfg tag --bump auto',
      });
    return nextVersionOf(context, { ...target, bump: bump ?? 'auto', pre });
  }
  if (bump !== undefined || pre !== undefined)
    throw new ConfigError('E_USAGE', `version '${version}' is given, so there is nothing to raise`, {
      hint: 'give a version, or --bump with --pre if you like',
    });
  const prefix = `${target.scope}@`;
  const text = target.scope !== '' && version.startsWith(prefix) ? version.slice(prefix.length) : version;
  return { version: required(text, target.scope) };
}

interface Next extends Target {
  readonly bump: NonNullable<TagOptions['bump']>;
  readonly pre: string | undefined;
}

async function nextVersionOf(
  context: RepositoryContext,
  { commit, scope, bump, pre }: Next,
): Promise<Chosen> {
  const behind = await versionsBehind(context.store, commit, scope);
  const known = behind.map(({ version }) => version);
  const next = (part: 'major' | 'minor' | 'patch'): TagVersion =>
    required(nextVersion(known, part, pre), scope);
  if (bump !== 'auto') return { version: next(bump) };
  const release = behind.find(({ prerelease }) => !prerelease);
  const [latest] = behind;
  if (latest === undefined) return { version: next('minor'), reason: 'the first version' };
  const since = pre === undefined ? release : latest;
  const from = (start: Oid | null): Promise<readonly BumpReason[]> =>
    changesFor(context, { from: start, to: commit, scope });
  if (since !== undefined)
    requireChange(await from(since.commit), { since: since.tag, again: patchCommand({ scope, pre }) });
  const reasons = await from(release?.commit ?? null);
  const [decisive] = reasons;
  const part = decisive === undefined || decisive.bump === 'none' ? 'patch' : decisive.bump;
  return {
    version: next(part),
    reason: `${part}: ${decisive === undefined ? 'no key changed' : phraseText(decisive.said)}`,
    reasons: reasons.map((one) => ({ bump: one.bump, reason: phraseText(one.said) })),
  };
}

function patchCommand({ scope, pre }: Pick<Next, 'scope' | 'pre'>): string {
  return `cfg tag --bump patch${pre === undefined ? '' : ` --pre ${pre}`}${scope === '' ? '' : ` --scope ${shellWord(scope)}`}`;
}

function required(text: string, scope: string): TagVersion {
  const version = parseVersion(text);
  if (version !== undefined) return { ...version, tag: tagNameOf(version.version, scope), scope };
  throw badVersion(text);
}

function messageOf({ message }: TagOptions, { tag: name }: TagVersion): string {
  return cleanMessage(message ?? name);
}

/** One that was raised and is there is on another line of history: raising it again would end the same way. */
async function requireNew(context: RepositoryContext, version: TagVersion, isRaised: boolean): Promise<void> {
  const found = (await versionTags(context.store, version.scope)).find(
    (one) => one.version === version.version,
  );
  if (found === undefined) return;
  const hint = `another line of history has it; see what is free (cfg tag --list) and name one: cfg tag VERSION`;
  throw exists(version, { found, ...(isRaised && { hint }) });
}

interface NewTag {
  readonly version: TagVersion;
  readonly commit: Oid;
  readonly message: string;
  readonly sign: boolean | undefined;
}

async function writeTag(
  context: RepositoryContext,
  { version, commit, message, sign }: NewTag,
): Promise<void> {
  const { store } = context;
  const { committer } = identify(context);
  const tagged: Tag = { object: commit, type: 'commit', tag: version.tag, tagger: committer, message };
  const payload = formatTag(tagged);
  const signature = await signatureFor(context, { kind: 'tag', payload, signer: committer, sign });
  const data = signature === undefined ? payload : formatTag({ ...tagged, signature });
  const [value = ''] = await store.objects.write([{ type: 'tag', data }]);
  try {
    await store.refs.update([{ name: tagPrefix + version.tag, expected: null, value }], {
      committer,
      message: `tag: ${version.tag}`,
    });
  } catch (error) {
    throw isConfigError(error, 'E_STALE') ? exists(version) : error;
  }
}

function exists(
  { tag: name, version, scope }: TagVersion,
  {
    found,
    hint = `take the next one: cfg tag --bump auto${scope === '' ? '' : ` --scope ${shellWord(scope)}`}`,
  }: { readonly found?: VersionTag; readonly hint?: string } = {},
): ConfigError {
  return new ConfigError('E_EXISTS', `version '${version}' exists already; a version never moves`, {
    hint,
    details: { tag: found?.tag ?? name, ...(found && { commit: found.commit }) },
  });
}
