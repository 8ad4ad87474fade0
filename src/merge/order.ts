/** Where the entries of a merged collection stand. */

export interface IdLists {
  readonly base: readonly string[];
  readonly ours: readonly string[];
  readonly theirs: readonly string[];
}

export interface Order {
  readonly ids: readonly string[];
  /** Both sides moved entries, each in its own way; ours' order is taken. */
  readonly isDisputed: boolean;
}

/** What decides an order besides the lists. */
export interface OrderRules {
  /** What collections that are kept sorted are sorted by. */
  readonly sortKey: (id: string) => string;
  /** Whose new ids come first at a spot where both sides have some. */
  readonly trunk: 'ours' | 'theirs';
}

/**
 * The order of the ids in `kept`: ours', unless only theirs moved something. New ids of the other side come after the id that they
 * follow there.
 */
export function orderOf(lists: IdLists, kept: ReadonlySet<string>, rules: OrderRules): Order {
  const { sortKey } = rules;
  const sorting = sortingOf(lists, sortKey);
  if (sorting !== undefined)
    return { ids: [...kept].toSorted((a, b) => sorting(sortKey(a), sortKey(b))), isDisputed: false };
  const { leading, isDisputed } = leadership(lists);
  const [lead, follow] = leading === 'theirs' ? [lists.theirs, lists.ours] : [lists.ours, lists.theirs];
  const [leadSpots, followSpots] = [spotsOf(lead, lists.base), spotsOf(follow, lists.base)];
  const ids = lead.filter((id) => kept.has(id));
  const placed = new Set(ids);
  const ahead = new Set(follow);
  /** Whether a new id of the leading side stands before one of the other side that follows the same kept id. */
  const isBefore = (mine: string, other: string): boolean => {
    const [spot, wanted] = [leadSpots.get(mine), followSpots.get(other)];
    if (ahead.has(mine)) return false;
    if (spot === undefined || wanted === undefined) return spot !== undefined && leading === rules.trunk;
    return spot < wanted || (spot === wanted && leading === rules.trunk);
  };
  let previous: string | undefined;
  for (const id of [...follow, ...lists.base]) {
    ahead.delete(id);
    if (!kept.has(id)) continue;
    if (!placed.has(id)) {
      let at = previous === undefined ? 0 : ids.indexOf(previous) + 1;
      while (at < ids.length && isBefore(ids[at] ?? '', id)) at++;
      ids.splice(at, 0, id);
      placed.add(id);
    }
    previous = id;
  }
  return { ids, isDisputed };
}

/** For each id that the base has not: how many ids of the base stand up to where it was put, taken by the last of them. */
function spotsOf(ids: readonly string[], base: readonly string[]): ReadonlyMap<string, number> {
  const positions = new Map(base.map((id, at) => [id, at + 1]));
  const spots = new Map<string, number>();
  let spot = 0;
  for (const id of ids) {
    const position = positions.get(id);
    if (position === undefined) spots.set(id, spot);
    else spot = position;
  }
  return spots;
}

function leadership({ base, ours, theirs }: IdLists): {
  readonly leading: 'ours' | 'theirs';
  readonly isDisputed: boolean;
} {
  const [inOurs, inTheirs] = [new Set(ours), new Set(theirs)];
  const inBase = new Set(base);
  const shared = base.filter((id) => inOurs.has(id) && inTheirs.has(id));
  const isShared = (id: string): boolean => inBase.has(id) && inOurs.has(id) && inTheirs.has(id);
  const hasMoved = (side: readonly string[]): boolean => !sameOrder(shared, side.filter(isShared));
  const [oursMoved, theirsMoved] = [hasMoved(ours), hasMoved(theirs)];
  const agree = sameOrder(ours.filter(isShared), theirs.filter(isShared));
  return {
    leading: theirsMoved && !oursMoved ? 'theirs' : 'ours',
    isDisputed: oursMoved && theirsMoved && !agree,
  };
}

function sameOrder(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((id, at) => id === b[at]);
}

type Comparison = (a: string, b: string) => number;

/** Fewer entries may be in order by chance. */
const leastSorted = 4;

/** The comparison by which all three versions are sorted, if there is one. */
function sortingOf({ base, ours, theirs }: IdLists, sortKey: (id: string) => string): Comparison | undefined {
  if (Math.min(base.length, ours.length, theirs.length) < leastSorted) return undefined;
  const lists = [base, ours, theirs].map((ids) => ids.map(sortKey));
  return comparisons.find((compare) =>
    lists.every((keys) => keys.every((key, at) => at === 0 || compare(keys[at - 1] ?? '', key) < 0)),
  );
}

const byCodeUnit: Comparison = (a, b) => (a < b ? -1 : Number(a > b));
const byLetter: Comparison = (a, b) => byCodeUnit(a.toLowerCase(), b.toLowerCase()) || byCodeUnit(a, b);
const byNumber: Comparison = (a, b) => {
  const isNumeric = /^-?\d+$/.test(a) && /^-?\d+$/.test(b);
  return isNumeric ? Number(a) - Number(b) : byCodeUnit(a, b);
};
const comparisons = [byCodeUnit, byLetter, byNumber];
