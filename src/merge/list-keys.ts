/** What tells the items of a list apart. */
import type { Entry, KeySegment, Node } from '../doc/index.js';
import { semanticKey } from '../doc/index.js';
import type { EntryTriple } from './entry.js';
import type { EntryLists, Identity } from './identity.js';

/**
 * Fields that identify an item, the first that every item of all versions has wins. The list follows what Kubernetes' `listMapKeys`,
 * CI files and package lists use; a field that only some items have is never taken.
 */
const candidates: readonly (readonly string[])[] = [
  ['name'],
  ['id'],
  ['key'],
  ['containerPort', 'protocol'],
  ['containerPort'],
  ['port', 'protocol'],
  ['mountPath'],
  ['path'],
  ['uid'],
  ['slug'],
  ['code'],
  ['title'],
  ['url'],
  ['repo'],
  ['job_name'],
  ['alert'],
  ['record'],
  ['host'],
  ['port'],
  ['type'],
];

/** The key fields of a list: those a rule names, or the first candidate; undefined when they do not tell all items apart. */
export function keyFieldsOf(lists: EntryLists, wanted?: readonly string[]): readonly string[] | undefined {
  const isKey = (fields: readonly string[]): boolean =>
    [lists.base, lists.ours, lists.theirs].every((items) => areTold(items, fields));
  if (lists.ours.length + lists.theirs.length === 0) return undefined;
  return (wanted === undefined ? candidates : [wanted]).find(isKey);
}

export function areTold(items: readonly Entry[], fields: readonly string[]): boolean {
  const ids = items.map((item) => fieldId(item, fields));
  return ids.every((id) => id !== undefined) && new Set(ids).size === ids.length;
}

export function keyIdentity(fields: readonly string[], pathOf: Identity['pathOf']): Identity {
  return {
    idOf: (entry) => fieldId(entry, fields) ?? '',
    pathOf: (triple) => [...pathOf(triple), segmentOf(triple, fields)],
    sortKey: (entry) => fields.map((field) => fieldText(entry, field) ?? '').join('\n'),
  };
}

function segmentOf({ base, ours, theirs }: EntryTriple, fields: readonly string[]): KeySegment {
  const item = ours ?? theirs ?? base;
  return Object.fromEntries(
    fields.map((field) => [field, item === undefined ? '' : (fieldText(item, field) ?? '')]),
  );
}

function fieldId(item: Entry, fields: readonly string[]): string | undefined {
  const values = fields.map((field) => fieldNode(item, field));
  if (values.some((value) => value === undefined)) return undefined;
  return values.map((value) => (value === undefined ? '' : semanticKey(value))).join('\n');
}

function fieldText(item: Entry, field: string): string | undefined {
  const node = fieldNode(item, field);
  return node?.kind === 'scalar' ? String(node.value) : undefined;
}

function fieldNode({ value }: Entry, field: string): Node | undefined {
  if (value.kind !== 'map') return undefined;
  const node = value.entries.find(({ key }) => key.name === field)?.value;
  return node?.kind === 'scalar' ? node : undefined;
}

/** Whether all items are scalars, each of them once. */
export function isSetLike(items: readonly Entry[]): boolean {
  return (
    items.every(({ value }) => value.kind === 'scalar') &&
    new Set(items.map(({ value }) => semanticKey(value))).size === items.length
  );
}

export function setIdentity(pathOf: Identity['pathOf']): Identity {
  return {
    idOf: ({ value }) => semanticKey(value),
    pathOf,
    sortKey: ({ value }) => (value.kind === 'scalar' ? String(value.value) : ''),
  };
}

/** Whether both sides took the same item away, and each put something of its own there. */
export function isReplaced({ base, ours, theirs }: EntryLists, idOf: (entry: Entry) => string): boolean {
  const [mine, others, before] = [
    new Set(ours.map(idOf)),
    new Set(theirs.map(idOf)),
    new Set(base.map(idOf)),
  ];
  const hasNew = (side: ReadonlySet<string>, other: ReadonlySet<string>): boolean =>
    [...side].some((id) => !before.has(id) && !other.has(id));
  return (
    [...before].some((id) => !mine.has(id) && !others.has(id)) && hasNew(mine, others) && hasNew(others, mine)
  );
}
