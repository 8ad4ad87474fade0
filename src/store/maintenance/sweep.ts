/** Takes away what the new pack replaces, and what nothing leads to any more. */
import { join } from 'node:path';
import { removeIfPresent } from '../disk.js';
import { errnoOf } from '../fs.js';
import { LooseObjects } from '../objects/loose.js';
import type { Oid, RawObject } from '../types.js';
import { fileNames } from './inventory.js';
import type { Premises } from './premises.js';
import type { Reach } from './reach.js';
import { removeUnused, removeUnusedPack } from './remove.js';
import type { Stock, StockedPack } from './stock.js';

export interface Sweep {
  readonly premises: Premises;
  readonly stock: Stock;
  readonly reach: Reach;
  /** What is younger stays even if nothing leads to it. */
  readonly cutoffNs: bigint;
  /** Whether the object stands in a pack that stays. */
  readonly isPacked: (oid: Oid) => boolean;
  /** The new pack; undefined when the one there was is as it should be. */
  readonly pack: string | undefined;
}

/** Returns how many unreachable objects went. Throws E_IO. */
export async function sweep(work: Sweep): Promise<number> {
  const old = work.stock.packs.filter((pack) => isReplaced(work, pack));
  if (old.length > 0) dropDerived(work.premises, 'pack', /^multi-pack-index/);
  let pruned = 0;
  for (const pack of old) pruned += await sweepPack(work, pack);
  return pruned + sweepLoose(work);
}

/** Not when something in it was unreachable a moment ago and is not any more. */
function isReplaced({ reach, isPacked, pack }: Sweep, { file, source }: StockedPack): boolean {
  const oids = [...source.oids.values()];
  if (file.path === pack || (pack === undefined && oids.some(isPacked))) return false;
  return oids.every((oid) => isPacked(oid) || !reach.found.has(oid));
}

async function sweepPack(work: Sweep, { file, source }: StockedPack): Promise<number> {
  const { premises, stock, isPacked, cutoffNs } = work;
  const unreachable = [...source.oids.values()].filter((oid) => !isPacked(oid));
  const isYoung = file.stat.mtimeNs >= cutoffNs;
  if (isYoung)
    await loosen(
      work,
      unreachable.filter((oid) => !stock.loose.has(oid)),
      file.stat.mtimeNs,
    );
  else if (unreachable.length > 0) dropCommitGraph(premises);
  return removeUnusedPack(premises.disk, file) && !isYoung ? unreachable.length : 0;
}

/** Gives objects that may still be wanted a file each, as old as their pack, so that they can go one by one. */
async function loosen({ premises }: Sweep, oids: readonly Oid[], mtimeNs: bigint): Promise<void> {
  const { disk, objectsDir, objects } = premises;
  const contents = new Map<Oid, RawObject>(oids.map((oid) => [oid, objects.read(oid)]));
  await new LooseObjects(disk, objectsDir).write(contents);
  for (const oid of oids) disk.fs.touch(join(objectsDir, oid.slice(0, 2), oid.slice(2)), mtimeNs);
}

function sweepLoose({ premises, stock, reach, cutoffNs, isPacked }: Sweep): number {
  const { disk, objectsDir } = premises;
  let pruned = 0;
  for (const file of stock.loose.values()) {
    if (isPacked(file.oid)) removeIfPresent(disk.fs, file.path);
    else if (!reach.found.has(file.oid) && file.stat.mtimeNs < cutoffNs) {
      if (pruned === 0) dropCommitGraph(premises);
      if (removeUnused(disk, file)) pruned += 1;
    }
  }
  for (const fan of new Set([...stock.loose.keys()].map((oid) => oid.slice(0, 2))))
    removeIfEmpty(premises, join(objectsDir, fan));
  return pruned;
}

/** Commits that are gone must not be in it; git makes it again. */
function dropCommitGraph(premises: Premises): void {
  dropDerived(premises, 'info', /^commit-graph$/);
  dropDerived(premises, 'info/commit-graphs', /./);
}

function dropDerived({ disk, objectsDir }: Premises, folder: string, name: RegExp): void {
  for (const path of fileNames(disk.fs, join(objectsDir, folder)))
    if (name.test(path.slice(path.lastIndexOf('/') + 1))) removeIfPresent(disk.fs, path);
}

/** A writer that wants the folder makes it again; one that cannot be removed does no harm. */
function removeIfEmpty({ disk }: Premises, folder: string): void {
  try {
    disk.fs.rmdir(folder);
  } catch (error) {
    if (errnoOf(error) === undefined) throw error;
  }
}
