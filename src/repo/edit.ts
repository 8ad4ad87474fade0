import { ConfigError, shellWord } from '../errors.js';
import {
  formatKeyPath,
  formatOf,
  getValue,
  hasPieces,
  maxDocumentBytes,
  parseAddress,
  parseDocument,
  setValue,
  unsetValue,
  type ConfigDocument,
  type ConfigValue,
  type KeyPath,
} from '../doc/index.js';
import { findFile, readBlob, type RepoPath } from '../store/index.js';
import { asTyped, checkedOut, fromRoot, type RepositoryContext } from './context.js';
import { documentOf, isFile, versionOf } from './documents.js';
import { noFile, parsedToSet, requireKey } from './get.js';
import { readHead, treeOf } from './head.js';
import { encodeText } from './text.js';
import type { EditAnswer } from './types.js';

/**
 * Sets a key of a file in the worktree, changing no other byte; a file that is not there yet is created with just that key.
 * Throws E_INVALID, E_FILE_NOT_FOUND, E_BAD_PATH, E_USAGE.
 */
export async function setKey(
  context: RepositoryContext,
  address: string,
  { value, source }: SetKey,
): Promise<EditAnswer> {
  const { file, path } = editable(context, address, 'set FILE#KEY VALUE');
  const before = await readDocument(context, file);
  const document = before ?? parseDocument('', { path: file });
  const like = before && (await committed(context, file, before));
  const after = setValue(document, path, value, {
    ...(source !== undefined && { source }),
    ...(like?.valid && { like }),
  });
  return write(context, { file, path, before, after });
}

interface SetKey {
  readonly value: ConfigValue;
  /** The value as somebody typed it; kept like that where the format reads the same (`1.10`, `0x1F`). */
  readonly source: string | undefined;
}

/** The file as HEAD has it: a value set back to what was committed gets the layout that it had there. */
async function committed(
  { store }: RepositoryContext,
  file: RepoPath,
  present: ConfigDocument,
): Promise<ConfigDocument | undefined> {
  const tree = await treeOf(store, (await readHead(store)).commit);
  const entry = tree === null ? undefined : await findFile(store, tree, file);
  if (entry === undefined || !isFile(entry)) return undefined;
  const data = await readBlob(store, entry.oid);
  return hasPieces(present) ? versionOf(file, data, present) : documentOf(file, data);
}

/** Removes a key of a file in the worktree. Throws E_KEY_NOT_FOUND, E_FILE_NOT_FOUND, E_INVALID, E_BAD_PATH, E_USAGE. */
export async function unsetKey(context: RepositoryContext, address: string): Promise<EditAnswer> {
  const { file, path } = editable(context, address, 'unset FILE#KEY');
  const before = await readDocument(context, file);
  if (before === undefined) throw await noFile(context, file);
  requireKey(before, { file, named: asTyped(context, file) }, path);
  return write(context, { file, path, before, after: unsetValue(before, path) });
}

/** The file and key of an address that can be edited: in the worktree, with a key, in a format that has keys. */
function editable(
  context: RepositoryContext,
  address: string,
  usage: string,
): { readonly file: RepoPath; readonly path: KeyPath } {
  const { file: typed, path = [], revision } = parseAddress(address);
  if (revision !== undefined)
    throw new ConfigError('E_USAGE', `'${address}' is at a revision: history is not edited`, {
      hint: `edit the file of the worktree, then commit: cfg ${usage}`,
    });
  if (path.length === 0)
    throw new ConfigError('E_USAGE', `'${address}' names no key`, {
      hint: `cfg ${usage.replace('FILE', () => shellWord(typed))}`,
    });
  const file = fromRoot(context, typed);
  if (formatOf(file) === undefined)
    throw new ConfigError('E_USAGE', `'${file}' has no keys: it is not a YAML, JSON or INI file`, {
      hint: 'edit it with an editor',
    });
  return { file, path };
}

async function readDocument(context: RepositoryContext, file: RepoPath): Promise<ConfigDocument | undefined> {
  const found = await checkedOut(context, 'edit a file').worktree.read(file, maxDocumentBytes);
  if (found?.mode === '120000')
    throw new ConfigError('E_BAD_PATH', `'${file}' is a symbolic link`, {
      hint: 'edit the file that it points at',
    });
  return found && parsedToSet(file, found.data);
}

interface Edit {
  readonly file: RepoPath;
  readonly path: KeyPath;
  /** Absent: the file is new. */
  readonly before: ConfigDocument | undefined;
  readonly after: ConfigDocument;
}

async function write(context: RepositoryContext, { file, path, before, after }: Edit): Promise<EditAnswer> {
  const old = before?.valid === true ? getValue(before, path) : undefined;
  const now = getValue(after, path);
  if (after.text !== before?.text)
    await checkedOut(context, 'edit a file').worktree.write(file, encodeText(after.text));
  return {
    file,
    path: formatKeyPath(path),
    ...(old !== undefined && { before: old }),
    ...(now !== undefined && { after: now }),
  };
}
