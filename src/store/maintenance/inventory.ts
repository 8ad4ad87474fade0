/** What is in the objects folder of a repository: loose files, packs, and what was left behind half written. */
import { join } from 'node:path';
import { listIfPresent } from '../disk.js';
import type { FileStat, Fs } from '../fs.js';
import type { Oid } from '../types.js';

export interface StoredFile {
  readonly path: string;
  readonly stat: FileStat;
}

export interface LooseFile extends StoredFile {
  readonly oid: Oid;
}

/** A pack with its index; `stat` is that of the pack. */
export interface PackFile extends StoredFile {
  readonly indexPath: string;
  /** Somebody marked it to stay as it is (`.keep`). */
  readonly isKept: boolean;
  /** What belongs to it besides pack and index: `.rev`, `.bitmap`, `.mtimes`. */
  readonly companions: readonly string[];
}

export interface Inventory {
  readonly loose: readonly LooseFile[];
  readonly packs: readonly PackFile[];
  /** Packs without an index: no reader sees them. */
  readonly orphans: readonly StoredFile[];
  /** Files that were being written. */
  readonly temporary: readonly StoredFile[];
  /** Of a partial clone: its packs have a `.promisor`. */
  readonly hasPromisor: boolean;
}

/** Throws E_IO. */
export function takeInventory(fs: Fs, objectsDir: string): Inventory {
  const found: StoredFile[] = [];
  const files = listIfPresent(fs, objectsDir).flatMap(({ name, kind }) =>
    kind === 'directory' && /^[0-9a-f]{2}$/.test(name) ? fileNames(fs, join(objectsDir, name)) : [],
  );
  // git writes a large object here, before it knows its id.
  files.push(...fileNames(fs, objectsDir));
  for (const path of files) add(fs, path, found);
  const loose = found.flatMap((file) => {
    const oid = file.path.slice(objectsDir.length + 1).replace('/', '');
    return /^[0-9a-f]{40}$/.test(oid) ? [{ ...file, oid }] : [];
  });
  const inPacks = packFolder(fs, join(objectsDir, 'pack'));
  return { loose, ...inPacks, temporary: [...found.filter(isTemporary), ...inPacks.temporary] };
}

/** The files of a folder with their paths; none when it is not there. Throws E_IO. */
export function fileNames(fs: Fs, folder: string): string[] {
  return listIfPresent(fs, folder).flatMap(({ name, kind }) => (kind === 'file' ? [join(folder, name)] : []));
}

function packFolder(fs: Fs, folder: string): Omit<Inventory, 'loose'> {
  const files: StoredFile[] = [];
  for (const path of fileNames(fs, folder)) add(fs, path, files);
  const paths = new Set(files.map(({ path }) => path));
  const packs: PackFile[] = [];
  const orphans: StoredFile[] = [];
  for (const file of files.filter(({ path }) => /\/pack-[^/]*\.pack$/.test(path))) {
    const base = file.path.slice(0, -'.pack'.length);
    const of = (suffix: string): string => `${base}.${suffix}`;
    const isKept = paths.has(of('keep'));
    if (!paths.has(of('idx'))) orphans.push(file);
    else
      packs.push({
        ...file,
        indexPath: of('idx'),
        isKept,
        companions: ['rev', 'bitmap', 'mtimes'].map(of).filter((path) => paths.has(path)),
      });
  }
  const hasPromisor = files.some(({ path }) => path.endsWith('.promisor'));
  return { packs, orphans, temporary: files.filter(isTemporary), hasPromisor };
}

/** As git and cfg name them: `tmp_obj_x`, `tmp_pack_x`, `.tmp-123-pack-x`. */
function isTemporary({ path }: StoredFile): boolean {
  return /\/(tmp_|\.tmp-)[^/]*$/.test(path);
}

function add(fs: Fs, path: string, files: StoredFile[]): void {
  const stat = fs.lstat(path);
  if (stat !== undefined) files.push({ path, stat });
}
