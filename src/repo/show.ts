import { isConfigError } from '../errors.js';
import { formatOf, parseAddress, type Address, type ConfigValue } from '../doc/index.js';
import { findFile, readCommit, resolveCommit, type Oid, type Store } from '../store/index.js';
import { commitInfo, readTagNames } from './commit-info.js';
import { changesBetween, fileDiff, readChange } from './compare.js';
import { fromRoot, type RepositoryContext } from './context.js';
import { get } from './get.js';
import { treeOf } from './head.js';
import { textOf } from './text.js';
import type { FileDiff, ShowAnswer } from './types.js';

/**
 * A commit with what it changed by key against its first parent; or, for `[REV:]FILE[#KEY]`, a value: of the key, of the whole file,
 * or the text of a file that is no configuration. A word that is both a revision and a file is the revision.
 * Throws E_REVISION_NOT_FOUND, E_FILE_NOT_FOUND, E_KEY_NOT_FOUND, E_INVALID, E_BAD_PATH.
 */
export async function show(context: RepositoryContext, address: string): Promise<ShowAnswer> {
  const parsed = parsedAddress(address);
  if (parsed?.revision !== undefined || parsed?.path !== undefined)
    return { value: await valueOfAddress(context, address, parsed) };
  const commit = await resolved(context.store, address);
  if (typeof commit === 'string') return showCommit(context, commit);
  if (parsed === undefined) throw commit.failure;
  try {
    return { value: await valueOfAddress(context, address, parsed) };
  } catch (error) {
    throw isConfigError(error, 'E_FILE_NOT_FOUND') ? commit.failure : error;
  }
}

/** Undefined for what can only be a revision, as `:/fix`. */
function parsedAddress(text: string): Address | undefined {
  try {
    return parseAddress(text);
  } catch (error) {
    if (isConfigError(error, 'E_BAD_PATH') && !text.includes('#')) return undefined;
    throw error;
  }
}

/** The commit that a text names, or why it names none. */
async function resolved(store: Store, text: string): Promise<Oid | { readonly failure: unknown }> {
  try {
    return await resolveCommit(store, text);
  } catch (failure) {
    if (isConfigError(failure, 'E_REVISION_NOT_FOUND', 'E_BAD_REF_NAME', 'E_USAGE')) return { failure };
    throw failure;
  }
}

async function showCommit(context: RepositoryContext, oid: Oid): Promise<ShowAnswer> {
  const { store } = context;
  const commit = await readCommit(store, oid);
  const before = await treeOf(store, commit.parents[0] ?? null);
  const changes: FileDiff[] = [];
  for (const change of await changesBetween(store, before, commit.tree))
    changes.push(fileDiff(await readChange(store, change)));
  return { ...commitInfo(oid, commit, await readTagNames(store)), changes };
}

async function valueOfAddress(
  context: RepositoryContext,
  text: string,
  address: Address,
): Promise<ConfigValue> {
  const plain = address.path === undefined && formatOf(address.file) === undefined;
  const content = plain ? await contentOf(context, address) : undefined;
  return (content && textOf(content)) ?? (await get(context, text)).value;
}

/** The bytes of a file, in the worktree or at a revision; undefined when it is not there. */
async function contentOf(
  context: RepositoryContext,
  { revision, file }: Address,
): Promise<Uint8Array | undefined> {
  const { store } = context;
  if (revision === undefined) return (await store.worktree?.read(fromRoot(context, file)))?.data;
  const tree = await treeOf(store, await resolveCommit(store, revision));
  const entry = tree === null ? undefined : await findFile(store, tree, file);
  if (entry === undefined || entry.mode === '160000') return undefined;
  return (await store.objects.read(entry.oid)).data;
}
