/** The exchange of objects for a repository on disk. */
import { join } from 'node:path';
import { type Disk, removeIfPresent } from '../disk.js';
import { shallowCommits } from '../history/commits.js';
import { walkCommits } from '../history/walk.js';
import type { Layout } from '../layout.js';
import { acquireLock } from '../lock.js';
import { takeInventory } from '../maintenance/inventory.js';
import type { PackSource } from '../maintenance/pack-source.js';
import { type RepackPlan, writeObjects } from '../maintenance/repack.js';
import { Stock } from '../maintenance/stock.js';
import type { FileObjects } from '../objects/file-objects.js';
import { readCommit } from '../objects/read.js';
import type { ObjectExchange, Oid, ReceiveRequest, RefStore, SendRequest, StateFiles } from '../types.js';
import { findMissing, incomplete, refCommits } from './completeness.js';
import { objectsToSend } from './outgoing.js';
import { receivePack } from './receive.js';
import type { IncomingPack, OutgoingPack } from './types.js';

export interface ExchangeParts {
  readonly disk: Disk;
  readonly layout: Layout;
  readonly objectsDir: string;
  readonly objects: FileObjects;
  readonly refs: RefStore;
  readonly state: StateFiles;
}

/** From so many objects on entries of the packs that are here are copied, which takes reading all their indexes first. */
const copyFrom = 2_000;
const readBytes = 1_048_576;

export class FileExchange implements ObjectExchange {
  private readonly parts: ExchangeParts;

  constructor(parts: ExchangeParts) {
    this.parts = parts;
  }

  async shallow(): Promise<readonly Oid[]> {
    return [...(await shallowCommits(this.parts))].toSorted();
  }

  async missing(oids: readonly Oid[]): Promise<readonly Oid[]> {
    const missing: Oid[] = [];
    for (const oid of oids) if ((await findMissing(this.parts, [oid])) !== undefined) missing.push(oid);
    return missing;
  }

  async *haves(common: ReadonlySet<Oid>): AsyncGenerator<Oid, void, undefined> {
    const starts = await refCommits(this.parts);
    const parents = ({ oid, commit }: { oid: Oid; commit: { parents: readonly Oid[] } }): readonly Oid[] =>
      common.has(oid) ? [] : commit.parents;
    for await (const { oid } of walkCommits(this.parts, starts, { parents })) yield oid;
  }

  async receive(incoming: IncomingPack, request: ReceiveRequest): Promise<void> {
    const { wants, url, onProgress } = request;
    const boundary = await this.boundaryAfter(incoming);
    await receivePack(incoming, {
      ...this.parts,
      shallow: boundary,
      needed: [...wants, ...(await this.parentsOf(incoming.unshallow))],
      checkOutside: async (oids) => {
        const missing = await findMissing(this.parts, oids);
        if (missing !== undefined) throw incomplete(url, missing);
      },
      ...(onProgress && { onProgress }),
    });
    if (incoming.shallow.length + incoming.unshallow.length > 0) await this.writeBoundary(boundary);
  }

  async send<T>(request: SendRequest, use: (pack: OutgoingPack) => Promise<T>): Promise<T> {
    const { fs } = this.parts.disk;
    const objects = await objectsToSend(this.parts, request.wanted, request.had);
    const stream = writeObjects(this.parts, { objects, sources: this.sourcesFor(objects.size) });
    try {
      const { path, bytes } = stream.complete();
      return await use({
        bytes,
        *read() {
          for (let at = 0; at < bytes; at += readBytes)
            yield fs.readRange(path, at, Math.min(readBytes, bytes - at));
        },
      });
    } finally {
      stream.abandon();
    }
  }

  private sourcesFor(count: number): RepackPlan['sources'] {
    if (count < copyFrom) return new Map<Oid, { pack: PackSource; offset: number }>();
    return new Stock(this.parts, takeInventory(this.parts.disk.fs, this.parts.objectsDir)).sources;
  }

  private async boundaryAfter({ shallow, unshallow }: IncomingPack): Promise<ReadonlySet<Oid>> {
    const gone = new Set(unshallow);
    return new Set([...(await this.shallow()), ...shallow].filter((oid) => !gone.has(oid)));
  }

  private async parentsOf(oids: readonly Oid[]): Promise<readonly Oid[]> {
    const parents: Oid[] = [];
    for (const oid of oids) parents.push(...(await readCommit(this.parts, oid)).parents);
    return parents;
  }

  /** Under Git's own lock, for other programs that deepen the history at the same time. */
  private async writeBoundary(boundary: ReadonlySet<Oid>): Promise<void> {
    const { disk, layout } = this.parts;
    const path = join(layout.commonDir, 'shallow');
    const lock = await acquireLock(disk, path);
    try {
      if (boundary.size === 0) removeIfPresent(disk.fs, path);
      else {
        lock.stage(
          Buffer.from(
            [...boundary]
              .toSorted()
              .map((oid) => `${oid}\n`)
              .join(''),
            'latin1',
          ),
        );
        lock.commit();
      }
    } finally {
      lock.release();
    }
  }
}
