/** The answers of `undo` and `ops`. */
import type { RepoPath } from '../store/index.js';

/** A command that changed refs, index or worktree. */
export interface OperationInfo {
  readonly id: string;
  /** As typed after `cfg`: `commit`, `merge --abort`. */
  readonly command: string;
  /** RFC 3339, UTC. */
  readonly at: string;
  /** What the reflog says of it; when no ref moved the address or revision that it was about, `''` for one of several paths. */
  readonly summary: string;
  /** It was taken back. */
  readonly undone: boolean;
  /** Of an undo: the ids of what it took back. */
  readonly undoes?: readonly string[];
  /** An object id, `ref: NAME` for a symbolic ref, null for none. */
  readonly refs: readonly {
    readonly ref: string;
    readonly before: string | null;
    readonly after: string | null;
  }[];
  /** Paths whose file or index entry changed. */
  readonly files: readonly RepoPath[];
}

/** What changed the repository, newest first. */
export interface OperationsAnswer {
  /** Newest first. */
  readonly operations: readonly OperationInfo[];
}

/** What was taken back. */
export interface UndoAnswer {
  /** Newest first. */
  readonly undone: readonly OperationInfo[];
  /** Names of refs, and paths; empty when everything was as before already. */
  readonly restored: readonly string[];
}
