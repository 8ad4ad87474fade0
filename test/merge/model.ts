/** Documents for properties: a model with comments and layout, printed in each format, and edits of it. */
import * as fc from 'fast-check';

export interface ScalarModel {
  readonly kind: 'scalar';
  readonly text: string;
}

/** A string of several lines. */
export interface BlockModel {
  readonly kind: 'block';
  readonly lines: readonly string[];
}

export interface MapModel {
  readonly kind: 'map';
  readonly isFlow: boolean;
  readonly entries: readonly EntryModel[];
}

export interface ListModel {
  readonly kind: 'list';
  readonly isFlow: boolean;
  readonly entries: readonly EntryModel[];
}

export type Model = ScalarModel | BlockModel | MapModel | ListModel;

export interface EntryModel {
  /** Not used in lists. */
  readonly key: string;
  readonly lead: string;
  readonly tail: string;
  readonly value: Model;
}

/** What aliases point at, in YAML. */
const shared: EntryModel = {
  key: 'shared',
  lead: '',
  tail: '',
  value: { kind: 'scalar', text: '&shared one' },
};
const keys = ['alpha', 'beta', 'gamma', 'delta', 'name', 'port', 'zeta', 'a.b'];
const words = ['one', 'two', '3', '4.0', 'true', 'x y', 'a b c d', 'A=1', 'B=2', 'v1.2', 'null', '*shared'];

const key = fc.constantFrom(...keys);
const scalar: fc.Arbitrary<Model> = fc
  .constantFrom(...words)
  .map((text): ScalarModel => ({ kind: 'scalar', text }));
const block: fc.Arbitrary<Model> = fc
  .array(fc.constantFrom('echo 1', 'echo 2', 'run', 'stop', 'end'), { minLength: 2, maxLength: 5 })
  .map((lines): BlockModel => ({ kind: 'block', lines }));
const comment = fc.oneof(
  { weight: 4, arbitrary: fc.constant('') },
  fc.constantFrom('first', 'second', 'third'),
);

function entry(value: fc.Arbitrary<Model>): fc.Arbitrary<EntryModel> {
  return fc.record({ key, lead: comment, tail: comment, value });
}

export function uniqueKeys(entries: readonly EntryModel[]): readonly EntryModel[] {
  const seen = new Set<string>();
  return entries.filter(({ key: name }) => name.endsWith('[]') || (!seen.has(name) && seen.add(name)));
}

function collections(inner: fc.Arbitrary<Model>, leaf: fc.Arbitrary<Model>): fc.Arbitrary<Model> {
  const map = (value: fc.Arbitrary<Model>, isFlow: boolean): fc.Arbitrary<Model> =>
    fc
      .array(entry(value), { minLength: 1, maxLength: 5 })
      .map((entries): MapModel => ({ kind: 'map', isFlow, entries: uniqueKeys(entries) }));
  const list = (value: fc.Arbitrary<Model>, isFlow: boolean): fc.Arbitrary<Model> =>
    fc
      .array(entry(value), { minLength: 1, maxLength: 5 })
      .map((entries): ListModel => ({ kind: 'list', isFlow, entries }));
  return fc.oneof(map(inner, false), list(inner, false), map(leaf, true), list(leaf, true));
}

/** Maps of maps, lists, strings of lines and scalars; the root is a block map. */
export const document: fc.Arbitrary<MapModel> = fc
  .array(entry(fc.oneof(scalar, block, nested(2))), { minLength: 2, maxLength: 6 })
  .map((entries): MapModel => ({ kind: 'map', isFlow: false, entries: uniqueKeys([shared, ...entries]) }));

function nested(depth: number): fc.Arbitrary<Model> {
  return depth === 0 ? scalar : collections(fc.oneof(scalar, block, nested(depth - 1)), scalar);
}

/** A key of INI that may stand there many times. */
const repeated: fc.Arbitrary<EntryModel> = entry(scalar).map((item) => ({ ...item, key: 'list[]' }));

