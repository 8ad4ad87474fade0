import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  formatKeyPath,
  parseDocument,
  semanticKey,
  type ConfigDocument,
  type Node,
} from '../../src/doc/index.js';
import { mergeDocuments, resolveConflicts, type MergeOutcome } from '../../src/merge/index.js';
import { document, edit, edits, sections, type MapModel } from './model.js';
import { printModel, type ModelFormat } from './print-model.js';
import { runs } from './runs.js';

interface Texts {
  readonly path: string;
  readonly base: string;
  readonly ours: string;
  readonly theirs: string;
}

const paths: Readonly<Record<ModelFormat, string>> = { yaml: 'a.yaml', json: 'a.jsonc', ini: 'setup.cfg' };

function texts(format: ModelFormat): fc.Arbitrary<Texts> {
  const model: fc.Arbitrary<MapModel> = format === 'ini' ? sections : document;
  return fc.tuple(model, edits, edits, fc.boolean()).map(([base, mine, other, isCrlf]) => {
    const print = (version: MapModel): string => {
      const text = printModel(version, format);
      return isCrlf ? text.replaceAll('\n', '\r\n') : text;
    };
    return {
      path: paths[format],
      base: print(base),
      ours: print(edit(base, mine)),
      theirs: print(edit(base, other)),
    };
  });
}

const swapped = ({ path, base, ours, theirs }: Texts): Texts => ({ path, base, ours: theirs, theirs: ours });
/** An item without key fields has one index on each side. */
const withoutIndexes = (paths: readonly string[]): readonly string[] => [
  ...new Set(paths.map((path) => path.replaceAll(/\[\d+\]/g, '[]'))),
];
const conflictPaths = ({ conflicts }: MergeOutcome): readonly string[] =>
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
    for (const { key, value } of node.entries) visit(value, [...at, ...(key.path ?? [key.name])]);
  };
  for (const { value } of parse(text, path).tree?.documents ?? []) visit(value, []);
  return leaves;
}

/** Lines, and what follows a value on its line apart. */
function lineCounts(text: string): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const line of text.split('\n').flatMap((whole) => whole.split(/(?<=\S) (?=# |\/\/ )/))) {
    const content = line.trim().replace(/,$/, '');
    if (content !== '') counts.set(content, (counts.get(content) ?? 0) + 1);
  }
  return counts;
}

/** Whether both sides changed one list or string of lines, whose items may be told apart in several ways. */
function isAmbiguous({ path, base, ours, theirs }: Texts): boolean {
  const [b, o, t] = [base, ours, theirs].map((text) => leavesOf(text, path));
  return [...(b?.keys() ?? [])].some((key) => {
    const [before, mine, other] = [b, o, t].map((leaves) => leaves?.get(key));
    return mine !== before && other !== before && /^\[|\\n/.test(before ?? '');
  });
}

describe.each(['yaml', 'json', 'ini'] as const)('the merge of %s', (format) => {
  const holds = (law: (input: Texts, outcome: MergeOutcome) => void): void => {
    fc.assert(
      fc.property(texts(format), (input) => law(input, mergeDocuments(input))),
      runs(300, 50_000),
    );
  };

  it('takes a change of one side as it is, and the same change once', () => {
    holds(({ path, base, ours }) => {
      expect(mergeDocuments({ path, base, ours, theirs: base }).text).toBe(ours);
      expect(mergeDocuments({ path, base, ours: base, theirs: ours }).text).toBe(ours);
      expect(mergeDocuments({ path, base, ours, theirs: ours }).text).toBe(ours);
    });
  });

  it('finds the same conflicts from either side', () => {
    holds((input, outcome) => {
      const other = conflictPaths(mergeDocuments(swapped(input)));
      expect(withoutIndexes(other)).toEqual(withoutIndexes(conflictPaths(outcome)));
    });
  });

  it('has the same meaning from either side, lists as bags', () => {
    holds((input, outcome) => {
      const other = mergeDocuments(swapped(input));
      if (isClean(outcome) && isClean(other))
        expect(bagOf(other.text, input.path)).toBe(bagOf(outcome.text, input.path));
    });
  });

  it('parses, without a key that stands there twice', () => {
    holds(({ path }, outcome) => {
      if (isClean(outcome)) expect(parse(outcome.text, path).diagnostics).toEqual([]);
    });
  });

  it('loses no change: what one side changed is there, what both changed differently is a conflict', () => {
    holds(({ path, base, ours, theirs }, outcome) => {
      if (outcome.notes.some(({ rule }) => rule === 'rename')) return;
      const [b, o, t] = [base, ours, theirs].map((text) => leavesOf(text, path));
      const result = leavesOf(
        resolveConflicts({ path, base, ours, theirs }, new Map([['', 'ours']])).text,
        path,
      );
      if (b === undefined || o === undefined || t === undefined) return;
      const open = conflictPaths(outcome);
      for (const key of new Set([...b.keys(), ...o.keys(), ...t.keys()])) {
        const [before, mine, other, now] = [b, o, t, result].map((leaves) => leaves.get(key));
        if (open.some((at) => key === at || key.startsWith(`${at}.`) || at.startsWith(key))) continue;
        if (mine === other || before === other) expect([key, now]).toEqual([key, mine]);
        else if (before === mine) expect([key, now]).toEqual([key, other]);
        else expect([key, now?.startsWith('[') || now?.includes('\\n')]).toEqual([key, true]);
      }
    });
  });

  it('conserves lines: none more or less often than the inputs justify', () => {
    holds(({ base, ours, theirs }, outcome) => {
      if (
        !isClean(outcome) ||
        outcome.notes.some(({ rule }) => rule.startsWith('comment') || rule === 'format-dropped')
      )
        return;
      const [b, o, t, r] = [base, ours, theirs, outcome.text].map(lineCounts);
      for (const line of new Set([...(o?.keys() ?? []), ...(t?.keys() ?? []), ...(r?.keys() ?? [])])) {
        if (/[[{]/.test(line)) continue;
        const [before = 0, mine = 0, other = 0, now = 0] = [b, o, t, r].map((counts) => counts?.get(line));
        const joined = Math.max(0, mine + other - before);
        expect([line, now >= Math.min(mine, other, joined), now <= Math.max(mine, other, joined)]).toEqual([
          line,
          true,
          true,
        ]);
      }
    });
  });

  it('absorbs a side that is merged again', () => {
    holds((input, outcome) => {
      if (!isClean(outcome) || isAmbiguous(input)) return;
      const again = mergeDocuments({ ...input, ours: outcome.text });
      expect([again.conflicts, bagOf(again.text, input.path)]).toEqual([[], bagOf(outcome.text, input.path)]);
    });
  });

  it('is resolved by choosing sides, and then has no marker and no conflict', () => {
    holds((input, outcome) => {
      for (const side of ['ours', 'theirs', 'base'] as const) {
        const choices = new Map(outcome.conflicts.map(({ path }) => [path, side]));
        const resolved = resolveConflicts(input, choices);
        expect(resolved.conflicts).toEqual([]);
        expect(resolved.text).not.toMatch(/^(?:<<<<<<<|=======|>>>>>>>)/m);
        if (format !== 'ini') expect(parse(resolved.text, input.path).diagnostics).toEqual([]);
      }
    });
  });
});
