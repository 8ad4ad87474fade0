/**
 * The longest common subsequence of two lists, by E. W. Myers, "An O(ND) Difference Algorithm and Its Variations" (1986),
 * in its linear-space form: find the middle of a shortest edit path, and do the same on both sides of it.
 */

/** `length` items from `before` on in the first list are those from `after` on in the second. */
export interface MatchingRun {
  readonly before: number;
  readonly after: number;
  readonly length: number;
}

/**
 * Edits a search may spend in each direction before it settles for the furthest point it reached. Up to twice as many edits the
 * result is a longest common subsequence; above, a good one in bounded time.
 */
const editLimit = 1024;

/**
 * The runs of items that two lists have in common, in order; items are the same when their keys are.
 *
 * The same input always gives the same runs. Time O((n + m) * d) for d edits, never worse than O((n + m) * 1024); space O(n + m).
 */
export function diffSequences<T>(
  before: readonly T[],
  after: readonly T[],
  key: (item: T) => string,
): readonly MatchingRun[] {
  const ids = new Map<string, number>();
  const number = (item: T): number => {
    const name = key(item);
    const id = ids.get(name) ?? ids.size;
    if (id === ids.size) ids.set(name, id);
    return id;
  };
  const a = before.map(number);
  const b = after.map(number);
  const onlyCommonA = common(a, b, ids.size);
  const onlyCommonB = common(b, a, ids.size);
  const pairs = new Search(
    onlyCommonA.map((at) => a[at] ?? -1),
    onlyCommonB.map((at) => b[at] ?? -1),
  ).run();
  return extend(
    pairs.map(([at, to]): [number, number] => [onlyCommonA[at] ?? 0, onlyCommonB[to] ?? 0]),
    a,
    b,
  );
}

/** Positions of the items of `list` that also occur in `other`: the rest can never match, and costs the search time. */
function common(list: readonly number[], other: readonly number[], size: number): readonly number[] {
  const present = new Uint8Array(size);
  for (const id of other) present[id] = 1;
  const positions: number[] = [];
  for (let at = 0; at < list.length; at++) if (present[list[at] ?? 0] === 1) positions.push(at);
  return positions;
}

/** Pairs of equal items as runs. */
function extend(pairs: readonly Point[], a: readonly number[], b: readonly number[]): readonly MatchingRun[] {
  const runs: { before: number; after: number; length: number }[] = [];
  for (const [before, after] of pairs) {
    const last = runs.at(-1);
    if (a[before] !== b[after]) throw new RangeError('unequal items matched');
    if (last !== undefined && last.before + last.length === before && last.after + last.length === after)
      last.length++;
    else runs.push({ before, after, length: 1 });
  }
  return runs;
}

/** A part of the edit graph: rows `fromA..toA`, columns `fromB..toB` (ends excluded). */
interface Box {
  readonly fromA: number;
  readonly toA: number;
  readonly fromB: number;
  readonly toB: number;
}

type Point = readonly [x: number, y: number];

/** A diagonal that no path inside the box reaches. */
const none = -1;

class Search {
  private readonly forward: Int32Array;
  private readonly backward: Int32Array;
  /** Diagonals run from -m to n; this makes their index positive. */
  private readonly origin: number;
  private readonly pairs: Point[] = [];

  constructor(
    private readonly a: readonly number[],
    private readonly b: readonly number[],
  ) {
    this.forward = new Int32Array(a.length + b.length + 3);
    this.backward = new Int32Array(a.length + b.length + 3);
    this.origin = b.length + 1;
  }

  run(): readonly Point[] {
    const stack: Box[] = [{ fromA: 0, toA: this.a.length, fromB: 0, toB: this.b.length }];
    for (let box = stack.pop(); box !== undefined; box = stack.pop()) {
      const rest = this.trim(box);
      if (rest.fromA === rest.toA || rest.fromB === rest.toB) continue;
      const [x, y] = this.middle(rest);
      stack.push({ ...rest, fromA: x, fromB: y }, { ...rest, toA: x, toB: y });
    }
    return this.pairs.toSorted((p, q) => p[0] - q[0]);
  }