/** Sections of keys, for INI. */
export const sections: fc.Arbitrary<MapModel> = fc
  .array(
    entry(
      fc
        .array(
          fc.oneof(
            { weight: 4, arbitrary: entry(fc.oneof({ weight: 3, arbitrary: scalar }, block)) },
            repeated,
          ),
          {
            minLength: 1,
            maxLength: 5,
          },
        )
        .map((entries): MapModel => ({ kind: 'map', isFlow: false, entries: uniqueKeys(entries) })),
    ),
    { minLength: 1, maxLength: 4 },
  )
  .map((entries): MapModel => ({ kind: 'map', isFlow: false, entries: uniqueKeys(entries) }));

/** One change somewhere in a document; the numbers choose place, kind and content. */
export interface Edit {
  readonly place: number;
  readonly kind: number;
  readonly content: number;
}

export const edits: fc.Arbitrary<readonly Edit[]> = fc.array(
  fc.record({ place: fc.nat(1000), kind: fc.nat(6), content: fc.nat(1000) }),
  { minLength: 1, maxLength: 3 },
);

export function edit(root: MapModel, changes: readonly Edit[]): MapModel {
  return changes.reduce((model, change) => editMap(model, change), root);
}

function editMap(root: MapModel, change: Edit): MapModel {
  const { node } = editNode(root, { ...change, place: change.place % countNodes(root) });
  return node.kind === 'map' && node.entries.length > 0 ? node : root;
}

function countNodes(node: Model): number {
  if (node.kind === 'scalar' || node.kind === 'block') return 1;
  return 1 + node.entries.reduce((sum, { value }) => sum + countNodes(value), 0);
}

/** Walks in document order; `place` counts down to the node that is edited. */
function editNode(node: Model, change: Edit): { readonly node: Model; readonly place: number } {
  if (change.place === 0) return { node: change.kind < 7 ? edited(node, change) : node, place: -1 };
  let place = change.place - 1;
  if (node.kind === 'scalar' || node.kind === 'block') return { node, place };
  const entries = node.entries.map((item) => {
    if (place < 0) return item;
    const inner = editNode(item.value, { ...change, place });
    place = inner.place;
    return { ...item, value: inner.node };
  });
  return { node: { ...node, entries }, place };
}

function edited(node: Model, { kind, content }: Edit): Model {
  const word = `new${content % 5}`;
  if (node.kind === 'scalar') {
    const parts = node.text.split(' ');
    const isRewritten = parts.length < 3 || kind > 3;
    const text = isRewritten ? word : parts.toSpliced(content % parts.length, kind % 2, word).join(' ');
    return { ...node, text };
  }
  if (node.kind === 'block') {
    const at = content % (node.lines.length + 1);
    return { ...node, lines: node.lines.toSpliced(at, kind % 2, word) };
  }
  const at = content % (node.entries.length + 1);
  const fresh: EntryModel = {
    key: `key${content % 7}`,
    lead: content % 3 === 0 ? 'added' : '',
    tail: '',
    value: { kind: 'scalar', text: word },
  };
  const entries = changedEntries(node.entries, { kind, at, fresh });
  return { ...node, entries: node.kind === 'map' ? uniqueKeys(entries) : entries };
}

function changedEntries(
  entries: readonly EntryModel[],
  { kind, at, fresh }: { readonly kind: number; readonly at: number; readonly fresh: EntryModel },
): readonly EntryModel[] {
  const index = Math.min(at, entries.length - 1);
  const current = entries[index];
  if (current === undefined || kind <= 2) return entries.toSpliced(at, 0, fresh);
  if (kind === 3 && entries.length > 1) return entries.toSpliced(index, 1);
  if (kind === 4)
    return entries.with(index, { ...current, lead: fresh.value.kind === 'scalar' ? fresh.value.text : '' });
  if (kind === 5) return entries.with(index, { ...current, tail: 'edited' });
  if (kind === 6) return [...entries.slice(index), ...entries.slice(0, index)];
  return entries;
}
