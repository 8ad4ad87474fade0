/** YAML values that one side changed while the other one began to use them elsewhere: no conflict, and worth a look. */
import { formatKeyPath, semanticKey, type DocumentTree, type KeyPath, type Node } from '../doc/index.js';
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
