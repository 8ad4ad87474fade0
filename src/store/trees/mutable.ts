/** A tree that is changed again and again: its folders stay open, and an entry that only gets another id is overwritten in place. */
import { ConfigError } from '../../errors.js';
import { type ObjectSource, readTyped } from '../objects/read.js';
import { encodeEntry, TreeCursor, treeSortKey } from '../objects/tree.js';
import { checkRepoPath } from '../paths.js';
import type { FileEntry, FileMode, ObjectBatch, Oid, RepoPath, TreeEntry } from '../types.js';

/** An entry of a folder: where its id stands in the bytes. */
interface Place {
  readonly mode: FileMode;
  readonly start: number;
  readonly end: number;
}

interface Folder {
  /** As it was last written; undefined for a new one. */
  written: { readonly oid: Oid; readonly data: Buffer } | undefined;
  /** As it is now; ids of folders that changed are brought up to date when it is written. */
  data: Buffer;
  isChanged: boolean;
  /** By name (see `namesOf`); made when it is first needed. */
  places: Map<string, Place> | undefined;
  readonly folders: Map<string, Folder>;
}

export class MutableTree {
  private readonly source: ObjectSource;
  private readonly base: Oid | null;
  private root: Folder | undefined;

  /** `base` null is the empty tree. Nothing is read before it is needed. */
  constructor(source: ObjectSource, base: Oid | null) {
    this.source = source;
    this.base = base;
  }

  /** The file at a path as the tree is now; undefined when there is none. Throws E_OBJECT_MISSING, E_CORRUPT. */
  async find(path: RepoPath): Promise<FileEntry | undefined> {
    const names = namesOf(path);
    const last = names.pop() ?? '';
    let folder: Folder | undefined = await this.opened();
    for (const name of names) folder = folder && (await this.folderIn(folder, name));
    const place = folder && placesOf(folder).get(last);
    if (folder === undefined || place === undefined || place.mode === '040000') return undefined;
    return { path, mode: place.mode, oid: folder.data.toString('hex', place.end - 20, place.end) };
  }

  /**
   * Puts a file at a path, or (null) takes it away; folders are made, and go when they are empty.
   * Throws E_BAD_PATH (a name that no file may have, a file where a folder stays or the reverse), E_OBJECT_MISSING, E_CORRUPT.
   */
  async set(path: RepoPath, entry: Pick<FileEntry, 'mode' | 'oid'> | null): Promise<void> {
    checkRepoPath(path);
    if (entry === null && (await this.find(path)) === undefined) return;
    const names = namesOf(path);
    const last = names.pop() ?? '';
    const chain: { readonly folder: Folder; readonly name: string }[] = [];
    let folder = await this.opened();
    for (const name of names) {
      chain.push({ folder, name });
      folder = (await this.folderIn(folder, name)) ?? newFolderIn(folder, name, path);
      folder.isChanged = true;
    }
    (await this.opened()).isChanged = true;
    if (entry !== null) putFile(folder, { ...entry, name: last }, path);
    else removeEntry(folder, last);
    for (const step of chain.toReversed()) {
      if (folder.data.length > 0) break;
      removeEntry(step.folder, step.name);
      step.folder.folders.delete(step.name);
      folder = step.folder;
    }
  }

  /** Adds the folders that changed to a batch; the id of the root. */
  async write(batch: Pick<ObjectBatch, 'add'>): Promise<Oid> {
    return writeFolder(await this.opened(), batch);
  }

  private async opened(): Promise<Folder> {
    this.root ??= this.base === null ? emptyFolder() : await this.read(this.base);
    return this.root;
  }

  private async read(oid: Oid): Promise<Folder> {
    const data = Buffer.from(await readTyped(this.source, oid, 'tree'));
    return {
      written: { oid, data },
      data: Buffer.from(data),
      isChanged: false,
      places: undefined,
      folders: new Map(),
    };
  }

