/** Loose objects: one zlib stream a file, `objects/ab/cdef...` (git: object-file.c, gitformat-loose). */
import { join } from 'node:path';
import { constants, deflateSync, inflateSync } from 'node:zlib';
import { ConfigError } from '../../errors.js';
import { type Disk, isPresent, publishFiles, readIfPresent, touch } from '../disk.js';
import type { Oid, RawObject } from '../types.js';
import { isObjectType } from './codec.js';
import { inflateStream } from './inflate-small.js';
import { bufferOf, objectHeader, objectOid } from './oid.js';

export class LooseObjects {
  private readonly disk: Disk;
  private readonly dir: string;

  constructor(disk: Disk, dir: string) {
    this.disk = disk;
    this.dir = dir;
  }

  /** Undefined when there is no such file. Throws E_CORRUPT when it is not whole. */
  read(oid: Oid): RawObject | undefined {
    const file = readIfPresent(this.disk.fs, this.path(oid));
    return file === undefined ? undefined : decodeLoose(oid, file);
  }

  /** Throws E_IO. */
  has(oid: Oid): boolean {
    return isPresent(this.disk.fs, this.path(oid));
  }

  /** Gives the file the present time; false when that is not allowed. */
  freshen(oid: Oid): boolean {
    return touch(this.disk.fs, this.path(oid));
  }

  /** Writes or replaces the objects; when it returns all of them are as durable as the disk promises. Throws E_IO. */
  async write(objects: ReadonlyMap<Oid, RawObject>): Promise<void> {
    const files = [...objects].map(([oid, object]) => ({
      path: this.path(oid),
      data: encodeLoose(object),
      prefix: 'tmp_obj',
    }));
    await publishFiles(this.disk, files);
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
    return `${this.dir}/${oid.slice(0, 2)}/${oid.slice(2)}`;
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

/** For a smaller file zlib, which a process has to load first, takes longer. */
const smallFileBytes = 1024;

function inflateLoose(oid: Oid, file: Buffer): Buffer {
  const small = file.length <= smallFileBytes ? inflateStream(file) : undefined;
  return small ?? inflateByZlib(oid, file);
}

function inflateByZlib(oid: Oid, file: Buffer): Buffer {
  try {
    return bufferOf(inflateSync(file, { chunkSize: Math.min(65_536, Math.max(1024, file.length * 4)) }));
  } catch (error) {
    throw damagedObject(oid, error);
  }
}

/** An object that is there but not whole. */
export function damagedObject(oid: Oid, cause?: unknown): ConfigError {
  return new ConfigError('E_CORRUPT', `object '${oid}' is damaged`, {
    hint: 'run: cfg fsck --repair; what that cannot mend comes back from a clone or a backup',
    details: { oid },
    cause,
  });
}
