/** All packs of one objects folder. `git gc` replaces packs at any time, so what is missing is looked for again on the disk. */
import { join } from 'node:path';
import { ioError, listIfPresent, touch } from '../disk.js';
import { errnoOf, type Fs } from '../fs.js';
import type { Oid, RawObject } from '../types.js';
import { Pack, type PackCaches } from './pack.js';
import { PackIndex } from './pack-index.js';

/** Where an object stands. */
export interface PackedObject {
  readonly pack: Pack;
  readonly offset: number;
}

export class Packs {
  private readonly fs: Fs;
  private readonly dir: string;
  private readonly caches: PackCaches;
  /** Most lately useful first; undefined before the first look at the folder. */
  private packs: Pack[] | undefined;

  constructor(fs: Fs, dir: string, caches: PackCaches) {
    this.fs = fs;
    this.dir = dir;
    this.caches = caches;
  }

  find(oid: Oid): PackedObject | undefined {
    const packs = this.loaded();
    for (let position = 0; position < packs.length; position += 1) {
      const pack = packs[position];
      const offset = pack?.index.offsetOf(oid);
      if (pack === undefined || offset === undefined) continue;
      if (position > 0) {
        packs.splice(position, 1);
        packs.unshift(pack);
      }
      return { pack, offset };
    }
    return undefined;
  }

  /** Undefined when no pack has it, or the pack has gone meanwhile. Throws E_CORRUPT, E_IO. */
  read(oid: Oid, readBase: (oid: Oid) => RawObject): RawObject | undefined {
    for (let found = this.find(oid); found !== undefined; found = this.find(oid)) {
      const { pack, offset } = found;
      try {
        return pack.read(oid, offset, readBase);
      } catch (error) {
        if (errnoOf(error) !== 'ENOENT') throw ioError('read', pack.path, error);
        // What it held is in the pack that took its place.
        this.packs = this.loaded().filter((other) => other !== pack);
      }
    }
    return undefined;
  }

  /** Gives the pack that has it the present time; false when that is not allowed. */
  freshen(oid: Oid): boolean {
    const found = this.find(oid);
    return found !== undefined && touch(this.fs, found.pack.path);
  }

  findByPrefix(prefix: string): Oid[] {
    return this.loaded().flatMap((pack) => pack.index.findByPrefix(prefix));
  }

  /** Reads the folder again; says whether anything changed. */
  rescan(): boolean {
    const before = this.packs ?? [];
    const names = this.packNames();
    const known = new Map(before.map((pack) => [pack.path, pack]));
    this.packs = names.flatMap((path) => known.get(path) ?? this.open(path) ?? []);
    return this.packs.length !== before.length || this.packs.some((pack) => !known.has(pack.path));
  }

  private loaded(): Pack[] {
    if (this.packs === undefined) this.rescan();
    return this.packs ?? [];
  }

  /** Those that have an index; git removes a pack before its index. */
  private packNames(): string[] {
    const names = new Set(listIfPresent(this.fs, this.dir).map(({ name }) => name));
    return [...names]
      .filter((name) => name.endsWith('.pack') && names.has(name.replace(/pack$/, 'idx')))
      .map((name) => join(this.dir, name));
  }

  private open(path: string): Pack | undefined {
    const indexPath = path.replace(/pack$/, 'idx');
    try {
      const index = new PackIndex(this.fs.readFile(indexPath), indexPath);
      return new Pack(this.fs, path, { index, caches: this.caches });
    } catch (error) {
      if (errnoOf(error) === 'ENOENT') return undefined;
      throw ioError('read', indexPath, error);
    }
  }
}
