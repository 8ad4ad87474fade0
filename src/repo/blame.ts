import {
  formatKeyPath,
  leaves,
  parseAddress,
  type ConfigDocument,
  type KeyPath,
  type Leaf,
} from '../doc/index.js';
import { comparableAt } from '../diff/index.js';
import {
  andThen,
  DateQueue,
  readCommit,
  resolveCommit,
  type Awaitable,
  type Commit,
  type CommitGraph,
  type FileEntry,
  type Oid,
  type PathColumn,
  type PathEntry,
  type RepoPath,
} from '../store/index.js';
import { personOf } from './commit-info.js';
import { asTyped, fileOf, type RepositoryContext } from './context.js';
import { FileHistory, isFileEntry } from './file-history.js';
import { parsed, readFile, requireKey } from './get.js';
import { readHead } from './head.js';
import type { BlameAnswer, KeyBlame, LastSet } from './types.js';
import { type Facts, identityDigest } from './version-cache.js';

const nobody: LastSet = { commit: null, author: null, date: null };

/** The values of a file in one commit, by key path. */
type Values = ReadonlyMap<string, string>;

/**
 * For each key of a file (or below one of its keys) the commit that gave it its present value; all null where no commit did. Without a
 * revision the file is that of the worktree. Every commit hands on what a parent has the same, as `git blame` does with lines, also
 * under the name that the file had before a rename.
 * Throws E_FILE_NOT_FOUND, E_KEY_NOT_FOUND, E_INVALID, E_REVISION_NOT_FOUND.
 */
export async function blame(
  context: RepositoryContext,
  address: string,
  revision?: string,
): Promise<BlameAnswer> {
  const parts = parseAddress(address);
  const { path: below = [] } = parts;
  const at = parts.revision ?? revision;
  const file = fileOf(context, parts);
  const document = parsed(file, await readFile(context, file, at));
  if (below.length > 0)
    requireKey(document, { file, revision: at, named: asTyped(context, file, at) }, below);
  const found = leaves(document).filter(({ path }) => isBelow(path, below));
  const start =
    at === undefined ? (await readHead(context.store)).commit : await resolveCommit(context.store, at);
  const blamed = await lastSetters(context, { file, start, wanted: valuesOf(document, found) });
  return { keys: found.map((leaf) => keyBlame(leaf, blamed)) };
}

