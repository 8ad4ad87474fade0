import { ConfigError } from '../errors.js';
import { readCommit, type Oid, type Store } from '../store/index.js';

/** Where HEAD is. */
export interface Head {
  /** The name of the current branch without `refs/heads/`; null when HEAD is detached. */
  readonly branch: string | null;
  /** The ref that a commit moves: the branch, or HEAD itself when detached. */
  readonly ref: string;
  /** Null before the first commit. */
  readonly commit: Oid | null;
}

const heads = 'refs/heads/';

/** The full ref name of a branch. */
export function branchRef(name: string): string {
  return heads + name;
}

/** Reads HEAD. Throws E_CORRUPT when there is none. */
export async function readHead(store: Store): Promise<Head> {
  const head = await store.refs.read('HEAD');
  if (head === undefined)
    throw new ConfigError('E_CORRUPT', 'HEAD is missing', { hint: 'git symbolic-ref HEAD refs/heads/main' });
  if ('oid' in head) return { branch: null, ref: 'HEAD', commit: head.oid };
  const branch = head.target.startsWith(heads) ? head.target.slice(heads.length) : null;
  return { branch, ref: head.target, commit: await refCommit(store, head.target) };
}

/** The id that a ref leads to, symbolic refs followed; null when it does not exist. */
export async function refCommit(store: Store, name: string): Promise<Oid | null> {
  let ref = await store.refs.read(name);
  for (let depth = 0; ref !== undefined && 'target' in ref; depth++) {
    if (depth === 5) throw new ConfigError('E_CORRUPT', `symbolic ref '${name}' does not end`);
    ref = await store.refs.read(ref.target);
  }
  return ref?.oid ?? null;
}

/** The tip of a branch; null when there is no such branch. */
export async function branchTip(store: Store, name: string): Promise<Oid | null> {
  return refCommit(store, branchRef(name));
}

/** The tree of a commit; null for "no commit yet". */
export async function treeOf(store: Store, commit: Oid | null): Promise<Oid | null> {
  return commit === null ? null : (await readCommit(store, commit)).tree;
}
