/** Commits as the history walks see them: parents cut where a shallow clone ends. */
import { ConfigError } from '../../errors.js';
import { andThen } from '../awaitable.js';
import { parseCommit } from '../objects/codec.js';
import { readTyped } from '../objects/read.js';
import type { Awaitable, Commit, Oid, Store } from '../types.js';

export type HistorySource = Pick<Store, 'objects' | 'state'>;

export interface CommitNode {
  readonly oid: Oid;
  readonly commit: Commit;
}

/** Reads commits, each as often as it is asked for; the object store has the cache. */
export class CommitReader {
  private readonly source: HistorySource;
  private shallow: ReadonlySet<Oid> | undefined;

  constructor(source: HistorySource) {
    this.source = source;
  }

  /** At once where the store has the object at hand. Throws E_OBJECT_MISSING, E_CORRUPT. */
  read(oid: Oid): Awaitable<CommitNode> {
    const { shallow } = this;
    if (shallow === undefined) return this.begin(oid);
    return andThen(readTyped(this.source, oid, 'commit'), (data) => {
      const commit = parseCommit(data);
      return { oid, commit: shallow.has(oid) ? { ...commit, parents: [] } : commit };
    });
  }

  private async begin(oid: Oid): Promise<CommitNode> {
    this.shallow = await shallowCommits(this.source);
    return this.read(oid);
  }
}

/** One commit, without the parents that a shallow clone did not fetch. Throws E_OBJECT_MISSING, E_CORRUPT. */
export async function readVisibleCommit(source: HistorySource, oid: Oid): Promise<Commit> {
  return (await new CommitReader(source).read(oid)).commit;
}

/** git: gitrepository-layout, shallow: commits whose parents a shallow clone did not fetch. */
export async function shallowCommits({ state }: Pick<HistorySource, 'state'>): Promise<ReadonlySet<Oid>> {
  const text = (await state.read('shallow')) ?? '';
  const oids = text.split('\n').filter((line) => line !== '');
  if (oids.every((oid) => /^[0-9a-f]{40}$/.test(oid))) return new Set(oids);
  throw new ConfigError('E_CORRUPT', "file 'shallow' is damaged", { hint: 'run: git fetch --unshallow' });
}
