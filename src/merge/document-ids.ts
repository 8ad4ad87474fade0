/** What tells the documents of a stream apart. */
import type { DocumentNode, Node } from '../doc/index.js';

export type DocumentIndex = ReadonlyMap<string, DocumentNode>;

/** Documents by identity; undefined when one has none, or two the same. */
export function documentsById(documents: readonly DocumentNode[]): DocumentIndex | undefined {
  const index = new Map<string, DocumentNode>();
  for (const document of documents) {
    const id = identityOf(document.value);
    if (id === undefined || index.has(id)) return undefined;
    index.set(id, document);
  }
  return index;
}

/** Kubernetes: `apiVersion`, `kind`, `metadata.namespace` and `metadata.name` identify an object. */
function identityOf(root: Node): string | undefined {
  const kind = textAt(root, 'kind');
  const metadata = nodeAt(root, 'metadata');
  const name = textAt(metadata, 'name');
  if (kind === undefined || name === undefined) return undefined;
  return JSON.stringify([textAt(root, 'apiVersion'), kind, textAt(metadata, 'namespace'), name]);
}

function nodeAt(node: Node | undefined, key: string): Node | undefined {
  return node?.kind === 'map' ? node.entries.find((entry) => entry.key.name === key)?.value : undefined;
}

function textAt(node: Node | undefined, key: string): string | undefined {
  const value = nodeAt(node, key);
  return value?.kind === 'scalar' ? value.text : undefined;
}
