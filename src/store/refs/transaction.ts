/**
 * Changes refs all together or not at all: every lock in the order of the names, then every check, then every new value beside
 * its file, and only then the renames. What fails on the way is taken back (git: refs.h, ref_transaction).
 */
import { dirname, join } from 'node:path';
import { ConfigError, isConfigError } from '../../errors.js';
import { readIfPresent, removeIfPresent, syncFolder } from '../disk.js';
import { errnoOf } from '../fs.js';
import { isPrivateRef, refPath, reflogPath } from '../layout.js';
import { acquireLock, type FileLock, tryLock } from '../lock.js';
import type { Oid, Ref, RefEdit, RefLog } from '../types.js';
import { checkEdits, refClash, staleRef } from './edits.js';
import type { FileRefs } from './file-refs.js';
import { removeEmptyFolders, removeEmptyTree } from './loose-refs.js';
import { withoutRefs } from './packed.js';
import { writeJournal } from './journal.js';
import { appendReflog, replaceReflog } from './reflog.js';

interface Step {
  readonly edit: RefEdit;
  readonly lock: FileLock;
  readonly before: Ref | undefined;
  readonly beforeOid: Oid | undefined;
}

/** See `RefStore.update`. */
export async function updateRefs(refs: FileRefs, edits: readonly RefEdit[], log: RefLog): Promise<void> {
  const sorted = edits.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  checkEdits(sorted);
  const changing = sorted.filter((edit) => !isAlready({ edit, before: refs.read(edit.name) }));
  if (changing.length < 2) return transact(refs, sorted, log);
  for (const edit of sorted) checkExpectation(edit, refs.resolve(edit.name)); // what is refused needs no journal
  const reflogs = inheritedLogs(refs, sorted);
  const phases = phasesOf(sorted);
  const end = writeJournal(refs, sorted, log);
  const done: RefEdit[] = [];
  try {
    for (const phase of phases) {
      const back = phase.map((edit) => backOf(refs, edit));
      await transact(refs, phase, log, reflogs);
      done.unshift(...back);
    }
  } catch (error) {
    dropStrayLogs(refs, sorted);
    if (done.length > 0) await transact(refs, done, log, reflogs);
    throw error;
  } finally {
    end();
  }
}

/** Where one name is a folder of the other (`a` becomes `a/b`), what goes has to be gone before the new one can be made. */
function phasesOf(edits: readonly RefEdit[]): readonly (readonly RefEdit[])[] {
  const gone = edits.filter(({ value }) => value === null);
  const isBlocked = ({ name }: RefEdit): boolean =>
    gone.some((other) => name.startsWith(`${other.name}/`) || other.name.startsWith(`${name}/`));
  if (!edits.some(isBlocked)) return [edits];
  return [gone, edits.filter(({ value }) => value !== null)];
}

/** A log that was begun for a ref that then was not made; it would stand in the way of others. */
export function dropStrayLogs(refs: FileRefs, edits: readonly Pick<RefEdit, 'name' | 'value'>[]): void {
  for (const { name, value } of edits) {
    if (value === null || isPrivateRef(name) || refs.exists(name)) continue;
    removeIfPresent(refs.disk.fs, reflogPath(refs.layout, name));
    tidy(refs, name);
  }
}

/** What takes an edit back. */
function backOf(refs: FileRefs, { name, value }: RefEdit): RefEdit {
  const before = refs.read(name);
  const old = before === undefined ? null : 'oid' in before ? before.oid : { target: before.target };
  return { name, value: old, ...(value === null || typeof value === 'string' ? { expected: value } : {}) };
}

/** Reflogs by the name of the ref that gets them: of the one that it was renamed from, or (taken back) its own. */
export type Reflogs = ReadonlyMap<string, Buffer>;

function inheritedLogs({ disk, layout }: FileRefs, edits: readonly RefEdit[]): Reflogs {
  const logs = new Map<string, Buffer>();
  for (const { name, renamedFrom, value } of edits) {
    const source = renamedFrom ?? (value === null ? name : undefined);
    const data = source === undefined ? undefined : readIfPresent(disk.fs, reflogPath(layout, source));
    if (data !== undefined) logs.set(name, data);
  }
  return logs;
}

