/** What the operation log keeps of a command, so that it can be taken back. */
import type { FileEntry, IndexEntry, Oid, RepoPath } from '../../store/index.js';

/** An id, `ref: NAME` of a symbolic ref, or null: no such ref. */
export type RefState = string | null;

/** Mode and blob of a file, or null: no file. */
export type FileState = readonly [mode: FileEntry['mode'], oid: Oid] | null;

/** The entries of a path in the index: none, one of stage 0, or those of a conflict. */
export type IndexState = readonly (readonly [
  stage: IndexEntry['stage'],
  mode: FileEntry['mode'],
  oid: Oid,
])[];

/** One thing that a command did. Files and index entries have only what was there before; what came of them is noted at the end. */
export interface Step {
  readonly refs?: readonly (readonly [name: string, before: RefState, after: RefState])[];
  /** Worktree and index went from one tree to another. */
  readonly trees?: readonly [from: Oid | null, to: Oid];
  readonly files?: readonly (readonly [path: RepoPath, before: FileState])[];
  readonly index?: readonly (readonly [path: RepoPath, before: IndexState])[];
  /** Files of the Git folder: a merge in progress. */
  readonly state?: readonly (readonly [name: string, before: string | null, after: string | null])[];
}

/** Files and index entries that a command touched, as they were when it ended. */
export interface Ending {
  readonly files: readonly (readonly [path: RepoPath, after: FileState])[];
  readonly index: readonly (readonly [path: RepoPath, after: IndexState])[];
  /** It ended in an error: of several files some may be done. */
  readonly failed?: boolean;
}

/** A command that changed something. */
export interface Operation {
  readonly id: string;
  /** As typed after `cfg`: `commit`, `merge --abort`. */
  readonly command: string;
  /** RFC 3339, UTC. */
  readonly at: string;
  /** What the reflog says of it; `''` when no ref moved. */
  readonly summary: string;
  /** Ids of the operations that it took back. */
  readonly undoes: readonly string[];
  /** Those that really happened, as far as is known. */
  readonly steps: readonly Step[];
  /** Absent: the command was interrupted, or had a single step that says it all. */
  readonly ending?: Ending;
}