  /** Matches what both ends of a box have in common; the box that is left. */
  private trim(box: Box): Box {
    let { fromA, toA, fromB, toB } = box;
    while (fromA < toA && fromB < toB && this.a[fromA] === this.b[fromB]) this.pairs.push([fromA++, fromB++]);
    while (fromA < toA && fromB < toB && this.a[toA - 1] === this.b[toB - 1]) this.pairs.push([--toA, --toB]);
    return { fromA, toA, fromB, toB };
  }

  /** A point on a shortest edit path through the box, where the searches from both of its corners meet. */
  private middle(box: Box): Point {
    const [first, last] = [box.fromA - box.fromB, box.toA - box.toB];
    this.forward[first + this.origin] = box.fromA;
    this.backward[last + this.origin] = box.toA;
    const odd = ((first - last) & 1) !== 0;
    for (let edits = 1; ; edits++) {
      const met = this.advance(box, edits, odd) ?? this.retreat(box, edits, !odd);
      if (met !== undefined) return met;
      if (edits >= editLimit) return this.furthest(box, edits);
    }
  }

  /**
   * One more edit from the upper left corner; the meeting point when it reaches the other search. Diagonals go from high to low,
   * as git does: of several longest common subsequences the merge must find the one that git finds.
   */
  private advance(box: Box, edits: number, meets: boolean): Point | undefined {
    const { a, b, forward, backward, origin } = this;
    const before = diagonals(box, box.fromA - box.fromB, edits - 1);
    const other = diagonals(box, box.toA - box.toB, edits - 1);
    const { low, high } = diagonals(box, box.fromA - box.fromB, edits);
    for (let k = high; k >= low; k -= 2) {
      const left = k - 1 >= before.low ? (forward[k - 1 + origin] ?? none) : none;
      const above = k + 1 <= before.high ? (forward[k + 1 + origin] ?? none) : none;
      const right = left !== none && left < box.toA ? left + 1 : none;
      const down = above !== none && above - k <= box.toB ? above : none;
      let x = Math.max(right, down);
      while (x !== none && x < box.toA && x - k < box.toB && a[x] === b[x - k]) x++;
      forward[k + origin] = x;
      if (!meets || x === none || k < other.low || k > other.high) continue;
      const opposite = backward[k + origin] ?? none;
      if (opposite !== none && x >= opposite) return [x, x - k];
    }
    return undefined;
  }

  /** One more edit from the lower right corner. */
  private retreat(box: Box, edits: number, meets: boolean): Point | undefined {
    const { a, b, forward, backward, origin } = this;
    const before = diagonals(box, box.toA - box.toB, edits - 1);
    const other = diagonals(box, box.fromA - box.fromB, edits);
    const { low, high } = diagonals(box, box.toA - box.toB, edits);
    for (let k = high; k >= low; k -= 2) {
      const below = k - 1 >= before.low ? (backward[k - 1 + origin] ?? none) : none;
      const right = k + 1 <= before.high ? (backward[k + 1 + origin] ?? none) : none;
      const up = below !== none && below - k >= box.fromB ? below : none;
      const left = right !== none && right > box.fromA ? right - 1 : none;
      let x = up === none ? left : left === none ? up : Math.min(up, left);
      while (x !== none && x > box.fromA && x - k > box.fromB && a[x - 1] === b[x - k - 1]) x--;
      backward[k + origin] = x;
      if (!meets || x === none || k < other.low || k > other.high) continue;
      const opposite = forward[k + origin] ?? none;
      if (opposite !== none && x <= opposite) return [x, x - k];
    }
    return undefined;
  }

  /** Where the forward search got furthest: not on a shortest path for certain, but both boxes are smaller. */
  private furthest(box: Box, edits: number): Point {
    const { low, high } = diagonals(box, box.fromA - box.fromB, edits);
    let best: Point = [box.fromA, box.fromB];
    for (let k = high; k >= low; k -= 2) {
      const x = this.forward[k + this.origin] ?? none;
      if (x !== none && x + x - k > best[0] + best[1]) best = [x, x - k];
    }
    return best;
  }
}

/** The diagonals inside the box that `edits` edits from the one called `centre` can end on: every second one. */
function diagonals(box: Box, centre: number, edits: number): { readonly low: number; readonly high: number } {
  const [least, most] = [box.fromA - box.toB, box.toA - box.fromB];
  const [low, high] = [centre - edits, centre + edits];
  return {
    low: low < least ? least + ((least - low) & 1) : low,
    high: high > most ? most - ((high - most) & 1) : high,
  };
}
