/** Trees to values. */
import { iniView, type IniPart } from './ini/view.js';
import { isList, isMap } from './equal.js';
import type { AliasTargets } from './aliases.js';
import { aliasTargets } from './aliases.js';
import type { DocumentTree, MapEntry, MapNode, Node } from './tree.js';
import type { ConfigObject, ConfigValue } from './types.js';

const values = new WeakMap<DocumentTree, ConfigValue>();

/**
 * The value of a tree: frozen, made once. Aliases stand for what they name (one object, not a copy), YAML merge keys (`<<: *base`) are
 * expanded, and of duplicate keys the last one counts.
 */
export function treeValue(tree: DocumentTree): ConfigValue {
  let value = values.get(tree);
  if (value === undefined) {
    value = makeValue(tree);
    values.set(tree, value);
  }
  return value;
}

/** Makes what was read before the value of a tree that says the same. */
export function keepValue(tree: DocumentTree, value: ConfigValue): void {
  values.set(tree, value);
}

function makeValue(tree: DocumentTree): ConfigValue {
  if (tree.format === 'ini') return iniValue(iniView(tree));
  const documents = tree.documents.map((document) =>
    new NodeValues(aliasTargets(document)).of(document.value),
  );
  return documents.length === 1 ? (documents[0] ?? null) : Object.freeze(documents);
}

function iniValue(part: IniPart): ConfigValue {
  if (part.kind === 'scalar') return part.node.value;
  if (part.kind === 'list') return Object.freeze(part.items.map(({ node }) => node.value));
  return objectOf([...part.children].map(([name, child]) => [name, iniValue(child)]));
}

/** A frozen object in which `__proto__` is a key like any other. */
export function objectOf(fields: Iterable<readonly [string, ConfigValue]>): ConfigObject {
  const object: { [key: string]: ConfigValue } = {};
  for (const [name, value] of fields) {
    if (name === '__proto__') {
      Object.defineProperty(object, name, { value, enumerable: true, configurable: true, writable: true });
    } else object[name] = value;
  }
  return Object.freeze(object);
}

/** Whether an entry is a YAML merge key, which brings in the entries of other maps. */
export function isMergeKey({ key, value }: MapEntry): boolean {
  return key.text === '<<' && (value.kind !== 'scalar' || value.style === 'alias');
}

/** Values of the nodes of one document. */
class NodeValues {
  private readonly targets: AliasTargets;
  private readonly known = new Map<Node, ConfigValue>();

  constructor(targets: AliasTargets) {
    this.targets = targets;
  }

  of(node: Node): ConfigValue {
    if (node.kind === 'scalar') return node.style === 'alias' ? this.shared(node) : node.value;
    if (node.anchor === undefined) return this.make(node);
    let value = this.known.get(node);
    if (value === undefined) {
      value = this.make(node);
      this.known.set(node, value);
    }
    return value;
  }

  private make(node: Exclude<Node, { kind: 'scalar' }>): ConfigValue {
    if (node.kind === 'list') return Object.freeze(node.entries.map(({ value }) => this.of(value)));
    return objectOf(node.entries.some(isMergeKey) ? this.merged(node) : this.fields(node));
  }

  private fields({ entries }: MapNode): [string, ConfigValue][] {
    return entries.map(({ key, value }) => [key.name, this.of(value)]);
  }

  private shared(alias: Node): ConfigValue {
    const target = this.targets.get(alias);
    return target ? this.of(target) : null;
  }

  /** A map with merge keys: its own keys win, then the earlier of the maps it merges (yaml.org/type/merge.html). */
  private merged({ entries }: MapNode): Map<string, ConfigValue> {
    const own = new Set(entries.filter((entry) => !isMergeKey(entry)).map(({ key }) => key.name));
    const result = new Map<string, ConfigValue>();
    for (const entry of entries) {
      const value = this.of(entry.value);
      const sources = isMergeKey(entry) ? mergeSources(value) : undefined;
      if (!sources) result.set(entry.key.name, value);
      for (const [name, inherited] of sources?.flatMap((source) => Object.entries(source)) ?? []) {
        if (!own.has(name) && !result.has(name)) result.set(name, inherited);
      }
    }
    return result;
  }
}

/** The maps that a merge key brings in; `undefined` when it has something else, and then it is a key like any other. */
function mergeSources(value: ConfigValue): readonly ConfigObject[] | undefined {
  const sources = isList(value) ? value : [value];
  const maps = sources.filter(isMap);
  return maps.length === sources.length ? maps : undefined;
}
