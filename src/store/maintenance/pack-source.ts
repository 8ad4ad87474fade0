/** An old pack as bytes: its entries are copied without being taken apart. */
import { crc32 } from 'node:zlib';
import { ioError } from '../disk.js';
import { damagedObject } from '../objects/loose.js';
import { headerBytes, type PackedEntry, parseEntry } from '../objects/pack.js';
import { PackIndex } from '../objects/pack-index.js';
import type { Oid } from '../types.js';
import type { PackFile } from './inventory.js';
import type { PackPremises } from './premises.js';

/** Where an object stands in an old pack. */
export interface Source {
  readonly pack: PackSource;
  readonly offset: number;
}

export class PackSource {
  readonly path: string;
  readonly oids: Map<number, Oid> = new Map();
  private readonly premises: PackPremises;
  private readonly ends = new Map<number, number>();
  private readonly crcs = new Map<number, number | undefined>();

  /** Throws E_CORRUPT, E_IO. */
  constructor(premises: PackPremises, { path, indexPath, stat }: PackFile) {
    this.premises = premises;
    this.path = path;
    const entries = [...readIndex(premises, indexPath).entries()].toSorted((a, b) => a.offset - b.offset);
    entries.forEach(({ oid, offset, crc }, at) => {
      this.oids.set(offset, oid);
      this.crcs.set(offset, crc);
      this.ends.set(offset, entries[at + 1]?.offset ?? stat.size - 20);
    });
  }

  /** Whether somebody made deltas for it. Throws E_CORRUPT, E_IO. */
  hasDeltas(): boolean {
    return [...this.oids.keys()].some((offset) => isDelta(this.read(offset).entry));
  }

  /** The entry with its bytes. Throws E_CORRUPT where they do not have the checksum of the index, E_IO. */
  read(offset: number): { readonly entry: PackedEntry; readonly bytes: Buffer } {
    const oid = this.oids.get(offset) ?? '';
    const bytes = readBytes(this.premises, this.path, { offset, end: this.ends.get(offset) ?? offset });
    const entry = parseEntry(
      Buffer.concat([bytes.subarray(0, headerBytes), Buffer.alloc(headerBytes)]),
      offset,
    );
    const crc = this.crcs.get(offset);
    if (entry === undefined || (crc !== undefined && crc32(bytes) !== crc)) throw damagedObject(oid);
    return { entry, bytes };
  }
}

const isDelta = ({ type }: PackedEntry): boolean => type > 4;

export function readIndex({ disk }: Pick<PackPremises, 'disk'>, path: string): PackIndex {
  try {
    return new PackIndex(disk.fs.readFile(path), path);
  } catch (error) {
    throw ioError('read', path, error);
  }
}

function readBytes(
  { disk }: Pick<PackPremises, 'disk'>,
  path: string,
  { offset, end }: { readonly offset: number; readonly end: number },
): Buffer {
  try {
    return disk.fs.readRange(path, offset, Math.max(0, end - offset));
  } catch (error) {
    throw ioError('read', path, error);
  }
}
