/** What the aliases of a YAML document stand for. */
import type { DocumentNode, Node } from './tree.js';

/** From each alias to the node with its anchor: the last one before it in the text. */
export type AliasTargets = ReadonlyMap<Node, Node>;

const known = new WeakMap<DocumentNode, AliasTargets>();

/** The targets of all aliases of a document; an alias without one, or inside of its own, is not in it. */
export function aliasTargets(document: DocumentNode): AliasTargets {
  let targets = known.get(document);
  if (!targets) {
    const found = new Map<Node, Node>();
    collect(document.value, new Map(), found);
    known.set(document, found);
    targets = found;
  }
  return targets;
}

function collect(node: Node, anchors: Map<string, Node>, found: Map<Node, Node>): void {
  if (node.kind === 'scalar') {
    const target = node.style === 'alias' ? anchors.get(node.text.slice(1)) : undefined;
    if (target) found.set(node, target);
  } else {
    if (node.anchor !== undefined) anchors.delete(node.anchor);
    for (const { key, value } of node.entries) {
      if (key?.anchored) anchors.set(key.anchored.anchor ?? '', key.anchored);
      collect(value, anchors, found);
    }
  }
  if (node.anchor !== undefined) anchors.set(node.anchor, node);
}
