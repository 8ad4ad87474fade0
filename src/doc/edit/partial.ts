/** A collection set as a whole, taken apart into what really changes, so that all the rest stays as it is written. */
import { equalValues, isList, isMap, ownValue } from '../equal.js';
import { lookup } from '../lookup.js';
import { rawOf, rawValue } from '../raw.js';
import type { Entry, ListNode, MapNode } from '../tree.js';
import type { ConfigObject, ConfigValue, KeyPath } from '../types.js';
import { isMergeKey, treeValue } from '../value.js';
import type { Editable } from './editable.js';
import type { Target } from './target.js';

/** One key to set, or to unset when there is no value. */
export interface PartialChange {
  readonly path: KeyPath;
  readonly value: ConfigValue | undefined;
}

/** Each change reads the whole file again; beyond this many the collection is written anew. */
const maxChanges = 32;

/**
 * The changes that make the collection at a target a value, in the order in which they are to be made; `undefined` when it is better written anew:
 * nothing would stay, a list changes its length other than at its end, or keys are not plain strings.
 */
export function partialChanges(
  edit: Editable,
  target: Target,
  value: ConfigValue,
): PartialChange[] | undefined {
  const { node } = target;
  const several = edit.tree.documents.length > 1;
  const names = target.steps.map(({ entry, index }) => entry.key?.name ?? index);
  const context = { edit, path: several ? [target.documentIndex, ...names] : names };
  let changes: PartialChange[] | undefined;
  if (node.kind === 'map' && isMap(value)) changes = mapChanges(node, value, context);
  if (node.kind === 'list' && isList(value)) changes = listChanges(node, value, context);
  return changes && changes.length <= maxChanges ? changes : undefined;
}

interface Context {
  readonly edit: Editable;
  readonly path: KeyPath;
}

function mapChanges(
  { entries }: MapNode,
  value: ConfigObject,
  { edit, path }: Context,
): PartialChange[] | undefined {
  const isPlain = entries.every((entry) => {
    const { key } = entry;
    return key.id === `=${key.name}` && key.occurrence === 1 && !isMergeKey(entry);
  });
  const old = new Map(entries.map((entry) => [entry.key.name, entry]));
  const kept = Object.keys(value).filter((name) => old.has(name));
  if (!isPlain || kept.length === 0) return undefined;
  const set = Object.entries(value).flatMap(([name, item]): PartialChange[] => {
    const entry = old.get(name);
    return entry && isSame(entry, item, { edit, path: [...path, name] })
      ? []
      : [{ path: [...path, name], value: item }];
  });
  const gone = [...old.keys()].filter((name) => ownValue(value, name) === undefined);
  return [...set, ...gone.map((name) => ({ path: [...path, name], value: undefined }))];
}

function listChanges(
  { entries }: ListNode,
  value: readonly ConfigValue[],
  { edit, path }: Context,
): PartialChange[] | undefined {
  if (entries.length === 0 || value.length < entries.length) return undefined;
  const changes = value.flatMap((item, index): PartialChange[] => {
    const entry = entries[index];
    const at = [...path, index];
    return entry && isSame(entry, item, { edit, path: at }) ? [] : [{ path: at, value: item }];
  });
  const isGrown = value.length > entries.length;
  const changesOld = changes.length > value.length - entries.length;
  return (isGrown && changesOld) || changes.length === value.length ? undefined : changes;
}

/** Whether an entry has a value already, as it is written or through an alias. */
function isSame({ value: node }: Entry, value: ConfigValue, { edit, path }: Context): boolean {
  if (equalValues(rawValue(node), rawOf(value))) return true;
  const current = edit.doc.valid ? lookup(treeValue(edit.tree), path) : undefined;
  return current !== undefined && equalValues(current, value);
}
