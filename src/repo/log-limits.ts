import { closest, ConfigError } from '../errors.js';
import {
  equalValues,
  formatAddress,
  formatKeyPath,
  parseAddress,
  type Address,
  type ConfigValue,
  type KeyPath,
} from '../doc/index.js';
import { comparableAt, type ComparableValue } from '../diff/index.js';
import { listFiles, readCommit, type Commit, type Oid, type RepoPath, type Store } from '../store/index.js';
import { fromRoot, type RepositoryContext } from './context.js';
import { documentReader } from './documents.js';
import type { IsSame } from './history.js';
import { keysChanged } from './key-glob.js';
import type { LogOptions } from './repository.js';
import { pathFinder, type PathEntry, type PathFinder } from './tree-path.js';

/** What limits a history to some files or keys. */
export interface Limits {
  /** The revision that the addresses name. */
  readonly revision?: string;
  /** Absent without a limit. */
  readonly isSame?: IsSame;
  /** With one key: its value before (in the first parent) and after a commit. */
  readonly values?: (
    commit: Commit,
  ) => Promise<{ readonly before?: ConfigValue; readonly after?: ConfigValue }>;
  /** Throws E_FILE_NOT_FOUND or E_KEY_NOT_FOUND for the first address that none of these commits has. */
  readonly requireFound: (commits: readonly Oid[]) => Promise<void>;
}

/** One address, or with `glob` the keys below it that match. `path` `''` is the root. */
interface Limit {
  readonly path: RepoPath;
  readonly find: PathFinder;
  readonly key?: KeyPath;
  readonly glob?: string;
}

/** Reads the addresses and the key glob of `log`. Throws E_BAD_PATH, E_USAGE for addresses at different revisions. */
export function readLimits(context: RepositoryContext, options: LogOptions): Limits {
  const { store } = context;
  const addresses = (options.addresses ?? []).map(parseAddress);
  const revision = revisionOf(addresses.flatMap((address) => address.revision ?? []));
  const keyed = addresses.find(({ path }) => path !== undefined);
  if (keyed !== undefined && options.key !== undefined)
    throw new ConfigError('E_USAGE', `'${formatAddress(keyed)}' names a key already`, {
      hint: `leave out --key, or give the file alone: cfg log ${keyed.file} --key '${options.key}'`,
    });
  const limits = addresses.map((address) => limitOf(context, address, options.key));
  if (limits.length === 0 && options.key !== undefined)
    limits.push({ path: '', find: pathFinder(store, ''), glob: options.key });
  const reader = new LimitReader(store);
  const [only] = limits;
  const single = limits.length === 1 && only?.key !== undefined;
  return {
    ...(revision !== undefined && { revision }),
    ...(limits.length > 0 && { isSame: (commit, parent) => reader.same(limits, commit, parent) }),
    ...(single && { values: (commit: Commit) => reader.values(only, commit) }),
    requireFound: async (commits) => {
      for (const limit of limits) await reader.requireFound(limit, commits);
    },
  };
}

function limitOf(context: RepositoryContext, address: Address, glob: string | undefined): Limit {
  const { file, path: key, revision } = address;
  const path = revision === undefined ? fromRoot(context, file) : file.replace(/\/+$/, '');
  const find = pathFinder(context.store, path);
  return { path, find, ...(key !== undefined && { key }), ...(glob !== undefined && { glob }) };
}

function revisionOf(revisions: readonly string[]): string | undefined {
  const different = [...new Set(revisions)];
  if (different.length > 1)
    throw new ConfigError('E_USAGE', `addresses name different revisions: ${different.join(', ')}`, {
      hint: 'one history begins at one revision: cfg log REV FILE...',
    });
  return different[0];
}

/** Compares what limits are about in different commits. */
class LimitReader {
  private readonly store: Store;
  private readonly known = new Map<Limit, Map<Oid, ComparableValue | undefined>>();

  constructor(store: Store) {
    this.store = store;
  }

