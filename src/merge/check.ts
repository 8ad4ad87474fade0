/** What is looked at after every merge: the result must be at least as sound as what went in. */
import {
  formatKeyPath,
  semanticKey,
  type ConfigDocument,
  type DocumentTree,
  type Entry,
} from '../doc/index.js';
import { rebindsAlias } from './anchors.js';

/** The problems of a result that none of the inputs had, by rule and place; empty when it is sound. */
export function newProblems(result: ConfigDocument, inputs: readonly ConfigDocument[]): readonly string[] {
  const problems = [...problemsOf(result), ...rebound(result, inputs)];
  if (problems.length === 0) return [];
  const known = new Set(inputs.flatMap(problemsOf));
  const wasBroken = inputs.some(({ tree }) => tree === undefined);
  return problems.filter((problem) => !known.has(problem) && !(wasBroken && result.tree === undefined));
}

function rebound({ text, tree }: ConfigDocument, inputs: readonly ConfigDocument[]): readonly string[] {
  if (tree?.format !== 'yaml' || !text.includes('*')) return [];
  const trees = inputs.flatMap((input) => input.tree ?? []);
  return rebindsAlias(tree, trees) ? ['rebound-alias'] : [];
}

function problemsOf({ diagnostics }: ConfigDocument): readonly string[] {
  return diagnostics
    .filter(({ severity, rule }) => severity === 'error' || rule === 'duplicate-key')
    .map(({ rule, path }) => `${rule} ${path === undefined ? '' : formatKeyPath(path)}`);
}

/** Whether a text that was printed from a tree still means what the tree says. */
export function meansTree({ tree: parsed }: ConfigDocument, tree: DocumentTree): boolean {
  return parsed !== undefined && meaning(parsed) === meaning(tree);
}

function meaning(tree: DocumentTree): string {
  return tree.documents.map(({ value }) => semanticKey(value)).join('\n');
}

/** Whether a list of `result` holds an item more often than the same list in `ours` and `theirs` together explain. */
export function repeatsItems(result: DocumentTree, inputs: readonly DocumentTree[]): boolean {
  const most = inputs.map(repeats).reduce((a, b) => (b.total > a.total ? b : a), { total: 0 });
  return repeats(result).total > most.total;
}

function repeats(tree: DocumentTree): { readonly total: number } {
  let total = 0;
  const visit = (node: DocumentTree['documents'][number]['value']): void => {
    if (node.kind === 'scalar') return;
    if (node.kind === 'list') {
      const keys = node.entries.map(({ value }) => semanticKey(value));
      total += keys.length - new Set(keys).size;
    }
    for (const { value } of node.entries) visit(value);
  };
  for (const { value } of tree.documents) visit(value);
  return { total };
}

/** Whether an entry stands in a collection twice, and more often than on either side: what both sides added comes once. */
export function repeatsMore(result: readonly Entry[], sides: readonly (readonly Entry[])[]): boolean {
  const known = sides.map(countEntries);
  return [...countEntries(result)].some(
    ([entry, count]) => count > 1 && known.every((side) => (side.get(entry) ?? 0) < count),
  );
}

function countEntries(entries: readonly Entry[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { key, value } of entries) {
    const entry = `${key?.id ?? ''} ${semanticKey(value)}`;
    counts.set(entry, (counts.get(entry) ?? 0) + 1);
  }
  return counts;
}
