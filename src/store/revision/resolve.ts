/** What a revision names, as `git rev-parse` has it; a range of versions names the highest tag in it. */
import { closest, ConfigError, shellWord } from '../../errors.js';
import { highestTagIn, isRange } from '../../version/index.js';
import { CommitReader } from '../history/commits.js';
import { walkCommits } from '../history/walk.js';
import { isOid, zeroOid } from '../objects/oid.js';
import { readTag } from '../objects/read.js';
import { mapRef, parseRefspec } from '../transport/refspec.js';
import type { ObjectType, Oid, Store } from '../types.js';
import { followRef, fullRefName, loggedRefName } from './names.js';
import { parseRevision, type RevisionStep } from './parse.js';
import { patternOf } from './pattern.js';

/**
 * The id of any object: a full or unambiguous short id, a ref, `HEAD~2`, `main^2`, `v1^{tree}`, `main@{1}`, `main@{2 days ago}`, `@{upstream}`,
 * `@{-1}`, `:/text` and `main^{/text}` (the newest commit whose message matches), or a range of semantic versions (`^1.2`, of a folder
 * `services/api@^1`) for the highest matching tag.
 *
 * Throws E_REVISION_NOT_FOUND (with what may have been meant), E_OBJECT_MISSING, E_CORRUPT.
 */
export async function resolveRevision(store: Store, text: string): Promise<Oid> {
  const parsed = parseRevision(text);
  const resolver = { store, text };
  if (parsed !== undefined) {
    const start = await startOf(resolver, parsed.name, parsed.steps);
    if (start !== undefined) return walkSteps(resolver, start.oid, start.rest);
  }
  const tagged = await highestTag(store, text);
  if (tagged !== undefined) return tagged;
  throw await notFound(store, text);
}

/** Like {@link resolveRevision}, tags followed to the commit they name. Throws E_REVISION_NOT_FOUND when it is no commit. */
export async function resolveCommit(store: Store, text: string): Promise<Oid> {
  return peel({ store, text }, await resolveRevision(store, text), 'commit');
}

interface Resolver {
  readonly store: Store;
  /** As typed, for messages. */
  readonly text: string;
}

interface Start {
  readonly oid: Oid;
  readonly rest: readonly RevisionStep[];
}

async function startOf(
  resolver: Resolver,
  name: string,
  steps: readonly RevisionStep[],
): Promise<Start | undefined> {
  const [first] = steps;
  if (name === '' && first?.kind === 'message') {
    const oid = await youngestWith(resolver, await everyTip(resolver.store), first);
    return { oid, rest: steps.slice(1) };
  }
  const ref = await startRef(resolver, name, steps);
  if (ref !== undefined) return ref;
  if (first !== undefined && /^(reflog|date|upstream|previous)$/.test(first.kind)) return undefined;
  if (isOid(name)) return { oid: name, rest: steps };
  const described = /-\d+-g([0-9a-f]{4,40})$/.exec(name)?.[1];
  const short = described ?? name.toLowerCase();
  if (!/^[0-9a-f]{4,39}$/.test(short)) return undefined;
  const oid = await expand(resolver, short);
  return oid === undefined ? undefined : { oid, rest: steps };
}

/** The steps in `@{}` belong to the ref, not to what it points at. */
async function startRef(
  resolver: Resolver,
  name: string,
  steps: readonly RevisionStep[],
): Promise<Start | undefined> {
  const { store } = resolver;
  if (isOid(name)) return undefined;
  let full = await startName(store, name, steps);
  for (let used = 0; full !== undefined; used += 1) {
    const step = steps[used];
    if (step?.kind === 'upstream') full = await upstreamOf(resolver, full);
    else if (step?.kind === 'previous') {
      const before = await previousBranch(store, step.count);
      if (isOid(before)) return { oid: before, rest: steps.slice(used + 1) };
      full = (await fullRefName(store, `refs/heads/${before}`)) ?? (await fullRefName(store, before));
    } else if (step?.kind === 'reflog' || step?.kind === 'date')
      return { oid: await loggedValue(resolver, full, step), rest: steps.slice(used + 1) };
    else {
      const { oid } = await followRef(store, full);
      return oid === undefined ? undefined : { oid, rest: steps.slice(used) };
    }
  }
  return undefined;
}

