import { ConfigError } from '../../errors.js';
import { ioError } from '../disk.js';
import { errnoOf } from '../fs.js';
import type { FileStat, Fs } from '../fs.js';
import { objectOid } from '../objects/oid.js';
import { extendedFlag, field, flag, type IndexImage, isRacy, matchesStat } from '../staging/index.js';
import type { FileContent, IndexEntry, Oid } from '../types.js';
import type { WorktreeContext, WorktreeRules } from './context.js';

/** What is at a path. Throws E_IO. */
export function statFile(fs: Fs, fsPath: string): FileStat | undefined {
  try {
    return fs.lstat(fsPath);
  } catch (error) {
    throw ioError('read', fsPath, error);
  }
}

/** The bytes of a file, or the target of a symlink. Throws E_IO, E_LIMIT (over 2 GiB). */
export function readContent(fs: Fs, fsPath: string, kind: FileStat['kind']): Buffer {
  try {
    return kind === 'symlink' ? fs.readlink(fsPath) : fs.readFile(fsPath);
  } catch (error) {
    if (errnoOf(error) !== 'ERR_FS_FILE_TOO_LARGE') throw ioError('read', fsPath, error);
    throw new ConfigError('E_LIMIT', `'${fsPath}' is larger than 2 GiB`, {
      hint: "leave it out of the repository: add it to '.gitignore'",
    });
  }
}

/** The mode that a file would be staged with; `known` is that of its entry, for where the file system cannot tell. */
export function modeOf(
  stat: FileStat,
  rules: WorktreeRules,
  known: IndexEntry['mode'] | undefined,
): FileContent['mode'] {
  if (stat.kind === 'symlink' || (known === '120000' && !rules.symlinks)) return '120000';
  if (!rules.fileMode) return known === '100755' ? '100755' : '100644';
  return (stat.mode & 0o100) === 0 ? '100644' : '100755';
}

/** How a file compares with its entry. `touched`: the same content under new stat data (or not to be told without reading). */
export type FileState = 'clean' | 'touched' | 'modified';

/**
 * Compares a file (or symlink) with an entry of stage 0. Reads the file only when stat data do not decide: they differ, or the file is as young as the
 * index.
 */
export function compareFile(
  context: Pick<WorktreeContext, 'root' | 'rules'> & { readonly disk: { readonly fs: Fs } },
  image: IndexImage,
  file: { readonly at: number; readonly path: string; readonly stat: FileStat },
): FileState {
  const { at, path, stat } = file;
  const { rules } = context;
  const known = image.mode(at);
  if (!isFile(stat) || modeOf(stat, rules, known) !== known) return 'modified';
  const looksSame = matchesStat(image, at, { stat, rules }) && !isEmptyByMistake(image, at);
  if (looksSame && !isRacy(image, at, rules)) return 'clean';
  const size = image.view.getUint32(image.offset(at) + field.size);
  if (size !== 0 && size !== stat.size >>> 0) return 'modified';
  const data = readContent(context.disk.fs, `${context.root}/${path}`, stat.kind);
  if (!isContentOf(image.oid(at), data, rules)) return 'modified';
  return looksSame ? 'clean' : 'touched';
}

export function isFile(stat: FileStat): boolean {
  return stat.kind === 'file' || stat.kind === 'symlink';
}

/** Assume-valid or skip-worktree: the worktree does not count. */
export function isFixed(image: IndexImage, at: number): boolean {
  return (
    (image.flags(at) & flag.assumeValid) !== 0 || (image.extendedFlags(at) & extendedFlag.skipWorktree) !== 0
  );
}

export function isIntentToAdd(image: IndexImage, at: number): boolean {
  return (image.extendedFlags(at) & extendedFlag.intentToAdd) !== 0;
}

const emptyBlob: Oid = 'e69de29bb2d1d6434b8b29ae775ad8c2e48c5391';

/** The size 0 of an entry that is no empty file says "read it". */
function isEmptyByMistake(image: IndexImage, at: number): boolean {
  return image.view.getUint32(image.offset(at) + field.size) === 0 && image.oid(at) !== emptyBlob;
}

function isContentOf(oid: Oid, data: Buffer, rules: WorktreeRules): boolean {
  if (objectOid('blob', data) === oid) return true;
  if (!rules.convertsLineEnds || data.includes(0)) return false;
  return objectOid('blob', Buffer.from(data.toString('latin1').replaceAll('\r\n', '\n'), 'latin1')) === oid;
}
