/**
 * Who holds a lock. The name of the owner's file says it all, and the file is the lock itself under a second name (a hard
 * link): there is no moment at which a lock exists without its owner being known, and nothing to tear.
 */
import { createHash } from 'node:crypto';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { type Disk, ensureFolder, ioError, temporaryName } from './disk.js';
import { errnoOf, type Fs } from './fs.js';

export interface LockOwner {
  readonly host: string;
  /** `-` where the system has no such thing. */
  readonly machine: string;
  readonly boot: string;
  /** The namespace that `pid` is counted in: two containers may share a repository. */
  readonly namespace: string;
  readonly pid: number;
  /** Start time of the process in ticks since boot: a pid is used again, the pair is not. */
  readonly start: string;
}

const known = new WeakMap<Fs, LockOwner>();

/** This process. */
export function currentOwner(fs: Fs): LockOwner {
  const owner = known.get(fs) ?? identify(fs);
  known.set(fs, owner);
  return owner;
}

function identify(fs: Fs): LockOwner {
  const stat = readProcess(fs, 'self');
  return {
    host: hostname()
      .replace(/[^A-Za-z0-9-]/g, '_')
      .slice(0, 40),
    machine: digest(textOf(fs, '/etc/machine-id')),
    boot: digest(textOf(fs, '/proc/sys/kernel/random/boot_id')),
    namespace: namespaceOf(fs),
    pid: stat?.pid ?? process.pid,
    start: stat?.start ?? '-',
  };
}

/** Whether nobody here can tell if the owner still lives: it is on another machine, or in another container. */
export function isElsewhere(owner: LockOwner, self: LockOwner): boolean {
  if (owner.host !== self.host || owner.machine !== self.machine) return true;
  return owner.boot === self.boot ? owner.namespace !== self.namespace : self.machine === '-';
}

/**
 * Whether the owner is certainly gone: on this machine, its process does not run any more (or the machine was started since).
 * An owner elsewhere is never called dead.
 */
export function isDead(owner: LockOwner, self: LockOwner, fs: Fs): boolean {
  if (isElsewhere(owner, self)) return false;
  if (owner.boot !== self.boot) return true;
  const found = readProcess(fs, String(owner.pid));
  // It has ended, or it is another user's and the system does not show it (proc(5), hidepid): only the latter can be asked.
  if (found === undefined || self.start === '-' || owner.start === '-') return !answers(owner.pid);
  return found.isOver || found.start !== owner.start;
}

/** The name of an owner's file; `key` says which lock. */
export function ownerFileName(key: string, owner: LockOwner): string {
  const { host, machine, boot, namespace, pid, start } = owner;
  return [key, host, machine, boot, namespace, pid, start, temporaryName('lock')].join('.');
}

/**
 * A new path among what processes have open, under the name of this one: what stands there when it has died is cleared away, or taken up, by
 * the next. The folder is made. Throws E_IO.
 */
export function ownedPath(disk: Disk, key: string): string {
  ensureFolder({ fs: disk.fs, sync: false }, disk.ownersDir);
  return join(disk.ownersDir, ownerFileName(key, currentOwner(disk.fs)));
}

/** The first part of the names of temporary files and folders. */
export const temporaryKey = 'temp';

export function parseOwnerFileName(
  name: string,
): { readonly key: string; readonly owner: LockOwner } | undefined {
  const [key, host, machine, boot, namespace, pid, start, unique] = name.split('.');
  if (!key || !host || !machine || !boot || !namespace || !start || !unique) return undefined;
  return { key, owner: { host, machine, boot, namespace, pid: Number(pid), start } };
}

/** What the system does not show, or shows no longer: ESRCH when the process ended between open and read. */
const unseen = new Set(['ENOENT', 'ENOTDIR', 'ESRCH', 'EACCES', 'EPERM']);

function textOf(fs: Fs, path: string): string {
  try {
    return fs.readFile(path).toString('latin1').trim();
  } catch (error) {
    if (unseen.has(errnoOf(error) ?? '')) return '';
    throw ioError('read', path, error);
  }
}

function digest(text: string): string {
  return text === '' ? '-' : createHash('sha1').update(text).digest('hex').slice(0, 12);
}

function namespaceOf(fs: Fs): string {
  if (fs.lstat('/proc/self/ns/pid') === undefined) return '-';
  return /\d+/.exec(fs.readlink('/proc/self/ns/pid').toString('latin1'))?.[0] ?? '-';
}

interface RunningProcess {
  readonly pid: number;
  readonly start: string;
  /** A zombie: it holds nothing any more. */
  readonly isOver: boolean;
}

/** proc(5): `pid (name) state ...`, start time is field 22; the name may hold spaces and brackets. */
function readProcess(fs: Fs, which: string): RunningProcess | undefined {
  const text = textOf(fs, `/proc/${which}/stat`);
  const [state = '', ...fields] = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const start = fields[18];
  if (start === undefined) return undefined;
  return { pid: Number.parseInt(text, 10), start, isOver: state === 'Z' || state === 'X' };
}

function answers(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return errnoOf(error) === 'EPERM';
  }
}
