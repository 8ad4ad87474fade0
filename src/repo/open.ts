import { relative, resolve as resolvePath, sep } from 'node:path';
import { ConfigError } from '../errors.js';
import { assembleStore, nodeFileSystem, openStore, type Store } from '../store/index.js';
import type { RepositoryContext } from './context.js';
import { identify } from './identity.js';
import { withRecording } from './operations/recorded.js';
import type { FolderOptions, OpenOptions, Repository } from './repository.js';

/** What `openRepository` of standalone.ts does. */
export async function openRepository(options: OpenOptions | string): Promise<Repository> {
  const given: OpenOptions = typeof options === 'string' ? { dir: options } : options;
  const { env = process.env, now = (): Date => new Date() } = given;
  const place =
    'objects' in given ? { store: assembleStore(given), prefix: '' } : await openFolder(given, env);
  return withRecording({ ...place, env, now, settingsCache: new Map() }, repositoryOf);
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

/** One method a verb; every verb is a function of the context in a file of its own, which is loaded when it is first asked for. */
function repositoryOf(context: RepositoryContext): Repository {
  return {
    root: context.store.worktree?.root,
    store: context.store,
    settings: async (revision) => (await import('./settings.js')).readSettings(context, revision),
    identity: (author) => identify(context, author),
    status: async () => (await import('./status.js')).status(context),
    add: async (patterns) => (await import('./add.js')).add(context, patterns),
    restore: async (patterns, options) => (await import('./restore.js')).restore(context, patterns, options),
    commit: async (options) => (await import('./commit.js')).commit(context, options),
    commitChanges: async (branch, changes, options) =>
      (await import('./commit-changes.js')).commitChanges(context, { ...options, branch, changes }),
    batch: async (branch, commits, options) =>
      (await import('./batch.js')).batch(context, { ...options, branch, commits }),
    check: async (files, settings) => (await import('./check.js')).checkFiles(context, files, settings),
    log: async (options) => (await import('./log.js')).log(context, options),
    show: async (address) => (await import('./show.js')).show(context, address),
    diff: async (options) => (await import('./diff.js')).diff(context, options),
    branches: async () => (await import('./branch.js')).listBranches(context),
    createBranch: async (name, start) => (await import('./branch.js')).createBranch(context, name, start),
    deleteBranch: async (name, options) => (await import('./branch.js')).deleteBranch(context, name, options),
    renameBranch: async (from, to) => (await import('./branch.js')).renameBranch(context, from, to),
    switch: async (branch, options) => (await import('./switch.js')).switchBranch(context, branch, options),
    merge: async (revision, options) => (await import('./merge.js')).merge(context, revision, options),
    waiting: async () => (await import('./merge-state.js')).readWaiting(context),
    mergeAbort: async () => (await import('./merge-abort.js')).abortMerge(context),
    mergeContinue: async (options) => (await import('./merge-continue.js')).continueMerge(context, options),
    cherryPick: async (revision, options) =>
      (await import('./pick.js')).pick(context, revision, { ...options, verb: 'cherry-pick' }),
    revert: async (revision, options) =>
      (await import('./pick.js')).pick(context, revision, { ...options, verb: 'revert' }),
    conflicts: async () => (await import('./conflicts.js')).listConflicts(context),
    resolve: async (address, resolution) =>
      (await import('./resolve.js')).resolveConflict(context, address, resolution),
    mergeFile: async (input) => (await import('./merge-versions.js')).mergeVersions(context, input),
    installDrivers: async (options) => (await import('./drivers.js')).installDrivers(context, options),
    uninstallDrivers: async () => (await import('./drivers.js')).uninstallDrivers(context),
    installServerHook: async (options) =>
      (await import('./server-hook.js')).installServerHook(context, options),
    uninstallServerHook: async () => (await import('./server-hook.js')).uninstallServerHook(context),
    judgePush: async (updates) => (await import('./receive.js')).judgePush(context, updates),
    tag: async (options) => (await import('./tag.js')).tag(context, options),
    tags: async (range, options) => (await import('./tag.js')).tags(context, range, options),
    deleteTag: async (version) => (await import('./tag.js')).deleteTag(context, version),
    changelog: async (range, options) => (await import('./changelog.js')).changelog(context, range, options),
    verify: async (name, options) => (await import('./verify.js')).verify(context, name, options),
    get: async (address) => (await import('./get.js')).get(context, address),
    explain: async (key, options) => (await import('./explain.js')).explain(context, key, options),
    validate: async (options) => (await import('./validate.js')).validate(context, options),
    checkSchema: async (before, after) =>
      (await import('./schema-files.js')).checkSchema(context, before, after),
    inferSchema: async (addresses) => (await import('./schema-files.js')).draftSchema(context, addresses),
    checkMerge: async (branch, revision) =>
      (await import('./check-merge.js')).checkMerge(context, branch, revision),
    protect: async (options) => (await import('./protect.js')).protect(context, options),
    approve: async (revision, options) => (await import('./approve.js')).approve(context, revision, options),
    approvals: async (revision) => (await import('./approve.js')).approvals(context, revision),
    rollback: async (revision, options) =>
      (await import('./rollback.js')).rollback(context, revision, options),
    undo: async (options) => (await import('./undo.js')).undo(context, options),
    operations: async (options) => (await import('./undo.js')).operations(context, options),
    restoreAt: async (operation) => (await import('./undo.js')).restoreAt(context, operation),
    blame: async (address, revision) => (await import('./blame.js')).blame(context, address, revision),
    effectiveDiff: async (options) => (await import('./effective-diff.js')).effectiveDiff(context, options),
    set: async (address, value, { source } = {}) =>
      (await import('./edit.js')).setKey(context, address, { value, source }),
    unset: async (address) => (await import('./edit.js')).unsetKey(context, address),
    remotes: async () => (await import('./remote.js')).listRemotes(context),
    addRemote: async (name, url) => (await import('./remote.js')).addRemote(context, name, url),
    removeRemote: async (name) => (await import('./remote.js')).removeRemote(context, name),
    renameRemote: async (from, to) => (await import('./remote.js')).renameRemote(context, from, to),
    setRemoteUrl: async (name, url, options) =>
      (await import('./remote.js')).setRemoteUrl(context, name, { ...options, url }),
    lsRemote: async (remote, options) => (await import('./ls-remote.js')).lsRemote(context, remote, options),
    fetch: async (options) => (await import('./fetch.js')).fetch(context, options),
    pull: async (options) => (await import('./pull.js')).pull(context, options),
    push: async (options) => (await import('./push.js')).push(context, options),
    gc: async () => (await import('./maintenance.js')).gc(context),
    fsck: async (options) => (await import('./maintenance.js')).fsck(context, options),
  };
}
