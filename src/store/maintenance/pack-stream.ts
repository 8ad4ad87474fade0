/** Writes one pack of any size, piece by piece. */
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { type Disk, ensureFolder, ioError, removeQuietly, syncAll, temporaryName } from '../disk.js';
import { type DraftEntry, encodeIndex, packHeaderBytes } from '../objects/pack-writer.js';
import type { Oid } from '../types.js';

const bufferBytes = 4_194_304;

export class PackStream {
  /** Of the objects written so far. */
  readonly offsets: Map<Oid, number> = new Map();
  private readonly disk: Disk;
  private readonly packDir: string;
  private readonly temp: string;
  private readonly entries: DraftEntry[] = [];
  private readonly sum = createHash('sha1');
  private pending: Buffer[] = [];
  private pendingBytes = 0;
  private bytes = 0;

  /** Throws E_IO. */
  constructor(disk: Disk, packDir: string, count: number) {
    this.disk = disk;
    this.packDir = packDir;
    this.temp = join(packDir, temporaryName('tmp_pack'));
    ensureFolder(disk, packDir);
    this.attempt(() => disk.fs.createFile(this.temp, new Uint8Array(), { mode: 0o644 }));
    const header = Buffer.alloc(packHeaderBytes);
    header.write('PACK', 'latin1');
    header.writeUInt32BE(2, 4);
    header.writeUInt32BE(count, 8);
    this.write(header);
  }

  /** Where the next entry will stand. */
  get position(): number {
    return this.bytes;
  }

  /** Throws E_IO. */
  add(oid: Oid, entry: Buffer): void {
    this.offsets.set(oid, this.bytes);
    this.entries.push({ oid, offset: this.bytes, crc: crc32(entry) });
    this.write(entry);
  }

  /** Writes the last bytes. The pack is whole then, under a name that no reader looks at. Throws E_IO. */
  complete(): { readonly path: string; readonly bytes: number; readonly checksum: Buffer } {
    this.flush();
    const checksum = this.sum.digest();
    this.attempt(() => this.disk.fs.appendFile(this.temp, checksum));
    return { path: this.temp, bytes: this.bytes + checksum.length, checksum };
  }

  /** Makes the pack durable, then its index, which makes it visible. Returns the path of the pack. Throws E_IO. */
  async finish(): Promise<string> {
    const { disk, packDir } = this;
    const { fs, sync } = disk;
    const { checksum } = this.complete();
    const base = join(packDir, `pack-${checksum.toString('hex')}`);
    const tempIndex = join(packDir, temporaryName('tmp_idx'));
    try {
      fs.createFile(tempIndex, encodeIndex(this.entries, checksum), { mode: 0o444 });
      fs.chmod(this.temp, 0o444);
      if (sync) await syncAll(fs, [this.temp, tempIndex]);
      fs.rename(this.temp, `${base}.pack`);
      fs.rename(tempIndex, `${base}.idx`);
    } catch (error) {
      removeQuietly(fs, tempIndex);
      throw this.failed(error);
    }
    if (sync) await syncAll(fs, [packDir]);
    return `${base}.pack`;
  }

  /** Removes what was written. */
  abandon(): void {
    removeQuietly(this.disk.fs, this.temp);
  }

  private write(data: Buffer): void {
    this.sum.update(data);
    this.pending.push(data);
    this.pendingBytes += data.length;
    this.bytes += data.length;
    if (this.pendingBytes >= bufferBytes) this.flush();
  }

  private flush(): void {
    const data = Buffer.concat(this.pending);
    this.pending = [];
    this.pendingBytes = 0;
    this.attempt(() => this.disk.fs.appendFile(this.temp, data));
  }

  private attempt(act: () => void): void {
    try {
      act();
    } catch (error) {
      throw this.failed(error);
    }
  }

  private failed(error: unknown): unknown {
    this.abandon();
    return ioError('write', this.temp, error);
  }
}
