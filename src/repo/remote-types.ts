/** The answers of the verbs that exchange with other repositories: API like the others. */
import type { Oid, RemoteRef } from '../store/index.js';
import type { MergeAnswer } from './types.js';

/** A remote and its address. */
export interface RemoteInfo {
  readonly name: string;
  /** Without credentials, as everywhere in answers. */
  readonly url: string;
  readonly pushUrl: string;
  /** The rules of what is fetched: `+refs/heads/*:refs/remotes/origin/*`. */
  readonly fetch: readonly string[];
}

/** The remotes of a repository. */
export interface RemotesAnswer {
  readonly remotes: readonly RemoteInfo[];
}

/** What became of one ref. */
export interface RefUpdate {
  /** The ref that moves: here for a fetch, at the remote for a push. */
  readonly ref: string;
  /** Null: it was not there. */
  readonly before: Oid | null;
  /** Null: it is gone. For `rejected` and `ahead` where it would have gone. */
  readonly after: Oid | null;
  /** `ahead`: the ref here has what the remote has and more, so a fetch leaves it. */
  readonly result: 'new' | 'fast-forward' | 'forced' | 'deleted' | 'ahead' | 'rejected';
  /** Why it was rejected. */
  readonly reason?: string;
}

/** What came from one remote. */
export interface FetchedRemote {
  readonly remote: string;
  readonly url: string;
  /** What changed, sorted by ref. */
  readonly updates: readonly RefUpdate[];
}

/** What a fetch brought. */
export interface FetchAnswer {
  readonly fetched: readonly FetchedRemote[];
}

/** What a clone has. */
export interface CloneAnswer {
  /** The absolute path of the new folder. */
  readonly dir: string;
  readonly remote: string;
  readonly url: string;
  /** The current branch; null where HEAD is detached at a tag. */
  readonly branch: string | null;
  /** Null where the remote has no commits. */
  readonly commit: Oid | null;
}

/** The refs of a repository elsewhere. */
export interface LsRemoteAnswer {
  readonly url: string;
  /** The branch that HEAD points at; null where the remote does not say so. */
  readonly head: string | null;
  /** Sorted by name. */
  readonly refs: readonly RemoteRef[];
}

/** What a fetch brought and what merging it came to. */
export interface PullAnswer extends FetchAnswer {
  /** What was merged: `origin/main`. */
  readonly source: string;
  readonly merge: MergeAnswer;
}

/** What the remote has now. */
export interface PushAnswer {
  readonly remote: string;
  readonly url: string;
  /** What changed there, sorted by ref. */
  readonly updates: readonly RefUpdate[];
  /** With `-u`: the branch of the remote that the current branch follows now. */
  readonly upstream: string | null;
  /** What the server and its hooks said, line by line. */
  readonly messages: readonly string[];
}
