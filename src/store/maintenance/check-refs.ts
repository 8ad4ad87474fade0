import { dirname, join } from 'node:path';
import { ConfigError, isConfigError } from '../../errors.js';
import { ensureFolder, readIfPresent } from '../disk.js';
import { type Layout, refPath, reflogPath } from '../layout.js';
import { acquireLock } from '../lock.js';
import { isOid, zeroOid } from '../objects/oid.js';
import { FileRefs } from '../refs/file-refs.js';
import { checkRefName } from '../refs/name.js';
import { parseReflog } from '../refs/reflog.js';
import type { Oid, Ref, ReflogEntry } from '../types.js';
import { type Finding, shownPath } from './finding.js';
import type { Premises } from './premises.js';
import { logFiles } from './roots.js';
import { copyAside } from './set-aside.js';

/** Names, values, `packed-refs` and HEAD of every worktree; whether what they name is there is for the walk to say. */
export function checkRefs(premises: Premises): Finding[] {
  const { layout, disk, worktrees } = premises;
  const refs = new FileRefs(disk, layout, false);
  const packed = checkPackedRefs(premises, refs);
  if (packed.length > 0) return packed;
  return [
    ...checkNames(premises),
    ...refs.names('refs/').flatMap((name) => checkRef(premises, refs, name)),
    ...checkLogs(premises, refs),
    ...worktrees.flatMap((worktree) => checkHead(premises, worktree)),
  ];
}

/** Every file below `refs` but locks has a name that Git accepts. */
function checkNames(premises: Premises): Finding[] {
  const { commonDir } = premises.layout;
  return logFiles(premises.disk.fs, join(commonDir, 'refs')).flatMap((path) => {
    try {
      checkRefName(path.slice(commonDir.length + 1));
      return [];
    } catch (error) {
      if (!isConfigError(error)) throw error;
      const problem = {
        kind: 'ref',
        path: shownPath(premises, path),
        message: 'has a name that Git refuses',
      } as const;
      return [{ problem }];
    }
  });
}

function checkRef(premises: Premises, refs: FileRefs, name: string): Finding[] {
  try {
    const ref = refs.read(name);
    if (ref === undefined) return [];
    if ('oid' in ref) return checkValue(premises, name, ref.oid);
    if (refs.resolve(name) !== undefined) return [];
    const message = `leads to '${ref.target}', which is not there`;
    return [{ problem: { kind: 'ref', path: name, message } }];
  } catch (error) {
    if (!isConfigError(error, 'E_CORRUPT')) throw error;
    const path = refPath(premises.layout, name);
    const isEmpty = premises.disk.fs.stat(path)?.size === 0;
    return [fromReflog(premises, { name, message: isEmpty ? 'is empty' : 'is damaged' })];
  }
}

/**
 * The log is written before the ref. So a ref that names nothing, and not what its log ends with, was damaged; and one whose file is gone
 * shows again what it was when it was packed.
 */
function checkValue(premises: Premises, name: string, oid: Oid): Finding[] {
  const entries = logEntries(premises, reflogPath(premises.layout, name));
  const last = entries[0]?.after;
  if (last === undefined || last === oid || last === zeroOid) return [];
  if (!premises.objects.has(oid)) return [fromReflog(premises, { name, message: 'names no object' })];
  const isLoose = premises.disk.fs.stat(refPath(premises.layout, name)) !== undefined;
  const wasEarlier = entries.some(({ before, after }) => before === oid || after === oid);
  if (isLoose || !wasEarlier) return [];
  return [fromReflog(premises, { name, message: `is where it was earlier, at ${oid}: its file is gone` })];
}

/** A log goes with its ref; a log alone means that the ref was lost. */
function checkLogs(premises: Premises, refs: FileRefs): Finding[] {
  const folder = join(premises.layout.commonDir, 'logs');
  return logFiles(premises.disk.fs, join(folder, 'refs')).flatMap((path) => {
    const name = path.slice(folder.length + 1);
    try {
      checkRefName(name);
      if (refs.exists(name)) return [];
    } catch (error) {
      if (!isConfigError(error)) throw error;
      return [];
    }
    const last = lastEntry(premises, path)?.after ?? zeroOid;
    return last === zeroOid ? [] : [fromReflog(premises, { name, message: 'is gone, but its log is there' })];
  });
}

/** A ref that can be brought back if its log names a commit that is there. */
function fromReflog(
  premises: Premises,
  { name, message }: { readonly name: string; readonly message: string },
): Finding {
  const { layout } = premises;
  const problem = { kind: 'ref', path: name, message } as const;
  const oid = lastEntry(premises, reflogPath(layout, name))?.after;
  if (oid === undefined || !premises.objects.has(oid)) return { problem };
  const path = refPath(layout, name);
  return {
    problem: { ...problem, oid, repair: `set it to ${oid}, the last entry of its log` },
    mend: () => replaceFile(premises, path, `${oid}\n`),
  };
}

/** Newest first. */
function logEntries({ disk }: Premises, path: string): ReflogEntry[] {
  return parseReflog(readIfPresent(disk.fs, path)?.toString('utf8') ?? '');
}

