/** Which added file a deleted one became. */
import type { TreeChange, TreeFile } from './tree-types.js';

/** Git's default for `-M`: at least half of the content is the same. */
const leastSimilarity = 0.5;

/** Above this many pairs only files with equal content or an equal name are compared; git: `merge.renameLimit` squared is larger. */
const pairLimit = 40_000;

/**
 * Maps the path of each deleted file in `wanted` to the added file it became, as far as one is found: equal content first, then by
 * similarity, the better match first. No added file is used twice. Contents are read only for what has no exact match.
 */
export function findRenames(
  changes: readonly TreeChange[],
  wanted: ReadonlySet<string>,
  read: (oid: string) => Uint8Array,
): ReadonlyMap<string, TreeFile> {
  const deleted = changes.flatMap(({ before, after }) =>
    before !== undefined && after === undefined && wanted.has(before.path) ? [before] : [],
  );
  const added = changes.flatMap(({ before, after }) =>
    before === undefined && after !== undefined ? [after] : [],
  );
  const renames = new Map<string, TreeFile>();
  const taken = new Set<string>();
  const accept = (from: TreeFile, to: TreeFile): void => {
    if (renames.has(from.path) || taken.has(to.path)) return;
    renames.set(from.path, to);
    taken.add(to.path);
  };
  for (const { from, to } of exactMatches(deleted, added)) accept(from, to);
  const restDeleted = deleted.filter(({ path }) => !renames.has(path));
  const restAdded = added.filter(({ path }) => !taken.has(path));
  for (const { from, to } of similarMatches(restDeleted, restAdded, read)) accept(from, to);
  return renames;
}

interface Match {
  readonly from: TreeFile;
  readonly to: TreeFile;
}

function exactMatches(deleted: readonly TreeFile[], added: readonly TreeFile[]): readonly Match[] {
  const byContent = new Map<string, TreeFile[]>();
  for (const file of added) {
    const same = byContent.get(contentKey(file));
    if (same === undefined) byContent.set(contentKey(file), [file]);
    else same.push(file);
  }
  const pairs = deleted.flatMap((from) =>
    (byContent.get(contentKey(from)) ?? []).map((to) => ({ from, to })),
  );
  return pairs.toSorted((a, b) => Number(hasSameName(b)) - Number(hasSameName(a)));
}

function similarMatches(
  deleted: readonly TreeFile[],
  added: readonly TreeFile[],
  read: (oid: string) => Uint8Array,
): readonly Match[] {
  const profiles = new Map<string, Profile>();
  const profile = ({ oid }: TreeFile): Profile => {
    const known = profiles.get(oid) ?? profileOf(read(oid));
    profiles.set(oid, known);
    return known;
  };
  const all = deleted.length * added.length > pairLimit;
  const scored = deleted.filter(isRegular).flatMap((from) =>
    added
      .filter((to) => isRegular(to) && (!all || hasSameName({ from, to })))
      .map((to) => ({ from, to, score: similarity(profile(from), profile(to)) }))
      .filter(({ score }) => score >= leastSimilarity),
  );
  return scored.toSorted(
    (a, b) => b.score - a.score || Number(hasSameName(b)) - Number(hasSameName(a)) || order(a, b),
  );
}

function order(a: Match, b: Match): number {
  return a.to.path < b.to.path ? -1 : Number(a.to.path > b.to.path);
}

function contentKey(file: TreeFile): string {
  return `${isRegular(file) ? 'file' : file.mode} ${file.oid}`;
}

function isRegular({ mode }: TreeFile): boolean {
  return mode === '100644' || mode === '100755';
}

function hasSameName({ from, to }: Match): boolean {
  return from.path.split('/').at(-1) === to.path.split('/').at(-1);
}

/** Bytes by line content; what indents a line or ends it does not count, so keys that moved are found. */
interface Profile {
  readonly lines: ReadonlyMap<string, number>;
  readonly total: number;
}

function profileOf(data: Uint8Array): Profile {
  const lines = new Map<string, number>();
  let total = 0;
  for (const line of new TextDecoder('latin1').decode(data).split('\n')) {
    const text = line.trim().replace(/,$/, '');
    if (text === '') continue;
    lines.set(text, (lines.get(text) ?? 0) + text.length);
    total += text.length;
  }
  return { lines, total };
}

function similarity(a: Profile, b: Profile): number {
  if (a.total === 0 || b.total === 0) return 0;
  if (Math.min(a.total, b.total) < Math.max(a.total, b.total) * leastSimilarity) return 0;
  let common = 0;
  for (const [text, size] of a.lines) common += Math.min(size, b.lines.get(text) ?? 0);
  return common / Math.max(a.total, b.total);
}