  async same(limits: readonly Limit[], commit: Commit, parent: Commit | undefined): Promise<boolean> {
    if (commit.tree === parent?.tree) return true;
    for (const limit of limits) if (!(await this.sameIn(limit, commit, parent))) return false;
    return true;
  }

  /** The value of the one key before and after a commit, as it is written where only that differs. */
  async values(
    limit: Limit,
    commit: Commit,
  ): Promise<{ readonly before?: ConfigValue; readonly after?: ConfigValue }> {
    const [parent] = commit.parents;
    const base = parent === undefined ? undefined : (await readCommit(this.store, parent)).tree;
    const before = base === undefined ? undefined : await this.valueIn(limit, base);
    const after = await this.valueIn(limit, commit.tree);
    const written = before && after && equalValues(before.value, after.value);
    const shown = ({ value, identity }: ComparableValue): ConfigValue =>
      written === true && typeof value === 'number' ? identity : value;
    return { ...(before && { before: shown(before) }), ...(after && { after: shown(after) }) };
  }

  async requireFound(limit: Limit, commits: readonly Oid[]): Promise<void> {
    const trees: Oid[] = [];
    for (const oid of commits) trees.push((await readCommit(this.store, oid)).tree);
    let isFile = false;
    for (const tree of trees) {
      const entry = await limit.find(tree);
      isFile ||= entry !== undefined;
      if (entry !== undefined && limit.key === undefined) return;
      if (limit.key !== undefined && (await this.valueIn(limit, tree)) !== undefined) return;
    }
    throw isFile ? unknownKey(limit) : await this.unknownFile(limit, trees);
  }

  private async sameIn(limit: Limit, commit: Commit, parent: Commit | undefined): Promise<boolean> {
    const after = await limit.find(commit.tree);
    const before = parent && (await limit.find(parent.tree));
    if (before?.oid === after?.oid && before?.mode === after?.mode) return true;
    if (limit.glob !== undefined)
      return !(await keysChanged(this.store, { ...limit, glob: limit.glob }, { before, after }));
    if (limit.key === undefined) return false;
    const [old, now] = [await this.valueOf(limit, before), await this.valueOf(limit, after)];
    return old?.identity === now?.identity;
  }

  private async valueIn(limit: Limit, tree: Oid): Promise<ComparableValue | undefined> {
    return this.valueOf(limit, await limit.find(tree));
  }

  /** Undefined where there is no such key: no such file, another format, or a version of it that does not parse. */
  private async valueOf(limit: Limit, entry: PathEntry | undefined): Promise<ComparableValue | undefined> {
    if (entry === undefined || entry.mode === '040000' || limit.key === undefined) return undefined;
    const known = this.known.get(limit) ?? new Map<Oid, ComparableValue | undefined>();
    this.known.set(limit, known);
    if (known.has(entry.oid)) return known.get(entry.oid);
    const document = await documentReader(this.store)({ path: limit.path, mode: entry.mode, oid: entry.oid });
    const value = document?.valid === true ? comparableAt(document, limit.key) : undefined;
    known.set(entry.oid, value);
    return value;
  }

  private async unknownFile({ path }: Limit, trees: readonly Oid[]): Promise<ConfigError> {
    const files: RepoPath[] = [];
    for (const tree of trees) files.push(...(await listFiles(this.store, tree)).map((file) => file.path));
    const near = closest(path, files);
    return new ConfigError('E_FILE_NOT_FOUND', `no commit has the file '${path}'`, {
      hint: near === undefined ? 'see the files with: cfg show HEAD' : `did you mean '${near}'?`,
      details: { path },
    });
  }
}

function unknownKey({ path, key = [] }: Limit): ConfigError {
  return new ConfigError('E_KEY_NOT_FOUND', `no commit has the key '${formatKeyPath(key)}' in '${path}'`, {
    hint: `see its keys with: cfg get ${path}`,
    details: { file: path, path: formatKeyPath(key) },
  });
}
