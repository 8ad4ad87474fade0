/** The repository's own objects, and in which file each stands. */
import type { PackIndex } from '../objects/pack-index.js';
import type { Oid } from '../types.js';
import type { Inventory, LooseFile, PackFile } from './inventory.js';
import { PackSource, readIndex, type Source } from './pack-source.js';
import type { PackPremises } from './premises.js';
import type { Reached } from './reach.js';

export interface StockedPack {
  readonly file: PackFile;
  readonly source: PackSource;
}

export class Stock {
  readonly loose: ReadonlyMap<Oid, LooseFile>;
  /** Those that are not kept. */
  readonly packs: readonly StockedPack[];
  readonly sources: ReadonlyMap<Oid, Source>;
  private readonly premises: PackPremises;
  private readonly kept: readonly PackIndex[];

  /** Throws E_CORRUPT, E_IO. */
  constructor(premises: PackPremises, inventory: Inventory) {
    this.premises = premises;
    this.loose = new Map(inventory.loose.map((file) => [file.oid, file]));
    this.kept = inventory.packs
      .filter(({ isKept }) => isKept)
      .map(({ indexPath }) => readIndex(premises, indexPath));
    this.packs = inventory.packs
      .filter(({ isKept }) => !isKept)
      .map((file) => ({ file, source: new PackSource(premises, file) }));
    const sources = new Map<Oid, Source>();
    for (const { source: pack } of this.packs)
      for (const [offset, oid] of pack.oids) if (!sources.has(oid)) sources.set(oid, { pack, offset });
    this.sources = sources;
  }

  /** Here or in an alternate. */
  has(oid: Oid): boolean {
    return this.sources.has(oid) || this.loose.has(oid) || this.premises.objects.has(oid);
  }

  /** Whether it stands in a pack that stays as it is. */
  isKept(oid: Oid): boolean {
    return this.kept.some((index) => index.offsetOf(oid) !== undefined);
  }

  /** What belongs into a new pack: neither objects of alternates nor those of kept packs. */
  toPack(found: ReadonlyMap<Oid, Reached>): Map<Oid, Reached> {
    const isOwn = (oid: Oid): boolean => this.sources.has(oid) || this.loose.has(oid);
    return new Map([...found].filter(([oid]) => isOwn(oid) && !this.isKept(oid)));
  }

  /** Whether one pack holds exactly these, and was made with care already. */
  isPacked(wanted: ReadonlyMap<Oid, Reached>): boolean {
    const [only, ...others] = this.packs;
    if (wanted.size === 0) return true;
    if (only === undefined || others.length > 0 || only.source.oids.size !== wanted.size) return false;
    return [...wanted.keys()].every((oid) => this.sources.has(oid)) && only.source.hasDeltas();
  }
}
