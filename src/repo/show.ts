import { isConfigError } from '../errors.js';
import { parseAddress, type Address } from '../doc/index.js';
import { readVisibleCommit, resolveCommit, type Commit, type Oid, type Store } from '../store/index.js';
import { combinedChanges } from './combined.js';
import { commitInfo, readTagNames } from './commit-info.js';
import { changesBetween, fileDiff, readChange } from './compare.js';
import type { RepositoryContext } from './context.js';
import { get } from './get.js';
import { treeOf } from './head.js';
import { signatureOf } from './signatures.js';
import type { FileDiff, ShowAnswer } from './types.js';

/**
 * A commit with what it changed by key, of a merge what it has and none of its parents ({@link combinedChanges}); or, for `[REV:]FILE[#KEY]`, a value: of the key, of the whole file,
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

async function changesOf(store: Store, { parents, tree }: Commit): Promise<readonly FileDiff[]> {
  if (parents.length > 1) return combinedChanges(store, parents, tree);
  const changes: FileDiff[] = [];
  for (const change of await changesBetween(store, await treeOf(store, parents[0] ?? null), tree))
    changes.push(fileDiff(await readChange(store, change)));
  return changes;
}

async function showCommit(context: RepositoryContext, oid: Oid): Promise<ShowAnswer> {
  const { store } = context;
  const commit = await readVisibleCommit(store, oid);
  const changes = await changesOf(store, commit);
  const signature = await signatureOf(context, oid, 'commit');
  const info = commitInfo(oid, commit, await readTagNames(store));
  return { ...info, ...(signature && { signature }), changes };
}
