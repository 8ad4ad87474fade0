/** Loose objects: one zlib stream a file, `objects/ab/cdef...` (git: object-file.c, gitformat-loose). */
import { join } from 'node:path';
import { constants, deflateSync, inflateSync } from 'node:zlib';
import { ConfigError } from '../../errors.js';
import {
  type Disk,
  ensureFolder,
  ioError,
  readIfPresent,
  removeIfPresent,
  syncFolder,
  temporaryName,
  touch,
} from '../disk.js';
import { errnoOf } from '../fs.js';
import type { Oid, RawObject } from '../types.js';
import { isObjectType } from './codec.js';
import { bufferOf, objectHeader, objectOid } from './oid.js';

export class LooseObjects {
  private readonly disk: Disk;
  private readonly dir: string;
  private readonly folders = new Set<string>();

  constructor(disk: Disk, dir: string) {
    this.disk = disk;
    this.dir = dir;
  }

  /** Undefined when there is no such file. Throws E_CORRUPT when it is not whole. */
  read(oid: Oid): RawObject | undefined {
    const file = readIfPresent(this.disk.fs, this.path(oid));
    return file === undefined ? undefined : decodeLoose(oid, file);
  }

  has(oid: Oid): boolean {
    return this.disk.fs.lstat(this.path(oid)) !== undefined;
  }

  /** Gives the file the present time; false when that is not allowed. */
  freshen(oid: Oid): boolean {
    return touch(this.disk.fs, this.path(oid));
  }

  /** Writes or replaces the objects; when it returns all of them are as durable as the disk promises. Throws E_IO. */
  write(objects: ReadonlyMap<Oid, RawObject>): void {
    const touched = new Set<string>();
    for (const [oid, object] of objects) {
      const folder = this.folder(oid);
      this.writeOne(oid, object);
      touched.add(folder);
    }
    if (this.disk.sync) for (const folder of touched) syncFolder(this.disk.fs, folder);
  }

  /** Ids that begin with `prefix`, at least two digits. */
  findByPrefix(prefix: string): Oid[] {
    const fan = prefix.slice(0, 2);
    const folder = join(this.dir, fan);
    if (this.disk.fs.stat(folder) === undefined) return [];
    return this.disk.fs
      .readdir(folder)
      .map(({ name }) => fan + name)
      .filter((oid) => oid.startsWith(prefix) && /^[0-9a-f]{40}$/.test(oid));
  }

  private path(oid: Oid): string {
    return join(this.dir, oid.slice(0, 2), oid.slice(2));
  }

  private folder(oid: Oid): string {
    const folder = join(this.dir, oid.slice(0, 2));
    if (!this.folders.has(folder)) ensureFolder(this.disk, folder);
    this.folders.add(folder);
    return folder;
  }

  private writeOne(oid: Oid, object: RawObject): void {
    const { fs, sync } = this.disk;
    const data = encodeLoose(object);
    for (let attempt = 0; ; attempt += 1) {
      const temp = join(this.folder(oid), temporaryName('tmp_obj'));
      try {
        fs.createFile(temp, data, { mode: 0o444, sync });
        fs.rename(temp, this.path(oid));
        return;
      } catch (error) {
        removeIfPresent(fs, temp);
        // `git gc` removes folders that it emptied.
        if (errnoOf(error) !== 'ENOENT' || attempt === 3)
          throw ioError('write object', this.path(oid), error);
        this.folders.clear();
      }
    }
  }
}

function encodeLoose({ type, data }: RawObject): Buffer {
  const content = Buffer.concat([objectHeader(type, data.length), data]);
  return deflateSync(content, { level: constants.Z_BEST_SPEED });
}

function decodeLoose(oid: Oid, file: Buffer): RawObject {
  const content = inflateLoose(oid, file);
  const end = content.indexOf(0);
  const [type = '', size] = content.toString('latin1', 0, Math.max(0, Math.min(end, 32))).split(' ');
  const data = content.subarray(end + 1);
  if (end < 0 || !isObjectType(type) || Number(size) !== data.length) throw damagedObject(oid);
  if (objectOid(type, data) !== oid) throw damagedObject(oid);
  return { type, data };
}

function inflateLoose(oid: Oid, file: Buffer): Buffer {
  try {
    return bufferOf(inflateSync(file, { chunkSize: Math.min(65_536, Math.max(1024, file.length * 4)) }));
  } catch (error) {
    throw damagedObject(oid, error);
  }
}

/** An object that is there but not whole. */
export function damagedObject(oid: Oid, cause?: unknown): ConfigError {
  return new ConfigError('E_CORRUPT', `object '${oid}' is damaged`, {
    hint: 'run: git fsck; then bring the object back from a clone or a backup',
    details: { oid },
    cause,
  });
}
