import { closest, ConfigError, shellWord } from '../errors.js';
import {
  addressOf,
  formatAddress,
  formatKeyPath,
  formatOf,
  getValue,
  hasPath,
  leaves,
  locate,
  locateScalar,
  maxDocumentBytes,
  parseAddress,
  valueOf,
  type ConfigDocument,
  type KeyPath,
} from '../doc/index.js';
import { findFile, readBlob, resolveCommit, type RepoPath } from '../store/index.js';
import { asTyped, fileOf, type RepositoryContext } from './context.js';
import { documentOf } from './documents.js';
import { readHead, treeOf } from './head.js';
import { list } from './index-changes.js';
import { decodeText } from './text.js';
import type { GetAnswer } from './types.js';

/**
 * The value at `[REV:]FILE[#KEY]`, and where it stands; without a key the whole document, or the text of a file that is none. Without
 * a revision the file is that of the worktree (of HEAD in a bare repository), relative to the opened folder; with one it is
 * relative to the root, unless it begins with `./` or `../`. Throws E_FILE_NOT_FOUND, E_KEY_NOT_FOUND, E_INVALID, E_REVISION_NOT_FOUND, E_BAD_PATH.
 */
export async function get(context: RepositoryContext, address: string): Promise<GetAnswer> {
  const parts = parseAddress(address);
  const { path: key = [], revision } = parts;
  const file = fileOf(context, parts);
  const data = await readFile(context, file, revision);
  const source = { ...(revision !== undefined && { revision }), file, line: 1, column: 1 };
  if (formatOf(file) === undefined && key.length === 0) return { value: decodeText(data, file), source };
  const document = parsed(file, data);
  if (key.length === 0) return { value: valueOf(document), source };
  requireKey(document, { file, revision, named: asTyped(context, file, revision) }, key);
  let placed: GetAnswer['source'] | undefined;
  return {
    value: getValue(document, key) ?? null,
    // Not before it is asked for: a plain document has a value without being parsed as a whole, but no places.
    get source() {
      return (placed ??= { ...source, ...placeOf(document, key) });
    },
  };
}

function placeOf(document: ConfigDocument, key: KeyPath): Pick<GetAnswer['source'], 'line' | 'column'> {
  const range = locateScalar(document, key) ?? locate(document, key, 'value') ?? locate(document, key);
  return { line: range?.start.line ?? 1, column: range?.start.column ?? 1 };
}

/** The content of a file in the worktree or at a revision. Throws E_FILE_NOT_FOUND, E_LIMIT, E_BAD_PATH (a symbolic link that is named as configuration). */
export async function readFile(
  context: RepositoryContext,
  file: RepoPath,
  revision: string | undefined,
): Promise<Uint8Array> {
  const { store } = context;
  if (revision === undefined && store.worktree !== undefined) {
    const found = await store.worktree.read(file, mostBytes(file));
    if (found === undefined) throw await noFile(context, file);
    refuseLink(file, found.mode);
    return found.data;
  }
  const commit =
    revision === undefined ? (await readHead(store)).commit : await resolveCommit(store, revision);
  const tree = await treeOf(store, commit);
  const entry = tree === null ? undefined : await findFile(store, tree, file);
  if (entry === undefined || entry.mode === '160000')
    throw noFileAt(file, { revision, named: asTyped(context, file) });
  refuseLink(file, entry.mode);
  return readBlob(store, entry.oid);
}

/** Of a document more could not be read by key; a file that is none is as large as it likes. */
function mostBytes(file: RepoPath): number | undefined {
  return formatOf(file) === undefined ? undefined : maxDocumentBytes;
}

/** What a link says is the path that it points at, which would be read as a text of YAML. */
function refuseLink(file: RepoPath, mode: string): void {
  if (mode !== '120000' || formatOf(file) === undefined) return;
  throw new ConfigError('E_BAD_PATH', `'${file}' is a symbolic link`, {
    hint: 'name the file that it points at',
    details: { file },
  });
}

