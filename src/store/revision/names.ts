/** Names to ids: refs by Git's order of guesses, symbolic refs followed (git: refs.c, ref_rev_parse_rules). */
import { ConfigError } from '../../errors.js';
import { isRefName, isRootRefName } from '../refs/name.js';
import type { Oid, Store } from '../types.js';

const guesses: readonly ((name: string) => string)[] = [
  (name) => name,
  (name) => `refs/${name}`,
  (name) => `refs/tags/${name}`,
  (name) => `refs/heads/${name}`,
  (name) => `refs/remotes/${name}`,
  (name) => `refs/remotes/${name}/HEAD`,
];

/** The full name of the ref that a short name means; undefined when there is none. Throws E_CORRUPT. */
export async function fullRefName(store: Store, name: string): Promise<string | undefined> {
  for await (const full of meantRefs(store, name)) return full;
  return undefined;
}

/** The ref whose log `name@{...}` means: the first that has one (git: refs.c, repo_dwim_log), else that of {@link fullRefName}. */
export async function loggedRefName(store: Store, name: string): Promise<string | undefined> {
  for await (const full of meantRefs(store, name))
    if ((await store.refs.reflog(full)).length > 0) return full;
  return fullRefName(store, name);
}

async function* meantRefs({ refs }: Store, name: string): AsyncGenerator<string> {
  for (const guess of guesses) {
    const full = guess(name);
    const isPossible = isRootRefName(full) || (full.startsWith('refs/') && isRefName(full));
    if (isPossible && (await refs.read(full)) !== undefined) yield full;
  }
}

/** The name at the end of a chain of symbolic refs, which may not exist yet. Throws E_CORRUPT for a circle. */
export async function followRef(
  { refs }: Store,
  name: string,
): Promise<{ readonly name: string; readonly oid?: Oid }> {
  let next = name;
  for (let depth = 0; depth <= 5; depth += 1) {
    const ref = await refs.read(next);
    if (ref === undefined) return { name: next };
    if ('oid' in ref) return { name: next, oid: ref.oid };
    next = ref.target;
  }
  throw new ConfigError('E_CORRUPT', `ref '${name}' leads in a circle`, { details: { ref: name } });
}
