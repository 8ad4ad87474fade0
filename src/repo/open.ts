import { relative, resolve as resolvePath, sep } from 'node:path';
import { ConfigError } from '../errors.js';
import { assembleStore, nodeFileSystem, openStore, type Store } from '../store/index.js';
import { add } from './add.js';
import { blame } from './blame.js';
import { createBranch, deleteBranch, listBranches, renameBranch } from './branch.js';
import { checkFiles } from './check.js';
import { checkMerge } from './check-merge.js';
import { commit } from './commit.js';
import { commitChanges } from './commit-changes.js';
import { listConflicts } from './conflicts.js';
import type { RepositoryContext } from './context.js';
import { diff } from './diff.js';
import { installDrivers, uninstallDrivers } from './drivers.js';
import { setKey, unsetKey } from './edit.js';
import { effectiveDiff } from './effective-diff.js';
import { explain } from './explain.js';
import { get } from './get.js';
import { identify } from './identity.js';
import { log } from './log.js';
import { fsck, gc } from './maintenance.js';
import { merge } from './merge.js';
import { abortMerge } from './merge-abort.js';
import { continueMerge } from './merge-continue.js';
import { mergeVersions } from './merge-versions.js';
import { pick } from './pick.js';
import type { FolderOptions, OpenOptions, Repository } from './repository.js';
import { protect } from './protect.js';
import { resolveConflict } from './resolve.js';
import { restore } from './restore.js';
import { rollback } from './rollback.js';
import { readSettings } from './settings.js';
import { show } from './show.js';
import { status } from './status.js';
import { switchBranch } from './switch.js';
import { deleteTag, tag, tags } from './tag.js';
import { validate } from './validate.js';
import { verify } from './verify.js';

/**
 * Opens the repository around a folder (searched upwards for `.git`), or one over stores of your own; a string is the folder. Paths
 * and addresses that its methods take are relative to that folder, paths in answers to the root of the worktree.
 * Throws E_NOT_A_REPOSITORY, E_UNSUPPORTED_REPOSITORY.
 */
export async function openRepository(options: OpenOptions | string): Promise<Repository> {
  const given: OpenOptions = typeof options === 'string' ? { dir: options } : options;
  const { env = process.env, now = (): Date => new Date() } = given;
  const place =
    'objects' in given ? { store: assembleStore(given), prefix: '' } : await openFolder(given, env);
  return repositoryOf({ ...place, env, now, settingsCache: new Map() });
}

async function openFolder(
  given: FolderOptions,
  env: RepositoryContext['env'],
): Promise<Pick<RepositoryContext, 'store' | 'prefix'>> {
  const dir = resolvePath(given.dir);
  const store = await openStore({ dir, env });
  return { store, prefix: prefixOf(store, dir) };
}

/** Where the opened folder is below the root; `''` when it is not below it (opened through `GIT_DIR`, or bare). */
function prefixOf(store: Store, dir: string): string {
  const root = store.worktree?.root;
  if (root === undefined) return '';
  try {
    const path = relative(nodeFileSystem.realpath(root), nodeFileSystem.realpath(dir));
    return path.startsWith('..') ? '' : path.split(sep).join('/');
  } catch (error) {
    throw new ConfigError('E_IO', `cannot open folder '${dir}'`, { cause: error });
  }
}

/** One method a verb; every verb is a function of the context in a file of its own. */
function repositoryOf(context: RepositoryContext): Repository {
  return {
    root: context.store.worktree?.root,
    store: context.store,
    settings: (revision) => readSettings(context, revision),
    identity: (author) => identify(context, author),
    status: () => status(context),
    add: (patterns) => add(context, patterns),
    restore: (patterns, options) => restore(context, patterns, options),
    commit: (options) => commit(context, options),
    commitChanges: (branch, changes, options) => commitChanges(context, { ...options, branch, changes }),
    check: (files, settings) => checkFiles(context, files, settings),
    log: (options) => log(context, options),
    show: (address) => show(context, address),
    diff: (options) => diff(context, options),
    branches: () => listBranches(context),
    createBranch: (name, start) => createBranch(context, name, start),
    deleteBranch: (name, options) => deleteBranch(context, name, options),
    renameBranch: (from, to) => renameBranch(context, from, to),
    switch: (branch, options) => switchBranch(context, branch, options),
    merge: (revision, options) => merge(context, revision, options),
    mergeAbort: () => abortMerge(context),
    mergeContinue: (options) => continueMerge(context, options),
    cherryPick: (revision, options) => pick(context, revision, { ...options, verb: 'cherry-pick' }),
    revert: (revision, options) => pick(context, revision, { ...options, verb: 'revert' }),
    conflicts: () => listConflicts(context),
    resolve: (address, resolution) => resolveConflict(context, address, resolution),
    mergeFile: (input) => mergeVersions(context, input),
    installDrivers: (options) => installDrivers(context, options),
    uninstallDrivers: () => uninstallDrivers(context),
    tag: (options) => tag(context, options),
    tags: (range) => tags(context, range),
    deleteTag: (version) => deleteTag(context, version),
    verify: (name, options) => verify(context, name, options),
    get: (address) => get(context, address),
    explain: (key, options) => explain(context, key, options),
    validate: (options) => validate(context, options),
    checkMerge: (branch, revision) => checkMerge(context, branch, revision),
    protect: (options) => protect(context, options),
    rollback: (revision, options) => rollback(context, revision, options),
    blame: (address, revision) => blame(context, address, revision),
    effectiveDiff: (options) => effectiveDiff(context, options),
    set: (address, value, { source } = {}) => setKey(context, address, { value, source }),
    unset: (address) => unsetKey(context, address),
    gc: () => gc(context),
    fsck: (options) => fsck(context, options),
  };
}
