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

/** What tells the items of a list apart. */
export interface KeyFields {
  readonly names: readonly string[];
  /** Nobody named them: a field that has told the items apart so far, and need not. */
  readonly isGuess: boolean;
}

/**
 * The key fields of a list: those a rule names, the first candidate, or else the first word that every item has and no two share;
 * undefined when nothing tells all items apart.
 */
export function keyFieldsOf(lists: EntryLists, wanted?: readonly string[]): KeyFields | undefined {
  const isKey = (fields: readonly string[]): boolean =>
    [lists.base, lists.ours, lists.theirs].every((items) => areTold(items, fields));
  if (lists.ours.length + lists.theirs.length === 0) return undefined;
  const known = (wanted === undefined ? candidates : [wanted]).find(isKey);
  if (known !== undefined) return { names: known, isGuess: false };
  const isEvident = wanted === undefined && lists.base.length > 1;
  const own = isEvident ? wordFields(lists).find((name) => isKey([name])) : undefined;
  return own === undefined ? undefined : { names: [own], isGuess: true };
}

/** Fields that hold one word in every item. */
function wordFields({ base, ours, theirs }: EntryLists): readonly string[] {
  const [first, ...others] = [...ours, ...theirs, ...base].map(wordFieldsOf);
  return others.reduce((names, more) => names.filter((name) => more.includes(name)), first ?? []);
}

function wordFieldsOf({ value }: Entry): readonly string[] {
  if (value.kind !== 'map') return [];
  return value.entries.flatMap((entry) => (isWord(entry.value) ? [entry.key.name] : []));
}

function isWord(node: Node): boolean {
  return node.kind === 'scalar' && typeof node.value === 'string' && /^\S+$/.test(node.value);
}

const fieldNames: ReadonlySet<string> = new Set(candidates.flat());

/** Whether items of a list may be told apart by a field of that name. */
export function isKeyField(name: string): boolean {
  return fieldNames.has(name);
}

/** What each item of one list is told by, without a rule; undefined where no known field tells them all apart. */
export function itemIds(items: readonly Entry[]): readonly string[] | undefined {
  if (items[0]?.value.kind !== 'map') return undefined;
  const fields = candidates.find((names) => areTold(items, names));
  return fields && items.map((item) => `${fields.join(' ')} ${fieldId(item, fields) ?? ''}`);
}

export function areTold(items: readonly Entry[], fields: readonly string[]): boolean {
  return areUnique(items.map((item) => fieldId(item, fields)));
}

function areUnique(ids: readonly (string | undefined)[]): boolean {
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

/** `NAME=value`, as in environments, and `name>=1.0`, as in requirements. */
const named = /^((?:-\w )?[\w./:+-]+(?:\[[\w.,-]+\])?)\s*(?:[=<>~!]=|[=<>]|\s@\s|@(?=[\^~\d]))/;

/** What an item is known by: a text by the name in front of it, a map of one key by that key when there is a collection behind it. */
function nameOf({ value }: Entry): string | undefined {
  if (value.kind === 'map' && value.entries.length === 1)
    return isTitled(value) ? `${value.entries[0]?.key.id ?? ''}:` : semanticKey(value);
  if (value.kind !== 'scalar') return undefined;
  if (typeof value.value !== 'string') return semanticKey(value);
  return named.exec(value.value)?.[1] ?? value.value;
}

function isTitled(node: Node): boolean {
  return node.kind === 'map' && node.entries.length === 1 && node.entries[0]?.value.kind !== 'scalar';
}

/** Whether there is more to an item than its name. */
function hasName({ value }: Entry): boolean {
  return value.kind === 'scalar' ? named.test(String(value.value)) : isTitled(value);
}

function nameId(item: Entry): string {
  return nameOf(item) ?? '';
}

/** Items by their names; undefined where some have none, two the same, or none has more than that. */
export function nameIdentity(lists: EntryLists, pathOf: Identity['pathOf']): Identity | undefined {
  const all = [lists.base, lists.ours, lists.theirs];
  const areNamed = all.flat().some(hasName) && all.every((items) => areUnique(items.map(nameOf)));
  return areNamed ? { idOf: nameId, pathOf, sortKey: nameId } : undefined;
}

/** Whether one side put in a collection that the other one has not: its place among those of the other side is for somebody to say. */
export function addsCollection({ base, ours, theirs }: EntryLists): boolean {
  const names = [base, ours, theirs].map((items) => new Set(items.map(nameOf)));
  return [...ours, ...theirs].some(
    (item) => item.value.kind !== 'scalar' && names.filter((known) => known.has(nameOf(item))).length < 2,
  );
}

/** Whether both sides put in one name with two values: an item of a set no more. */
export function hasRivals({ base, ours, theirs }: EntryLists): boolean {
  const fresh = (side: readonly Entry[], other: readonly Entry[]): readonly Entry[] => {
    const known = new Set([...base, ...other].map(({ value }) => semanticKey(value)));
    return side.filter(({ value }) => !known.has(semanticKey(value)));
  };
  const names = new Set(fresh(ours, theirs).map(nameOf));
  return fresh(theirs, ours).some((item) => names.has(nameOf(item)));
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
