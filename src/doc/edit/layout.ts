/** How a file is laid out, found in its tree. */
import type { DocumentTree, ListNode, MapNode, Node } from '../tree.js';
import type { JsonLayout } from '../write/json.js';
import { noPadding, type Padding } from '../write/padding.js';
import { defaultYamlLayout, type YamlLayout } from '../write/yaml.js';

const yamlLayouts = new WeakMap<DocumentTree, YamlLayout>();

/** The indentation of the first nested map, and of the first list in a map; two columns where there is none. */
export function yamlLayout(tree: DocumentTree): YamlLayout {
  let layout = yamlLayouts.get(tree);
  if (!layout) {
    const found: { step?: number; listStep?: number } = {};
    for (const { value } of tree.documents) find(value, found);
    const step = found.step ?? found.listStep ?? 0;
    layout = {
      eol: tree.eol,
      step: step > 0 ? step : defaultYamlLayout.step,
      listStep: found.listStep ?? (step > 0 ? step : defaultYamlLayout.listStep),
    };
    yamlLayouts.set(tree, layout);
  }
  return layout;
}

function find(node: Node, found: { step?: number; listStep?: number }): void {
  if (node.kind === 'scalar' || node.style !== 'block') return;
  for (const { value } of node.entries) {
    if (found.step !== undefined && found.listStep !== undefined) return;
    const below = value.kind !== 'scalar' && value.style === 'block' && value.open.includes('\n');
    if (below && node.kind === 'map') {
      if (value.kind === 'map') found.step ??= value.column - node.column;
      else found.listStep ??= value.column - node.column;
    }
    find(value, found);
  }
}

const jsonLayouts = new WeakMap<DocumentTree, JsonLayout>();

/** The indentation of the first entry that has a line of its own, and the space after the first colon and comma. */
export function jsonLayout(tree: DocumentTree): JsonLayout {
  let layout = jsonLayouts.get(tree);
  if (!layout) {
    const root = tree.documents[0]?.value;
    const top = root && root.kind !== 'scalar' ? root : undefined;
    const [colon, comma] = [colonOf(top), commaOf(top)];
    layout = { eol: tree.eol, indent: indentOf(top), colon, comma, padding: paddingOf(tree) };
    jsonLayouts.set(tree, layout);
  }
  return layout;
}

type Collection = MapNode | ListNode;

function indentOf(root: Collection | undefined): string {
  const first = root?.entries[0];
  if (!root || !first) return '  ';
  return root.start.includes('\n') || first.lead !== '' ? /^[ \t]*/.exec(first.indent)?.[0] || '  ' : '';
}

function colonOf(root: Collection | undefined): string {
  return onlySpace(root?.entries.find(({ key }) => key)?.value.open) ?? ' ';
}

function commaOf(root: Collection | undefined): string {
  const second = root?.entries[1];
  return second && second.lead === '' && root?.start === '{' ? (onlySpace(second.indent) ?? ' ') : ' ';
}

/** The text when it is spaces and tabs only. */
export function onlySpace(text: string | undefined): string | undefined {
  return text !== undefined && /^[ \t]*$/.test(text) ? text : undefined;
}

const paddings = new WeakMap<DocumentTree, Padding>();

/** The space inside of the first brackets of each kind that have something in them, on one line. */
export function paddingOf(tree: DocumentTree): Padding {
  let padding = paddings.get(tree);
  if (!padding) {
    const found: Partial<Record<keyof Padding, string>> = {};
    for (const { value } of tree.documents) findPadding(value, found);
    padding = { ...noPadding, ...found };
    paddings.set(tree, padding);
  }
  return padding;
}

function findPadding(node: Node, found: Partial<Record<keyof Padding, string>>): void {
  if (node.kind === 'scalar' || (found.map !== undefined && found.list !== undefined)) return;
  const [first] = node.entries;
  const isOneLine = /^[[{]$/.test(node.start) && !node.close.includes('\n');
  const space = isOneLine ? onlySpace(first?.indent) : undefined;
  if (space !== undefined) found[node.kind] ??= space;
  for (const { value } of node.entries) findPadding(value, found);
}

/** Whether an entry of a flow collection begins on a line of its own. */
export function hasOwnLine({ entries, start }: Collection, index: number): boolean {
  const before = index === 0 ? start : entries[index - 1]?.post;
  return before?.endsWith('\n') === true || entries[index]?.lead !== '';
}
