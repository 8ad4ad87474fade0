/**
 * What a transaction over several refs is about to do, written down before it begins, so that whoever comes next can finish it or take it
 * back when its process dies on the way (as SQLite has it: a hot journal). The name of the file says whose it is.
 */
import { dirname, relative, resolve } from 'node:path';
import { type Disk, ioError, readIfPresent, removeQuietly, syncFolder } from '../disk.js';
import type { Fs } from '../fs.js';
import { isPrivateRef, type Layout, reflogPath } from '../layout.js';
import { ownedPath } from '../lock-owner.js';
import type { RefEdit, RefLog } from '../types.js';
import type { FileRefs } from './file-refs.js';

/** The first part of the names of journals among what processes have open. */
export const journalKey = 'journal';

/** An id, the target of a symbolic ref, or null for "absent". */
type Value = RefEdit['value'];

interface Change {
  readonly name: string;
  readonly before: Value;
  readonly after: Value;
}

interface Journal {
  readonly changes: readonly Change[];
  readonly log: RefLog;
  /** The worktree that HEAD belongs to, relative to the common folder. */
  readonly gitDir: string;
  /** Reflogs of refs that go, as latin1. */
  readonly reflogs: Readonly<Record<string, string>>;
}

/** Throws E_IO. Returns what removes it, once all is done or taken back. */
export function writeJournal(refs: FileRefs, edits: readonly RefEdit[], log: RefLog): () => void {
  const { disk } = refs;
  const path = ownedPath(disk, journalKey);
  const data = Buffer.from(JSON.stringify(journalOf(refs, edits, log)), 'utf8');
  try {
    disk.fs.createFile(path, data, { sync: disk.sync });
    if (disk.sync) syncPath(disk.fs, refs.layout.commonDir, disk.ownersDir);
  } catch (error) {
    removeQuietly(disk.fs, path); // or the next command would do what this one says that it did not do
    throw ioError('write', path, error);
  }
  // A journal of something that is over does no harm: it is found done.
  return () => removeQuietly(disk.fs, path);
}

/** A folder and those above it, up to `top`: whoever made them need not have made them durable. */
function syncPath(fs: Fs, top: string, folder: string): void {
  syncFolder(fs, folder);
  if (folder !== top) syncPath(fs, top, dirname(folder));
}

function journalOf(refs: FileRefs, edits: readonly RefEdit[], log: RefLog): Journal {
  const { disk, layout } = refs;
  const changes = edits.map(({ name, value }) => ({ name, before: valueOf(refs, name), after: value }));
  const gone = changes.filter(({ after, name }) => after === null && !isPrivateRef(name));
  const reflogs = gone.flatMap(({ name }) => {
    const text = readIfPresent(disk.fs, reflogPath(layout, name))?.toString('latin1');
    return text === undefined ? [] : [[name, text] as const];
  });
  const gitDir = relative(layout.commonDir, layout.gitDir);
  return { changes, log, gitDir, reflogs: Object.fromEntries(reflogs) };
}

function valueOf(refs: FileRefs, name: string): Value {
  const ref = refs.read(name);
  if (ref === undefined) return null;
  return 'oid' in ref ? ref.oid : { target: ref.target };
}

/** A journal that is not whole was never begun upon. */
export function readJournal({ fs }: Disk, path: string): Journal | undefined {
  const text = readIfPresent(fs, path)?.toString('utf8') ?? '';
  try {
    const journal: Journal = JSON.parse(text);
    return journal;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** The worktree that a journal is about. */
export function layoutOf(journal: Journal, layout: Layout): Layout {
  return { ...layout, gitDir: resolve(layout.commonDir, journal.gitDir) };
}

/**
 * What is left to do: to finish it where every new value is in place (only removals are missing), to take it back otherwise. Refs that
 * somebody moved since are left alone.
 */
export function remainingEdits(refs: FileRefs, { changes }: Journal): RefEdit[] {
  const isAt = ({ name }: Change, value: Value): boolean => isSame(valueOf(refs, name), value);
  const gone = changes.filter(({ after }) => after === null);
  const made = changes.filter(({ after }) => after !== null);
  if (made.every((change) => isAt(change, change.after)))
    return gone
      .filter((change) => change.before !== null && isAt(change, change.before))
      .map(({ name, before }) => ({ name, value: null, ...expectation(before) }));
  return changes
    .filter((change) => !isSame(change.before, change.after) && isAt(change, change.after))
    .map(({ name, before, after }) => ({ name, value: before, ...expectation(after) }));
}

function expectation(value: Value): Pick<RefEdit, 'expected'> {
  return typeof value === 'string' || value === null ? { expected: value } : {};
}

function isSame(a: Value, b: Value): boolean {
  if (a === null || b === null || typeof a === 'string' || typeof b === 'string') return a === b;
  return a.target === b.target;
}
