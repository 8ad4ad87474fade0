import { ConfigError } from '../errors.js';
import {
  formatOf,
  parseDocument,
  parseKeyPath,
  setValue,
  unsetValue,
  type ConfigDocument,
} from '../doc/index.js';
import { findFile, readBlob, type FileEntry, type Oid, type RepoPath, type Store } from '../store/index.js';
import { noFileAt, parsedToSet, requireKey } from './get.js';
import type { TreePatch } from './index-changes.js';
import type { Change } from './repository.js';
import { encodeText } from './text.js';
import { writeBlob } from './write-commit.js';

export type Edit = Extract<Change, { readonly set?: unknown }>;

/**
 * What some changes make of a tree, in the order given; new blobs go to `store`. Throws E_FILE_NOT_FOUND, E_KEY_NOT_FOUND, E_INVALID,
 * E_BAD_PATH, E_USAGE.
 */
export async function applyChanges(
  store: Store,
  tree: Oid | null,
  changes: readonly Change[],
): Promise<readonly TreePatch[]> {
  const patched = new Map<RepoPath, FileEntry | null>();
  for (const change of changes) {
    const { path } = change;
    const known = patched.get(path);
    const before = known !== undefined || tree === null ? known : await findFile(store, tree, path);
    patched.set(path, await entryAfter(store, change, before ?? undefined));
  }
  return [...patched].map(([path, entry]) => ({ path, entry }));
}

async function entryAfter(
  store: Store,
  change: Change,
  before: FileEntry | undefined,
): Promise<FileEntry | null> {
  const { path } = change;
  requireOneVerb(change);
  if ('delete' in change) {
    if (before === undefined) throw noFileAt(path);
    return null;
  }
  const executable = before?.mode === '100755' ? '100755' : '100644';
  if ('content' in change) {
    const data = typeof change.content === 'string' ? encodeText(change.content) : change.content;
    return { path, mode: change.mode ?? executable, oid: await writeBlob(store, data) };
  }
  const document = edited(await documentAt(store, path, before), change);
  return { path, mode: executable, oid: await writeBlob(store, encodeText(document.text)) };
}

/** Throws E_USAGE for what no type kept from coming here: a change that says nothing, two things, or `delete: false`. */
export function requireOneVerb(change: Change): void {
  const said: Readonly<Partial<Record<string, unknown>>> = { ...change };
  const { content } = said;
  const verbs = [
    'content' in said && (typeof content === 'string' || content instanceof Uint8Array),
    'set' in said || 'unset' in said,
    said['delete'] === true,
  ];
  const named = ['content', 'delete'].filter((verb) => verb in said).length + (verbs[1] === true ? 1 : 0);
  if (named === 1 && verbs.includes(true)) return;
  throw new ConfigError(
    'E_USAGE',
    `a change of '${change.path}' says ${named > 1 ? 'more than one thing' : 'nothing'}`,
    {
      hint: 'give one of content (a text or bytes), set with unset, and delete: true',
      details: { path: change.path },
    },
  );
}

async function documentAt(
  store: Store,
  path: RepoPath,
  entry: FileEntry | undefined,
): Promise<ConfigDocument> {
  if (formatOf(path) === undefined)
    throw new ConfigError('E_USAGE', `'${path}' has no keys: it is not a YAML, JSON or INI file`, {
      hint: 'give its whole content',
    });
  if (entry === undefined) return parseDocument('', { path });
  if (entry.mode !== '100644' && entry.mode !== '100755')
    throw new ConfigError('E_BAD_PATH', `'${path}' is no file`, { hint: 'edit the file that it points at' });
  return parsedToSet(path, await readBlob(store, entry.oid));
}

/** The document with keys set, then keys removed. Throws E_KEY_NOT_FOUND, E_BAD_PATH, E_INVALID. */
export function edited(document: ConfigDocument, { path, set = {}, unset = [] }: Edit): ConfigDocument {
  let result = document;
  for (const [key, value] of Object.entries(set)) result = setValue(result, parseKeyPath(key), value);
  for (const key of unset) {
    const keyPath = parseKeyPath(key);
    requireKey(result, { file: path }, keyPath);
    result = unsetValue(result, keyPath);
  }
  return result;
}