/** A file as a document of keys. Throws E_INVALID. */
export function parsed(file: RepoPath, data: Uint8Array): ConfigDocument {
  if (formatOf(file) !== undefined) decodeText(data, file);
  const document = documentOf(file, data);
  if (document === undefined)
    throw new ConfigError('E_INVALID', `'${file}' has no keys: it is not a YAML, JSON or INI file`, {
      hint: `the whole text: cfg get ${shellWord(addressOf(file, ''))}`,
      details: { file },
    });
  valueOf(document); // throws with file, line and column when it does not parse
  return document;
}

/** {@link parsed}, for a file that keys are set in: JSON without a value yet is none, but can be filled. Throws E_INVALID. */
export function parsedToSet(file: RepoPath, data: Uint8Array): ConfigDocument {
  const document = documentOf(file, data);
  return document !== undefined && isUnfilled(document) ? document : parsed(file, data);
}

function isUnfilled(document: ConfigDocument): boolean {
  if (document.format !== 'json') return false;
  const value = document.tree?.documents[0]?.value;
  if (value?.kind !== 'scalar' || value.style !== 'empty') return false;
  return document.diagnostics.filter(({ severity }) => severity === 'error').length === 1;
}

/** A file that keys are looked up in. */
interface Looked {
  readonly file: RepoPath;
  readonly revision?: string | undefined;
  /** The file as the user types it. Default: from the root. */
  readonly named?: string;
}

/** Throws E_KEY_NOT_FOUND with the closest key that is there, in the revision that was asked for. */
export function requireKey(
  document: ConfigDocument,
  { file, revision, named = file }: Looked,
  key: KeyPath,
): void {
  if (hasPath(document, key)) return;
  const path = formatKeyPath(key);
  const similar = closest(path, keysOf(document));
  const place = formatAddress({ file: named, ...(revision !== undefined && { revision }) });
  throw new ConfigError('E_KEY_NOT_FOUND', `no key '${path}' in '${file}'`, {
    hint:
      similar === undefined ? `see what is there: cfg get ${place}` : `did you mean '${place}#${similar}'?`,
    details: { file, path },
  });
}

/** Every value of a document, and every map and list that holds some. */
function keysOf(document: ConfigDocument): ReadonlySet<string> {
  const paths = new Set<string>();
  for (const { path } of leaves(document))
    for (let length = path.length; length > 0; length -= 1) paths.add(formatKeyPath(path.slice(0, length)));
  return paths;
}

/** For a file that is not in the worktree: with the closest of those that are tracked, or how to name a key of a stack. */
export async function noFile(context: RepositoryContext, file: RepoPath): Promise<ConfigError> {
  const tracked = (await context.store.index?.read())?.entries.map(({ path }) => path) ?? [];
  const similar = tracked.find((path) => path.startsWith(`${file}#`)) ?? closest(file, tracked);
  const looksLikeKey = formatOf(file) === undefined && !file.includes('/');
  const other = looksLikeKey
    ? `a key of a file: cfg get ${shellWord(`FILE#${file}`)}; of a stack: cfg get ${shellWord(file)} --stack NAME`
    : presentFiles(tracked, file);
  return new ConfigError('E_FILE_NOT_FOUND', `no file '${file}'`, {
    hint: similar === undefined ? other : `did you mean '${addressOf(asTyped(context, similar), '')}'?`,
    details: { file },
  });
}

/** What there is instead: the files of the same folder, or of all. */
function presentFiles(tracked: readonly RepoPath[], file: RepoPath): string {
  const folder = file.slice(0, file.lastIndexOf('/') + 1);
  const beside = tracked.filter((path) => path.startsWith(folder));
  const present = beside.length === 0 ? tracked : beside;
  return present.length === 0 ? 'see what there is: cfg status' : `there are ${list(present)}`;
}

/** For a file that is not in a commit. */
export function noFileAt(file: RepoPath, { revision, named = file }: Omit<Looked, 'file'> = {}): ConfigError {
  const where = revision === undefined ? '' : ` at '${revision}'`;
  return new ConfigError('E_FILE_NOT_FOUND', `no file '${file}'${where}`, {
    hint: `see when it changed: cfg log -- ${shellWord(addressOf(named, ''))}`,
    details: { file },
  });
}
