/** Where the files of a repository stand (git: gitrepository-layout). */
import { join } from 'node:path';

/** All paths absolute, with symlinks resolved, so that every process names a lock alike. */
export interface Layout {
  /** HEAD and index of this worktree. */
  readonly gitDir: string;
  /** Objects, refs and configuration; `gitDir` itself unless this is a linked worktree. */
  readonly commonDir: string;
  /** Undefined in a bare repository. */
  readonly workDir: string | undefined;
}

const privateRefs = /^refs\/(bisect|worktree|rewritten)\//;
const sharedFiles =
  /^(objects|refs|packed-refs|config|hooks|info|shallow|worktrees|branches|remotes|logs\/refs)(\/|$)/;

/** Whether each worktree has its own ref of that name: HEAD and its kin, and three folders. */
export function isPrivateRef(name: string): boolean {
  return !name.startsWith('refs/') || privateRefs.test(name);
}

export function refPath(layout: Layout, name: string): string {
  return join(isPrivateRef(name) ? layout.gitDir : layout.commonDir, name);
}

export function reflogPath(layout: Layout, name: string): string {
  return join(isPrivateRef(name) ? layout.gitDir : layout.commonDir, 'logs', name);
}

/** A file of the Git folder, as `git rev-parse --git-path` has it. */
export function gitPath(layout: Layout, name: string): string {
  return join(sharedFiles.test(name) ? layout.commonDir : layout.gitDir, name);
}
