/** The ports of the exchange with other repositories: what a server has, what it sends, what it is sent. */
import type { Oid } from '../types.js';

/** What a server does: `upload-pack` gives objects, `receive-pack` takes them. */
export type Service = 'upload-pack' | 'receive-pack';

/** A ref of a server. */
export interface RemoteRef {
  readonly name: string;
  readonly oid: Oid;
  /** What an annotated tag points at in the end. */
  readonly peeled?: Oid;
}

/** What a server has, and what it can do. */
export interface Advertisement {
  /** Sorted by name; without HEAD. */
  readonly refs: readonly RemoteRef[];
  /** Where HEAD is, whatever it points at; undefined in an empty repository. */
  readonly head?: Oid;
  /** The branch that HEAD points at, where the server says so. */
  readonly headTarget?: string;
  /** Names to values; the value is `''` where there is none. */
  readonly capabilities: ReadonlyMap<string, string>;
  /** Commits whose parents the server itself does not have. */
  readonly shallow: readonly Oid[];
}

export interface FetchRequest {
  /** Ids that the server advertised; at least one. */
  readonly wants: readonly Oid[];
  /** Commits that are here, newest first; asked again after each answer with all that turned out to be on both sides. */
  readonly haves: (common: ReadonlySet<Oid>) => AsyncIterable<Oid>;
  /** Commits whose parents are not here. */
  readonly shallow: readonly Oid[];
  /** So many commits of each history; default all of it. */
  readonly depth?: number;
}

/** A pack on its way. */
export interface IncomingPack {
  /** Commits that are without their parents from now on, and those that got them. */
  readonly shallow: readonly Oid[];
  readonly unshallow: readonly Oid[];
  /** The pack as it comes; throws when the transfer breaks off. */
  readonly pack: AsyncIterable<Uint8Array>;
}

/** One change of a ref at the server. */
export interface PushCommand {
  readonly ref: string;
  /** What must be there; null: nothing. */
  readonly before: Oid | null;
  /** Null deletes the ref. */
  readonly after: Oid | null;
}

/** What became of the commands. */
export interface PushReport {
  /** By ref: null where the server did it, otherwise why it did not. */
  readonly results: ReadonlyMap<string, string | null>;
  /** What the server and its hooks had to say, line by line. */
  readonly messages: readonly string[];
}

/** A pack to send; made anew for each attempt. */
export interface OutgoingPack {
  readonly bytes: number;
  readonly read: () => Iterable<Uint8Array>;
}

/** A conversation with one service of one repository elsewhere. Everything throws E_REMOTE when it cannot be reached or says no. */
export interface Transport {
  /** Where it leads, without credentials: for messages, reflogs and answers. */
  readonly url: string;
  discover(): Promise<Advertisement>;
  /** Of `upload-pack`, once, after `discover`. */
  fetchPack(request: FetchRequest): Promise<IncomingPack>;
  /** Of `receive-pack`, once, after `discover`. `pack` is absent where everything is only deleted. */
  sendPack(commands: readonly PushCommand[], pack: OutgoingPack | undefined): Promise<PushReport>;
  /** Ends the conversation, whatever its state. */
  close(): Promise<void>;
}

/** How far a transfer has come. */
export interface TransferProgress {
  readonly phase: 'receiving' | 'indexing';
  readonly done: number;
  /** Absent where nobody knows. */
  readonly total?: number;
  readonly unit: 'bytes' | 'objects';
}

/** What a person is asked for; undefined: nobody is there to answer. */
export interface Credentials {
  readonly username: string;
  readonly password: string;
}
