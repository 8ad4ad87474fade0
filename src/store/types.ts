/**
 * The ports of the store: what the rest of cfg may ask of a Git repository, in bytes and names.
 *
 * The file-system implementations answer synchronously (in-process work is then never interleaved, and it is several
 * times faster than promises); other stores may answer with a promise, so callers always `await`.
 */

import type { WriterQueue } from './queue.js';
import type { IncomingPack, OutgoingPack, TransferProgress } from './transport/types.js';

/** A value now, or later. */
export type Awaitable<T> = T | Promise<T>;

/** 40 lower-case hexadecimal digits. */
export type Oid = string;

/** POSIX, relative to the root of the worktree, without `.`, `..`, empty segments or `.git` in any spelling. */
export type RepoPath = string;

export type ObjectType = 'blob' | 'tree' | 'commit' | 'tag';

/** An object as Git stores it, without its header. */
export interface RawObject {
  readonly type: ObjectType;
  readonly data: Uint8Array;
}

/** Where objects are kept: the port for repositories that are no folder. */
export interface ObjectStore {
  /**
   * `once`: the caller keeps what it needs of the object, so that the store need not. Default false.
   * Throws E_OBJECT_MISSING, E_CORRUPT (the content does not hash to `oid`).
   */
  read(oid: Oid, options?: { readonly once?: boolean }): Awaitable<RawObject>;
  has(oid: Oid): Awaitable<boolean>;
  /** Writes what is not there yet and whole; when it returns, the objects are as durable as the store promises. Ids in the order given. */
  write(objects: readonly RawObject[]): Awaitable<readonly Oid[]>;
  /** All ids that begin with `prefix` (4 to 40 hexadecimal digits), sorted. */
  findByPrefix(prefix: string): Awaitable<readonly Oid[]>;
  /** Begins a batch; a store without it takes the objects of a batch through `write`. */
  batch?(): ObjectBatch;
}

/** New objects on their way into the store: none is there before `publish`, and then all are. */
export interface ObjectBatch {
  /** Adds an object; `like` is an older version of it, from which a store may keep the difference only. */
  add(object: RawObject, like?: NamedObject): Oid;
  /** Writes everything, as one pack where there is much of it; it is then as durable as the store promises. Throws E_IO. */
  publish(): Awaitable<void>;
}

/** The content of an object and its id. */
export interface NamedObject {
  readonly oid: Oid;
  readonly data: Uint8Array;
}

/** git file modes of tree and index entries. */
export type FileMode = '100644' | '100755' | '120000' | '160000' | '040000';

export interface TreeEntry {
  readonly mode: FileMode;
  readonly name: string;
  readonly oid: Oid;
}

/** A file anywhere below a tree. */
export interface FileEntry {
  readonly path: RepoPath;
  readonly mode: Exclude<FileMode, '040000'>;
  readonly oid: Oid;
}

/** Name, e-mail and time of an author, committer or tagger. */
export interface Signature {
  readonly name: string;
  readonly email: string;
  /** Seconds since 1970-01-01T00:00:00Z. */
  readonly timestamp: number;
  /** Minutes east of UTC (+0200 is 120). */
  readonly offsetMinutes: number;
}

/** What a commit object says. */
export interface Commit {
  readonly tree: Oid;
  readonly parents: readonly Oid[];
  readonly author: Signature;
  readonly committer: Signature;
  readonly message: string;
  /** Header lines that cfg does not interpret (gpgsig, encoding, mergetag), kept as they are. */
  readonly extraHeaders?: readonly string[];
}

export interface Tag {
  readonly object: Oid;
  readonly type: ObjectType;
  readonly tag: string;
  readonly tagger?: Signature;
  /** Without the signature. */
  readonly message: string;
  /** In its armour; the rest of what the object holds is what it is of. */
  readonly signature?: string;
}

/** A ref and what it points to. */
export type Ref =
  | {
      readonly name: string;
      readonly oid: Oid;
      /** What an annotated tag points at in the end, where packed-refs says so. */ readonly peeled?: Oid;
    }
  | { readonly name: string; /** The name of another ref. */ readonly target: string };

