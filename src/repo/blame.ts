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
  DateQueue,
  readCommit,
  resolveCommit,
  type Commit,
  type CommitGraph,
  type Oid,
  type PathEntry,
  type RepoPath,
} from '../store/index.js';
import { personOf } from './commit-info.js';
import { fromRoot, type RepositoryContext } from './context.js';
import { FileHistory, isFileEntry } from './file-history.js';
import { parsed, readFile, requireKey } from './get.js';
import { readHead } from './head.js';
import type { BlameAnswer, KeyBlame, LastSet } from './types.js';

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
  const { file: typed, path: below = [], revision: written } = parseAddress(address);
  const at = written ?? revision;
  const file = written === undefined ? fromRoot(context, typed) : typed;
  const document = parsed(file, await readFile(context, file, at));
  if (below.length > 0) requireKey(document, file, below);
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
  const versions = new Versions(files, wanted);
  const queue = new Queue(files.graph);
  const first = { commit: await files.numberOf(start), path: file };
  queue.add({ ...first, keys: await versions.held(first, [...wanted.keys()]) });
  for (let step = queue.next(); step !== undefined; step = queue.next()) {
    let left = step.keys;
    for (const parent of files.graph.parents(step.commit)) {
      if (left.length === 0) break;
      await files.graph.load(parent);
      const before = await versions.before(step, parent);
      const same = before.isSame ? left : await versions.held(before, left);
      if (same.length > 0) queue.add({ ...before, keys: same });
      const handed = new Set(same);
      left = left.filter((key) => !handed.has(key));
    }
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
  readonly path: RepoPath;
}

/** What the versions of a file have of the values that are asked for. */
class Versions {
  private readonly files: FileHistory;
  private readonly wanted: Values;
  private readonly known = new Map<Oid, Values>();

  constructor(files: FileHistory, wanted: Values) {
    this.files = files;
    this.wanted = wanted;
  }

  /** The file in a parent of a commit, and whether it is the very same there. */
  async before({ commit, path }: FileAt, parent: number): Promise<FileAt & { readonly isSame: boolean }> {
    const column = await this.files.column(path);
    const [now, old] = [await column.cell(commit), await column.cell(parent)];
    if (now === old || column.entry(old) !== undefined) return { commit: parent, path, isSame: now === old };
    const name = await this.files.nameBefore(path, commit, parent);
    return { commit: parent, path: name ?? path, isSame: false };
  }

  /** Those of the keys that have their wanted value there. */
  async held({ commit, path }: FileAt, keys: readonly string[]): Promise<readonly string[]> {
    const values = await this.valuesOf(path, await (await this.files.column(path)).entryAt(commit));
    return keys.filter((key) => values.get(key) === this.wanted.get(key));
  }

  private async valuesOf(path: RepoPath, entry: PathEntry | undefined): Promise<Values> {
    if (!isFileEntry(entry)) return new Map();
    const known = this.known.get(entry.oid);
    if (known !== undefined) return known;
    const document = await this.files.document({ path, mode: entry.mode, oid: entry.oid });
    const values = document?.valid === true ? valuesOf(document) : new Map<string, string>();
    this.known.set(entry.oid, values);
    return values;
  }
}

interface Step extends FileAt {
  readonly keys: readonly string[];
}

function setBy(oid: Oid, commit: Commit): LastSet {
  const { name, email, date } = personOf(commit.author);
  return { commit: oid, author: `${name} <${email}>`, date };
}

/** Commits to look at, the latest first, so that what several children hand to one commit is looked at once. */
class Queue {
  private readonly graph: CommitGraph;
  private readonly waiting = new DateQueue<string>();
  private readonly steps = new Map<string, Step>();

  constructor(graph: CommitGraph) {
    this.graph = graph;
  }

  add(step: Step): void {
    const id = `${step.commit} ${step.path}`;
    const before = this.steps.get(id);
    if (before === undefined) this.waiting.push(id, this.graph.date(step.commit));
    this.steps.set(id, { ...step, keys: before === undefined ? step.keys : joined(before.keys, step.keys) });
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
