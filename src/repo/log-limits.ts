import { closest, ConfigError, shellWord } from '../errors.js';
import { formatAddress, formatKeyPath, parseAddress, type Address, type KeyPath } from '../doc/index.js';
import { listFiles, type Oid, type RepoPath } from '../store/index.js';
import { fileOf, type RepositoryContext } from './context.js';
import type { FileHistory } from './file-history.js';
import type { Subject } from './history.js';
import type { LogOptions } from './repository.js';
import { allOf, GlobSubject, KeySubject, PathSubject } from './subjects.js';

/** What limits a history to some files or keys. */
export interface Limits {
  /** The revision that the addresses name. */
  readonly revision?: string;
  readonly limits: readonly Limit[];
}

/** One address, or with `glob` the keys below it that match. `path` `''` is the root. */
export interface Limit {
  readonly path: RepoPath;
  readonly key?: KeyPath;
  readonly glob?: string;
}

/** Reads the addresses and the key glob of `log`. Throws E_BAD_PATH, E_USAGE for addresses at different revisions. */
export function readLimits(
  context: RepositoryContext,
  options: Pick<LogOptions, 'addresses' | 'key'>,
): Limits {
  const addresses = (options.addresses ?? []).map(parseAddress);
  const revision = revisionOf(addresses.flatMap((address) => address.revision ?? []));
  const keyed = addresses.find(({ path }) => path !== undefined);
  if (keyed !== undefined && options.key !== undefined)
    throw new ConfigError('E_USAGE', `'${formatAddress(keyed)}' names a key already`, {
      hint: `leave out --key, or give the file alone: cfg log ${shellWord(keyed.file)} --key ${shellWord(options.key)}`,
    });
  const limits = addresses.map((address) => limitOf(context, address, options.key));
  if (limits.length === 0 && options.key !== undefined) limits.push({ path: '', glob: options.key });
  return { ...(revision !== undefined && { revision }), limits };
}

/** What the history of some limits is about; undefined: of everything. */
export async function subjectOf(files: FileHistory, limits: readonly Limit[]): Promise<Subject | undefined> {
  const subjects: PathSubject[] = [];
  for (const limit of limits) subjects.push(await subjectOfOne(files, limit));
  return subjects.length > 1 ? allOf(subjects) : subjects[0];
}

async function subjectOfOne(files: FileHistory, { path, key, glob }: Limit): Promise<PathSubject> {
  const column = await files.column(path);
  if (key !== undefined) return KeySubject.open(files, { path, key }, column);
  return glob === undefined
    ? new PathSubject(files, path, column)
    : new GlobSubject(files, { path, glob }, column);
}

function limitOf(context: RepositoryContext, address: Address, glob: string | undefined): Limit {
  const { path: key } = address;
  const path = fileOf(context, address).replace(/\/+$/, '');
  return { path, ...(key !== undefined && { key }), ...(glob !== undefined && { glob }) };
}

function revisionOf(revisions: readonly string[]): string | undefined {
  const different = [...new Set(revisions)];
  if (different.length > 1)
    throw new ConfigError('E_USAGE', `addresses name different revisions: ${different.join(', ')}`, {
      hint: 'one history begins at one revision: cfg log REV FILE...',
    });
  return different[0];
}

/** Throws E_FILE_NOT_FOUND or E_KEY_NOT_FOUND for the first limit that none of these commits has. */
export async function requireFound(
  files: FileHistory,
  limits: readonly Limit[],
  commits: readonly Oid[],
): Promise<void> {
  for (const limit of limits) await requireOne(files, limit, commits);
}

async function requireOne(files: FileHistory, limit: Limit, commits: readonly Oid[]): Promise<void> {
  const subject = await subjectOfOne(files, limit);
  let isFile = false;
  for (const oid of commits) {
    const commit = await files.numberOf(oid);
    const entry = await subject.entryAt(commit);
    isFile ||= entry !== undefined;
    if (entry !== undefined && !(subject instanceof KeySubject)) return;
    if (subject instanceof KeySubject && (await subject.valueAt(commit)) !== undefined) return;
  }
  throw isFile ? unknownKey(limit) : await unknownFile(files, limit, commits);
}

async function unknownFile(
  { store, graph }: FileHistory,
  { path }: Limit,
  commits: readonly Oid[],
): Promise<ConfigError> {
  const paths: RepoPath[] = [];
  for (const oid of commits)
    for (const file of await listFiles(store, graph.tree(graph.numberOf(oid)))) paths.push(file.path);
  const near = closest(path, paths);
  return new ConfigError('E_FILE_NOT_FOUND', `no commit has the file '${path}'`, {
    hint: near === undefined ? 'see the files with: cfg show HEAD' : `did you mean '${near}'?`,
    details: { path },
  });
}

function unknownKey({ path, key = [] }: Limit): ConfigError {
  return new ConfigError('E_KEY_NOT_FOUND', `no commit has the key '${formatKeyPath(key)}' in '${path}'`, {
    hint: `see its keys with: cfg get ${shellWord(formatAddress({ file: path }))}`,
    details: { file: path, path: formatKeyPath(key) },
  });
}
