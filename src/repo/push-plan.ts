import { closest, ConfigError, shellWord } from '../errors.js';
import {
  isRefName,
  matchRef,
  resolveRevision,
  type Advertisement,
  type Oid,
  type RemoteRef,
} from '../store/index.js';
import type { RepositoryContext } from './context.js';
import { isForward } from './forward.js';
import { branchRef, readHead, refCommit } from './head.js';
import type { Remote } from './remote-settings.js';
import { isSharedRef } from './shared-refs.js';

/** A ref of the remote that is to move. */
export interface PlannedPush {
  readonly ref: string;
  readonly before: Oid | null;
  /** Null: to be deleted. */
  readonly after: Oid | null;
  /** The branch here that it comes from. */
  readonly source?: string;
  /** Not asked for by name: what cannot go is left, and fails nothing. */
  readonly isExtra?: boolean;
}

export interface PushRefs {
  /** As typed: `NAME`, `SOURCE:TARGET`, a full name. Default the current branch. */
  readonly refs: readonly string[];
  readonly tags: boolean;
  readonly isDelete: boolean;
  /** Also what takes commits back there. */
  readonly isForced: boolean;
}

/** What a push is about, without what is there already. Throws E_USAGE, E_REVISION_NOT_FOUND. */
export async function planPush(
  context: RepositoryContext,
  { remote, advertised }: { readonly remote: Remote; readonly advertised: Advertisement },
  { refs, tags, isDelete, isForced }: PushRefs,
): Promise<readonly PlannedPush[]> {
  const there = new Map(advertised.refs.map(({ name, oid }) => [name, oid]));
  const planned = new Map<string, PlannedPush>();
  const add = (push: Omit<PlannedPush, 'before'>): void => {
    const before = there.get(push.ref) ?? null;
    if (before !== push.after && !planned.has(push.ref)) planned.set(push.ref, { ...push, before });
  };
  for (const text of refs) {
    if (isDelete) add({ ref: existingRef(text, advertised.refs), after: null });
    else add(await namedPush(context, text, there));
  }
  if (refs.length === 0 && !tags) {
    const current = await currentBranch(context, remote);
    const before = there.get(current.ref);
    // Who only approves need not bring in first what others merged.
    const isBehind = before !== undefined && (await isForward(context.store, current.after, before));
    if (isForced || !isBehind) add(current);
  }
  if (!isDelete)
    for (const ref of await context.store.refs.list('refs/'))
      if (
        'oid' in ref &&
        (isSharedRef(ref.name) || (tags && matchRef('refs/tags/*', ref.name) !== undefined))
      )
        add({ ref: ref.name, after: ref.oid, isExtra: isSharedRef(ref.name) });
  return [...planned.values()].toSorted((a, b) => (a.ref < b.ref ? -1 : 1));
}

/** git: push.default `simple`: the branch of the same name, and no other by accident. */
async function currentBranch(
  { store }: RepositoryContext,
  remote: Remote,
): Promise<Omit<PlannedPush, 'before'> & { readonly after: Oid }> {
  const { branch, commit } = await readHead(store);
  if (branch === null)
    throw new ConfigError('E_USAGE', 'HEAD is on no branch: nothing says what to push', {
      hint: `name it: cfg push ${shellWord(remote.name)} HEAD:refs/heads/BRANCH`,
    });
  if (commit === null)
    throw new ConfigError('E_NOTHING_TO_DO', `branch '${branch}' has no commits to push`, {
      hint: 'cfg commit first',
    });
  const merge = store.config.get(`branch.${branch}.merge`);
  const follows = store.config.get(`branch.${branch}.remote`) === remote.name;
  if (follows && merge !== undefined && merge !== branchRef(branch))
    throw new ConfigError(
      'E_USAGE',
      `branch '${branch}' follows a branch of another name, '${merge.replace('refs/heads/', '')}'`,
      {
        hint: `say which one: cfg push ${shellWord(remote.name)} ${shellWord(`${branch}:${merge.replace('refs/heads/', '')}`)}, or cfg push ${shellWord(remote.name)} ${shellWord(branch)}`,
      },
    );
  return { ref: branchRef(branch), after: commit, source: branch };
}

async function namedPush(
  context: RepositoryContext,
  text: string,
  there: ReadonlyMap<string, Oid>,
): Promise<Omit<PlannedPush, 'before'>> {
  if (text.startsWith('+'))
    throw new ConfigError('E_USAGE', `cannot force '${text}'`, {
      hint: `cfg push --force-with-lease REMOTE ${shellWord(text.slice(1))}`,
    });
  const [, from = '', to] = /^([^:]*)(?::(.*))?$/s.exec(text) ?? [];
  if (from === '')
    throw new ConfigError('E_USAGE', `'${text}' names nothing to push`, {
      hint: `to delete it there: cfg push --delete REMOTE ${shellWord(to ?? 'BRANCH')}`,
    });
  const source = await sourceOf(context, from);
  const target = to === undefined || to === '' ? source.ref : targetRef(to, source.ref, there);
  if (target === undefined)
    throw new ConfigError('E_USAGE', `nothing says whether '${to ?? from}' is to be a branch or a tag`, {
      hint: `write it in full: cfg push REMOTE ${shellWord(`${from}:refs/heads/${to ?? 'BRANCH'}`)}`,
    });
  const branch =
    source.ref?.startsWith('refs/heads/') === true ? source.ref.slice('refs/heads/'.length) : undefined;
  return { ref: target, after: source.oid, ...(branch === undefined ? {} : { source: branch }) };
}

/** A branch, a tag, a full name, or any revision (which is then no ref). */
async function sourceOf(
  context: RepositoryContext,
  text: string,
): Promise<{ readonly ref?: string; readonly oid: Oid }> {
  const { store } = context;
  const name = text === 'HEAD' || text === '@' ? ((await readHead(store)).branch ?? text) : text;
  for (const ref of [
    ...(text.startsWith('refs/') ? [text] : []),
    branchRef(name),
    `refs/tags/${name}`,
    `refs/tags/v${name}`,
  ]) {
    const oid = isRefName(ref) ? await refCommit(store, ref) : null;
    if (oid !== null) return { ref, oid };
  }
  return { oid: await resolveRevision(store, text) };
}

function targetRef(
  text: string,
  source: string | undefined,
  there: ReadonlyMap<string, Oid>,
): string | undefined {
  if (text.startsWith('refs/')) return text;
  const known = [branchRef(text), `refs/tags/${text}`].find((name) => there.has(name));
  const kind = /^refs\/(?:heads|tags)\//.exec(source ?? '')?.[0];
  return known ?? (kind === undefined ? undefined : kind + text);
}

/** Throws E_REVISION_NOT_FOUND with the name that may have been meant. */
function existingRef(text: string, refs: readonly RemoteRef[]): string {
  const names = refs.map(({ name }) => name);
  const found = [text, branchRef(text), `refs/tags/${text}`].find((name) => names.includes(name));
  if (found !== undefined) return found;
  const near = closest(
    text,
    names.map((name) => name.replace(/^refs\/(heads|tags)\//, '')),
  );
  throw new ConfigError('E_REVISION_NOT_FOUND', `the remote has no branch or tag '${text}'`, {
    hint: near === undefined ? 'see what it has: cfg ls-remote' : `did you mean '${near}'?`,
  });
}
