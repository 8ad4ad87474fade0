/**
 * Where to show a change that could stand at several places (an added block that ends as the lines above it do): git's rules, so
 * that a diff looks the way git shows it. The weights are those of git's indent heuristic (git: xdiff/xdiffi.c, diff.indentHeuristic).
 */

/** One side of a diff: its lines, and a 1 for each that the other side does not have. `changed` is edited in place. */
interface Side {
  readonly lines: readonly string[];
  readonly changed: Uint8Array;
}

/** A run of changed lines, `start..end`; an empty one stands between two unchanged lines. */
interface Group {
  start: number;
  end: number;
}

/** Slides every group of changed lines of one side to the best of the places where it means the same. */
export function compactLines(side: Side, otherChanged: Uint8Array): void {
  const group = firstGroup(side.changed);
  const other = firstGroup(otherChanged);
  do {
    if (group.start !== group.end) place(side, { group, other, otherChanged });
  } while (nextGroup(side.changed, group) && nextGroup(otherChanged, other));
}

interface Sliding {
  readonly group: Group;
  /** The group of the other side at the same place. */
  readonly other: Group;
  readonly otherChanged: Uint8Array;
}

function place(side: Side, sliding: Sliding): void {
  const { group, other } = sliding;
  const { earliestEnd, matchingEnd } = explore(side, sliding);
  if (group.end === earliestEnd) return;
  const target = matchingEnd ?? bestEnd(side.lines, group, earliestEnd);
  while (group.end > target && slideUp(side, group)) previousGroup(sliding.otherChanged, other);
}

/** Slides a group up and then down as far as it goes, joining groups that it meets; it ends at the bottom. */
function explore(
  side: Side,
  { group, other, otherChanged }: Sliding,
): { readonly earliestEnd: number; readonly matchingEnd: number | undefined } {
  for (;;) {
    const size = group.end - group.start;
    while (slideUp(side, group)) previousGroup(otherChanged, other);
    const earliestEnd = group.end;
    let matchingEnd = other.end > other.start ? group.end : undefined;
    while (slideDown(side, group)) {
      nextGroup(otherChanged, other);
      if (other.end > other.start) matchingEnd = group.end;
    }
    if (group.end - group.start === size) return { earliestEnd, matchingEnd };
  }
}

/** The end, among those the group can slide to, whose two edges look most like borders between blocks. */
function bestEnd(lines: readonly string[], group: Group, earliestEnd: number): number {
  const size = group.end - group.start;
  const furthest = 100;
  let best: { readonly end: number; readonly score: Score } | undefined;
  for (let end = Math.max(earliestEnd, group.end - size - 1, group.end - furthest); end <= group.end; end++) {
    const score = addScores(edgeScore(lines, end), edgeScore(lines, end - size));
    if (best === undefined || compareScores(score, best.score) <= 0) best = { end, score };
  }
  return best?.end ?? group.end;
}

interface Score {
  readonly indent: number;
  readonly penalty: number;
}

function addScores(a: Score, b: Score): Score {
  return { indent: a.indent + b.indent, penalty: a.penalty + b.penalty };
}

function compareScores(a: Score, b: Score): number {
  return 60 * Math.sign(a.indent - b.indent) + (a.penalty - b.penalty);
}

/** How badly the edge above line `at` cuts through a block: the lower the better. */
function edgeScore(lines: readonly string[], at: number): Score {
  const own = indentAt(lines, at);
  const above = look(lines, at, -1);
  const below = look(lines, at, 1);
  const blanksBelow = own === undefined ? 1 + below.blanks : 0;
  const blanks = above.blanks + blanksBelow;
  const indent = own ?? below.indent;
  const atStart = above.indent === undefined && above.blanks === 0 ? 1 : 0;
  const atEnd = at >= lines.length ? 21 : 0;
  const penalty = atStart + atEnd - 30 * blanks + 6 * blanksBelow;
  const step = stepPenalty({ indent, above: above.indent, below: below.indent, blank: blanks > 0 });
  return { indent: indent ?? -1, penalty: penalty + step };
}

/** What a change of indentation at an edge costs. */
function stepPenalty(edge: {
  readonly indent: number | undefined;
  readonly above: number | undefined;
  readonly below: number | undefined;
  readonly blank: boolean;
}): number {
  const { indent, above, below, blank } = edge;
  if (indent === undefined || above === undefined || indent === above) return 0;
  if (indent > above) return blank ? 10 : -4;
  if (below !== undefined && below > indent) return blank ? 17 : 24;
  return blank ? 17 : 23;
}

/** The next line with something on it, above or below, and how many blank ones are passed on the way. */
function look(
  lines: readonly string[],
  from: number,
  step: 1 | -1,
): { readonly blanks: number; readonly indent: number | undefined } {
  const mostBlanks = 20;
  let blanks = 0;
  for (let at = from + step; at >= 0 && at < lines.length; at += step) {
    const indent = indentAt(lines, at);
    if (indent !== undefined) return { blanks, indent };
    blanks++;
    if (blanks === mostBlanks) return { blanks, indent: 0 };
  }
  return { blanks, indent: undefined };
}

/** The width of a line's indentation, tabs to every eighth column, at most 200; undefined for a blank line or none. */
function indentAt(lines: readonly string[], at: number): number | undefined {
  let width = 0;
  for (const character of lines[at] ?? '') {
    if (!/\s/.test(character)) return width;
    if (character === ' ') width++;
    else if (character === '\t') width += 8 - (width % 8);
    if (width >= 200) return 200;
  }
  return undefined;
}

function firstGroup(changed: Uint8Array): Group {
  let end = 0;
  while (changed[end] === 1) end++;
  return { start: 0, end };
}

/** Moves on to the group after the next unchanged line; false at the end of the file. */
function nextGroup(changed: Uint8Array, group: Group): boolean {
  if (group.end >= changed.length) return false;
  group.start = group.end + 1;
  group.end = group.start;
  while (changed[group.end] === 1) group.end++;
  return true;
}

function previousGroup(changed: Uint8Array, group: Group): boolean {
  if (group.start === 0) return false;
  group.end = group.start - 1;
  group.start = group.end;
  while (changed[group.start - 1] === 1) group.start--;
  return true;
}

/** One line up, joining the group above when it touches it; false when the lines do not allow it. */
function slideUp({ lines, changed }: Side, group: Group): boolean {
  if (group.start === 0 || lines[group.start - 1] !== lines[group.end - 1]) return false;
  changed[--group.start] = 1;
  changed[--group.end] = 0;
  while (changed[group.start - 1] === 1) group.start--;
  return true;
}

function slideDown({ lines, changed }: Side, group: Group): boolean {
  if (group.end >= lines.length || lines[group.start] !== lines[group.end]) return false;
  changed[group.start++] = 0;
  changed[group.end++] = 1;
  while (changed[group.end] === 1) group.end++;
  return true;
}