/** One step of a ref transaction. */
export interface RefEdit {
  readonly name: string;
  /** What must be there now: an id, `null` for "absent", or undefined for "whatever". */
  readonly expected?: Oid | null;
  /** What is there afterwards: an id, a symbolic ref, or `null` to delete it. */
  readonly value: Oid | { readonly target: string } | null;
  /** What its reflog says of it. Default the message of the transaction. */
  readonly message?: string;
  /** A new ref that takes over the reflog of another one, which the same transaction deletes. */
  readonly renamedFrom?: string;
}

/** What a change of refs writes into their reflogs. */
export interface RefLog {
  readonly committer: Signature;
  /** One line. */
  readonly message: string;
}

/** One move of a ref. */
export interface ReflogEntry {
  readonly before: Oid;
  readonly after: Oid;
  readonly committer: Signature;
  readonly message: string;
}

/** Where refs are kept: the port for repositories that are no folder. */
export interface RefStore {
  /** The ref itself, not followed; undefined when it does not exist. Throws E_CORRUPT for a damaged one (never "absent"). */
  read(name: string): Awaitable<Ref | undefined>;
  /** All refs whose names begin with `prefix` (`refs/heads/`), sorted by name. */
  list(prefix: string): Awaitable<readonly Ref[]>;
  /**
   * All edits or none, also where the process dies on the way: takes every lock, checks every expectation, then writes, with a reflog entry
   * each. An edit of HEAD while
   * HEAD is symbolic sets HEAD itself; to move the current branch edit the branch (its reflog entry is then written for HEAD too).
   * Throws E_STALE (details: {ref, expected, actual}), E_LOCKED, E_BAD_REF_NAME, E_EXISTS (directory/file clash).
   */
  update(edits: readonly RefEdit[], log: RefLog): Awaitable<void>;
  /** Newest first. */
  reflog(name: string): Awaitable<readonly ReflogEntry[]>;
}

export type Stage = 0 | 1 | 2 | 3;

export interface IndexEntry extends FileEntry {
  /** 0 normal; 1 base, 2 ours, 3 theirs of a conflict. */
  readonly stage: Stage;
}

/** The staging area as names and ids; how its file caches stat data is the store's own business. */
export interface Index {
  /** Sorted by path (bytes), then stage. */
  readonly entries: readonly IndexEntry[];
}

/** `renamed` is only reported between HEAD and the index. */
export type ChangeKind = 'added' | 'modified' | 'deleted' | 'renamed';

export interface FileChange {
  readonly path: RepoPath;
  readonly change: ChangeKind;
  /** The old path of a rename. */
  readonly from?: RepoPath;
  readonly before?: FileEntry;
  readonly after?: FileEntry;
}

/** A file as it is to be written: to the worktree, or into a tree. */
export interface FileContent {
  readonly path: RepoPath;
  readonly mode: '100644' | '100755' | '120000';
  readonly data: Uint8Array;
}

/** The staging area on disk. */
export interface IndexStore {
  /** An absent index file is an empty index. Throws E_CORRUPT, E_UNSUPPORTED_REPOSITORY (split or sparse index). */
  read(): Awaitable<Index>;
  /** The entries of these paths only. */
  find(paths: readonly RepoPath[]): Awaitable<readonly IndexEntry[]>;
  /** Paths that have entries of a conflict, sorted. */
  unmerged(): Awaitable<readonly RepoPath[]>;
  /** Replaces the entries under `index.lock`, held for milliseconds; what `edit` throws leaves the index as it was. */
  update(edit: (index: Index) => readonly IndexEntry[]): Awaitable<void>;
}

export interface WorktreeStatus {
  /** HEAD against the index; renames detected. */
  readonly staged: readonly FileChange[];
  /** The index against the worktree. */
  readonly unstaged: readonly FileChange[];
  /** Single files (no folders), ignore rules applied. */
  readonly untracked: readonly RepoPath[];
  /** Untracked folders that are repositories of their own, with '/' at the end. */
  readonly repositories: readonly RepoPath[];
  /** Files, and folders with '/' at the end, that the system does not let us look at; they count as unchanged. */
  readonly unreadable: readonly RepoPath[];
  /** Paths with entries of stage 1 to 3. */
  readonly conflicts: readonly RepoPath[];
}

/** A file of a merge that someone has to decide: its index stages, and what stands in the worktree meanwhile. */
export interface UnmergedFile {
  readonly path: RepoPath;
  readonly base?: FileEntry;
  readonly ours?: FileEntry;
  readonly theirs?: FileEntry;
  /** The text with markers, or one side; undefined to leave the path absent. */
  readonly content?: FileContent;
}

