/** What needs no open repository, each loaded when it is first asked for. */
import type { CloneOptions } from './clone.js';
import type { ChangedFile } from './compare.js';
import type { InitOptions } from './init.js';
import type { ListRemoteOptions } from './ls-remote.js';
import type { FsckFolder } from './maintenance.js';
import type { CloneAnswer, LsRemoteAnswer } from './remote-types.js';
import type { OpenOptions, Repository } from './repository.js';
import type { FileDiff, FsckAnswer, InitAnswer } from './types.js';

/**
 * Opens the repository around a folder (searched upwards for `.git`), or one over stores of your own; a string is the folder, by default the current one. Paths
 * and addresses that its methods take are relative to that folder, paths in answers to the root of the worktree.
 * Throws E_NOT_A_REPOSITORY, E_UNSUPPORTED_REPOSITORY.
 */
export async function openRepository(options: OpenOptions | string = '.'): Promise<Repository> {
  return (await import('./open.js')).openRepository(options);
}

/**
 * Makes a folder a repository with a `cfg.yaml`, or adds `cfg.yaml` to the one that is there. Nothing is committed and no file is
 * overwritten. A string is the folder. Throws E_BAD_REF_NAME, E_BAD_PATH, E_EXISTS (a bare one where one with a worktree is), E_IO,
 * E_UNSUPPORTED_REPOSITORY.
 */
export async function initRepository(options: InitOptions | string): Promise<InitAnswer> {
  return (await import('./init.js')).initRepository(options);
}

/**
 * Makes a copy of a repository with its history. The folder appears when everything is there and checked, or not at all.
 * Throws E_REMOTE, E_EXISTS, E_REVISION_NOT_FOUND (no such branch), E_USAGE, E_CORRUPT, E_IO.
 */
export async function cloneRepository(options: CloneOptions): Promise<CloneAnswer> {
  return (await import('./clone.js')).cloneRepository(options);
}

/** What a repository elsewhere has, without one here. Throws E_REMOTE, E_USAGE. */
export async function listRemoteRefs(options: ListRemoteOptions): Promise<LsRemoteAnswer> {
  return (await import('./ls-remote.js')).listRemoteRefs(options);
}

/**
 * Checks a repository that may be too damaged to be opened. Throws E_NOT_A_REPOSITORY, E_UNSUPPORTED_REPOSITORY, E_IO; with `repair`
 * E_LOCKED.
 */
export async function fsckRepository(options: FsckFolder): Promise<FsckAnswer> {
  return (await import('./maintenance.js')).fsckRepository(options);
}

/** What differs between two versions of a file, by key, and with `text` by line as well. */
export async function compareFile(
  file: ChangedFile,
  options: { readonly text?: boolean } = {},
): Promise<FileDiff> {
  return (await import('./compare.js')).fileDiff(file, options);
}