/** All locks, all checks, all writes; what fails is taken back. A ref that is new begins with the reflog that it is given. */
export async function transact(
  refs: FileRefs,
  sorted: readonly RefEdit[],
  log: RefLog,
  reflogs: Reflogs = new Map(),
): Promise<void> {
  for (const edit of sorted) checkClash(refs, edit);
  const locks = new Map<string, FileLock>();
  try {
    for (const name of lockedNames(refs, sorted)) locks.set(name, await lockRef(refs, name));
    if (sorted.some(({ value }) => value === null))
      locks.set(packedRefs, await acquireLock(refs.disk, refs.packed.path));
    apply(refs, takeSteps(refs, sorted, locks), { locks, log, reflogs });
  } finally {
    for (const lock of [...locks.values()].toReversed()) lock.release();
    for (const { name } of sorted) tidy(refs, name);
  }
}

/** Not a name that a ref can have. */
const packedRefs = 'packed-refs';

/** HEAD as well when it points at one of the refs: it gets a reflog entry, and must keep pointing there meanwhile. */
function lockedNames(refs: FileRefs, sorted: readonly RefEdit[]): string[] {
  const names = sorted.map(({ name }) => name);
  const head = names.includes('HEAD') ? undefined : refs.read('HEAD');
  const follows = head !== undefined && 'target' in head && names.includes(head.target);
  return follows ? ['HEAD', ...names] : names;
}

async function lockRef(refs: FileRefs, name: string): Promise<FileLock> {
  try {
    return await acquireLock(refs.disk, refPath(refs.layout, name));
  } catch (error) {
    const inTheWay =
      isConfigError(error, 'E_IO') && /^(EEXIST|ENOTDIR)$/.test(String(error.details?.['errno']));
    throw inTheWay ? refClash(name, undefined) : error;
  }
}

function takeSteps(refs: FileRefs, sorted: readonly RefEdit[], locks: ReadonlyMap<string, FileLock>): Step[] {
  return sorted.flatMap((edit) => {
    const before = refs.read(edit.name);
    const beforeOid = before === undefined ? undefined : refs.resolve(edit.name);
    checkExpectation(edit, beforeOid);
    checkClash(refs, edit);
    const lock = locks.get(edit.name);
    return lock === undefined ? [] : [{ edit, lock, before, beforeOid }];
  });
}

function checkExpectation(edit: RefEdit, actual: Oid | undefined): void {
  const { expected } = edit;
  if (expected !== undefined && expected !== (actual ?? null)) throw staleRef(edit, actual);
}

/** A ref cannot be a file and a folder: `a` and `a/b` exclude each other, packed or not. */
function checkClash(refs: FileRefs, { name, value }: RefEdit): void {
  if (value === null || isPrivateRef(name) || refs.exists(name)) return;
  const parts = name.split('/');
  for (let count = 2; count < parts.length; count += 1) {
    const parent = parts.slice(0, count).join('/');
    if (refs.exists(parent)) throw refClash(name, parent);
  }
  const [below] = refs.names(`${name}/`);
  if (below !== undefined) throw refClash(name, below);
}

interface Held {
  readonly locks: ReadonlyMap<string, FileLock>;
  readonly log: RefLog;
  readonly reflogs: Reflogs;
}

function apply(refs: FileRefs, steps: readonly Step[], held: Held): void {
  const changed = steps.filter((step) => !isAlready(step));
  for (const { edit, lock } of changed)
    if (edit.value !== null) lock.stage(Buffer.from(contentOf(edit.value), 'utf8'));
  const deleted = changed.filter(({ edit }) => edit.value === null);
  stageWithoutPacked(refs, deleted, held);
  for (const step of changed) writeReflogs(refs, step, { ...held, steps });
  const begun: Step[] = [];
  try {
    // What is created is there before anything is deleted: a crash between them leaves too much rather than too little.
    for (const step of changed.filter(({ edit }) => edit.value !== null)) {
      begun.push(step);
      removeEmptyTree(refs.disk, step.lock.path);
      step.lock.commit();
    }
    begun.push(...deleted);
    deleteRefs(refs, deleted, held);
  } catch (error) {
    throw takeBack(refs, begun, error);
  }
}

function isAlready({ edit: { value }, before }: Pick<Step, 'edit' | 'before'>): boolean {
  if (value === null) return before === undefined;
  if (before === undefined) return false;
  if (typeof value === 'string') return 'oid' in before && before.oid === value;
  return 'target' in before && before.target === value.target;
}

function contentOf(value: Oid | { readonly target: string }): string {
  return typeof value === 'string' ? `${value}\n` : `ref: ${value.target}\n`;
}

function stageWithoutPacked(refs: FileRefs, deleted: readonly Step[], { locks }: Held): void {
  const names = deleted.map(({ edit }) => edit.name).filter((name) => refs.packed.all().has(name));
  if (names.length === 0) return;
  const text = readIfPresent(refs.disk.fs, refs.packed.path)?.toString('utf8') ?? '';
  locks.get(packedRefs)?.stage(Buffer.from(withoutRefs(text, new Set(names)), 'utf8'));
}

