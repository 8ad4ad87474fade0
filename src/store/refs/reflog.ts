/** Reflogs: `before SP after SP committer TAB message LF`, oldest first (git: refs/files-backend.c, log_ref_write_fd). */
import { dirname } from 'node:path';
import { atomicWrite, type Disk, ensureFolder, ioError, readIfPresent } from '../disk.js';
import { removeEmptyTree } from './loose-refs.js';
import { ownedPath, temporaryKey } from '../lock-owner.js';
import { formatSignature, parseSignature } from '../objects/codec.js';
import { zeroOid } from '../objects/oid.js';
import type { Oid, RefLog, ReflogEntry } from '../types.js';

/** Newest first; a line that is none (torn by a power cut) is passed over, as Git does. */
export function parseReflog(text: string): ReflogEntry[] {
  const entries: ReflogEntry[] = [];
  for (const line of text.split('\n')) {
    const found = /^([0-9a-f]{40}) ([0-9a-f]{40}) ([^\t]*)\t?(.*)$/s.exec(line);
    if (found === null) continue;
    const [, before = '', after = '', committer = '', message = ''] = found;
    entries.push({ before, after, committer: parseSignature(committer), message });
  }
  return entries.toReversed();
}

export interface ReflogStep {
  readonly before: Oid | undefined;
  readonly after: Oid | undefined;
}

/**
 * Appends one entry; a last line that was torn is ended first. Not made durable: a power cut may take the newest entries of a
 * log, never a commit. Throws E_IO.
 */
export function appendReflog(disk: Disk, path: string, entry: ReflogStep & { readonly log: RefLog }): void {
  const { before = zeroOid, after = zeroOid, log } = entry;
  const message = log.message.replaceAll(/\s+/g, ' ').trim();
  const line = `${before} ${after} ${formatSignature(log.committer)}\t${message}\n`;
  try {
    ensureFolder(disk, dirname(path));
    const torn = endsInsideLine(disk, path) ? '\n' : '';
    disk.fs.appendFile(path, Buffer.from(torn + line, 'utf8'));
  } catch (error) {
    throw ioError('write', path, error);
  }
}

/** Gives a new ref the whole log of another one, or (taken back) of its own. Throws E_IO. */
export function replaceReflog(disk: Disk, path: string, log: Uint8Array): void {
  ensureFolder(disk, dirname(path));
  removeEmptyTree(disk, path);
  atomicWrite(disk.fs, path, log, { sync: false, temp: ownedPath(disk, temporaryKey) });
}

export function readReflog(disk: Disk, path: string): ReflogEntry[] {
  return parseReflog(readIfPresent(disk.fs, path)?.toString('utf8') ?? '');
}

function endsInsideLine({ fs }: Disk, path: string): boolean {
  const size = fs.stat(path)?.size ?? 0;
  return size > 0 && fs.readRange(path, size - 1, 1)[0] !== 10;
}
