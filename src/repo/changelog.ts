import { formatChangelog, type NotedChange, type ReleaseNotes } from '../diff/index.js';
import { formatKeyPath } from '../doc/index.js';
import { maskChange } from '../load/index.js';
import { readCommit, resolveCommit, walkCommits, type Oid, type RepoPath } from '../store/index.js';
import { phraseText, type BumpReason } from '../version/index.js';
import { changesFor } from './bump.js';
import { readFromTree } from './check.js';
import { personOf } from './commit-info.js';
import { fromRoot, type RepositoryContext } from './context.js';
import { documentOf } from './documents.js';
import { readHead, treeOf } from './head.js';
import type { ChangelogOptions } from './repository.js';
import { resolveRange } from './revision-range.js';
import { fileMasks, type FileMask } from './secret-keys.js';
import type { ChangelogAnswer, ChangelogRelease } from './types.js';
import { tagObject, versionTags, type VersionTag } from './version-tags.js';

/**
 * What each release changed, by key, newest first; what came after the last one is unreleased. Pre-releases count until their release is
 * out. `range` is `A..B`, or a revision up to which (default HEAD). Throws E_REVISION_NOT_FOUND, E_USAGE, E_BAD_PATH.
 */
export async function changelog(
  context: RepositoryContext,
  range?: string,
  options: ChangelogOptions = {},
): Promise<ChangelogAnswer> {
  const scope = options.scope === undefined ? '' : fromRoot(context, options.scope);
  const ends = await endsOf(context, range);
  if (ends === undefined) return answerOf([]);
  const releases: Release[] = [];
  let { from } = ends;
  for (const tag of await releasesBetween(context, ends, scope)) {
    releases.push(await releaseOf(context, { from, to: tag.commit, scope }, tag));
    from = tag.commit;
  }
  if (from !== ends.to) {
    const rest = await releaseOf(context, { from, to: ends.to, scope });
    if (rest.answer.changes.length > 0 || releases.length === 0) releases.push(rest);
  }
  return answerOf(releases.toReversed());
}

interface Ends {
  readonly from: Oid | null;
  readonly to: Oid;
}

/** Undefined: there is no commit yet. */
async function endsOf(context: RepositoryContext, range: string | undefined): Promise<Ends | undefined> {
  const { store } = context;
  if (range === undefined) {
    const { commit } = await readHead(store);
    return commit === null ? undefined : { from: null, to: commit };
  }
  if (!range.includes('..')) return { from: null, to: await resolveCommit(store, range) };
  const { starts, hide } = await resolveRange(store, range.replace('...', '..'));
  const [to = ''] = starts;
  return { from: hide[0] ?? null, to };
}

/** The releases to tell of, lowest first; of pre-releases those above the highest release. */
async function releasesBetween(
  { store }: RepositoryContext,
  { from, to }: Ends,
  scope: string,
): Promise<readonly VersionTag[]> {
  const reached = new Set<Oid>();
  for await (const { oid } of walkCommits(store, [to], { exclude: from === null ? [] : [from] }))
    reached.add(oid);
  const tags = (await versionTags(store, scope)).filter(({ commit }) => reached.has(commit));
  const last = tags.findIndex(({ prerelease }) => !prerelease);
  const wanted = tags.filter(({ prerelease }, at) => !prerelease || last < 0 || at < last);
  return wanted.toReversed();
}

interface Release {
  readonly answer: ChangelogRelease;
  readonly notes: ReleaseNotes;
}

async function releaseOf(
  context: RepositoryContext,
  compared: Ends & { readonly scope: string },
  tag?: VersionTag,
): Promise<Release> {
  const noted = (await changesFor(context, compared)).map(notedChange);
  const changes = await maskedChanges(context, compared, noted);
  const bump = changes[0]?.bump ?? 'none';
  const { to: commit } = compared;
  const date = tag === undefined ? null : await dateOf(context, tag);
  const notes = {
    title: tag?.tag ?? 'Unreleased',
    ...(date !== null && { date }),
    changes,
  };
  return {
    answer: {
      tag: tag?.tag ?? null,
      version: tag?.version ?? null,
      date,
      commit,
      bump,
      changes: changes.map(({ bump: part, said, ...rest }) => ({
        bump: part,
        reason: phraseText(said),
        ...rest,
      })),
    },
    notes,
  };
}

/** Notes are for everyone to read: what either end of a release marks as secret is in none of its values. */
async function maskedChanges(
  context: RepositoryContext,
  { from, to }: Ends,
  changes: readonly NotedChange[],
): Promise<readonly NotedChange[]> {
  const { store } = context;
  const trees = [await treeOf(store, from), await treeOf(store, to)];
  const maskOf = await fileMasks(context, trees);
  const masks = new Map<RepoPath, readonly FileMask[]>();
  const masksFor = async (file: RepoPath): Promise<readonly FileMask[]> => {
    const found: FileMask[] = [];
    for (const tree of trees) {
      const data = await readFromTree(store, tree)(file);
      const document = data && documentOf(file, data);
      if (document !== undefined) found.push(await maskOf(file, document));
    }
    return found;
  };
  const masked: NotedChange[] = [];
  for (const change of changes) {
    const { file, path, kind } = change;
    if (path === undefined || kind === undefined) {
      masked.push(change);
      continue;
    }
    if (!masks.has(file)) masks.set(file, await masksFor(file));
    masked.push({ ...change, ...maskChange({ ...change, path, kind }, masks.get(file) ?? []) });
  }
  return masked;
}

/** The day of the tag, or of its commit where the tag has none, in the tagger's own time. */
async function dateOf({ store }: RepositoryContext, tag: VersionTag): Promise<string> {
  const tagger = (await tagObject(store, tag))?.tagger;
  return personOf(tagger ?? (await readCommit(store, tag.commit)).committer).date.slice(0, 10);
}

function notedChange({ bump, said, file, change }: BumpReason): NotedChange {
  if (change === undefined) return { bump, said, file };
  const { path, kind, before, after } = change;
  const values = { ...(before !== undefined && { before }), ...(after !== undefined && { after }) };
  return { bump, said, file, path: formatKeyPath(path), kind, ...values };
}

function answerOf(releases: readonly Release[]): ChangelogAnswer {
  return {
    releases: releases.map(({ answer }) => answer),
    markdown: formatChangelog(releases.map(({ notes }) => notes)),
  };
}
