/** Whether a file or folder is still what it was, without reading it. */
import { readdirSync, statSync } from 'node:fs';

/** One source as it stands: two marks with the same identity mean that nobody wrote in between. */
export interface Mark {
  readonly identity: string;
  /** Bytes of a file, entries of a folder; -1 where nothing is, 0 for what has no size. */
  readonly size: number;
  /** Milliseconds since 1970 of its last change, by the clock of the file system; 0 where that is not known. */
  readonly changedMs: number;
}

export const absent: Mark = { identity: 'absent', size: -1, changedMs: 0 };

/**
 * The mark of a file or folder, links followed: another identity means another inode, size or time of change. A folder is
 * marked by its entries, since the clocks of some file systems are too coarse to tell two of its states apart.
 */
export function markOf(path: string): Mark {
  try {
    const stat = statSync(path, { bigint: true, throwIfNoEntry: false });
    if (stat === undefined) return absent;
    const { dev, ino, size, mtimeNs, ctimeNs, mtimeMs, ctimeMs } = stat;
    const changedMs = Number(mtimeMs > ctimeMs ? mtimeMs : ctimeMs);
    if (!stat.isDirectory())
      return { identity: [dev, ino, size, mtimeNs, ctimeNs].join(), size: Number(size), changedMs };
    const names = readdirSync(path).toSorted();
    return { identity: [dev, ino, ...names].join('/'), size: names.length, changedMs };
  } catch (error) {
    return { ...absent, identity: codeOf(error) };
  }
}

/** Looks at each path once. */
export type Look = (path: string) => Mark;

/** Marks for one reading, of one moment: what it asks of a path again is answered from the first look. */
export function lookOnce(): Look {
  const known = new Map<string, Mark>();
  return (path) => {
    const mark = known.get(path) ?? markOf(path);
    known.set(path, mark);
    return mark;
  };
}

/** What a failure is called. */
export function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : String(error);
}
