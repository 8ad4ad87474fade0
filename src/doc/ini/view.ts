/** The value of an INI tree and where its parts are: dotted sections nest, sections of one name are one, `k[]` is a list. */
import type { DocumentTree, MapEntry, ScalarNode } from '../tree.js';

/** A part of the value. */
export type IniPart = IniSection | IniList | IniScalar;

export interface IniSection {
  readonly kind: 'section';
  readonly children: Map<string, IniPart>;
  /** The sections of the file that have exactly this path, in order; none for the `a` of a lone `[a.b]`. */
  readonly headers: MapEntry[];
}

export interface IniList {
  readonly kind: 'list';
  readonly items: IniScalar[];
}

export interface IniScalar {
  readonly kind: 'scalar';
  readonly entry: MapEntry;
  /** The value of the entry. */
  readonly node: ScalarNode;
}

const views = new WeakMap<DocumentTree, IniSection>();

/** The view of a tree, made once. */
export function iniView(tree: DocumentTree): IniSection {
  let view = views.get(tree);
  if (!view) {
    view = makeView(tree);
    views.set(tree, view);
  }
  return view;
}

function makeView(tree: DocumentTree): IniSection {
  const root: IniSection = { kind: 'section', children: new Map(), headers: [] };
  const value = tree.documents[0]?.value;
  for (const entry of value?.kind === 'map' ? value.entries : []) {
    if (entry.value.kind !== 'map') addKey(root, entry);
    else {
      const section = sectionAt(root, entry.key.path ?? [entry.key.name]);
      section.headers.push(entry);
      for (const key of entry.value.entries) addKey(section, key);
    }
  }
  return root;
}

/** The section at a path, made where it is missing. A section takes the place of a key of the same name. */
function sectionAt(root: IniSection, path: readonly string[]): IniSection {
  return path.reduce<IniSection>((parent, name) => {
    const known = parent.children.get(name);
    if (known?.kind === 'section') return known;
    const made: IniSection = { kind: 'section', children: new Map(), headers: [] };
    parent.children.set(name, made);
    return made;
  }, root);
}

function addKey({ children }: IniSection, entry: MapEntry): void {
  const { name, id } = entry.key;
  const known = children.get(name);
  if (entry.value.kind !== 'scalar') return;
  const scalar: IniScalar = { kind: 'scalar', entry, node: entry.value };
  if (known?.kind === 'section') return;
  if (known?.kind === 'list') known.items.push(scalar);
  else if (id !== `=${name}`) children.set(name, { kind: 'list', items: known ? [known, scalar] : [scalar] });
  else children.set(name, scalar);
}
