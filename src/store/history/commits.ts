/** Commits as the history walks see them: parents cut where a shallow clone ends. */
import { ConfigError } from '../../errors.js';
import { readCommit } from '../objects/read.js';
import type { Commit, Oid, Store } from '../types.js';

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

  /** Throws E_OBJECT_MISSING, E_CORRUPT. */
  async read(oid: Oid): Promise<CommitNode> {
    this.shallow ??= await shallowCommits(this.source);
    const commit = await readCommit(this.source, oid);
    return { oid, commit: this.shallow.has(oid) ? { ...commit, parents: [] } : commit };
  }
}

/** git: gitrepository-layout, shallow: commits whose parents a shallow clone did not fetch. */
export async function shallowCommits({ state }: Pick<HistorySource, 'state'>): Promise<ReadonlySet<Oid>> {
  const text = (await state.read('shallow')) ?? '';
  const oids = text.split('\n').filter((line) => line !== '');
  if (oids.every((oid) => /^[0-9a-f]{40}$/.test(oid))) return new Set(oids);
  throw new ConfigError('E_CORRUPT', "file 'shallow' is damaged", { hint: 'run: git fetch --unshallow' });
}