function isBelow(path: KeyPath, above: KeyPath): boolean {
  const [text, prefix] = [formatKeyPath(path), formatKeyPath(above)];
  return (
    prefix === '' || text === prefix || (/^[.[]/.test(text.slice(prefix.length)) && text.startsWith(prefix))
  );
}

function valuesOf(document: ConfigDocument, found: readonly Leaf[] = leaves(document)): Values {
  return new Map(
    found.map(({ path }) => [formatKeyPath(path), comparableAt(document, path)?.identity ?? '']),
  );
}

function keyBlame({ path, value, range }: Leaf, blamed: ReadonlyMap<string, LastSet>): KeyBlame {
  const text = formatKeyPath(path);
  return { path: text, line: range.start.line, ...(blamed.get(text) ?? nobody), value };
}

interface Question {
  readonly file: RepoPath;
  readonly start: Oid | null;
  readonly wanted: Values;
}

/** Passes keys from commit to parent for as long as the value is the same there, latest commits first. */
async function lastSetters(
  { store }: RepositoryContext,
  { file, start, wanted }: Question,
): Promise<ReadonlyMap<string, LastSet>> {
  const blamed = new Map<string, LastSet>();
  if (start === null) return blamed;
  const files = await FileHistory.open(store);
  const first = { commit: await files.numberOf(start), column: await files.column(file) };
  const versions = new Versions(files, wanted);
  const blaming = { files, versions, queue: new Queue(files.graph, first.column) };
  blaming.queue.add({ ...first, keys: await versions.held(first, [...wanted.keys()]) });
  for (let step = blaming.queue.next(); step !== undefined; step = blaming.queue.next()) {
    const passed = passOn(step, blaming);
    if (passed instanceof Promise ? await passed : passed) continue;
    const left = await handOut(step, blaming);
    if (left.length === 0) continue;
    const oid = files.graph.oid(step.commit);
    const last = setBy(oid, await readCommit(store, oid));
    for (const key of left) blamed.set(key, last);
  }
  await files.save();
  return blamed;
}

/** The file in one commit; a rename gives it another path there. */
interface FileAt {
  readonly commit: number;
  readonly column: PathColumn;
}

interface Step extends FileAt {
  readonly keys: readonly string[];
}

interface Blaming {
  readonly files: FileHistory;
  readonly versions: Versions;
  readonly queue: Queue;
}

/** Whether the only parent has the very same file, as it nearly always has: then all keys go on to it. */
function passOn(step: Step, { files: { graph }, queue }: Blaming): Awaitable<boolean> {
  const { commit, column, keys } = step;
  const [parent, another] = graph.parents(commit);
  if (parent === undefined || another !== undefined) return false;
  return andThen(graph.load(parent), () =>
    andThen(column.isSame(commit, parent), (isSame) => {
      if (isSame) queue.add({ commit: parent, column, keys });
      return isSame;
    }),
  );
}

/** Gives each key to the first parent that has its value, and returns those that none has. */
async function handOut(step: Step, { files, versions, queue }: Blaming): Promise<readonly string[]> {
  let left = step.keys;
  for (const parent of files.graph.parents(step.commit)) {
    if (left.length === 0) break;
    await files.graph.load(parent);
    const before = await versions.before(step, parent);
    const same = await versions.held(before, left);
    if (same.length > 0) queue.add({ ...before, keys: same });
    const handed = new Set(same);
    left = left.filter((key) => !handed.has(key));
  }
  return left;
}

/** What the versions of a file have of the values that are asked for. */
class Versions {
  private readonly files: FileHistory;
  private readonly wanted: ReadonlyMap<string, string>;
  private readonly known = new Map<Oid, ReadonlySet<unknown>>();

  constructor(files: FileHistory, wanted: Values) {
    this.files = files;
    this.wanted = new Map([...wanted].map(([key, identity]) => [key, identityDigest(key, identity)]));
  }

  /** The file in a parent of a commit. */
  async before({ commit, column }: FileAt, parent: number): Promise<FileAt> {
    const isThere = (await column.entryAt(parent)) !== undefined;
    const name = isThere ? undefined : await this.files.nameBefore(column.path, commit, parent);
    return { commit: parent, column: name === undefined ? column : await this.files.column(name) };
  }

  /** Those of the keys that have their wanted value there. */
  async held({ commit, column }: FileAt, keys: readonly string[]): Promise<readonly string[]> {
    const found = await this.digestsOf(column.path, await column.entryAt(commit));
    return keys.filter((key) => found.has(this.wanted.get(key)));
  }

  /** A digest of each key with its value. */
  private async digestsOf(path: RepoPath, entry: PathEntry | undefined): Promise<ReadonlySet<unknown>> {
    if (!isFileEntry(entry)) return new Set();
    const known = this.known.get(entry.oid);
    if (known !== undefined) return known;
    const cache = await this.files.versions(`leaves ${path}`);
    const kept = cache.get(entry.oid);
    const facts = kept ?? (await this.read(path, entry));
    if (kept === undefined) cache.set(entry.oid, facts);
    const digests = new Set(facts);
    this.known.set(entry.oid, digests);
    return digests;
  }

  private async read(path: RepoPath, { mode, oid }: Omit<FileEntry, 'path'>): Promise<Facts> {
    const document = await this.files.document({ path, mode, oid });
    if (document?.valid !== true) return [];
    return [...valuesOf(document)].map(([key, identity]) => identityDigest(key, identity));
  }
}

function setBy(oid: Oid, commit: Commit): LastSet {
  const { name, email, date } = personOf(commit.author);
  return { commit: oid, author: `${name} <${email}>`, date };
}

/** Commits to look at, the latest first, so that what several children hand to one commit is looked at once. */
class Queue {
  private readonly graph: CommitGraph;
  /** The column of most steps, which are told apart by their commits alone. */
  private readonly first: PathColumn;
  private readonly waiting = new DateQueue<string | number>();
  private readonly steps = new Map<string | number, Step>();

  constructor(graph: CommitGraph, first: PathColumn) {
    this.graph = graph;
    this.first = first;
  }

  add(step: Step): void {
    const id = step.column === this.first ? step.commit : `${step.commit} ${step.column.path}`;
    const before = this.steps.get(id);
    if (before === undefined) this.waiting.push(id, this.graph.date(step.commit));
    this.steps.set(id, before === undefined ? step : { ...step, keys: joined(before.keys, step.keys) });
  }

  next(): Step | undefined {
    const id = this.waiting.pop();
    const step = id === undefined ? undefined : this.steps.get(id);
    if (id !== undefined) this.steps.delete(id);
    return step;
  }
}

function joined(some: readonly string[], others: readonly string[]): readonly string[] {
  return [...new Set([...some, ...others])];
}
