import { ConfigError } from '../errors.js';
import {
  badVersion,
  compareVersions,
  parseTagName,
  parseVersion,
  tagNameOf,
  type TagVersion,
} from '../version/index.js';
import { isAncestor, readTag, type Oid, type Ref, type Store, type Tag } from '../store/index.js';
import { peel, tagPrefix } from './commit-info.js';
import { digestOf, recordedDigest } from './digest.js';
import { treeOf } from './head.js';
import type { TagAnswer } from './types.js';

/** A tag whose name is a version. */
export interface VersionTag extends TagVersion {
  readonly ref: Ref & { readonly oid: Oid };
  /** What the tag leads to in the end. */
  readonly commit: Oid;
}

/** Tags that are versions (`v1.2.3`; `1.2.3` too) of the whole or of a folder (default: of all), and lead to a commit; by folder, then highest precedence first. */
export async function versionTags(store: Store, scope?: string): Promise<readonly VersionTag[]> {
  const found: VersionTag[] = [];
  for (const ref of await store.refs.list(tagPrefix)) {
    const tag = ref.name.slice(tagPrefix.length);
    const version = parseTagName(tag);
    if (version === undefined || (scope ?? version.scope) !== version.scope) continue;
    const commit = await peel(store, ref);
    if (commit === undefined || !('oid' in ref)) continue;
    if ((await store.objects.read(commit)).type === 'commit') found.push({ ...version, tag, ref, commit });
  }
  return found.toSorted(byPrecedence);
}

function byPrecedence(a: VersionTag, b: VersionTag): number {
  if (a.scope !== b.scope) return a.scope < b.scope ? -1 : 1;
  return compareVersions(b.version, a.version) || (a.tag < b.tag ? -1 : 1);
}

/**
 * The tag of a version, given with or without the `v`, or with its folder (`services/api@1.2.3`). Throws E_BAD_VERSION,
 * E_REVISION_NOT_FOUND.
 */
export async function findVersionTag(store: Store, text: string, scope: string = ''): Promise<VersionTag> {
  const named = parseTagName(text);
  const version = scope === '' || named?.scope === scope ? named : parseVersion(text);
  if (version === undefined) throw badVersion(text);
  const wanted = named !== undefined && named.scope !== '' ? named.scope : scope;
  const tags = await versionTags(store, wanted);
  const found = tags.find(({ tag }) => tag === text) ?? tags.find((tag) => tag.version === version.version);
  if (found !== undefined) return found;
  const tag = tagNameOf(version.version, wanted);
  throw new ConfigError('E_REVISION_NOT_FOUND', `there is no tag '${tag}'`, {
    hint: 'see the tags with: cfg tag --list',
    details: { revision: tag },
  });
}

/**
 * The versions that a commit builds on: the highest release among its ancestors and itself, and all pre-releases above that; highest
 * first.
 */
export async function versionsBehind(
  store: Store,
  commit: Oid,
  scope: string,
): Promise<readonly VersionTag[]> {
  const behind: VersionTag[] = [];
  for (const tag of await versionTags(store, scope)) {
    if (!(await isAncestor(store, tag.commit, commit))) continue;
    behind.push(tag);
    if (!tag.prerelease) break;
  }
  return behind;
}

/** The tag object of an annotated tag; undefined for a light one. */
export async function tagObject(store: Store, { ref }: VersionTag): Promise<Tag | undefined> {
  return (await store.objects.read(ref.oid)).type === 'tag' ? readTag(store, ref.oid) : undefined;
}

/** A tag as it is answered: with the digest that it records or, where it records none, that of its content. */
export async function tagAnswer(store: Store, found: VersionTag): Promise<TagAnswer> {
  const { tag, version, commit, scope } = found;
  const recorded = recordedDigest((await tagObject(store, found))?.message ?? '');
  const digest = recorded ?? (await contentDigest(store, commit, scope));
  return { tag, version, ...(scope !== '' && { scope }), commit, digest };
}

/** The digest of a commit's content, or of one of its folders. */
export async function contentDigest(store: Store, commit: Oid, scope: string): Promise<string> {
  const tree = await treeOf(store, commit);
  if (tree === null) throw new ConfigError('E_INTERNAL', 'a commit has no tree');
  return digestOf(store, tree, scope);
}
