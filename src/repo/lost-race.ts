import { setTimeout as sleep } from 'node:timers/promises';
import { ConfigError } from '../errors.js';
import { diffTrees, type RepoPath, type Store } from '../store/index.js';
import { treeOf, type Head } from './head.js';
import { list, type TreePatch } from './index-changes.js';

/** Writers of one branch all get through: whoever loses the race makes its commit again on what won, so many times at most. */
export const mostAttempts = 100;

/** From so many lost races on others have to wait; racing is faster than waiting in line, as long as nobody waits too long. */
const mostLost = 3;

/** What a writer does after a lost race, before it tries again. */
export type AfterLostRace = (attempt: number) => Promise<void>;

/** Moves a ref by a few attempts, in a race with others of which none loses for ever. */
export async function racing<T>(
  store: Store,
  ref: string,
  run: (afterLostRace: AfterLostRace) => Promise<T>,
): Promise<T> {
  const place = store.queue?.placeFor(ref);
  try {
    await place?.letPass();
    return await run(async (attempt) => {
      if (attempt >= mostLost && place !== undefined) return place.insist();
      await pauseAfterLostRace(attempt);
      await place?.letPass();
    });
  } finally {
    place?.leave();
  }
}

/** Waits a random while, up to 100 ms and longer the more races were lost, so that the same writers do not meet again. */
async function pauseAfterLostRace(attempt: number): Promise<void> {
  await sleep(Math.random() * Math.min(5 * attempt, 100));
}

/**
 * Changes of one commit as changes of a later one on the same branch: those that it has already are left out.
 * Throws E_STALE (details: paths) where it has other changes of the same files.
 */
export async function changesOnNewTip(
  store: Store,
  { from, to, changes }: { readonly from: Head; readonly to: Head; readonly changes: readonly TreePatch[] },
): Promise<readonly TreePatch[]> {
  const came = await diffTrees(store, await treeOf(store, from.commit), await treeOf(store, to.commit));
  const theirs = new Map(came.map(({ path, after }) => [path, after]));
  const isThere = ({ path, entry }: TreePatch): boolean =>
    theirs.has(path) && theirs.get(path)?.oid === entry?.oid && theirs.get(path)?.mode === entry?.mode;
  const left = changes.filter((change) => !isThere(change));
  const folders = new Set(came.flatMap(({ path }) => parentsOf(path)));
  const both = left
    .map(({ path }) => path)
    .filter((path) => folders.has(path) || [path, ...parentsOf(path)].some((one) => theirs.has(one)));
  if (both.length === 0) return left;
  throw new ConfigError(
    'E_STALE',
    `'${to.branch ?? 'HEAD'}' moved, and what came in changed ${list(both)} too`,
    {
      hint: "look at what came in with 'cfg log', then commit again",
      details: { ref: to.ref, expected: from.commit, actual: to.commit, paths: both },
    },
  );
}

function parentsOf(path: RepoPath): readonly RepoPath[] {
  return [...path.matchAll(/\//g)].map(({ index }) => path.slice(0, index));
}
