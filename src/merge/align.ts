/**
 * Three sequences put side by side: what nobody changed, what one side changed, and where both did.
 *
 * The diff is the project's own; groups of changed items are then slid to where git puts them (down, unless that would
 * tear them from a change on the other side), so that clean results have the bytes of `git merge-file`.
 */
import { diffSequences } from '../diff/index.js';

/** From (included) to (excluded). */
export type Span = readonly [from: number, to: number];

/** A stretch of the three sequences. `both`: the two sides made the same change. */
export interface Region {
  readonly kind: 'same' | 'ours' | 'theirs' | 'both' | 'conflict';
  readonly base: Span;
  readonly ours: Span;
  readonly theirs: Span;
}

/** The regions of three sequences in order; they cover all three without a gap. Items are compared as strings. */
export function alignThree(
  base: readonly string[],
  ours: readonly string[],
  theirs: readonly string[],
): readonly Region[] {
  const regions: Region[] = [];
  let at: Corner = { base: 0, ours: 0, theirs: 0 };
  for (const cluster of clusters(changesOf(base, ours), changesOf(base, theirs))) {
    const start = moved(at, cluster.from - at.base);
    const end = {
      base: cluster.to,
      ours: start.ours + (cluster.to - cluster.from) + growth(cluster.ours),
      theirs: start.theirs + (cluster.to - cluster.from) + growth(cluster.theirs),
    };
    if (start.base > at.base) regions.push(region('same', at, start));
    regions.push(region(kindOf(cluster, { start, end, ours, theirs }), start, end));
    at = end;
  }
  if (at.base < base.length) regions.push(region('same', at, moved(at, base.length - at.base)));
  return regions;
}

type Corner = Readonly<Record<'base' | 'ours' | 'theirs', number>>;

function moved(corner: Corner, by: number): Corner {
  return { base: corner.base + by, ours: corner.ours + by, theirs: corner.theirs + by };
}

function region(kind: Region['kind'], from: Corner, to: Corner): Region {
  return {
    kind,
    base: [from.base, to.base],
    ours: [from.ours, to.ours],
    theirs: [from.theirs, to.theirs],
  };
}

/** Items `from..to` of the first list became `length` items of the second. */
interface Hunk {
  readonly from: number;
  readonly to: number;
  readonly length: number;
}

/** Changes of either side that touch (nothing unchanged lies between them). */
interface Cluster {
  from: number;
  to: number;
  readonly ours: Hunk[];
  readonly theirs: Hunk[];
}

function growth(hunks: readonly Hunk[]): number {
  return hunks.reduce((sum, hunk) => sum + hunk.length - (hunk.to - hunk.from), 0);
}

function kindOf(
  cluster: Cluster,
  at: { start: Corner; end: Corner; ours: readonly string[]; theirs: readonly string[] },
): Region['kind'] {
  if (cluster.theirs.length === 0) return 'ours';
  if (cluster.ours.length === 0) return 'theirs';
  const length = at.end.ours - at.start.ours;
  if (length !== at.end.theirs - at.start.theirs) return 'conflict';
  for (let step = 0; step < length; step++)
    if (at.ours[at.start.ours + step] !== at.theirs[at.start.theirs + step]) return 'conflict';
  return 'both';
}

function clusters(ours: readonly Hunk[], theirs: readonly Hunk[]): readonly Cluster[] {
  const all: Cluster[] = [];
  let [i, j] = [0, 0];
  while (i < ours.length || j < theirs.length) {
    const [mine, other] = [ours[i], theirs[j]];
    const isOurs = mine !== undefined && (other === undefined || mine.from <= other.from);
    const hunk = isOurs ? mine : other;
    if (hunk === undefined) break;
    if (isOurs) i++;
    else j++;
    let last = all.at(-1);
    if (last === undefined || hunk.from > last.to) {
      last = { from: hunk.from, to: hunk.to, ours: [], theirs: [] };
      all.push(last);
    }
    last.to = Math.max(last.to, hunk.to);
    (isOurs ? last.ours : last.theirs).push(hunk);
  }
  return all;
}

function changesOf(before: readonly string[], after: readonly string[]): readonly Hunk[] {
  const [removed, added] = [new Flags(before), new Flags(after)];
  for (const run of diffSequences(before, after, (item) => item)) {
    removed.changed.fill(0, run.before, run.before + run.length);
    added.changed.fill(0, run.after, run.after + run.length);
  }
  settle(removed, added);
  settle(added, removed);
  const hunks: Hunk[] = [];
  let [at, to] = [0, 0];
  while (at < before.length || to < after.length) {
    const [from, start] = [at, to];
    while (removed.changed[at] === 1) at++;
    while (added.changed[to] === 1) to++;
    if (at > from || to > start) hunks.push({ from, to: at, length: to - start });
    at++;
    to++;
  }
  return hunks;
}

/** Which items of a sequence are changed, and a cursor over the groups of them. Every gap between unchanged items has a group. */
class Flags {
  readonly changed: Uint8Array;
  start = 0;
  end = 0;

  constructor(readonly items: readonly string[]) {
    this.changed = new Uint8Array(items.length).fill(1);
  }

  get isEmpty(): boolean {
    return this.start === this.end;
  }

  first(): void {
    this.start = 0;
    this.end = 0;
    while (this.changed[this.end] === 1) this.end++;
  }

  next(): boolean {
    if (this.end >= this.items.length) return false;
    this.start = this.end + 1;
    this.end = this.start;
    while (this.changed[this.end] === 1) this.end++;
    return true;
  }

  previous(): void {
    this.end = this.start - 1;
    this.start = this.end;
    while (this.changed[this.start - 1] === 1) this.start--;
  }

  /** Moves the group one item towards the start where the text allows it; it swallows a group that it then touches. */
  slideUp(): boolean {
    if (this.start === 0 || this.items[this.start - 1] !== this.items[this.end - 1]) return false;
    this.changed[--this.start] = 1;
    this.changed[--this.end] = 0;
    while (this.changed[this.start - 1] === 1) this.start--;
    return true;
  }

  slideDown(): boolean {
    if (this.end >= this.items.length || this.items[this.start] !== this.items[this.end]) return false;
    this.changed[this.start++] = 0;
    this.changed[this.end++] = 1;
    while (this.changed[this.end] === 1) this.end++;
    return true;
  }
}

/** Slides every group of `flags` down as far as it goes, or to the last place where it faces a change in `other`. */
function settle(flags: Flags, other: Flags): void {
  flags.first();
  other.first();
  for (let more = true; more; more = flags.next()) {
    if (!flags.isEmpty) settleGroup(flags, other);
    other.next();
  }
}

function settleGroup(flags: Flags, other: Flags): void {
  let size: number;
  let highest: number;
  let facing: boolean;
  do {
    size = flags.end - flags.start;
    while (flags.slideUp()) other.previous();
    highest = flags.end;
    facing = !other.isEmpty;
    while (flags.slideDown()) {
      other.next();
      facing ||= !other.isEmpty;
    }
  } while (size !== flags.end - flags.start);
  if (flags.end === highest || !facing) return;
  while (other.isEmpty) {
    flags.slideUp();
    other.previous();
  }
}