/** What staging files would do; nothing is changed yet. */
export interface StagePlan {
  /** What each path becomes in the index; null: it goes. */
  readonly entries: ReadonlyMap<RepoPath, Pick<IndexEntry, 'mode' | 'oid'> | null>;
  /** Blobs that have to be in the store before {@link apply}. */
  readonly objects: readonly RawObject[];
  /** Changes the index; whoever changed it meanwhile keeps the changes to other paths. Returns the paths whose entry changed, sorted. */
  readonly apply: () => Promise<readonly RepoPath[]>;
}

/**
 * The checked-out files. Every path is checked before use: nothing outside the root and nothing of `.git` is ever read or
 * written, and no symlink in a parent folder is followed.
 */
export interface Worktree {
  /** Absolute path. */
  readonly root: string;
  /** `headTree` null: before the first commit. */
  status(headTree: Oid | null): Awaitable<WorktreeStatus>;
  /** The changes that turn a tree into the index, sorted by path, without renames; paths in conflict are left out. */
  staged(tree: Oid | null): Awaitable<readonly FileChange[]>;
  /** The file as it is now (a symlink as its target text); undefined when there is none. E_LIMIT, unread, for one of more than `maxBytes`. */
  read(path: RepoPath, maxBytes?: number): Awaitable<FileContent | undefined>;
  /**
   * Reads files that the status found to be ordinary ones: folders above them are looked at once, and they themselves not again. Undefined
   * for a file that is no longer there; throws as {@link read} does.
   */
  reader(): (path: RepoPath) => Awaitable<Uint8Array | undefined>;
  /** Atomically replaces one file, keeping its mode when it exists. The index is not touched. */
  write(path: RepoPath, data: Uint8Array): Awaitable<void>;
  /** Puts the present content (or the absence) of these files into the index; returns those whose entry changed, sorted. */
  stage(paths: readonly RepoPath[]): Awaitable<readonly RepoPath[]>;
  /** The same in two steps, for whoever has more objects to write at once. */
  planStage(paths: readonly RepoPath[]): Awaitable<StagePlan>;
  /** Resolves paths, folders and globs as typed by a user, against index and worktree (and `tree`: for files deleted from both); throws E_FILE_NOT_FOUND for one that matches nothing. */
  match(patterns: readonly string[], tree?: Oid | null): Awaitable<readonly RepoPath[]>;
  /** Index entries of these paths become those of `headTree`; returns the paths that changed. */
  unstage(paths: readonly RepoPath[], headTree: Oid | null): Awaitable<readonly RepoPath[]>;
  /** Files (and their index entries, when `tree` is given) become those of the index or of `tree`; returns the paths that changed. */
  restore(paths: readonly RepoPath[], tree?: Oid): Awaitable<readonly RepoPath[]>;
  /**
   * Moves worktree and index from one tree to another, touching only paths that differ between them. Local changes elsewhere are
   * carried; a path that differs and has local changes (or an untracked file in the way) makes it throw E_LOCAL_CHANGES
   * (details: {paths}) before anything is written. Unmerged files get their stages and content.
   */
  checkout(from: Oid | null, to: Oid, unmerged?: readonly UnmergedFile[]): Awaitable<void>;
  /** Throws E_LOCAL_CHANGES as a checkout of these changes would; writes nothing, and reads none of their objects. */
  preview(changes: readonly FileChange[]): Awaitable<void>;
}

/** Git's configuration: system, user, repository and worktree files, includes followed. Names as `user.name`, case as git has it. */
export interface GitConfig {
  get(name: string): string | undefined;
  getAll(name: string): readonly string[];
  /** Of everything that is set, sorted. */
  names(): readonly string[];
}

/** A change of a section with a subsection, as `merge.cfg`. */
export type ConfigEdit =
  /** The variable has this only value from now on; null takes it out. */
  | {
      readonly section: string;
      readonly subsection: string;
      readonly key: string;
      readonly value: string | null;
    }
  /** One of several values of the variable becomes another. */
  | {
      readonly section: string;
      readonly subsection: string;
      readonly key: string;
      readonly value: string;
      readonly instead: string;
    }
  /** The section gets another name; null takes it out with everything in it. */
  | { readonly section: string; readonly subsection: string; readonly rename: string | null };

