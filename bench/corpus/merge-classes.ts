/** How a merged file differs in meaning from the one that people committed. */
import {
  formatKeyPath,
  parseDocument,
  semanticKey,
  type ConfigDocument,
  type Node,
} from '../../src/doc/index.js';
import { isBroken, type Versions } from './merge-laws.js';

/**
 * - `equal`: the same data; `order`: the same but for the order of list items;
 * - `human-side`: the person took the data of one side whole, which says nothing about the other one's changes;
 * - `human-new`: the person wrote a value that neither side has;
 * - `human-dropped`: the person left out what one side changed or added alone;
 * - `human-kept`: the person kept what one side deleted; `human-removed`: removed what nobody had touched;
 * - `human-doubled`: what both sides added once stands there more than once, as line merges leave it;
 * - `human-broken`: the committed file does not parse, or has a key twice that no version had twice;
 * - `other`: the result itself is in doubt.
 */
export type Likeness =
  | 'equal'
  | 'order'
  | 'human-side'
  | 'human-new'
  | 'human-dropped'
  | 'human-kept'
  | 'human-removed'
  | 'human-doubled'
  | 'human-broken'
  | 'other';

export function likeness(result: string, versions: Versions): Likeness {
  const parse = (text: string): ConfigDocument => parseDocument(text, { path: versions.path });
  const [mine, human] = [parse(result), parse(versions.merged)];
  if (mine.tree === undefined || human.tree === undefined)
    return result === versions.merged ? 'equal' : 'human-broken';
  const wanted = meaning(human);
  if (meaning(mine) === wanted) return 'equal';
  if (isBroken(versions.merged, versions)) return 'human-broken';
  if ([versions.ours, versions.theirs].some((side) => meaning(parse(side)) === wanted)) return 'human-side';
  const sides = [versions.base, versions.ours, versions.theirs].map((text) => bag(parse(text)));
  const [ours, people] = [bag(mine), bag(human)];
  return differenceClass(ours, people, sides);
}

function meaning(document: ConfigDocument): string {
  return document.tree?.documents.map(({ value }) => semanticKey(value)).join('\n') ?? document.text;
}

type Bag = ReadonlyMap<string, number>;

function differenceClass(mine: Bag, human: Bag, sides: readonly Bag[]): Likeness {
  const [base, ours, theirs] = sides;
  if (base === undefined || ours === undefined || theirs === undefined) return 'other';
  const added = [...human.keys()].filter((leaf) => count(human, leaf) > count(mine, leaf));
  const missing = [...mine.keys()].filter((leaf) => count(mine, leaf) > count(human, leaf));
  if (added.length + missing.length === 0) return 'order';
  if (added.some((leaf) => count(ours, leaf) + count(theirs, leaf) === 0)) return 'human-new';
  if (missing.some((leaf) => count(base, leaf) < Math.max(count(ours, leaf), count(theirs, leaf))))
    return 'human-dropped';
  if (added.some((leaf) => count(base, leaf) > Math.min(count(ours, leaf), count(theirs, leaf))))
    return 'human-kept';
  if (missing.length > 0) return 'human-removed';
  const isDoubled = (leaf: string): boolean =>
    count(human, leaf) > Math.max(count(ours, leaf), count(theirs, leaf));
  return added.every(isDoubled) ? 'human-doubled' : 'other';
}

function count(leaves: Bag, leaf: string): number {
  return leaves.get(leaf) ?? 0;
}

/** Leaves with their path; items of lists without their index. */
function bag(document: ConfigDocument): Bag {
  const leaves = new Map<string, number>();
  const visit = (node: Node, path: readonly string[]): void => {
    if (node.kind === 'scalar' || node.entries.length === 0) {
      for (const text of textsOf(node)) {
        const leaf = `${formatKeyPath(path)} ${text}`;
        leaves.set(leaf, (leaves.get(leaf) ?? 0) + 1);
      }
      return;
    }
    if (node.kind === 'list') for (const { value } of node.entries) visit(value, [...path, '[]']);
    else for (const { key, value } of node.entries) visit(value, [...path, key.id]);
  };
  for (const { value } of document.tree?.documents ?? []) visit(value, []);
  return leaves;
}

/** A value of INI that begins on the line below its key is a list of lines. */
function textsOf(node: Node): readonly string[] {
  const isLines = node.kind === 'scalar' && typeof node.value === 'string' && node.value.startsWith('\n');
  return isLines ? semanticKey(node).split(/\\n|"/) : [semanticKey(node)];
}
