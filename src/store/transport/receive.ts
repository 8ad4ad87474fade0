/**
 * Takes in a pack. It is written under a name that no reader looks at, checked whole, and only then gets the name that makes it part of
 * the repository: what is interrupted on the way has never been there.
 */
import { dirname, join } from 'node:path';
import { type Disk, ensureFolder, ioError, removeQuietly, syncAll, temporaryName } from '../disk.js';
import { bufferOf } from '../objects/oid.js';
import { encodeIndex } from '../objects/pack-writer.js';
import type { ObjectStore, Oid, RawObject } from '../types.js';
import { indexPack, type IndexedPack } from './index-pack.js';
import type { IncomingPack, TransferProgress } from './types.js';

/** Fewer objects become loose files, so that many small transfers do not leave many packs (git: transfer.unpackLimit). */
const unpackBelow = 100;
const bufferBytes = 1_048_576;

export interface ReceiveOptions {
  readonly disk: Disk;
  readonly objectsDir: string;
  readonly objects: ObjectStore;
  /** Commits without parents, those that this transfer brings included. */
  readonly shallow: ReadonlySet<Oid>;
  /** What must be here afterwards, besides what the objects lead to. */
  readonly needed: readonly Oid[];
  /** Whether all that the objects lead to, and is not among them, is here. Throws when not. */
  readonly checkOutside: (oids: readonly Oid[]) => Promise<void>;
  readonly onProgress?: (progress: TransferProgress) => void;
}

/** Throws E_REMOTE, E_CORRUPT, E_IO; then nothing of it is there. */
export async function receivePack({ pack }: IncomingPack, options: ReceiveOptions): Promise<void> {
  const { disk, objectsDir } = options;
  const temp = join(objectsDir, 'pack', temporaryName('tmp_pack'));
  ensureFolder(disk, dirname(temp));
  try {
    const bytes = await writeDown(pack, temp, options);
    const few = new Map<Oid, RawObject>();
    const indexed = await read(temp, { bytes, few }, options);
    const present = new Set(indexed.entries.map(({ oid }) => oid));
    const needed = [...indexed.outside, ...options.needed.filter((oid) => !present.has(oid))];
    await options.checkOutside(needed);
    if (indexed.entries.length < unpackBelow) await options.objects.write([...few.values()]);
    else await publish(temp, indexed, options);
  } finally {
    removeQuietly(disk.fs, temp);
  }
}

async function writeDown(
  pack: AsyncIterable<Uint8Array>,
  path: string,
  { disk, onProgress }: ReceiveOptions,
): Promise<number> {
  attempt(path, () => disk.fs.createFile(path, new Uint8Array(), { mode: 0o644 }));
  let [pending, pendingBytes, done]: [Buffer[], number, number] = [[], 0, 0];
  const flush = (): void => {
    attempt(path, () => disk.fs.appendFile(path, Buffer.concat(pending)));
    [pending, pendingBytes] = [[], 0];
  };
  for await (const chunk of pack) {
    pending.push(bufferOf(chunk));
    pendingBytes += chunk.length;
    done += chunk.length;
    if (pendingBytes >= bufferBytes) flush();
    onProgress?.({ phase: 'receiving', done, unit: 'bytes' });
  }
  flush();
  return done;
}

async function read(
  path: string,
  { bytes, few }: { readonly bytes: number; readonly few: Map<Oid, RawObject> },
  { disk, shallow, onProgress }: ReceiveOptions,
): Promise<IndexedPack> {
  try {
    return await indexPack(disk.fs, {
      path,
      bytes,
      shallow,
      onObject: (oid, object) => {
        if (few.size < unpackBelow) few.set(oid, object);
      },
      ...(onProgress && {
        onProgress: (done, total) => onProgress({ phase: 'indexing', done, total, unit: 'objects' }),
      }),
    });
  } catch (error) {
    throw ioError('read', path, error);
  }
}

/** Pack and index durable, then the pack, then the index, which makes both visible. */
async function publish(
  temp: string,
  { entries, checksum }: IndexedPack,
  options: ReceiveOptions,
): Promise<void> {
  const { disk, objectsDir } = options;
  const folder = join(objectsDir, 'pack');
  const base = join(folder, `pack-${checksum.toString('hex')}`);
  const tempIndex = join(folder, temporaryName('tmp_idx'));
  try {
    attempt(tempIndex, () => disk.fs.createFile(tempIndex, encodeIndex(entries, checksum), { mode: 0o444 }));
    attempt(temp, () => disk.fs.chmod(temp, 0o444));
    if (disk.sync) await syncAll(disk.fs, [temp, tempIndex]);
    attempt(base, () => disk.fs.rename(temp, `${base}.pack`));
    attempt(base, () => disk.fs.rename(tempIndex, `${base}.idx`));
  } finally {
    removeQuietly(disk.fs, tempIndex);
  }
  if (disk.sync) await syncAll(disk.fs, [folder]);
}

function attempt<T>(path: string, act: () => T): T {
  try {
    return act();
  } catch (error) {
    throw ioError('write', path, error);
  }
}
