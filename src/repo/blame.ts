import {
  formatKeyPath,
  leaves,
  parseAddress,
  type ConfigDocument,
  type KeyPath,
  type Leaf,
} from '../doc/index.js';
import { comparableAt } from '../diff/index.js';
import { findFile, readCommit, resolveCommit, type Commit, type Oid } from '../store/index.js';
import { personOf } from './commit-info.js';
import { fromRoot, type RepositoryContext } from './context.js';
import { documentReader } from './documents.js';
import { parsed, readFile, requireKey } from './get.js';
import { readHead } from './head.js';
import type { BlameAnswer, KeyBlame, LastSet } from './types.js';

const nobody: LastSet = { commit: null, author: null, date: null };

/** The values of a file in one commit, by key path. */
type Values = ReadonlyMap<string, string>;

/**
 * For each key of a file (or below one of its keys) the commit that gave it its present value; all null where no commit did. Without a
 * revision the file is that of the worktree. Every commit hands on what a parent has the same, as `git blame` does with lines.
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
  readonly file: string;
  readonly start: Oid | null;
  readonly wanted: Values;
}

/** Passes keys from commit to parent for as long as the value is the same there, latest commits first. */
async function lastSetters(
  context: RepositoryContext,
  { file, start, wanted }: Question,
): Promise<ReadonlyMap<string, LastSet>> {
  const { store } = context;
  const read = documentReader(store);
  const known = new Map<Oid, Values>();
  const valuesAt = async (tree: Oid): Promise<Values> => {
    const entry = await findFile(store, tree, file);
    if (entry === undefined) return new Map();
    const document = known.has(entry.oid) ? undefined : await read(entry);
    const values = known.get(entry.oid) ?? (document?.valid === true ? valuesOf(document) : new Map());
    known.set(entry.oid, values);
    return values;
  };
  const blamed = new Map<string, LastSet>();
  const queue = new Queue();
  if (start !== null) {
    const commit = await readCommit(store, start);
    const there = await valuesAt(commit.tree);
    queue.add({
      oid: start,
      commit,
      keys: [...wanted.keys()].filter((key) => there.get(key) === wanted.get(key)),
    });
  }
  for (let step = queue.next(); step !== undefined; step = queue.next()) {
    let left = step.keys;
    for (const oid of step.commit.parents) {
      const commit = await readCommit(store, oid);
      const there = await valuesAt(commit.tree);
      const same = new Set(left.filter((key) => there.get(key) === wanted.get(key)));
      if (same.size > 0) queue.add({ oid, commit, keys: [...same] });
      left = left.filter((key) => !same.has(key));
    }
    for (const key of left) blamed.set(key, setBy(step));
  }
  return blamed;
}

interface Step {
  readonly oid: Oid;
  readonly commit: Commit;
  readonly keys: readonly string[];
}

function setBy({ oid, commit }: Step): LastSet {
  const { name, email, date } = personOf(commit.author);
  return { commit: oid, author: `${name} <${email}>`, date };
}

/** Commits to look at, the latest first, so that what several children hand to one commit is looked at once. */
class Queue {
  private readonly steps = new Map<Oid, Step>();

  add(step: Step): void {
    const before = this.steps.get(step.oid)?.keys ?? [];
    this.steps.set(step.oid, { ...step, keys: [...new Set([...before, ...step.keys])] });
  }

  next(): Step | undefined {
    let latest: Step | undefined;
    for (const step of this.steps.values())
      if (latest === undefined || step.commit.committer.timestamp > latest.commit.committer.timestamp)
        latest = step;
    if (latest !== undefined) this.steps.delete(latest.oid);
    return latest;
  }
}
