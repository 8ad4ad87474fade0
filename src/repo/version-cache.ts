/** What was found out about the versions of a file, kept for the next time: under one id there is always the same content. */
import { createHash, hash } from 'node:crypto';
import type { Oid, Store } from '../store/index.js';

/** About one version; what they mean is for the one who keeps them to know. */
export type Facts = readonly (string | number | boolean | null)[];

/** Stands for a text that only need be told from others. */
export function identityDigest(...texts: readonly string[]): string {
  return hash('sha1', JSON.stringify(texts), 'base64url');
}

/** Writing the file costs as much as reading so many versions. */
const worthSaving = 8;
const mostBytes = 8_388_608;

export class VersionCache {
  private readonly store: Store;
  private readonly file: string;
  private readonly kept: ReadonlyMap<Oid, Facts>;
  private readonly fresh = new Map<Oid, Facts>();
  private isBelieved = false;
  private isRefuted = false;

  private constructor(store: Store, file: string, kept: ReadonlyMap<Oid, Facts>) {
    this.store = store;
    this.file = file;
    this.kept = kept;
  }

  /** `about` tells the caches of a repository apart. */
  static async open(store: Store, about: string): Promise<VersionCache> {
    const file = `values/${createHash('sha1').update(about).digest('hex')}`;
    return new VersionCache(store, file, decode(await store.cache?.read(file)));
  }

  /**
   * What is kept is believed once one version was read again and it was the same: another release of the program may read documents in
   * another way.
   */
  get(oid: Oid): Facts | undefined {
    return this.fresh.get(oid) ?? (this.isBelieved ? this.kept.get(oid) : undefined);
  }

  set(oid: Oid, facts: Facts): void {
    this.fresh.set(oid, facts);
    const kept = this.kept.get(oid);
    if (kept === undefined) return;
    const isSame = JSON.stringify(kept) === JSON.stringify(facts);
    this.isRefuted ||= !isSame;
    this.isBelieved = isSame && !this.isRefuted;
  }

  /** Keeps what was read for the next time. */
  async save(): Promise<void> {
    if (this.fresh.size < worthSaving && !this.isRefuted) return;
    const all = [...(this.isRefuted ? [] : this.kept), ...this.fresh];
    const data = Buffer.from(JSON.stringify(all), 'utf8');
    if (data.length <= mostBytes) await this.store.cache?.write(this.file, data);
  }
}

function decode(data: Uint8Array | undefined): ReadonlyMap<Oid, Facts> {
  const entries: unknown = data === undefined ? [] : JSON.parse(Buffer.from(data).toString('utf8'));
  return new Map(Array.isArray(entries) ? entries.filter(isEntry) : []);
}

function isEntry(entry: unknown): entry is readonly [Oid, Facts] {
  return Array.isArray(entry) && typeof entry[0] === 'string' && Array.isArray(entry[1]);
}
