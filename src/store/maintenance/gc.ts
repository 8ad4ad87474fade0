/** Packs what can be reached into one pack, and takes away what cannot be and is old. */
import { join } from 'node:path';
import { ConfigError } from '../../errors.js';
import { configOf, readConfigFile } from '../config/load.js';
import { removeIfPresent } from '../disk.js';
import { acquireLock } from '../lock.js';
import type { StoreOptions } from '../open.js';
import type { Oid } from '../types.js';
import { type Inventory, takeInventory } from './inventory.js';
import { openPremises, type Premises } from './premises.js';
import { Reach } from './reach.js';
import { writeRepack } from './repack.js';
import { collectRoots, type Root } from './roots.js';
import { Stock } from './stock.js';
import { sweep } from './sweep.js';

export interface CollectOptions extends StoreOptions {
  /** Unreachable objects younger than this stay, in milliseconds. Default two weeks. */
  readonly graceMs?: number;
}

export interface Collected {
  /** Objects in the new pack; 0 when everything was packed already. */
  readonly packed: number;
  /** Unreachable objects that were removed. */
  readonly pruned: number;
  /** Files and bytes of all objects. */
  readonly before: ObjectFiles;
  readonly after: ObjectFiles;
}

export interface ObjectFiles {
  readonly loose: number;
  readonly packs: number;
  readonly bytes: number;
}

const twoWeeksMs = 14 * 24 * 3_600_000;

/**
 * Other processes may read and write meanwhile: the new pack is durable and visible before anything goes, whatever is younger than
 * `graceMs` or was used since stays, and so does every pack marked by a `.keep`.
 *
 * Throws E_CORRUPT and E_OBJECT_MISSING before anything is removed, E_UNSUPPORTED_REPOSITORY (a partial clone), E_LOCKED, E_IO, and what
 * `openStore` throws.
 */
export async function collectGarbage(options: CollectOptions): Promise<Collected> {
  const opened = openPremises(options);
  // Whatever the caller wants of durability: files that survive a power cut must not give way to one that does not.
  const premises = { ...opened, disk: { ...opened.disk, sync: true } };
  checkComplete(premises);
  // What cannot be read is refused before anything is written, the lock included.
  rootsOf(premises);
  // The name that git's own gc uses, so that the two do not do the same work at once.
  const lock = await acquireLock(
    { ...premises.disk, lockTimeoutMs: 0 },
    join(premises.layout.commonDir, 'gc.pid'),
  );
  try {
    return await collect(premises, options.graceMs ?? twoWeeksMs);
  } finally {
    lock.release();
  }
}

/** What a partial clone has not fetched is no damage, and what it fetched must stay in packs of its own. */
function checkComplete({ disk, env, layout, objectsDir }: Premises): void {
  const config = configOf(readConfigFile({ fs: disk.fs, env, layout }, join(layout.commonDir, 'config')));
  const isPartial = config.get('extensions.partialclone') !== undefined;
  if (!isPartial && !takeInventory(disk.fs, objectsDir).hasPromisor) return;
  throw new ConfigError('E_UNSUPPORTED_REPOSITORY', `repository '${layout.commonDir}' is a partial clone`, {
    hint: 'run: git gc',
    details: { gitDir: layout.gitDir },
  });
}

async function collect(premises: Premises, graceMs: number): Promise<Collected> {
  const { disk, objectsDir } = premises;
  // First the files, then what leads to them: what comes later is younger than both and is left alone.
  const inventory = takeInventory(disk.fs, objectsDir);
  const stock = new Stock(premises, inventory);
  const reach = new Reach(premises, { onDamage: refuse, hasBlob: (oid) => stock.has(oid) });
  reach.walk(rootsOf(premises));
  const wanted = stock.toPack(reach.found);
  const isDone = stock.isPacked(wanted);
  const pack = isDone ? undefined : await writeRepack(premises, { objects: wanted, sources: stock.sources });
  // Somebody may have pointed a ref at something old meanwhile.
  reach.walk(rootsOf(premises));
  const cutoffNs = BigInt(Date.now() - graceMs) * 1_000_000n;
  const isPacked = (oid: Oid): boolean => wanted.has(oid) || stock.isKept(oid);
  const pruned = await sweep({ premises, stock, reach, cutoffNs, isPacked, pack });
  for (const { path, stat } of inventory.temporary)
    if (stat.mtimeNs < cutoffNs) removeIfPresent(disk.fs, path);
  return {
    packed: isDone ? 0 : wanted.size,
    pruned,
    before: filesOf(inventory),
    after: filesOf(takeInventory(disk.fs, objectsDir)),
  };
}

function rootsOf(premises: Premises): Root[] {
  return collectRoots(premises, (_, error) => {
    throw error;
  });
}

/** Nothing is taken away from a damaged repository; only an old reflog entry may name what is gone. */
function refuse(_oid: Oid, root: Root, error: ConfigError): void {
  if (root.required || error.code !== 'E_OBJECT_MISSING') throw error;
}

function filesOf({ loose, packs }: Inventory): ObjectFiles {
  const bytes = [...loose, ...packs].reduce((sum, { stat }) => sum + stat.size, 0);
  return { loose: loose.length, packs: packs.length, bytes };
}
