import { isConfigError } from '../errors.js';
import { parseAddress, type Address } from '../doc/index.js';
import { readCommit, resolveCommit, type Oid, type Store } from '../store/index.js';
import { commitInfo, readTagNames } from './commit-info.js';
import { changesBetween, fileDiff, readChange } from './compare.js';
import type { RepositoryContext } from './context.js';
import { get } from './get.js';
import { treeOf } from './head.js';
import { signatureOf } from './signatures.js';
import type { FileDiff, ShowAnswer } from './types.js';

/**
 * A commit with what it changed by key against its first parent; or, for `[REV:]FILE[#KEY]`, a value: of the key, of the whole file,
 * or the text of a file that is no configuration. A word that is both a revision and a file is the revision.
 * Throws E_REVISION_NOT_FOUND, E_FILE_NOT_FOUND, E_KEY_NOT_FOUND, E_INVALID, E_BAD_PATH.
 */
export async function show(context: RepositoryContext, address: string): Promise<ShowAnswer> {
  const parsed = parsedAddress(address);
  if (parsed?.revision !== undefined || parsed?.path !== undefined)
    return { value: (await get(context, address)).value };
  const commit = await resolved(context.store, address);
  if (typeof commit === 'string') return showCommit(context, commit);
  if (parsed === undefined) throw commit.failure;
  try {
    return { value: (await get(context, address)).value };
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
  const signature = await signatureOf(context, oid, 'commit');
  const info = commitInfo(oid, commit, await readTagNames(store));
  return { ...info, ...(signature && { signature }), changes };
}
