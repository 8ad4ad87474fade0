/** Trees as bytes: `mode SP name NUL 20-byte id`, sorted by name as if folders ended in `/` (git: base_name_compare). */
import { ConfigError } from '../../errors.js';
import { isSafeName } from '../paths.js';
import type { FileMode, TreeEntry } from '../types.js';
import { bufferOf } from './oid.js';

/** Walks the entries of a raw tree in place; nothing is decoded before it is asked for. */
export class TreeCursor {
  /** First byte of the present entry. */
  start = 0;
  /** One past its last byte. */
  end = 0;
  private nameAt = 0;
  private oidAt = 0;
  readonly data: Buffer;

  /** `start`: where an entry begins. */
  constructor(data: Uint8Array, start: number = 0) {
    this.data = bufferOf(data);
    this.end = start;
    this.next();
  }

  get done(): boolean {
    return this.start >= this.data.length;
  }

  /** Moves to the next entry. Throws E_CORRUPT when the bytes are no tree. */
  next(): void {
    this.start = this.end;
    if (this.start >= this.data.length) return;
    this.nameAt = this.data.indexOf(32, this.start) + 1;
    this.oidAt = this.data.indexOf(0, this.nameAt) + 1;
    this.end = this.oidAt + 20;
    if (this.nameAt === 0 || this.oidAt === 0 || this.end > this.data.length)
      throw damagedTree('is cut short');
  }

  get mode(): FileMode {
    return canonicalMode(Number.parseInt(this.data.toString('latin1', this.start, this.nameAt - 1), 8));
  }

  /** Folders have the mode 40000, and nothing else begins with a 4. */
  get isFolder(): boolean {
    return this.data[this.start] === 52;
  }

  /** Submodules have the mode 160000, and nothing else begins with 16. */
  get isSubmodule(): boolean {
    return this.data[this.start] === 49 && this.data[this.start + 1] === 54;
  }

  /** The name as Git sorts it: its bytes as code units, with `/` after a folder. */
  get sortKey(): string {
    const name = this.data.toString('latin1', this.nameAt, this.oidAt - 1);
    return this.isFolder ? `${name}/` : name;
  }

  /** Throws E_CORRUPT for a name that no file may have, E_UNSUPPORTED_REPOSITORY for one that is not UTF-8. */
  get name(): string {
    return decodeName(this.data.subarray(this.nameAt, this.oidAt - 1));
  }

  get oid(): string {
    return this.data.toString('hex', this.oidAt, this.end);
  }

  /** Whether the other cursor's entry is the same to the byte. */
  sameEntry(other: TreeCursor): boolean {
    return (
      this.end - this.start === other.end - other.start &&
      this.data.compare(other.data, other.start, other.end, this.start, this.end) === 0
    );
  }

  /** Whether mode and id are those of the other cursor's entry. */
  sameContent(other: TreeCursor): boolean {
    return (
      this.data.compare(other.data, other.oidAt, other.end, this.oidAt, this.end) === 0 &&
      this.mode === other.mode
    );
  }
}

/** Where the entry of this name (its bytes in UTF-8) begins; undefined where there is none. Throws E_CORRUPT. */
export function placeOfName(data: Uint8Array, name: Uint8Array): number | undefined {
  for (let start = 0; start < data.length;) {
    let at = start;
    while (at < data.length && data[at] !== 32) at += 1;
    at += 1;
    let same = 0;
    while (same < name.length && data[at + same] === name[same]) same += 1;
    at += same;
    if (same === name.length && data[at] === 0) return start;
    while (at < data.length && data[at] !== 0) at += 1;
    start = at + 21;
    if (start > data.length) throw damagedTree('is cut short');
  }
  return undefined;
}

/** Throws E_CORRUPT, E_UNSUPPORTED_REPOSITORY. */
export function parseTree(data: Uint8Array): TreeEntry[] {
  const entries: TreeEntry[] = [];
  for (const cursor = new TreeCursor(data); !cursor.done; cursor.next())
    entries.push({ mode: cursor.mode, name: cursor.name, oid: cursor.oid });
  return entries;
}

/** Sorts the entries as Git does. Throws E_BAD_PATH for a name that no file may have, or one that is there twice. */
export function formatTree(entries: readonly TreeEntry[]): Uint8Array {
  const keyed = entries.map((entry) => ({ entry, key: treeSortKey(entry) }));
  keyed.sort((a, b) => (a.key < b.key ? -1 : 1));
  const names = new Set<string>();
  for (const { entry } of keyed) {
    if (!isSafeName(entry.name) || names.has(entry.name))
      throw new ConfigError('E_BAD_PATH', `a tree cannot hold the name '${entry.name}'`);
    names.add(entry.name);
  }
  return Buffer.concat(keyed.map(({ entry }) => encodeEntry(entry)));
}

/** One entry as it stands in a tree. */
export function encodeEntry(entry: TreeEntry): Buffer {
  const mode = entry.mode === '040000' ? '40000' : entry.mode;
  return Buffer.concat([Buffer.from(`${mode} ${entry.name}\0`, 'utf8'), Buffer.from(entry.oid, 'hex')]);
}

/** See {@link TreeCursor.sortKey}. */
export function treeSortKey(entry: Pick<TreeEntry, 'mode' | 'name'>): string {
  const name = Buffer.from(entry.name, 'utf8').toString('latin1');
  return entry.mode === '040000' ? `${name}/` : name;
}

/** Old trees hold modes like 100664; Git reads them as one of the five. */
function canonicalMode(mode: number): FileMode {
  switch (mode & 0o170000) {
    case 0o100000:
      return mode & 0o100 ? '100755' : '100644';
    case 0o120000:
      return '120000';
    case 0o160000:
      return '160000';
    case 0o040000:
      return '040000';
    default:
      throw damagedTree(`has an entry of mode ${mode.toString(8)}`);
  }
}

function decodeName(bytes: Buffer): string {
  const name = bytes.toString('utf8');
  if (name.includes('\ufffd') && !Buffer.from(name, 'utf8').equals(bytes))
    throw new ConfigError('E_UNSUPPORTED_REPOSITORY', `file name '${name}' is not UTF-8`, {
      hint: 'rename the file with git to a name in UTF-8',
    });
  if (!isSafeName(name)) throw damagedTree(`holds the name '${name}', which no file may have`);
  return name;
}

function damagedTree(what: string): ConfigError {
  return new ConfigError('E_CORRUPT', `tree ${what}`, { hint: 'run: cfg fsck' });
}
