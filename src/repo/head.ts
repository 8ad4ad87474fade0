import { ConfigError, shellWord } from '../errors.js';
import { isRefName, readCommit, type Oid, type Store } from '../store/index.js';

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
  const { name: ref, commit } = await followRef(store, head.target);
  return { branch: ref.startsWith(heads) ? ref.slice(heads.length) : null, ref, commit };
}

/** The ref at the end of a chain of symbolic refs, and where it is; null when it does not exist. */
export async function followRef(
  store: Store,
  start: string,
): Promise<{ readonly name: string; readonly commit: Oid | null }> {
  let name = start;
  for (let depth = 0; depth < 5; depth++) {
    const ref = await store.refs.read(name);
    if (ref === undefined || 'oid' in ref) return { name, commit: ref?.oid ?? null };
    name = ref.target;
  }
  throw new ConfigError('E_CORRUPT', `symbolic ref '${start}' does not end`, {
    hint: `see where it leads: git symbolic-ref ${shellWord(start)}`,
  });
}

/** The id that a ref leads to, symbolic refs followed; null when it does not exist. */
export async function refCommit(store: Store, name: string): Promise<Oid | null> {
  return (await followRef(store, name)).commit;
}

/** The branch that a name means in the end: a symbolic ref has the protection of what it leads to. */
export async function realBranch(store: Store, name: string): Promise<string> {
  const { name: ref } = await followRef(store, branchRef(name));
  return ref.startsWith(heads) ? ref.slice(heads.length) : name;
}

/** The tip of a branch; null when there is no such branch, as under a name that none can have. */
export async function branchTip(store: Store, name: string): Promise<Oid | null> {
  return isRefName(branchRef(name)) ? refCommit(store, branchRef(name)) : null;
}

/** The tree of a commit; null for "no commit yet". */
export async function treeOf(store: Store, commit: Oid | null): Promise<Oid | null> {
  return commit === null ? null : (await readCommit(store, commit)).tree;
}
