/** What the verbs take that look at history, or make much of it. */
import type { Oid } from '../store/index.js';
import type { Author } from './identity.js';
import type { Change, SignOption } from './repository.js';

/** Which commits of a history are wanted. */
export interface LogOptions {
  /** Also check signatures: `signature` of the commits that have one. Default false. */
  readonly signatures?: boolean;
  readonly revision?: string;
  /** Addresses (`FILE`, `FILE#KEY`) that limit the history to what touched them. */
  readonly addresses?: readonly string[];
  readonly limit?: number;
  readonly author?: string;
  readonly since?: string;
  readonly until?: string;
  readonly grep?: string;
  /** A glob over key paths (`*` one segment, `**` any number); with addresses: within those files. */
  readonly key?: string;
  /** Only commits with which this text came into a value of a configuration file, or went out of it. */
  readonly value?: string;
  /** Of merges only the first parent is followed. */
  readonly firstParent?: boolean;
  /** Adds the edges between the commits, and keeps lines of history together. */
  readonly graph?: boolean;
}

/** One commit of a batch; it changes what the one before it left. */
export interface BatchCommit {
  readonly changes: readonly Change[];
  readonly message: string;
  /** `Name <email>` or `{name, email}`; default: that of the batch. */
  readonly author?: Author;
}

/** Where the commits of a batch go on from, and what must hold before. */
export interface BatchOptions extends SignOption {
  /** `Name <email>` or `{name, email}`, of commits that name none; default: the configured identity. */
  readonly author?: Author;
  /** Refuse (E_STALE) unless the branch is at this commit. Null: unless it does not exist. */
  readonly expect?: Oid | null;
  /** Create the branch at this revision when it is not there. */
  readonly from?: string;
  /** Called after each change with how many are done, and how many there are. */
  readonly onProgress?: (done: number, total: number) => void;
}