/** The configuration file of the repository itself, without what it includes: what `git config --local` writes. */
export interface LocalConfig {
  get(name: string): Awaitable<string | undefined>;
  /**
   * Makes all edits under `config.lock`, leaving every other byte; a section that is left with nothing goes too. False when nothing had to
   * change. Throws E_LOCKED, E_CORRUPT, E_USAGE (a name that cannot be written), E_IO.
   */
  update(edits: readonly ConfigEdit[]): Awaitable<boolean>;
}

/** What is between two commands: the files of a merge in progress, and cfg's own under `.git/cfg/`. */
export interface StateFiles {
  /** A file of the (worktree's own) Git folder, as `MERGE_HEAD`; undefined when absent. */
  read(name: string): Awaitable<string | undefined>;
  /** Atomic; `undefined` removes the file. */
  write(name: string, content: string | undefined): Awaitable<void>;
  /** Adds to the end of a file, which need not exist; what a crash tears is the end of `content`. Returns the size in bytes afterwards. */
  append(name: string, content: string): Awaitable<number>;
  /** A text that names this process, to be written down with what it has begun. */
  owner(): string;
  /** Whether the process of that name has ended for certain; false for any other text. */
  isGone(owner: string): boolean;
}

/** Takes objects in from other repositories, and hands them out. */
export interface ObjectExchange {
  /** Commits whose parents are not here, sorted. */
  shallow(): Awaitable<readonly Oid[]>;
  /** Those of the ids that are not here with everything that they lead to. */
  missing(oids: readonly Oid[]): Promise<readonly Oid[]>;
  /** The commits that are here, newest first, without the ancestors of those that turn out to be `common` meanwhile. */
  haves(common: ReadonlySet<Oid>): AsyncIterable<Oid>;
  /**
   * Takes a pack in once it is checked: every object, and that `wants` are here then with everything that they lead to. When it returns
   * the objects are durable; no ref was touched. Throws E_REMOTE, E_CORRUPT, E_IO and leaves everything as it was.
   */
  receive(incoming: IncomingPack, options: ReceiveRequest): Promise<void>;
  /**
   * Makes a pack of what `wanted` lead to and `had` (which may be unknown here) do not, hands it to `use` and drops it. Undefined where
   * there is nothing to send. Throws E_OBJECT_MISSING, E_CORRUPT, E_IO, and what `use` throws.
   */
  send<T>(request: SendRequest, use: (pack: OutgoingPack) => Promise<T>): Promise<T>;
}

export interface ReceiveRequest {
  readonly wants: readonly Oid[];
  /** Where it comes from, for messages. */
  readonly url: string;
  readonly onProgress?: (progress: TransferProgress) => void;
}

export interface SendRequest {
  readonly wanted: readonly Oid[];
  readonly had: readonly Oid[];
}

/** What was worked out once and may be gone at any time; a file that is not whole is not there. */
export interface CacheFiles {
  read(name: string): Awaitable<Uint8Array | undefined>;
  /** False where nothing can be kept. */
  write(name: string, content: Uint8Array): Awaitable<boolean>;
}

/** Code that was made from something before, by all that it was made from. It is run, so that it lies where nobody else can write. */
export interface CodeFiles {
  read(key: string): string | undefined;
  write(key: string, code: string): void;
}

/** An open repository, in bytes. `index` and `worktree` are absent in a bare one. */
export interface Store {
  /** Absolute path of the folder with HEAD and index; for a linked worktree not the common one. */
  readonly gitDir: string;
  readonly objects: ObjectStore;
  readonly refs: RefStore;
  readonly config: GitConfig;
  /** Absent where the repository is kept in something else than files. */
  readonly localConfig?: LocalConfig;
  readonly state: StateFiles;
  /** Absent where only one process writes. */
  readonly queue?: WriterQueue;
  /** Absent where the repository is kept in something else than files. */
  readonly exchange?: ObjectExchange;
  /** Absent where nothing is kept. */
  readonly cache?: CacheFiles;
  /** Absent where none is kept. */
  readonly code?: CodeFiles | undefined;
  readonly index?: IndexStore;
  readonly worktree?: Worktree;
}

/** How much a power cut may take: `fast` no fsync, `commit` (default) whatever a reported commit needs, `all` worktree files too. */
export type Durability = 'fast' | 'commit' | 'all';
