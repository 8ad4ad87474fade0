import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  formatKeyPath,
  parseDocument,
  semanticKey,
  type ConfigDocument,
  type Node,
} from '../../src/doc/index.js';
import { mergeDocuments, resolveConflicts, type Conflict, type MergeOutcome } from '../../src/merge/index.js';
import { runs, runTimeoutMs } from './runs.js';
import { hasMarkers, problemsOf, texts, type Texts } from './texts.js';

const swapped = (input: Texts): Texts => ({ ...input, ours: input.theirs, theirs: input.ours });
/** An item without key fields has one index on each side. */
const withoutIndexes = (all: readonly string[]): readonly string[] => [
  ...new Set(all.map((path) => path.replaceAll(/\[\d+\]/g, '[]'))),
];
const conflictPaths = ({ conflicts }: Pick<MergeOutcome, 'conflicts'>): readonly string[] =>
  [...new Set(conflicts.map(({ path }) => path))].toSorted();
const isClean = ({ conflicts }: MergeOutcome): boolean => conflicts.length === 0;
const parse = (text: string, path: string): ConfigDocument => parseDocument(text, { path });

/** The meaning of a text, lists and strings of several lines as bags. */
function bagOf(text: string, path: string): string {
  const bag = (node: Node): string => {
    if (node.kind === 'scalar') return semanticKey(node).split(/\\n|"/).toSorted().join('\\n');
    const inner = node.entries.map(({ key, value }) => `${key?.id ?? ''}:${bag(value)}`);
    return `${node.kind}(${inner.toSorted().join(',')})`;
  };
  return (parse(text, path).tree?.documents ?? []).map(({ value }) => bag(value)).join('\n');
}

/** Values by path; a list is one value. */
function leavesOf(text: string, path: string): ReadonlyMap<string, string> {
  const leaves = new Map<string, string>();
  const visit = (node: Node, at: readonly string[]): void => {
    if (node.kind !== 'map') {
      leaves.set(formatKeyPath(at), semanticKey(node));
      return;
    }
    for (const { key, value } of node.entries)
      if (!key.id.endsWith('[]')) visit(value, [...at, ...(key.path ?? [key.name])]);
  };
  for (const { value } of parse(text, path).tree?.documents ?? []) visit(value, []);
  return leaves;
}

/** Lines, and what follows a value on its line apart; of a collection that begins there, or stands there whole, its key. */
function lineCounts(text: string): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const line of text.split('\n').flatMap((whole) => whole.split(/(?<=\S) (?=# |\/\/ )/))) {
    const content = line
      .trim()
      .replace(/,$/, '')
      .replace(/: [[{].*$/, ':');
    if (content !== '') counts.set(content, (counts.get(content) ?? 0) + 1);
  }
  return counts;
}

/** Whether both sides changed one list or string of lines, whose items may be told apart in several ways. */
function isAmbiguous(input: Texts): boolean {
  const [mine, other] = changedLists(input);
  return [...(mine ?? [])].some((key) => other?.has(key));
}

/** The lists and strings of lines that each side changed. */
function changedLists({ path, base, ours, theirs }: Texts): readonly ReadonlySet<string>[] {
  const before = leavesOf(base, path);
  return [ours, theirs].map((text) => {
    const after = leavesOf(text, path);
    return new Set(
      [...before].flatMap(([key, value]) => (/^\[|\\n/.test(value) && after.get(key) !== value ? [key] : [])),
    );
  });
}

/** What a law finds wrong with a merge; nothing when it holds. */
type Law = (input: Texts, outcome: MergeOutcome) => readonly unknown[];

const laws: Readonly<Record<string, Law>> = {
  'takes a change of one side as it is, and the same change once': ({ path, base, ours }) => {
    const inputs = [
      { path, base, ours, theirs: base },
      { path, base, ours: base, theirs: ours },
      { path, base, ours, theirs: ours },
    ];
    return inputs.map((input) => mergeDocuments(input).text).filter((text) => text !== ours);
  },

  'finds the same conflicts from either side': (input, outcome) => {
    const [one, other] = [outcome, mergeDocuments(swapped(input))].map((merged) =>
      withoutIndexes(conflictPaths(merged)).join('\n'),
    );
    return one === other ? [] : [one, other];
  },

  'has the same meaning from either side, lists as bags': (input, outcome) => {
    const other = mergeDocuments(swapped(input));
    if (!isClean(outcome) || !isClean(other)) return [];
    return bagOf(other.text, input.path) === bagOf(outcome.text, input.path)
      ? []
      : [outcome.text, other.text];
  },

  'has no problem that the inputs do not have': ({ path, base, ours, theirs }, outcome) => {
    const known = new Set([base, ours, theirs].flatMap((text) => problemsOf(text, path)));
    return isClean(outcome) ? problemsOf(outcome.text, path).filter((problem) => !known.has(problem)) : [];
  },

  'loses no change: what one side changed is there, what both changed differently is a conflict': (
    input,
    outcome,
  ) => {
    if (outcome.notes.some(({ rule }) => rule === 'rename')) return [];
    const result = resolveConflicts(input, new Map([['', 'ours']])).text;
    const open = conflictPaths(outcome);
    const [b, o, t, r] = [input.base, input.ours, input.theirs, result].map((text) =>
      leavesOf(text, input.path),
    );
    const keys = new Set([b, o, t].flatMap((leaves) => [...(leaves?.keys() ?? [])]));
    return [...keys].filter((key) => {
      if (open.some((at) => at === '' || key === at || key.startsWith(`${at}.`) || at.startsWith(key)))
        return false;
      const [before, mine, other, now] = [b, o, t, r].map((leaves) => leaves?.get(key));
      if (mine === other || before === other) return now !== mine;
      if (before === mine) return now !== other;
      return !(now?.startsWith('[') || now?.includes('\\n'));
    });
  },

  'conserves lines: none more or less often than the inputs justify': (input, outcome) => {
    const { base, ours, theirs } = input;
    const isSoft = outcome.notes.some(({ rule }) => /^(?:comment|format-dropped)/.test(rule));
    if (!isClean(outcome) || isSoft) return [];
    const counts = [base, ours, theirs, outcome.text].map(lineCounts);
    const lines = new Set(counts.flatMap((known) => [...known.keys()]));
    return [...lines].filter((line) => {
      const [before = 0, mine = 0, other = 0, now = 0] = counts.map((known) => known.get(line));
      const joined = Math.max(0, mine + other - before);
      const isConserved = now >= Math.min(mine, other, joined) && now <= Math.max(mine, other, joined);
      // Collections in one line are joined inside it.
      // An item that stands for another one takes the comment of its place.
      const isComment = /^(?:#|\/\/|;)/.test(line) && changedLists(input).some(({ size }) => size > 0);
      return !isConserved && !isComment && !/[[{}\]]/.test(line);
    });
  },

  'writes no line of its own': ({ ours, theirs }, outcome) => {
    if (!isClean(outcome)) return [];
    const lines = [ours, theirs].flatMap((text) => [...lineCounts(text).keys()]);
    // An emptied collection leaves its key.
    const known = new Set(lines.flatMap((line) => [line, line.replace(/:.*/, ':')]));
    // Collections in one line are joined inside it.
    return [...lineCounts(outcome.text).keys()].filter((line) => !known.has(line) && !/[[{}\]]/.test(line));
  },

  'never conflicts with a change of layout alone, and keeps what the other side changed': ({
    path,
    base,
    ours,
    restyled: theirs,
  }) =>
    [
      { path, base, ours, theirs },
      { path, base, ours: theirs, theirs: ours },
    ].flatMap((input): readonly unknown[] => {
      const { text, conflicts } = mergeDocuments(input);
      if (conflicts.length > 0) return conflicts;
      return bagOf(text, path) === bagOf(ours, path) ? [] : [text];
    }),

  'absorbs a side that is merged again': (input, outcome) => {
    if (!isClean(outcome) || isAmbiguous(input)) return [];
    const again = mergeDocuments({ ...input, ours: outcome.text });
    if (isClean(again) && bagOf(again.text, input.path) === bagOf(outcome.text, input.path)) return [];
    return [outcome.text, again.text];
  },

  'is resolved by choosing sides, and then has no marker and no conflict': (input, outcome) =>
    (['ours', 'theirs', 'base'] as const).flatMap((side) => {
      const choices = new Map(outcome.conflicts.map(({ path }) => [path, side]));
      const { text, conflicts, notes } = resolveConflicts(input, choices);
      // A choice may bring back an alias whose anchor is gone; then the file stays open.
      if (notes.some(({ rule }) => rule === 'unsound')) return [];
      return [...conflicts, ...(hasMarkers(text) ? [text] : [])];
    }),

  'is resolved to the very entry of the side that was chosen, or to none where it has none': (
    input,
    outcome,
  ) =>
    (['ours', 'theirs', 'base'] as const).flatMap((side) => {
      const choices = new Map(outcome.conflicts.map(({ path }) => [path, side]));
      const { text, notes } = resolveConflicts(input, choices);
      if (notes.some(({ rule }) => rule === 'unsound')) return [];
      const leaves = leavesOf(text, input.path);
      const isTaken = (conflict: Conflict): boolean => {
        const chosen = conflict.sides?.[side]?.text;
        if (conflict.sides === undefined) return text === input[side];
        if (chosen !== undefined) return bare(text).includes(bare(chosen));
        return conflict.path === '' || conflict.path.includes('[') || !leaves.has(conflict.path);
      };
      // Of a text only the lines that both sides changed are in question.
      return outcome.conflicts.filter((conflict) => conflict.kind !== 'text' && !isTaken(conflict));
    }),

  'is resolved to what both sides have, where both fit': (input, outcome) => {
    const lists = outcome.conflicts.filter(({ kind }) => kind.startsWith('list'));
    const choices = new Map(lists.map(({ path }) => [path, 'both' as const]));
    const { text, conflicts, notes } = resolveConflicts(input, choices);
    if (notes.some(({ rule }) => rule === 'unsound')) return [];
    // Where both together hold an item more often than either side the list stays open; an item that both have comes once, with ours' comment.
    const open = new Set(conflictPaths({ conflicts }));
    const result = bare(text);
    return lists
      .filter(({ path }) => !open.has(path))
      .flatMap(({ sides }) => [sides?.ours?.text ?? '', sides?.theirs?.text ?? ''])
      .flatMap((side) => side.replaceAll(/(?:#|\/\/|;) .*/g, '').split(/[\s,[\]{}]+/))
      .filter((word) => !result.includes(word));
  },
};

/** Without what a place decides: white space, and commas between entries. */
function bare(text: string): string {
  return text.replaceAll(/[\s,]/g, '');
}

/** The laws that a merge breaks, with what they find. */
function broken(input: Texts): readonly (readonly [string, readonly unknown[]])[] {
  const outcome = mergeDocuments(input);
  return Object.entries(laws)
    .map(([name, law]) => [name, law(input, outcome)] as const)
    .filter(([, found]) => found.length > 0);
}

describe.each(['yaml', 'json', 'ini'] as const)('the merge of %s', (format) => {
  it(
    'keeps all laws',
    () => {
      fc.assert(
        fc.property(texts(format), (input) => {
          expect(broken(input)).toEqual([]);
        }),
        runs(1000, 50_000),
      );
    },
    runTimeoutMs,
  );
});
