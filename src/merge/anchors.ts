/** What a merge does to YAML's anchors: values that one side changed and the other one began to use, and aliases that came to name another value. */
import {
  aliasTargets,
  formatKeyPath,
  semanticKey,
  type DocumentNode,
  type DocumentTree,
  type KeyPath,
  type Node,
} from '../doc/index.js';
import type { MergeNote } from './types.js';

export interface SharedTrees {
  readonly base: DocumentTree | undefined;
  readonly ours: DocumentTree | undefined;
  readonly theirs: DocumentTree | undefined;
}

/** A note for each anchored value that one side changed and of which the other side put in an alias. */
export function anchorNotes({ base, ours, theirs }: SharedTrees): readonly MergeNote[] {
  if (base?.format !== 'yaml' || ours === undefined || theirs === undefined) return [];
  const before = usesOf(base);
  if (before.anchors.size === 0) return [];
  const [mine, other] = [usesOf(ours), usesOf(theirs)];
  return [...before.anchors].flatMap(([name, { meaning, path }]) => {
    const isChanged = (side: Uses): boolean => (side.anchors.get(name)?.meaning ?? meaning) !== meaning;
    const isUsedMore = (side: Uses): boolean =>
      (side.aliases.get(name) ?? 0) > (before.aliases.get(name) ?? 0);
    if (!(isChanged(mine) && isUsedMore(other)) && !(isChanged(other) && isUsedMore(mine))) return [];
    const message = `one side changed this value, the other one put in an alias of it ('*${name}')`;
    return [{ rule: 'anchor-shared', path: formatKeyPath(path), message }];
  });
}

/** Anchored values with what they mean and where they are, and how often each is used. */
interface Uses {
  readonly anchors: ReadonlyMap<string, { readonly meaning: string; readonly path: KeyPath }>;
  readonly aliases: ReadonlyMap<string, number>;
}

function usesOf({ documents }: DocumentTree): Uses {
  const anchors = new Map<string, { readonly meaning: string; readonly path: KeyPath }>();
  const aliases = new Map<string, number>();
  const visit = (node: Node, path: KeyPath): void => {
    if (node.anchor !== undefined) anchors.set(node.anchor, { meaning: semanticKey(node), path });
    if (node.kind !== 'scalar')
      node.entries.forEach(({ key, value }, at) => visit(value, [...path, key?.name ?? at]));
    else if (node.style === 'alias')
      aliases.set(node.text.slice(1), (aliases.get(node.text.slice(1)) ?? 0) + 1);
  };
  documents.forEach(({ value }, at) => visit(value, documents.length > 1 ? [at] : []));
  return { anchors, aliases };
}

/**
 * Whether an alias of the result stands for another value than on the sides: an anchor that is set more than once counts up to where it
 * is set anew, so that what one side put in may change what the other one's alias means.
 */
export function rebindsAlias(result: DocumentTree, inputs: readonly DocumentTree[]): boolean {
  const repeated = new Set(
    [result, ...inputs].flatMap(({ documents }) => documents.flatMap(repeatedAnchors)),
  );
  if (repeated.size === 0) return false;
  const bindings = (tree: DocumentTree): readonly string[] =>
    tree.documents.flatMap((document) => bindingsOf(document, repeated));
  const known = new Set(inputs.flatMap(bindings));
  return bindings(result).some((binding) => !known.has(binding));
}

function repeatedAnchors({ value }: DocumentNode): readonly string[] {
  const [seen, repeated] = [new Set<string>(), new Set<string>()];
  visitNodes(value, '', ({ anchor }) => {
    if (anchor === undefined) return;
    if (seen.has(anchor)) repeated.add(anchor);
    seen.add(anchor);
  });
  return [...repeated];
}

/** Where each alias of these names stands, where its anchor does, and what it means. */
function bindingsOf(document: DocumentNode, names: ReadonlySet<string>): readonly string[] {
  const places = new Map<Node, string>();
  visitNodes(document.value, '', (node, place) => places.set(node, place));
  return [...aliasTargets(document)].flatMap(([alias, target]) =>
    names.has(target.anchor ?? '')
      ? [`${places.get(alias) ?? ''} ${places.get(target) ?? ''} ${semanticKey(target)}`]
      : [],
  );
}

/** A place is the keys on the way; items of lists have none of their own. */
function visitNodes(node: Node, place: string, see: (node: Node, place: string) => void): void {
  see(node, place);
  if (node.kind === 'scalar') return;
  for (const { key, value } of node.entries) visitNodes(value, `${place}/${key?.id ?? ''}`, see);
}
