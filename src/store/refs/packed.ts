/** `packed-refs`: many refs in one sorted file, tags with what they peel to (git: refs/packed-backend.c). */
import { join } from 'node:path';
import { ConfigError } from '../../errors.js';
import { type Disk, readIfPresent } from '../disk.js';
import type { FileStat } from '../fs.js';
import { isOid } from '../objects/oid.js';
import type { Oid } from '../types.js';

export interface PackedRef {
  readonly oid: Oid;
  readonly peeled?: Oid;
}

export class PackedRefs {
  readonly path: string;
  private readonly disk: Disk;
  private cached: { readonly stat: FileStat; readonly refs: ReadonlyMap<string, PackedRef> } | undefined;

  constructor(disk: Disk, commonDir: string) {
    this.disk = disk;
    this.path = join(commonDir, 'packed-refs');
  }

  /** By name, sorted as the file is. Throws E_CORRUPT, E_IO. */
  all(): ReadonlyMap<string, PackedRef> {
    const stat = this.disk.fs.stat(this.path);
    if (stat === undefined) return new Map();
    if (this.cached !== undefined && isSameVersion(this.cached.stat, stat)) return this.cached.refs;
    const text = readIfPresent(this.disk.fs, this.path)?.toString('utf8') ?? '';
    const refs = parsePackedRefs(text, this.path);
    // What was read may be newer than `stat`: then the next call sees another stat and reads again.
    this.cached = { stat, refs };
    return refs;
  }
}

/** Throws E_CORRUPT with the line. */
function parsePackedRefs(text: string, path: string): ReadonlyMap<string, PackedRef> {
  const refs = new Map<string, PackedRef>();
  let last = '';
  text.split('\n').forEach((line, index, lines) => {
    const isCutOff = index === lines.length - 1 && line !== '';
    if ((line === '' && !isCutOff) || line.startsWith('#')) return;
    const oid = line.startsWith('^') ? line.slice(1) : line.slice(0, 40);
    const known = refs.get(last);
    if (isCutOff || !isOid(oid)) throw damagedLine(path, index + 1);
    if (!line.startsWith('^')) {
      last = line.slice(41).trimEnd();
      if (line[40] !== ' ' || last === '') throw damagedLine(path, index + 1);
      refs.set(last, { oid });
    } else if (known !== undefined) refs.set(last, { ...known, peeled: oid });
  });
  return refs;
}

/** The file without these refs and what they peel to; every other line stays as it is. */
export function withoutRefs(text: string, names: ReadonlySet<string>): string {
  let dropping = false;
  const kept = text.split(/(?<=\n)/).filter((line) => {
    if (!line.startsWith('^')) dropping = !line.startsWith('#') && names.has(line.slice(41).trimEnd());
    return !dropping;
  });
  return kept.join('');
}

function isSameVersion(a: FileStat, b: FileStat): boolean {
  return a.ino === b.ino && a.size === b.size && a.mtimeNs === b.mtimeNs && a.ctimeNs === b.ctimeNs;
}

function damagedLine(path: string, line: number): ConfigError {
  return new ConfigError('E_CORRUPT', `'${path}' is damaged at line ${line}`, {
    hint: 'run: cfg fsck --repair; what that cannot mend comes back from a clone or a backup',
    details: { path, line },
  });
}
