/**
 * How long a quiet moment is.
 *
 * Whether a file is finished cannot be seen: YAML that was cut at the end of a line is YAML. What can be seen is that nobody has
 * written for a while. The while is
 *
 * - `settleMs` at least;
 * - four times the longest pause between two moves that was seen meanwhile, since who paused may pause again;
 * - eight times `settleMs` where a source is gone, or shorter than when it was last good, or the reading fails: so look those who
 *   truncate, remove and create, or write in pieces, half-way through. No more than that, whatever the pauses were.
 */
import { isShrunk } from './marks.js';
import type { Looked, Marks } from './ports.js';

/** What follows from `settleMs`. */
export interface Patience {
  readonly shortMs: number;
  readonly longMs: number;
  /** How often to look meanwhile, to see the pauses. */
  readonly stepMs: number;
}

/** Since something moved until it is quiet; times in milliseconds of the monotonic clock. */
export interface Motion {
  readonly looked: Looked;
  readonly marks: Marks;
  /** When the last move was seen. */
  readonly atMs: number;
  /** The longest pause between two moves. */
  readonly pauseMs: number;
  /** A reading of the sources as they stand has failed. */
  readonly failed: boolean;
}

const minStepMs = 5;
const longer = 8;
const pauses = 4;
/** How long Git's lock is respected after the last move: a process that died may have left it, or it is held while a message is typed. */
const lockMs = 5_000;

export function patienceOf(settleMs: number): Patience {
  return { shortMs: settleMs, longMs: settleMs * longer, stepMs: Math.max(settleMs / 4, minStepMs) };
}

export function startMotion(looked: Looked, marks: Marks, nowMs: number): Motion {
  return { looked, marks, atMs: nowMs, pauseMs: 0, failed: false };
}

/** After another move. */
export function moveOn(motion: Motion, nowMs: number): Motion {
  return { ...motion, atMs: nowMs, pauseMs: Math.max(motion.pauseMs, nowMs - motion.atMs), failed: false };
}

/** How long it must be quiet after the last move. `good`: how the sources stood when they were last valid. */
export function quietMs(
  { marks, pauseMs, failed }: Motion,
  good: Marks | undefined,
  { shortMs, longMs }: Patience,
): number {
  if (marks.locked) return Math.max(lockMs, longMs);
  if (failed || (good !== undefined && isShrunk(good, marks))) return longMs;
  return Math.max(shortMs, Math.min(pauses * pauseMs, longMs));
}
