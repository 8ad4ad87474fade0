import type { FileStat } from '../fs.js';
import { field, type IndexImage } from './image.js';

const billion = 1_000_000_000n;

/** How far stat data is trusted; from Git's configuration. */
export interface StatRules {
  /** core.trustctime, default true. */
  readonly trustCtime: boolean;
  /** core.checkStat=minimal: only size and whole seconds of mtime. */
  readonly minimal: boolean;
}

/** Writes what `git` would have written for this file. */
export function writeStat(entry: Buffer, offset: number, stat: FileStat): void {
  entry.writeUInt32BE(Number(stat.ctimeNs / billion) >>> 0, offset + field.ctimeSeconds);
  entry.writeUInt32BE(Number(stat.ctimeNs % billion), offset + field.ctimeNanoseconds);
  entry.writeUInt32BE(Number(stat.mtimeNs / billion) >>> 0, offset + field.mtimeSeconds);
  entry.writeUInt32BE(Number(stat.mtimeNs % billion), offset + field.mtimeNanoseconds);
  entry.writeUInt32BE(stat.dev >>> 0, offset + field.dev);
  entry.writeUInt32BE(stat.ino >>> 0, offset + field.ino);
  entry.writeUInt32BE(stat.uid >>> 0, offset + field.uid);
  entry.writeUInt32BE(stat.gid >>> 0, offset + field.gid);
  entry.writeUInt32BE(stat.size >>> 0, offset + field.size);
}

const scratch = new DataView(new ArrayBuffer(8));

/**
 * Seconds and nanoseconds of an entry minus a time in ns: 0 only when they are equal, otherwise about the difference. In plain numbers, as this runs
 * several times for each file: the lower 32 bits are compared exactly, the rest as nearly as a double can.
 */
function timeDifference(view: DataView, offset: number, timeNs: bigint): number {
  const [seconds, nanoseconds] = [view.getUint32(offset), view.getUint32(offset + 4)];
  scratch.setBigInt64(0, timeNs);
  const low = scratch.getUint32(4);
  const distance = seconds * 1e9 + nanoseconds - (scratch.getInt32(0) * 2 ** 32 + low);
  const lowDistance = (Math.imul(seconds, 1e9) + nanoseconds - low) | 0;
  return Math.abs(distance) < 2 ** 30 ? lowDistance : distance;
}

/**
 * Whether the file looks the way it did when the entry was made. An entry of size 0 says "never looked" (or was made so on
 * purpose), unless the file is empty. The device is not compared, as in git: it changes with the mount.
 */
export function matchesStat(
  image: IndexImage,
  at: number,
  options: { stat: FileStat; rules: StatRules },
): boolean {
  const { stat, rules } = options;
  const offset = image.offset(at);
  const { view } = image;
  if (view.getUint32(offset + field.size) !== stat.size >>> 0) return false;
  if (rules.minimal)
    return view.getUint32(offset + field.mtimeSeconds) === Number(stat.mtimeNs / billion) >>> 0;
  return (
    timeDifference(view, offset + field.mtimeSeconds, stat.mtimeNs) === 0 &&
    view.getUint32(offset + field.ino) === stat.ino >>> 0 &&
    view.getUint32(offset + field.uid) === stat.uid >>> 0 &&
    view.getUint32(offset + field.gid) === stat.gid >>> 0 &&
    (!rules.trustCtime || timeDifference(view, offset + field.ctimeSeconds, stat.ctimeNs) === 0)
  );
}

/**
 * Whether the file may have changed after the entry was made without its stat data showing it: it is as young as the index
 * itself (git: Documentation/technical/racy-git). `minimal`: to one who compares whole seconds only.
 */
export function isRacy(image: IndexImage, at: number, { minimal }: Pick<StatRules, 'minimal'>): boolean {
  const offset = image.offset(at) + field.mtimeSeconds;
  if (minimal) return image.view.getUint32(offset) >= image.mtimeSeconds;
  return timeDifference(image.view, offset, image.mtimeNs) >= 0;
}