  private async folderIn(parent: Folder, name: string): Promise<Folder | undefined> {
    const open = parent.folders.get(name);
    if (open !== undefined) return open;
    const place = placesOf(parent).get(name);
    if (place?.mode !== '040000') return undefined;
    const folder = await this.read(parent.data.toString('hex', place.end - 20, place.end));
    parent.folders.set(name, folder);
    return folder;
  }
}

/** The bytes of the names, one code unit a byte, so that no name but those asked for is ever decoded. */
function namesOf(path: RepoPath): string[] {
  return Buffer.from(path, 'utf8').toString('latin1').split('/');
}

function textOf(name: string): string {
  return Buffer.from(name, 'latin1').toString('utf8');
}

function emptyFolder(): Folder {
  return {
    written: undefined,
    data: Buffer.alloc(0),
    isChanged: true,
    places: undefined,
    folders: new Map(),
  };
}

function placesOf(folder: Folder): Map<string, Place> {
  if (folder.places !== undefined) return folder.places;
  const places = new Map<string, Place>();
  for (const cursor = new TreeCursor(folder.data); !cursor.done; cursor.next()) {
    const { sortKey, isFolder, mode, start, end } = cursor;
    places.set(isFolder ? sortKey.slice(0, -1) : sortKey, { mode, start, end });
  }
  folder.places = places;
  return places;
}

/** Stands for the id of a folder that is not written yet. */
const pending: Oid = '0'.repeat(40);

function newFolderIn(parent: Folder, name: string, path: RepoPath): Folder {
  if (placesOf(parent).has(name)) throw clash(path);
  const folder = emptyFolder();
  parent.folders.set(name, folder);
  putEntry(parent, { name, mode: '040000', oid: pending });
  return folder;
}

function putFile(folder: Folder, entry: TreeEntry, path: RepoPath): void {
  if (placesOf(folder).get(entry.name)?.mode === '040000') throw clash(path);
  putEntry(folder, entry);
}

function putEntry(folder: Folder, entry: TreeEntry): void {
  const place = placesOf(folder).get(entry.name);
  if (place?.mode === entry.mode) {
    folder.data.write(entry.oid, place.end - 20, 'hex');
    return;
  }
  if (place !== undefined) removeEntry(folder, entry.name);
  const named = { ...entry, name: textOf(entry.name) };
  const key = treeSortKey(named);
  const cursor = new TreeCursor(folder.data);
  while (!cursor.done && cursor.sortKey < key) cursor.next();
  const at = cursor.done ? folder.data.length : cursor.start;
  replaceBytes(folder, { start: at, end: at }, encodeEntry(named));
}

function removeEntry(folder: Folder, name: string): void {
  const place = placesOf(folder).get(name);
  if (place !== undefined) replaceBytes(folder, place, Buffer.alloc(0));
}

function replaceBytes(folder: Folder, { start, end }: Pick<Place, 'start' | 'end'>, bytes: Buffer): void {
  folder.data = Buffer.concat([folder.data.subarray(0, start), bytes, folder.data.subarray(end)]);
  folder.places = undefined;
}

/** Children first. */
function writeFolder(folder: Folder, batch: Pick<ObjectBatch, 'add'>): Oid {
  if (!folder.isChanged && folder.written !== undefined) return folder.written.oid;
  for (const [name, child] of folder.folders)
    if (child.isChanged) {
      const place = placesOf(folder).get(name);
      if (place !== undefined) folder.data.write(writeFolder(child, batch), place.end - 20, 'hex');
    }
  const { written } = folder;
  folder.isChanged = false;
  if (written?.data.equals(folder.data) === true) return written.oid;
  const data = Buffer.from(folder.data);
  const oid = batch.add({ type: 'tree', data }, written);
  folder.written = { oid, data };
  return oid;
}

function clash(path: string): ConfigError {
  return new ConfigError('E_BAD_PATH', `'${path}' cannot be a file and a folder`, {
    hint: 'delete the one before you write the other',
    details: { path },
  });
}
