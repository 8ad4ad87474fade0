/** The key paths of a document that may be edited: those that lead through no alias. */
import type { ConfigDocument, KeyPath, MapNode, Node } from './library.js';

export interface Places {
  readonly scalars: readonly KeyPath[];
  readonly maps: readonly KeyPath[];
}

export function placesOf({ tree }: ConfigDocument): Places {
  const scalars: KeyPath[] = [];
  const maps: KeyPath[] = [];
  const several = (tree?.documents.length ?? 0) > 1;
  tree?.documents.forEach(({ value }, index) => {
    const root = several ? [index] : [];
    if (tree.format === 'ini') walkIni(value, { scalars, maps });
    else walk(value, root, { scalars, maps });
  });
  return { scalars, maps };
}

interface Found {
  readonly scalars: KeyPath[];
  readonly maps: KeyPath[];
}

function walk(node: Node, path: KeyPath, found: Found): void {
  if (node.kind === 'scalar') {
    if (node.style !== 'alias') found.scalars.push(path);
    return;
  }
  if (node.kind === 'map') found.maps.push(path);
  node.entries.forEach(({ key, value }, index) => walk(value, [...path, key?.name ?? index], found));
}

function walkIni(root: Node, found: Found): void {
  if (root.kind !== 'map') return;
  found.maps.push([]);
  pushKeys(root, [], found);
  for (const { key, value } of root.entries) {
    if (value.kind !== 'map') continue;
    found.maps.push(key.path ?? []);
    pushKeys(value, key.path ?? [], found);
  }
}

function pushKeys(map: MapNode, path: KeyPath, { scalars }: Found): void {
  for (const { key, value } of map.entries) {
    if (value.kind === 'scalar' && key.id === `=${key.name}`) scalars.push([...path, key.name]);
  }
}
