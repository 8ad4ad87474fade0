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
  const known = new Set([...lists.base, ...follow]);
  const ids = lead.filter((id) => kept.has(id));
  const placed = new Set(ids);
  let previous: string | undefined;
  for (const id of [...follow, ...lists.base]) {
    if (!kept.has(id)) continue;
    if (!placed.has(id)) {
      let at = previous === undefined ? 0 : ids.indexOf(previous) + 1;
      while (leading === rules.trunk && at < ids.length && !known.has(ids[at] ?? '')) at++;
      ids.splice(at, 0, id);
      placed.add(id);
    }
    previous = id;
  }
  return { ids, isDisputed };
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
