import type { KeyPath, KeySegment } from '../doc/index.js';
import { identityText, type Node } from './node.js';
import { diffSequences, type MatchingRun } from './sequences.js';
import type { Change } from './types.js';

/** Where a value is on both sides; they differ below a list whose items shifted. */
export interface Paths {
  readonly before: KeyPath;
  readonly after: KeyPath;
}

/** What a comparison of lists needs from the comparison of values. */
interface Context {
  readonly paths: Paths;
  /** What differs between two items that are the same one. */
  readonly inside: (before: Node, after: Node, paths: Paths) => readonly Change[];
}

/** Fields that tell the items of a list apart, best first. A list uses the first set that every item of both sides has, each differently. */
const identities: readonly (readonly string[])[] = [
  ['name'],
  ['id'],
  ['key'],
  ['containerPort', 'protocol'],
  ['containerPort'],
  ['port', 'protocol'],
  ['port'],
  ['mountPath'],
  ['path'],
];

/** What differs between two lists: by identity where the items have one, else by longest common subsequence. */
export function listChanges(
  before: readonly Node[],
  after: readonly Node[],
  context: Context,
): readonly Change[] {
  const fields = identities.find((names) => isIdentity(names, before) && isIdentity(names, after));
  return fields === undefined
    ? positionChanges(before, after, context)
    : identityChanges(before, after, { ...context, fields });
}

/** Items told apart by `fields`: those removed, then the rest in the order of the list after. */
function identityChanges(
  before: readonly Node[],
  after: readonly Node[],
  context: Context & { readonly fields: readonly string[] },
): readonly Change[] {
  const { fields, paths } = context;
  const [from, to] = [named(before, fields), named(after, fields)];
  const stayed = common(
    [...from.keys()].filter((name) => to.has(name)),
    [...to.keys()],
  );
  const segment = (item: Node): KeySegment => segmentOf(item, fields);
  const removed = [...from].flatMap(([name, { item }]): readonly Change[] =>
    to.has(name) ? [] : [{ path: [...paths.before, segment(item)], kind: 'removed', before: item.value }],
  );
  const rest: Change[] = [];
  for (const [name, { item }] of to) {
    const old = from.get(name);
    const path = [...paths.after, segment(item)];
    if (old === undefined) rest.push({ path, kind: 'added', after: item.value });
    else {
      if (!stayed.has(name)) rest.push({ path, kind: 'moved', from: [...paths.before, old.at] });
      const own = { before: [...paths.before, segment(old.item)], after: path };
      rest.push(...context.inside(old.item, item, own));
    }
  }
  return [...removed, ...rest];
}

interface Placed {
  readonly item: Node;
  readonly at: number;
}

function named(items: readonly Node[], fields: readonly string[]): ReadonlyMap<string, Placed> {
  return new Map(items.map((item, at) => [identityOf(item, fields), { item, at }]));
}

function common(before: readonly string[], after: readonly string[]): ReadonlySet<string> {
  return new Set(
    diffSequences(before, after, (name) => name).flatMap(({ before: start, length }) =>
      before.slice(start, start + length),
    ),
  );
}

/** Whether all items are maps that have these fields as texts or numbers, no two the same. */
function isIdentity(fields: readonly string[], items: readonly Node[]): boolean {
  const complete = items.every((item) =>
    fields.every((field) => {
      const kind = item.entries?.get(field)?.kind;
      return kind === 'string' || kind === 'number';
    }),
  );
  return complete && new Set(items.map((item) => identityOf(item, fields))).size === items.length;
}

function identityOf(item: Node, fields: readonly string[]): string {
  return JSON.stringify(fields.map((field) => fieldText(item, field)));
}

function segmentOf(item: Node, fields: readonly string[]): KeySegment {
  return Object.fromEntries(fields.map((field) => [field, fieldText(item, field)]));
}

/** As `[name=web]` compares it: a number as it is printed, not as it is written. */
function fieldText(item: Node, field: string): string {
  const value = item.entries?.get(field)?.value;
  return typeof value === 'object' || value === undefined ? '' : String(value);
}

/** A part of both lists without an item in common. */
interface Gap {
  readonly before: readonly Placed[];
  readonly after: readonly Placed[];
}

/**
 * Items without identity, by longest common subsequence. Where as many items go as come, they are taken for the same ones, changed;
 * an item that goes at one place and comes at another, and is the only one of its value to do so, moved.
 */
function positionChanges(
  before: readonly Node[],
  after: readonly Node[],
  context: Context,
): readonly Change[] {
  const gaps = gapsBetween(before, after, diffSequences(before, after, identityText));
  const moves = movesIn(gaps);
  return gaps.flatMap((gap) => gapChanges(gap, moves, context));
}

function gapsBetween(
  before: readonly Node[],
  after: readonly Node[],
  runs: readonly MatchingRun[],
): readonly Gap[] {
  const [from, to] = [withPlaces(before), withPlaces(after)];
  const ends = [...runs, { before: before.length, after: after.length, length: 0 }];
  return ends.map((run, index): Gap => {
    const last = ends[index - 1] ?? { before: 0, after: 0, length: 0 };
    return {
      before: from.slice(last.before + last.length, run.before),
      after: to.slice(last.after + last.length, run.after),
    };
  });
}

function withPlaces(items: readonly Node[]): readonly Placed[] {
  return items.map((item, at) => ({ item, at }));
}

/** From the place before to the place after, for items that moved from one gap to another. */
function movesIn(gaps: readonly Gap[]): ReadonlyMap<number, number> {
  const gone = onlyOnes(gaps.flatMap(({ before }) => before));
  const come = onlyOnes(gaps.flatMap(({ after }) => after));
  return new Map(
    [...gone].flatMap(([text, from]): readonly (readonly [number, number])[] => {
      const to = come.get(text);
      return from === undefined || to === undefined ? [] : [[from, to]];
    }),
  );
}

/** The places of items by their value; undefined for a value that occurs more than once. */
function onlyOnes(placed: readonly Placed[]): ReadonlyMap<string, number | undefined> {
  const places = new Map<string, number | undefined>();
  for (const { item, at } of placed) {
    const text = identityText(item);
    places.set(text, places.has(text) ? undefined : at);
  }
  return places;
}

function gapChanges(gap: Gap, moves: ReadonlyMap<number, number>, context: Context): readonly Change[] {
  const { paths, inside } = context;
  const origins = new Map([...moves].map(([from, to]) => [to, from]));
  const gone = gap.before.filter(({ at }) => !moves.has(at));
  const come = gap.after.filter(({ at }) => !origins.has(at));
  const moved = gap.after.flatMap(({ at, item }): readonly Change[] => {
    const from = origins.get(at);
    const path = [...paths.after, at];
    return from === undefined
      ? []
      : [{ path, kind: 'moved', from: [...paths.before, from], after: item.value }];
  });
  const rest =
    gone.length === come.length
      ? gone.flatMap((old, index): readonly Change[] => {
          const item = come[index];
          if (item === undefined) return [];
          return inside(old.item, item.item, {
            before: [...paths.before, old.at],
            after: [...paths.after, item.at],
          });
        })
      : [
          ...gone.map(({ at, item }): Change => ({
            path: [...paths.before, at],
            kind: 'removed',
            before: item.value,
          })),
          ...come.map(({ at, item }): Change => ({
            path: [...paths.after, at],
            kind: 'added',
            after: item.value,
          })),
        ];
  return [...moved, ...rest];
}