/** Nothing before `@{...}` means the current branch, but for `@{-1}`, which the log of HEAD answers. */
async function startName(
  store: Store,
  name: string,
  [first]: readonly RevisionStep[],
): Promise<string | undefined> {
  if (name === '') return first?.kind === 'previous' ? 'HEAD' : (await followRef(store, 'HEAD')).name;
  if (first?.kind === 'reflog' || first?.kind === 'date') return loggedRefName(store, name);
  const isBranch = first?.kind === 'upstream' && name !== 'HEAD';
  return (isBranch ? await fullRefName(store, `heads/${name}`) : undefined) ?? fullRefName(store, name);
}

async function upstreamOf({ store, text }: Resolver, full: string): Promise<string> {
  const { name } = full === 'HEAD' ? await followRef(store, full) : { name: full };
  const branch = name.replace(/^refs\/heads\//, '');
  const remote = store.config.get(`branch.${branch}.remote`);
  const merge = store.config.get(`branch.${branch}.merge`);
  const tracking = merge === undefined ? undefined : trackingRef(store, remote ?? '', merge);
  if (tracking !== undefined) return tracking;
  throw new ConfigError('E_REVISION_NOT_FOUND', `branch '${branch}' has no upstream`, {
    hint: `set one: cfg push -u REMOTE ${shellWord(branch)}`,
    details: { revision: text, branch },
  });
}

/** Where a remote's branch is kept here, by the fetch rules of the remote (git: remote.c). */
export function trackingRef({ config }: Store, remote: string, merge: string): string | undefined {
  if (remote === '.') return merge;
  for (const rule of config.getAll(`remote.${remote}.fetch`)) {
    const to = mapRef(parseRefspec(rule), merge);
    if (to !== undefined) return to;
  }
  return undefined;
}

/** The name of the branch that was checked out `count` moves before, or the commit of a HEAD that was detached. Throws E_REVISION_NOT_FOUND. */
export async function previousBranch(store: Store, count: number): Promise<string> {
  const moves = (await store.refs.reflog('HEAD')).flatMap(
    ({ message }) => /^checkout: moving from (\S+) to /.exec(message)?.[1] ?? [],
  );
  const name = moves[count - 1];
  if (name !== undefined) return name;
  throw new ConfigError(
    'E_REVISION_NOT_FOUND',
    `there are only ${moves.length} branches before, asked for '@{-${count}}'`,
    { hint: 'see where you were: git reflog' },
  );
}

async function loggedValue(
  { store, text }: Resolver,
  full: string,
  step: Extract<RevisionStep, { kind: 'reflog' | 'date' }>,
): Promise<Oid> {
  const { oid } = await followRef(store, full);
  const entries = await store.refs.reflog(full);
  if (step.kind === 'reflog' && step.count === 0 && oid !== undefined) return oid;
  const value =
    step.kind === 'reflog'
      ? (entries[step.count]?.after ?? (step.count === entries.length ? entries.at(-1)?.before : undefined))
      : (entries.find(({ committer }) => committer.timestamp <= step.timestamp)?.after ??
        entries.at(-1)?.after);
  if (value !== undefined && value !== zeroOid) return value;
  throw new ConfigError(
    'E_REVISION_NOT_FOUND',
    `the log of '${full}' has only ${entries.length} entries, asked for '${text}'`,
    {
      hint: `see them: git reflog show ${shellWord(full)}`,
      details: { revision: text, ref: full, entries: entries.length },
    },
  );
}

async function expand({ store, text }: Resolver, prefix: string): Promise<Oid | undefined> {
  const [first, ...others] = await store.objects.findByPrefix(prefix);
  if (others.length === 0) return first;
  throw new ConfigError('E_REVISION_NOT_FOUND', `short id '${text}' is ambiguous`, {
    hint: `give more digits; it may be ${[first, ...others].slice(0, 5).join(', ')}`,
    details: { revision: text, candidates: [first, ...others] },
  });
}

async function walkSteps(resolver: Resolver, start: Oid, steps: readonly RevisionStep[]): Promise<Oid> {
  let oid = start;
  for (const step of steps) oid = await takeStep(resolver, oid, step);
  return oid;
}

async function takeStep(resolver: Resolver, oid: Oid, step: RevisionStep): Promise<Oid> {
  switch (step.kind) {
    case 'peel':
      return peel(resolver, oid, step.type);
    case 'ancestor':
      return ancestor(resolver, oid, step.count);
    case 'parent':
      return parent(resolver, oid, step.count);
    case 'message':
      return youngestWith(resolver, [await peel(resolver, oid, 'commit')], step);
    default:
      throw await notFound(resolver.store, resolver.text);
  }
}

/** HEAD and the commits that refs lead to. */
async function everyTip(store: Store): Promise<readonly Oid[]> {
  const tips = new Set<Oid>();
  for (const { name } of [{ name: 'HEAD' }, ...(await store.refs.list('refs/'))]) {
    let oid = (await followRef(store, name)).oid;
    while (oid !== undefined && (await store.objects.read(oid)).type === 'tag')
      oid = (await readTag(store, oid)).object;
    if (oid !== undefined && (await store.objects.read(oid)).type === 'commit') tips.add(oid);
  }
  return [...tips];
}

/** The newest commit that leads to one of the tips and whose message the text is in, as a regular expression where it is one. */
async function youngestWith(
  { store, text }: Resolver,
  tips: readonly Oid[],
  { pattern, negated }: Extract<RevisionStep, { kind: 'message' }>,
): Promise<Oid> {
  const expression = patternOf(pattern, 'su');
  for await (const { oid, commit } of walkCommits(store, tips))
    if (expression.test(commit.message) !== negated) return oid;
  throw new ConfigError('E_REVISION_NOT_FOUND', `no revision '${text}': no commit has such a message`, {
    hint: `look for it whatever its case: cfg log --grep ${shellWord(pattern)}`,
    details: { revision: text },
  });
}

async function ancestor(resolver: Resolver, oid: Oid, count: number): Promise<Oid> {
  let commit = await peel(resolver, oid, 'commit');
  for (let left = count; left > 0; left -= 1) commit = await parent(resolver, commit, 1);
  return commit;
}

async function parent(resolver: Resolver, oid: Oid, count: number): Promise<Oid> {
  const commitOid = await peel(resolver, oid, 'commit');
  if (count === 0) return commitOid;
  const { parents } = (await new CommitReader(resolver.store).read(commitOid)).commit;
  const found = parents[count - 1];
  if (found !== undefined) return found;
  const have = parents.length === 1 ? '1 parent' : `${parents.length === 0 ? 'no' : parents.length} parents`;
  throw new ConfigError(
    'E_REVISION_NOT_FOUND',
    `no revision '${resolver.text}': commit ${commitOid.slice(0, 7)} has ${have}`,
    {
      hint: 'see what there is: cfg log',
      details: { revision: resolver.text, commit: commitOid, parents: parents.length },
    },
  );
}

const peelable: ReadonlySet<string> = new Set<ObjectType>(['commit', 'tree', 'blob', 'tag']);

/** Follows tags, and from a commit to its tree, until `type` is reached. */
async function peel(resolver: Resolver, oid: Oid, type: string): Promise<Oid> {
  const { store, text } = resolver;
  const isAny = type === '' || type === 'object';
  let at = oid;
  for (;;) {
    const object = await store.objects.read(at);
    if (type === 'object' || object.type === type || (isAny && object.type !== 'tag')) return at;
    if (object.type === 'tag') at = (await readTag(store, at)).object;
    else if (object.type === 'commit' && type === 'tree')
      return (await new CommitReader(store).read(at)).commit.tree;
    else
      throw new ConfigError('E_REVISION_NOT_FOUND', `'${text}' is a ${object.type}, not a ${type}`, {
        ...(peelable.has(type) ? {} : { hint: 'write ^{commit}, ^{tree}, ^{blob} or ^{}' }),
        details: { revision: text, type: object.type },
      });
  }
}

async function highestTag(store: Store, text: string): Promise<Oid | undefined> {
  const names = (await store.refs.list('refs/tags/')).map(({ name }) => name.slice('refs/tags/'.length));
  const best = highestTagIn(names, text);
  return best === undefined ? undefined : (await followRef(store, `refs/tags/${best}`)).oid;
}

async function notFound(store: Store, text: string): Promise<ConfigError> {
  const refs = await store.refs.list('refs/');
  const names = refs.map(({ name }) => name.replace(/^refs\/(heads|tags|remotes)\//, ''));
  const meant = closest(
    text,
    ['HEAD', ...names].filter((name) => name !== text),
  );
  const hint =
    refs.length === 0 || text === 'HEAD'
      ? 'there is no commit yet: cfg commit makes the first'
      : meant === undefined
        ? 'list what there is: cfg branch, cfg tag --list, cfg log'
        : `did you mean '${meant}'?`;
  // A branch may be called `x`, which is a range too: without any ref it was hardly meant as one.
  const range = refs.length > 0 && /\d|\*/.test(text) && isRange(text);
  return new ConfigError(
    'E_REVISION_NOT_FOUND',
    range ? `no version tag matches '${text}'` : `no revision '${text}'`,
    {
      hint,
      details: { revision: text, ...(meant === undefined ? {} : { closest: meant }) },
    },
  );
}
