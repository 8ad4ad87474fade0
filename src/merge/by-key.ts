/** The merge by key of one file: three texts to trees, the trees to one, and that back to text. */
import {
  parseDocument,
  printTree,
  type ConfigDocument,
  type DocumentTree,
  type Format,
} from '../doc/index.js';
import { meansTree, newProblems } from './check.js';
import { defaultLabels, defaultMarkerSize } from './markers.js';
import { resolveTree, type MergedTree } from './merged.js';
import { mergeNode } from './node.js';
import { printMerged } from './print.js';
import { Session, WorkLimit } from './session.js';
import { mergeTrees } from './structure.js';
import type { Decider } from './strategies.js';
import { mergeShapes, shaped, shapeOf, unshaped } from './text.js';
import type { Conflict, MergeInput, MergeNote, MergeSide } from './types.js';

export interface KeyMerge {
  readonly text: string;
  readonly conflicts: readonly Conflict[];
  readonly notes: readonly MergeNote[];
}

/** Why there is no merge by key; becomes a note of the line merge. */
export interface KeyMergeRefusal {
  readonly refused: 'unparsable' | 'work-limit' | 'documents' | 'unsound';
}

/** The three versions of a file, parsed once. */
export interface ParsedVersions {
  readonly texts: Readonly<Record<MergeSide, string>>;
  readonly base: ConfigDocument;
  readonly ours: ConfigDocument;
  readonly theirs: ConfigDocument;
}

export function parseVersions(input: MergeInput, format: Format): ParsedVersions {
  const texts = {
    base: unshaped(input.base ?? ''),
    ours: unshaped(input.ours),
    theirs: unshaped(input.theirs),
  };
  const parse = (text: string): ConfigDocument => parseDocument(text, { path: input.path, format });
  return { texts, base: parse(texts.base), ours: parse(texts.ours), theirs: parse(texts.theirs) };
}

export function mergeByKey(
  input: MergeInput,
  { texts, base, ours, theirs }: ParsedVersions,
  decider: Pick<Decider, 'decide' | 'isForced'>,
): KeyMerge | KeyMergeRefusal {
  if (base.tree === undefined || ours.tree === undefined || theirs.tree === undefined)
    return { refused: 'unparsable' };
  const session = new Session({
    file: input.path,
    format: ours.format,
    rules: input.rules ?? {},
    trunk: input.trunk ?? 'ours',
    mergeNode,
    decide: (conflict) => decider.decide(conflict),
    isForced: (path) => decider.isForced(path),
    lineOf: lineFinder(texts),
  });
  const trees = {
    base: input.base === undefined ? undefined : base.tree,
    ours: ours.tree,
    theirs: theirs.tree,
  };
  const merged = run(() => session.attempt(() => mergeTrees(session, trees)));
  if (merged === undefined) return { refused: 'work-limit' };
  const { value: tree, conflicts, notes } = merged;
  if (tree === undefined) return { refused: 'documents' };
  const sides: readonly MergeSide[] = conflicts.length === 0 ? ['ours'] : ['ours', 'theirs'];
  if (!sides.every((side) => isSound(resolveTree(tree, side), input.path, [base, ours, theirs])))
    return { refused: 'unsound' };
  return { text: print(tree, input), conflicts, notes };
}

function run<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch (error) {
    if (error instanceof WorkLimit) return undefined;
    throw error;
  }
}

function isSound(tree: DocumentTree, path: string, inputs: readonly ConfigDocument[]): boolean {
  const text = printTree(tree);
  // What conflicts is often all that a side did: then the result with that side's choice is a version that is parsed already.
  const known = inputs.find((input) => input.text === text);
  const parsed = known ?? parseDocument(text, { path, format: tree.format });
  return newProblems(parsed, inputs).length === 0 && meansTree(parsed, tree);
}

function print(tree: MergedTree, input: MergeInput): string {
  const text = printMerged(tree, {
    labels: { ...defaultLabels, ...input.labels },
    size: input.markerSize ?? defaultMarkerSize,
    eol: '\n',
  });
  return shaped(
    text,
    mergeShapes(shapeOf(input.base ?? input.ours), shapeOf(input.ours), shapeOf(input.theirs)),
  );
}

/** Line numbers from offsets, counted from 1. */
function lineFinder(texts: Readonly<Record<MergeSide, string>>): (side: MergeSide, offset: number) => number {
  const starts = new Map<MergeSide, readonly number[]>();
  return (side, offset) => {
    const known = starts.get(side) ?? lineStarts(texts[side]);
    starts.set(side, known);
    let [low, high] = [0, known.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((known[middle] ?? 0) <= offset) low = middle + 1;
      else high = middle;
    }
    return low;
  };
}

function lineStarts(text: string): readonly number[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}
