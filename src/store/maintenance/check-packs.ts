import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { ConfigError, isConfigError } from '../../errors.js';
import { ioError, readIfPresent, removeIfPresent } from '../disk.js';
import type { Fs } from '../fs.js';
import { ByteCache } from '../objects/byte-cache.js';
import { objectOid } from '../objects/oid.js';
import { Pack, type PackCaches } from '../objects/pack.js';
import { PackIndex } from '../objects/pack-index.js';
import { parseObject } from './check-content.js';
import { type Finding, shownPath } from './finding.js';
import { fileNames, type Inventory, type PackFile } from './inventory.js';
import type { ObjectCensus } from './census.js';
import { rebuildPackIndex } from './pack-scan.js';
import type { Premises } from './premises.js';
import { moveAside } from './set-aside.js';

const windowBytes = 4_194_304;

/** Packs, their indexes and every object in them; what was found whole goes into the census. */
export function checkPacks(premises: Premises, inventory: Inventory, census: ObjectCensus): Finding[] {
  const orphans = inventory.orphans
    .filter(({ path }) => premises.disk.fs.lstat(path.replace(/pack$/, 'idx')) === undefined)
    .map(({ path }) => withoutIndex(premises, path, 'has no index: nobody can read it'));
  return [...orphans, ...inventory.packs.flatMap((pack) => checkPack(premises, pack, census))];
}

function checkPack(premises: Premises, file: PackFile, census: ObjectCensus): Finding[] {
  const { fs } = premises.disk;
  const isWhole = hasValidChecksum(fs, file.path);
  const index = readIndex(fs, file.indexPath);
  if (index === undefined || !hasPackOf(fs, file, index)) {
    if (!isWhole) return [damagedPack(premises, file.path)];
    return [withoutIndex(premises, file.path, 'has a damaged index', file.indexPath)];
  }
  const damaged = checkEntries(premises, new Pack(fs, file.path, { index, caches: newCaches() }), census);
  return [...(isWhole ? [] : [damagedPack(premises, file.path)]), ...damaged];
}

/** Undefined when it is not whole. */
function readIndex(fs: Fs, path: string): PackIndex | undefined {
  if (!hasValidChecksum(fs, path)) return undefined;
  try {
    return new PackIndex(fs.readFile(path), path);
  } catch (error) {
    if (isConfigError(error, 'E_CORRUPT')) return undefined;
    throw ioError('read', path, error);
  }
}

function hasPackOf(fs: Fs, { path, stat }: PackFile, index: PackIndex): boolean {
  if (stat.size < 32) return false;
  const count = fs.readRange(path, 8, 4).readUInt32BE(0);
  return count === index.count && fs.readRange(path, stat.size - 20, 20).equals(index.packChecksum);
}

function newCaches(): PackCaches {
  return {
    bases: new ByteCache(32 << 20, ({ data }) => data.length + 200),
    windows: new ByteCache(16 << 20, (window) => window.length),
    packs: 0,
  };
}

/** In the order of the pack, so that bases are near. */
function checkEntries(premises: Premises, pack: Pack, census: ObjectCensus): Finding[] {
  const entries = [...pack.index.entries()].toSorted((a, b) => a.offset - b.offset);
  return entries.flatMap(({ oid, offset }) => {
    try {
      const object = pack.read(oid, offset, (base) => premises.objects.read(base));
      if (objectOid(object.type, object.data) !== oid)
        throw new ConfigError('E_CORRUPT', `object '${oid}' is damaged`);
      parseObject(object);
      census.whole.set(oid, object.type);
      return [];
    } catch (error) {
      if (!isConfigError(error, 'E_CORRUPT', 'E_OBJECT_MISSING')) throw error;
      const path = shownPath(premises, pack.path);
      return [{ problem: { kind: 'object', path, oid, message: error.message } } as const];
    }
  });
}

function damagedPack(premises: Premises, path: string): Finding {
  const message = 'its content does not have its checksum';
  return { problem: { kind: 'pack', path: shownPath(premises, path), message } };
}

function withoutIndex(premises: Premises, packPath: string, message: string, indexPath?: string): Finding {
  const isWhole = hasValidChecksum(premises.disk.fs, packPath);
  const problem = { kind: 'pack', path: shownPath(premises, packPath), message } as const;
  if (!isWhole) return { problem };
  const mend = async (): Promise<void> => {
    if (indexPath !== undefined) moveAside(premises, indexPath);
    await rebuildPackIndex(premises, packPath);
  };
  return { problem: { ...problem, repair: 'build the index from the pack' }, mend };
}

/** Whether a file ends with the SHA-1 of what is before. */
export function hasValidChecksum(fs: Fs, path: string): boolean {
  const size = fs.stat(path)?.size ?? 0;
  if (size <= 20) return false;
  const sum = createHash('sha1');
  for (let at = 0; at < size - 20; at += windowBytes)
    sum.update(fs.readRange(path, at, Math.min(windowBytes, size - 20 - at)));
  return fs.readRange(path, size - 20, 20).equals(sum.digest());
}

/** What git computes to be faster, and would believe: it can always be made again. */
export function checkDerived(premises: Premises): Finding[] {
  const { disk, objectsDir } = premises;
  const folders = ['pack', 'info', 'info/commit-graphs'].map((folder) => join(objectsDir, folder));
  const derived = /\/(multi-pack-index.*|commit-graph|graph-.*\.graph|pack-.*\.(rev|bitmap|mtimes))$/;
  return folders
    .flatMap((folder) => fileNames(disk.fs, folder))
    .filter((path) => derived.test(path) && !path.endsWith('.lock') && !hasValidChecksum(disk.fs, path))
    .map((path) => ({
      problem: {
        kind: 'derived',
        path: shownPath(premises, path),
        message: `its content does not have its checksum (${String(readIfPresent(disk.fs, path)?.length ?? 0)} bytes)`,
        repair: 'remove it: git makes it again',
      },
      mend: () => void removeIfPresent(disk.fs, path),
    }));
}
