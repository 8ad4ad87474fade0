import {
  mapRef,
  matchRef,
  type Advertisement,
  type Oid,
  type RemoteRef,
  type Store,
} from '../store/index.js';
import { refCommit } from './head.js';
import type { Remote } from './remote-settings.js';
import { isSharedRef } from './shared-refs.js';

/** A ref here that is to follow one elsewhere. */
export interface PlannedRef {
  readonly ref: string;
  readonly from: string;
  readonly before: Oid | null;
  readonly after: Oid;
  /** Also where it is no step forward. */
  readonly force: boolean;
}

export interface FetchPlan {
  /** Sorted by the ref here; those that are there already included. */
  readonly refs: readonly PlannedRef[];
  /** Refs here whose counterpart is gone. */
  readonly gone: readonly { readonly ref: string; readonly before: Oid }[];
  /** Tags that are not here and point at something, to be taken if that something comes. */
  readonly followable: readonly RemoteRef[];
}

export interface PlanOptions {
  readonly prune: boolean;
  readonly tags: Remote['tags'];
}

/** What a fetch would do, from what the remote has. Nothing is read but refs. */
export async function planFetch(
  store: Store,
  { remote, advertised }: { readonly remote: Remote; readonly advertised: Advertisement },
  { prune, tags }: PlanOptions,
): Promise<FetchPlan> {
  const refs = new Map<string, PlannedRef>();
  for (const { name, oid } of advertised.refs)
    for (const { ref, force } of destinations(remote, name, tags === 'all'))
      if (!refs.has(ref))
        refs.set(ref, { ref, from: name, before: await refCommit(store, ref), after: oid, force });
  const isNew = async ({ name }: RemoteRef): Promise<boolean> => (await store.refs.read(name)) === undefined;
  const followable: RemoteRef[] = [];
  for (const ref of tags === 'follow' ? advertised.refs : [])
    if (ref.name.startsWith('refs/tags/') && !refs.has(ref.name) && (await isNew(ref))) followable.push(ref);
  return {
    refs: [...refs.values()].toSorted((a, b) => (a.ref < b.ref ? -1 : 1)),
    gone: prune ? await goneRefs(store, remote, advertised) : [],
    followable,
  };
}

function destinations(
  { fetch }: Remote,
  name: string,
  allTags: boolean,
): readonly { readonly ref: string; readonly force: boolean }[] {
  if (isSharedRef(name)) return [{ ref: name, force: false }];
  const isTaken = fetch.some(({ negative, from }) => negative && matchRef(from, name) !== undefined);
  const mapped = isTaken
    ? []
    : fetch.flatMap((rule) => {
        const ref = rule.negative ? undefined : mapRef(rule, name);
        return ref === undefined ? [] : [{ ref, force: rule.force }];
      });
  return allTags && name.startsWith('refs/tags/') ? [...mapped, { ref: name, force: false }] : mapped;
}

/** Only refs that follow a remote's go with it: never a branch, a tag or an approval. */
async function goneRefs(store: Store, remote: Remote, advertised: Advertisement): Promise<FetchPlan['gone']> {
  const there = new Set(
    advertised.refs.flatMap(({ name }) => destinations(remote, name, false).map(({ ref }) => ref)),
  );
  const gone: { readonly ref: string; readonly before: Oid }[] = [];
  for (const ref of await store.refs.list('refs/remotes/')) {
    const isOwn = remote.fetch.some(({ to }) => to !== undefined && matchRef(to, ref.name) !== undefined);
    if (isOwn && 'oid' in ref && !there.has(ref.name)) gone.push({ ref: ref.name, before: ref.oid });
  }
  return gone;
}
