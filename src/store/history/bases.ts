/** What two commits have in common (git: commit-reach.c). */
import type { Oid } from '../types.js';
import { type CommitNode, CommitReader, type HistorySource } from './commits.js';
import { DateQueue } from './date-queue.js';

/**
 * All best common ancestors: those that are no ancestor of another one. Empty for unrelated histories; newest first.
 *
 * Throws E_OBJECT_MISSING, E_CORRUPT.
 */
export async function mergeBases(source: HistorySource, a: Oid, b: Oid): Promise<Oid[]> {
  if (a === b) return [a];
  const reader = new CommitReader(source);
  const candidates = (await paint(reader, a, b)).filter(({ flags }) => (flags & stale) === 0);
  return withoutAncestors(
    reader,
    candidates.map(({ node }) => node),
  );
}

/** Whether `a` is `b` or an ancestor of it. Throws E_OBJECT_MISSING, E_CORRUPT. */
export async function isAncestor(source: HistorySource, a: Oid, b: Oid): Promise<boolean> {
  return a === b || reaches(new CommitReader(source), a, b);
}

async function reaches(reader: CommitReader, ancestor: Oid, from: Oid): Promise<boolean> {
  return (await paint(reader, ancestor, from)).some(({ node }) => node.oid === ancestor);
}

async function withoutAncestors(reader: CommitReader, nodes: readonly CommitNode[]): Promise<Oid[]> {
  const best: Oid[] = [];
  for (const { oid } of nodes) {
    let redundant = false;
    for (const other of nodes) redundant ||= other.oid !== oid && (await reaches(reader, oid, other.oid));
    if (!redundant) best.push(oid);
  }
  return best;
}

const left = 1;
const right = 2;
const both = left | right;
/** Below a common ancestor: no candidate any more. */
const stale = 4;

interface Painted {
  readonly node: CommitNode;
  flags: number;
  isQueued: boolean;
}

/** Colours run down from both sides, newest commit first, until only stale commits wait; returns those that got both. */
async function paint(reader: CommitReader, one: Oid, other: Oid): Promise<Painted[]> {
  const painted = new Map<Oid, Painted>();
  const queue = new DateQueue<Painted>();
  let live = 0;
  const add = async (oid: Oid, flags: number): Promise<void> => {
    const entry = painted.get(oid) ?? { node: await reader.read(oid), flags: 0, isQueued: false };
    if ((entry.flags & flags) === flags) return;
    painted.set(oid, entry);
    if (isLive(entry)) live -= 1;
    entry.flags |= flags;
    if (!entry.isQueued) queue.push(entry, entry.node.commit.committer.timestamp);
    entry.isQueued = true;
    if (isLive(entry)) live += 1;
  };
  await add(one, left);
  await add(other, right);
  const common = new Set<Painted>();
  for (let entry = queue.pop(); entry !== undefined && live > 0; entry = queue.pop()) {
    if (isLive(entry)) live -= 1;
    entry.isQueued = false;
    const isCommon = (entry.flags & both) === both;
    if (isCommon) common.add(entry);
    for (const parent of entry.node.commit.parents) await add(parent, isCommon ? both | stale : entry.flags);
  }
  return [...common];
}

function isLive({ isQueued, flags }: Painted): boolean {
  return isQueued && (flags & stale) === 0;
}