/** Out of packed-refs first: while its own file is there the ref still exists, and an old packed value never comes back. */
function deleteRefs(refs: FileRefs, deleted: readonly Step[], { locks }: Held): void {
  if (deleted.some(({ edit }) => refs.packed.all().has(edit.name))) locks.get(packedRefs)?.commit();
  for (const { edit, lock } of deleted) {
    if (removeIfPresent(refs.disk.fs, lock.path) && refs.disk.sync)
      syncFolder(refs.disk.fs, dirname(lock.path));
    removeIfPresent(refs.disk.fs, reflogPath(refs.layout, edit.name));
  }
}

/** Before the ref itself, so that no value is ever lost: an entry too many does no harm. */
function writeReflogs(refs: FileRefs, step: Step, held: Held & { readonly steps: readonly Step[] }): void {
  const { locks, reflogs } = held;
  const { name, value, message = held.log.message } = step.edit;
  const log = { ...held.log, message };
  const after = oidOf(refs, held.steps, value);
  if (value !== null && after === undefined) return; // HEAD moves to a branch without commits
  const entry = { before: step.beforeOid, after, log };
  const names = value !== null && refs.isLogged(name) ? [name] : [];
  const head = locks.has('HEAD') && name !== 'HEAD' ? refs.read('HEAD') : undefined;
  if (head !== undefined && 'target' in head && head.target === name && refs.isLogged('HEAD'))
    names.push('HEAD');
  const inherited = step.before === undefined && value !== null ? reflogs.get(name) : undefined;
  if (inherited !== undefined) replaceReflog(refs.disk, reflogPath(refs.layout, name), inherited);
  for (const logged of names) appendReflog(refs.disk, reflogPath(refs.layout, logged), entry);
}

/** What a new value comes to in the end; the target of a symbolic ref may be created by the same transaction. */
function oidOf(refs: FileRefs, steps: readonly Step[], value: RefEdit['value']): Oid | undefined {
  if (value === null || typeof value === 'string') return value ?? undefined;
  const step = steps.find(({ edit }) => edit.name === value.target);
  return typeof step?.edit.value === 'string' ? step.edit.value : refs.resolve(value.target);
}

/** Puts the old values back, unless someone else moved the ref meanwhile. Returns the error to throw. */
function takeBack(refs: FileRefs, begun: readonly Step[], cause: unknown): unknown {
  const left: string[] = [];
  for (const step of begun.toReversed()) {
    step.lock.release();
    try {
      if (!restore(refs, step)) left.push(step.edit.name);
    } catch (error) {
      if (errnoOf(error) === undefined && !(error instanceof ConfigError)) return error;
      left.push(step.edit.name);
    }
  }
  if (left.length === 0 || !(cause instanceof ConfigError)) return cause;
  const { code, message, hint, details } = cause;
  return new ConfigError(code, message, {
    ...(hint === undefined ? {} : { hint }),
    details: { ...details, notRestored: left },
    cause,
  });
}

function restore(refs: FileRefs, { edit, before }: Step): boolean {
  const now = refs.read(edit.name);
  if (isSameRef(now, before)) return true;
  const isOurs = edit.value === null ? now === undefined : isAlready({ edit, before: now });
  const lock = isOurs ? tryLock(refs.disk, refPath(refs.layout, edit.name)) : undefined;
  if (lock === undefined) return false;
  try {
    if (before === undefined) {
      removeIfPresent(refs.disk.fs, lock.path);
      removeIfPresent(refs.disk.fs, reflogPath(refs.layout, edit.name));
    } else {
      lock.stage(Buffer.from(contentOf('oid' in before ? before.oid : before), 'utf8'));
      lock.commit();
    }
    return true;
  } finally {
    lock.release();
  }
}

function isSameRef(a: Ref | undefined, b: Ref | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return 'oid' in a ? 'oid' in b && a.oid === b.oid : 'target' in b && a.target === b.target;
}

/** Folders that a deleted ref, or a lock that came to nothing, leaves empty. */
function tidy({ disk, layout }: FileRefs, name: string): void {
  if (isPrivateRef(name)) return;
  const top = name.split('/').slice(0, 2);
  for (const root of [layout.commonDir, join(layout.commonDir, 'logs')])
    removeEmptyFolders(disk, dirname(join(root, name)), join(root, ...top));
}