function lastEntry(premises: Premises, path: string): ReflogEntry | undefined {
  return logEntries(premises, path)[0];
}

/** Under the lock of the file. Throws E_LOCKED, E_IO. */
export async function replaceFile(premises: Premises, path: string, content: string | Buffer): Promise<void> {
  const { disk } = premises;
  ensureFolder(disk, dirname(path));
  const lock = await acquireLock(disk, path);
  try {
    copyAside(premises, path);
    lock.stage(Buffer.from(content));
    lock.commit();
  } finally {
    lock.release();
  }
}

function checkPackedRefs(premises: Premises, { packed }: FileRefs): Finding[] {
  const text = readIfPresent(premises.disk.fs, packed.path)?.toString('utf8');
  if (text === undefined) return [];
  const message = damageOf(text, () => packed.all());
  if (message === undefined) return [];
  const problem = { kind: 'packed-refs', path: shownPath(premises, packed.path), message } as const;
  const whole = wholeLines(text);
  return [
    {
      problem: { ...problem, repair: 'keep the lines that are whole; refs with a log come back from it' },
      mend: () => replaceFile(premises, packed.path, whole),
    },
  ];
}

function damageOf(text: string, parse: () => ReadonlyMap<string, unknown>): string | undefined {
  if (text === '') return 'is empty';
  try {
    const names = [...parse().keys()];
    const isSorted = names.every(
      (name, at) => at === 0 || Buffer.compare(Buffer.from(names[at - 1] ?? ''), Buffer.from(name)) < 0,
    );
    return isSorted || !/^# pack-refs with:.* sorted /.test(text) ? undefined : 'is not sorted as it says';
  } catch (error) {
    if (!isConfigError(error, 'E_CORRUPT')) throw error;
    return error.message;
  }
}

function wholeLines(text: string): string {
  const lines = text
    .split('\n')
    .slice(0, -1)
    .filter((line) => /^[0-9a-f]{40} refs\/\S+$/.test(line))
    .toSorted((a, b) => (a.slice(41) < b.slice(41) ? -1 : 1));
  return ['# pack-refs with: sorted ', ...lines, ''].join('\n');
}

function checkHead(premises: Premises, worktree: Layout): Finding[] {
  const refs = new FileRefs(premises.disk, worktree, false);
  const head = readHead(refs);
  if (head instanceof ConfigError) return [headFinding(premises, worktree, head.message)];
  if (head === undefined) return [headFinding(premises, worktree, 'is not there')];
  // A branch that is damaged, or that was lost and left its log, is mended itself.
  if ('oid' in head || refs.names('refs/').includes(head.target)) return [];
  const hasLog = readIfPresent(premises.disk.fs, reflogPath(worktree, head.target)) !== undefined;
  const isUnborn = lastEntry(premises, join(worktree.gitDir, 'logs/HEAD')) === undefined;
  if (isUnborn || hasLog) return [];
  return [headFinding(premises, worktree, `is at '${head.target}', which is not there`)];
}

function readHead(refs: FileRefs): Ref | ConfigError | undefined {
  try {
    return refs.read('HEAD');
  } catch (error) {
    if (isConfigError(error, 'E_CORRUPT')) return error;
    throw error;
  }
}

function headFinding(premises: Premises, worktree: Layout, message: string): Finding {
  const path = join(worktree.gitDir, 'HEAD');
  const problem = { kind: 'ref', path: shownPath(premises, path), message } as const;
  const value = lastHead(premises, worktree);
  if (value === undefined) return { problem };
  return {
    problem: { ...problem, repair: `set it to '${value}', where it was by its log` },
    mend: () => replaceFile(premises, path, isOid(value) ? `${value}\n` : `ref: ${value}\n`),
  };
}

/** Where HEAD was: the branch that it moved to last, or the only branch that is where the log ends. A detached HEAD is not guessed. */
export function lastHead(premises: Premises, worktree: Layout): string | undefined {
  const refs = new FileRefs(premises.disk, worktree, false);
  const entries = logEntries(premises, join(worktree.gitDir, 'logs/HEAD'));
  const moved = entries.flatMap(
    ({ message }) => /^checkout: moving from \S+ to (\S+)$/.exec(message)?.[1] ?? [],
  )[0];
  const branches = safeNames(refs);
  if (moved !== undefined && branches.includes(`refs/heads/${moved}`)) return `refs/heads/${moved}`;
  const tip = entries[0]?.after;
  const there = branches.filter((name) => tip !== undefined && tipOf(refs, name) === tip);
  if (there.length === 1) return there[0];
  return branches.length === 1 ? branches[0] : there.find((name) => name === 'refs/heads/main');
}

function safeNames(refs: FileRefs): string[] {
  try {
    return refs.names('refs/heads/');
  } catch (error) {
    if (error instanceof ConfigError && error.code === 'E_CORRUPT') return [];
    throw error;
  }
}

function tipOf(refs: FileRefs, name: string): Oid | undefined {
  try {
    return refs.resolve(name);
  } catch (error) {
    if (isConfigError(error, 'E_CORRUPT')) return undefined;
    throw error;
  }
}
