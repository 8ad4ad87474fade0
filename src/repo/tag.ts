import { ConfigError, isConfigError } from '../errors.js';
import { nextVersion, parseVersion, withinRange, type Version } from '../version/index.js';
import { formatTag, resolveCommit, type Oid } from '../store/index.js';
import { bumpBetween, requireChange } from './bump.js';
import { tagPrefix } from './commit-info.js';
import type { RepositoryContext } from './context.js';
import { withDigest } from './digest.js';
import { identify } from './identity.js';
import { cleanMessage } from './message.js';
import type { TagOptions } from './repository.js';
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
 * `auto` raises what the changes of keys since that release call for (see `bumpFor`) and says why; the first version is 0.1.0.
 * `pre` without `bump` is automatic. A version never moves: with several at once exactly one wins.
 *
 * Throws E_EXISTS for a version that is there, E_BAD_VERSION, E_NOTHING_TO_DO for an automatic bump without a change, E_USAGE,
 * E_REVISION_NOT_FOUND, E_NO_IDENTITY.
 */
export async function tag(context: RepositoryContext, options: TagOptions): Promise<TagAnswer> {
  const commit = await resolveCommit(context.store, options.revision ?? 'HEAD');
  const { version, reason } = await chooseVersion(context, options, commit);
  await requireNew(context, version);
  const digest = await contentDigest(context.store, commit);
  await writeTag(context, { version, commit, message: withDigest(messageOf(options, version), digest) });
  return {
    tag: version.tag,
    version: version.version,
    commit,
    digest,
    ...(reason !== undefined && { reason }),
  };
}

/** Version tags, highest precedence first, with `range` only those within it. Throws E_BAD_VERSION for a bad range. */
export async function tags(context: RepositoryContext, range?: string): Promise<TagListAnswer> {
  const all = await versionTags(context.store);
  const wanted = range === undefined ? all : selectTags(all, range);
  const answers: TagAnswer[] = [];
  for (const found of wanted) answers.push(await tagAnswer(context.store, found));
  return { tags: answers };
}

/** Removes the tag of a version; the answer is what it was. Throws E_REVISION_NOT_FOUND, E_BAD_VERSION, E_NO_IDENTITY. */
export async function deleteTag(context: RepositoryContext, version: string): Promise<TagAnswer> {
  const found = await findVersionTag(context.store, version);
  const answer = await tagAnswer(context.store, found);
  const { committer } = identify(context);
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

async function chooseVersion(
  context: RepositoryContext,
  options: TagOptions,
  commit: Oid,
): Promise<{ readonly version: Version; readonly reason?: string }> {
  const { version, bump, pre } = options;
  if (version === undefined) {
    if (bump === undefined && pre === undefined)
      throw new ConfigError('E_USAGE', 'no version was given', {
        hint: 'cfg tag 1.2.0, or let the changes decide: cfg tag --bump auto',
      });
    return nextVersionOf(context, { commit, bump: bump ?? 'auto', pre });
  }
  if (bump !== undefined || pre !== undefined)
    throw new ConfigError('E_USAGE', `version '${version}' is given, so there is nothing to raise`, {
      hint: 'give a version, or --bump with --pre if you like',
    });
  return { version: required(version) };
}

async function nextVersionOf(
  context: RepositoryContext,
  {
    commit,
    bump,
    pre,
  }: {
    readonly commit: Oid;
    readonly bump: NonNullable<TagOptions['bump']>;
    readonly pre: string | undefined;
  },
): Promise<{ readonly version: Version; readonly reason?: string }> {
  const behind = await versionsBehind(context.store, commit);
  const next = (part: 'major' | 'minor' | 'patch'): Version =>
    required(
      nextVersion(
        behind.map(({ version }) => version),
        part,
        pre,
      ),
    );
  if (bump !== 'auto') return { version: next(bump) };
  const release = behind.find(({ prerelease }) => !prerelease);
  const [latest] = behind;
  if (latest === undefined) return { version: next('minor'), reason: 'the first version' };
  const since = pre === undefined ? release : latest;
  if (since !== undefined) requireChange(await bumpBetween(context, since.commit, commit), since.tag);
  const decided = await bumpBetween(context, release?.commit ?? null, commit);
  const part = decided.bump === 'none' ? 'patch' : decided.bump;
  return { version: next(part), reason: `${part}: ${decided.reason}` };
}

function required(text: string): Version {
  const version = parseVersion(text);
  if (version !== undefined) return version;
  throw new ConfigError('E_BAD_VERSION', `'${text}' is not a semantic version`, {
    hint: 'write it as MAJOR.MINOR.PATCH, as in 1.4.0',
  });
}

function messageOf({ message }: TagOptions, { tag: name }: Version): string {
  return cleanMessage(message ?? name);
}

async function requireNew(context: RepositoryContext, version: Version): Promise<void> {
  const found = (await versionTags(context.store)).find((one) => one.version === version.version);
  if (found !== undefined) throw exists(version, found);
}

async function writeTag(
  context: RepositoryContext,
  { version, commit, message }: { readonly version: Version; readonly commit: Oid; readonly message: string },
): Promise<void> {
  const { store } = context;
  const { committer } = identify(context);
  const data = formatTag({ object: commit, type: 'commit', tag: version.tag, tagger: committer, message });
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

function exists({ tag: name, version }: Version, found?: VersionTag): ConfigError {
  return new ConfigError('E_EXISTS', `version '${version}' exists already; a version never moves`, {
    hint: 'take the next one: cfg tag --bump auto',
    details: { tag: found?.tag ?? name, ...(found && { commit: found.commit }) },
  });
}
