import { ConfigError } from '../errors.js';
import { parseDateLimit, patternOf, type Store } from '../store/index.js';
import { linkCommits } from './commit-edges.js';
import { commitInfo, readTagNames, type TagNames } from './commit-info.js';
import type { RepositoryContext } from './context.js';
import { FileHistory } from './file-history.js';
import { readHead } from './head.js';
import {
  walkHistory,
  walkSubject,
  type HistoryOptions,
  type HistoryRange,
  type SubjectVisited,
  type Visited,
} from './history.js';
import { readLimits, requireFound, subjectOf, type Limits } from './log-limits.js';
import type { LogOptions } from './repository.js';
import { resolveRange } from './revision-range.js';
import { signatureOf } from './signatures.js';
import { KeySubject } from './subjects.js';
import type { KeyCommitInfo, LogAnswer, LoggedCommit } from './types.js';
import { valueChanges, type ValueSearch } from './value-search.js';

/**
 * Commits newest first, as `git log` orders and simplifies them; with an address of one key only those that changed its value, each
 * with the value before and after. The history of one file goes on under the name it had before a rename. A repository without commits
 * has an empty history.
 *
 * `author` and `grep` are regular expressions, upper and lower case alike, over `Name <email>` and the message; what is none is taken as
 * plain text. `since` and `until` (see {@link parseDateLimit}) are about the committer's date, as in git. The cost is that of reading the
 * commits walked and, with addresses, the folders on the way to them, which are kept for the next time; a file is only opened where it differs.
 *
 * Throws E_REVISION_NOT_FOUND, E_FILE_NOT_FOUND and E_KEY_NOT_FOUND for an address that never named anything, E_USAGE, E_BAD_PATH.
 */
export async function log(context: RepositoryContext, options: LogOptions = {}): Promise<LogAnswer> {
  const { store } = context;
  if (options.value === '')
    throw new ConfigError('E_USAGE', 'every value has an empty text in it', { hint: 'cfg log --value TEXT' });
  const limits = readLimits(context, options);
  const range = await startOf(store, options.revision ?? limits.revision);
  if (range === undefined) return { commits: [] };
  const { firstParent } = options;
  const since =
    options.since === undefined ? undefined : parseDateLimit(options.since, context.now(), 'start');
  const walk: HistoryOptions = {
    ...range,
    ...(since !== undefined && { since }),
    ...(firstParent !== undefined && { firstParent }),
  };
  const search = options.value === undefined ? undefined : { text: options.value, limits: limits.limits };
  const listing = { wanted: filterOf(context, options), limit: options.limit ?? Infinity, search };
  const listed =
    limits.limits.length === 0
      ? await listAll(store, walk, listing)
      : await listLimited(store, { walk, limits, listing, options });
  const commits = options.signatures === true ? await withSignatures(context, listed) : listed;
  if (options.graph !== true) return { commits };
  return { commits: await linkCommits(store, commits, { firstParent: firstParent === true }) };
}

async function withSignatures(
  context: RepositoryContext,
  commits: readonly LoggedCommit[],
): Promise<readonly LoggedCommit[]> {
  const checked: LoggedCommit[] = [];
  for (const one of commits) {
    const signature = await signatureOf(context, one.commit, 'commit');
    checked.push({ ...one, ...(signature && { signature }) });
  }
  return checked;
}

interface Listing {
  readonly wanted: (visited: Visited) => boolean;
  readonly limit: number;
  readonly search: ValueSearch | undefined;
}

async function listAll(
  store: Store,
  walk: HistoryOptions,
  { wanted, limit, search }: Listing,
): Promise<readonly LoggedCommit[]> {
  const tags = await readTagNames(store);
  const commits: LoggedCommit[] = [];
  if (limit === 0) return commits;
  for await (const visited of walkHistory(store, walk)) {
    if (!wanted(visited)) continue;
    const changes = search && (await valueChanges(store, visited.commit, search));
    if (search !== undefined && changes === undefined) continue;
    commits.push({ ...commitInfo(visited.oid, visited.commit, tags), ...(changes && { changes }) });
    if (commits.length >= limit) break;
  }
  return commits;
}

interface LimitedLog {
  readonly walk: HistoryOptions;
  readonly limits: Limits;
  readonly listing: Listing;
  readonly options: LogOptions;
}

async function listLimited(
  store: Store,
  { walk, limits: { limits }, listing: { wanted, limit, search }, options }: LimitedLog,
): Promise<readonly LoggedCommit[]> {
  const files = await FileHistory.open(store);
  const subject = await subjectOf(files, limits);
  const tags = await readTagNames(store);
  const commits: LoggedCommit[] = [];
  if (subject !== undefined && limit > 0)
    for await (const visited of walkSubject(store, { ...walk, graph: files.graph, subject })) {
      if (!wanted(visited)) continue;
      const changes = search && (await valueChanges(store, visited.commit, searchAt(search, visited)));
      if (search !== undefined && changes === undefined) continue;
      commits.push({ ...(await entryOf(visited, tags)), ...(changes && { changes }) });
      if (commits.length >= limit) break;
    }
  if (commits.length === 0 && isUnfiltered(options)) await requireFound(files, limits, walk.starts);
  await files.save();
  return commits;
}

/** A file may have had another name in the commit. */
function searchAt(search: ValueSearch, { subject }: SubjectVisited): ValueSearch {
  const [only, ...more] = search.limits;
  if (only === undefined || more.length > 0) return search;
  return { ...search, limits: [{ ...only, path: subject.name }] };
}

/** Undefined: HEAD has no commit yet. */
async function startOf(store: Store, revision: string | undefined): Promise<HistoryRange | undefined> {
  if (revision !== undefined) return resolveRange(store, revision);
  const { commit } = await readHead(store);
  return commit === null ? undefined : { starts: [commit], hide: [] };
}

function isUnfiltered({ author, since, until, grep, value, limit, revision }: LogOptions): boolean {
  const filters = [author, since, until, grep, value].some((filter) => filter !== undefined);
  return !filters && limit !== 0 && revision?.includes('..') !== true;
}

async function entryOf(
  { oid, commit, number, subject }: SubjectVisited,
  tags: TagNames,
): Promise<KeyCommitInfo> {
  const info = commitInfo(oid, commit, tags);
  return subject instanceof KeySubject ? { ...info, ...(await subject.values(number)) } : info;
}

function filterOf(context: RepositoryContext, options: LogOptions): (visited: Visited) => boolean {
  const author = options.author === undefined ? undefined : patternOf(options.author, 'imu');
  const grep = options.grep === undefined ? undefined : patternOf(options.grep, 'imu');
  const until = options.until === undefined ? Infinity : parseDateLimit(options.until, context.now(), 'end');
  return ({ commit }) => {
    const { name, email } = commit.author;
    return (
      commit.committer.timestamp <= until &&
      author?.test(`${name} <${email}>`) !== false &&
      grep?.test(commit.message) !== false
    );
  };
}
