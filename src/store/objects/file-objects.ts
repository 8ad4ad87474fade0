/** The objects of a repository on disk: packs, loose files, and those of its alternates. */
import { dirname, isAbsolute, join } from 'node:path';
import { ConfigError, isConfigError } from '../../errors.js';
import { type Disk, readIfPresent } from '../disk.js';
import type { ObjectBatch, ObjectStore, Oid, RawObject } from '../types.js';
import { ByteCache } from './byte-cache.js';
import { damagedObject, LooseObjects } from './loose.js';
import { emptyTreeOid, objectOid } from './oid.js';
import type { PackCaches } from './pack.js';
import { PackBatch } from './pack-batch.js';
import { writePacks } from './pack-writer.js';
import { Packs } from './packs.js';

/** From so many new objects on one pack is written instead of loose files (git: transfer.unpackLimit). */
const packFrom = 100;
const megabyte = 1_048_576;
const kinds = ['packed', 'loose'] as const;

/** What an object in a cache takes. */
const cost = ({ data }: RawObject): number => data.length + 200;

interface Folder {
  readonly packs: Packs;
  readonly loose: LooseObjects;
}

export class FileObjects implements ObjectStore {
  private readonly disk: Disk;
  private readonly dir: string;
  private readonly caches: PackCaches;
  private readonly objects = new ByteCache<Oid, RawObject>(16 * megabyte, cost);
  /** The repository's own folder first, then its alternates. */
  private readonly folders: readonly [Folder, ...Folder[]];

  /** `more`: alternates that the folder does not name. */
  constructor(disk: Disk, dir: string, more: readonly string[] = []) {
    this.disk = disk;
    this.dir = dir;
    this.caches = {
      bases: new ByteCache(32 * megabyte, cost),
      windows: new ByteCache(32 * megabyte, (window) => window.length),
      packs: 0,
    };
    const others = [dir, ...more].flatMap((path) => alternates(disk, path));
    this.folders = [this.open(dir), ...[...more, ...others].map((path) => this.open(path))];
  }

  private readonly readBase = (oid: Oid): RawObject => this.read(oid);

  read(oid: Oid, { once = false }: { readonly once?: boolean } = {}): RawObject {
    const object = this.lookUp(oid, once) ?? (this.rescan() ? this.lookUp(oid, once) : undefined);
    if (object !== undefined) return object;
    if (oid === emptyTreeOid) return { type: 'tree', data: new Uint8Array() };
    throw new ConfigError('E_OBJECT_MISSING', `object '${oid}' is missing`, {
      hint: 'run: cfg fsck; a shallow clone may need: cfg fetch --unshallow',
      details: { oid },
    });
  }

  has(oid: Oid): boolean {
    return oid === emptyTreeOid || this.isThere(oid) || (this.rescan() && this.isThere(oid));
  }

  async write(objects: readonly RawObject[]): Promise<Oid[]> {
    const fresh = new Map<Oid, RawObject>();
    const oids = objects.map((object) => {
      const oid = objectOid(object.type, object.data);
      if (!fresh.has(oid) && !this.reuse(oid)) fresh.set(oid, object);
      return oid;
    });
    if (fresh.size >= packFrom) {
      await writePacks(this.disk, join(this.dir, 'pack'), fresh);
      this.folders[0].packs.rescan();
    } else {
      await this.folders[0].loose.write(fresh);
      this.keep(fresh);
    }
    return oids;
  }

  /** What the next commit is made from. The caller may use his buffers again. */
  private keep(written: ReadonlyMap<Oid, RawObject>): void {
    for (const [oid, { type, data }] of written)
      if (type !== 'blob') this.objects.set(oid, { type, data: data.slice() });
  }

  batch(): ObjectBatch {
    return new PackBatch({
      disk: this.disk,
      dir: join(this.dir, 'pack'),
      packFrom,
      write: (objects) => this.write(objects),
      published: () => {
        this.folders[0].packs.rescan();
      },
    });
  }

  findByPrefix(prefix: string): Oid[] {
    this.rescan();
    const found = this.folders.flatMap(({ packs, loose }) => [
      ...packs.findByPrefix(prefix),
      ...loose.findByPrefix(prefix),
    ]);
    return [...new Set(found)].toSorted();
  }

  private open(dir: string): Folder {
    return {
      packs: new Packs(this.disk.fs, join(dir, 'pack'), this.caches),
      loose: new LooseObjects(this.disk, dir),
    };
  }

  private isThere(oid: Oid): boolean {
    return this.folders.some(({ packs, loose }) => packs.find(oid) !== undefined || loose.has(oid));
  }

  private rescan(): boolean {
    return this.folders.map(({ packs }) => packs.rescan()).includes(true);
  }

  /** A damaged copy is passed over while another copy may be whole. */
  private lookUp(oid: Oid, once: boolean): RawObject | undefined {
    const cached = this.objects.get(oid);
    if (cached !== undefined) return cached;
    let damage: unknown;
    for (const folder of this.folders) {
      for (const kind of kinds) {
        try {
          const object = this.readFrom(folder, kind, oid);
          if (object === undefined) continue;
          if (!once) this.objects.set(oid, object);
          return object;
        } catch (error) {
          if (!isConfigError(error, 'E_CORRUPT')) throw error;
          damage = error;
        }
      }
    }
    if (damage !== undefined) throw damage;
    return undefined;
  }

  private readFrom({ packs, loose }: Folder, kind: (typeof kinds)[number], oid: Oid): RawObject | undefined {
    return kind === 'packed' ? this.readPacked(packs, oid) : loose.read(oid);
  }

  private readPacked(packs: Packs, oid: Oid): RawObject | undefined {
    const object = packs.read(oid, this.readBase);
    if (object !== undefined && objectOid(object.type, object.data) !== oid) throw damagedObject(oid);
    return object;
  }

  /**
   * Whether the object is there and whole, so that it need not be written. "There" is not enough: a file that a full disk or
   * a power cut left empty would make everything built upon it unreadable. Its file is made young again, lest a `git gc` that
   * runs meanwhile takes an old unreachable object.
   */
  private reuse(oid: Oid): boolean {
    for (const { packs, loose } of this.folders) {
      if (isWhole(() => this.readPacked(packs, oid))) return packs.freshen(oid);
      if (loose.has(oid) && isWhole(() => loose.read(oid))) return loose.freshen(oid);
    }
    return false;
  }
}

function isWhole(read: () => RawObject | undefined): boolean {
  try {
    return read() !== undefined;
  } catch (error) {
    if (isConfigError(error, 'E_CORRUPT')) return false;
    throw error;
  }
}

/** The other folders that a folder of objects names (git: gitrepository-layout, objects/info/alternates); those of alternates count as well. */
export function alternates(
  disk: Pick<Disk, 'fs'>,
  dir: string,
  seen: Set<string> = new Set([dir]),
): string[] {
  const text = readIfPresent(disk.fs, join(dir, 'info', 'alternates'))?.toString('utf8') ?? '';
  const found: string[] = [];
  for (const line of text.split('\n')) {
    if (line === '' || line.startsWith('#')) continue;
    const path = isAbsolute(line) ? line : join(dir, line);
    if (seen.has(path) || seen.size > 20 || dirname(path) === path) continue;
    seen.add(path);
    found.push(path, ...alternates(disk, path, seen));
  }
  return found;
}
