import { formatKeyPath, isList, isMap, type ConfigValue, type KeyPath } from '../doc/index.js';
import type { Change } from '../diff/index.js';
import {
  readBlob,
  type Commit,
  type FileChange,
  type FileEntry,
  type Oid,
  type Store,
} from '../store/index.js';
import { changesBetween, keyChanges, readChange } from './compare.js';
import { treeOf } from './head.js';
import { concernsKey } from './key-glob.js';
import type { Limit } from './log-limits.js';
import { textOf } from './text.js';
import type { FoundChange } from './types.js';

/** A text that is looked for in values, and where. */
export interface ValueSearch {
  readonly text: string;
  /** None: everywhere. */
  readonly limits: readonly Limit[];
}

/**
 * The keys with which a text came into a value or went out of it; undefined where a commit did nothing of the kind. A merge did what none
 * of its parents had done.
 */
export async function valueChanges(
  store: Store,
  { tree, parents }: Commit,
  search: ValueSearch,
): Promise<readonly FoundChange[] | undefined> {
  let found: readonly FoundChange[] | undefined;
  for (const parent of parents.length === 0 ? [null] : parents) {
    const here = await changesIn(store, { before: await treeOf(store, parent), after: tree }, search);
    const keys = new Set(here.map(({ file, path }) => `${file}#${path}`));
    found = found === undefined ? here : found.filter(({ file, path }) => keys.has(`${file}#${path}`));
    if (found.length === 0) return undefined;
  }
  return found;
}

async function changesIn(
  store: Store,
  { before, after }: { readonly before: Oid | null; readonly after: Oid },
  search: ValueSearch,
): Promise<readonly FoundChange[]> {
  const found: FoundChange[] = [];
  for (const change of await changesBetween(store, before, after)) {
    const limits = search.limits.filter(({ path }) => isAt(change, path));
    if (search.limits.length > 0 && limits.length === 0) continue;
    if (!(await mayHold(store, change, search.text))) continue;
    for (const one of keyChanges(await readChange(store, change)) ?? [])
      if (isWanted(one, limits) && holds(one.before, search.text) !== holds(one.after, search.text))
        found.push(plain(change.path, one));
  }
  return found;
}

function isAt({ path, from }: FileChange, limit: string): boolean {
  return [path, from].some((one) => limit === '' || one === limit || one?.startsWith(`${limit}/`) === true);
}

/** Whether a change is of a key that is asked for, or of one above or below it. */
function isWanted(change: Change, limits: readonly Limit[]): boolean {
  if (limits.length === 0) return true;
  return limits.some(({ key, glob }) => {
    if (glob !== undefined) return concernsKey(glob, change);
    return key === undefined || isAlong(change.path, key);
  });
}

function isAlong(a: KeyPath, b: KeyPath): boolean {
  const length = Math.min(a.length, b.length);
  return formatKeyPath(a.slice(0, length)) === formatKeyPath(b.slice(0, length));
}

/** A text without spaces and signs stands in a file as it is, unless that has escapes: most files need not be parsed. */
async function mayHold(store: Store, { before, after }: FileChange, text: string): Promise<boolean> {
  if (!/^[\w./@-]+$/.test(text)) return true;
  for (const entry of [before, after])
    if (entry !== undefined && (await mentions(store, entry, text))) return true;
  return false;
}

async function mentions(store: Store, { mode, oid }: FileEntry, text: string): Promise<boolean> {
  if (mode === '160000') return false;
  const content = textOf(await readBlob(store, oid));
  return content !== undefined && (content.includes(text) || content.includes('\\'));
}

function holds(value: ConfigValue | undefined, text: string): boolean {
  if (value === undefined || value === null) return false;
  if (isList(value)) return value.some((item) => holds(item, text));
  if (isMap(value)) return Object.values(value).some((item) => holds(item, text));
  return String(value).includes(text);
}

function plain(file: string, { path, kind, before, after }: Change): FoundChange {
  return {
    file,
    path: formatKeyPath(path),
    kind,
    ...(before !== undefined && { before }),
    ...(after !== undefined && { after }),
  };
}
