import * as fc from 'fast-check';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import {
  isAncestor,
  mergeBases,
  type Oid,
  openStore,
  type Store,
  walkCommits,
} from '../../src/store/index.js';
import { git, newStore, setRef, storeEnv, temporaryFolder, tryGit, writeCommit } from './sandbox.js';

/** A commit of a history: the numbers of its parents (smaller ones), and its date. */
interface Plan {
  readonly parents: readonly number[];
  readonly date: number;
}

/** Dates may run backwards, as clocks do. */
const history = fc
  .array(
    fc.record({
      parents: fc.uniqueArray(fc.nat({ max: 30 }), { minLength: 0, maxLength: 3 }),
      skew: fc.oneof({ weight: 6, arbitrary: fc.constant(0) }, fc.integer({ min: -3000, max: 3000 })),
    }),
    { minLength: 2, maxLength: 14 },
  )
  .map((drafts): Plan[] =>
    drafts.map(({ parents, skew }, at) => ({
      parents: at === 0 ? [] : [...new Set(parents.map((parent) => Math.max(0, at - 1 - (parent % at))))],
      date: 1_700_000_000 + at * 100 + skew,
    })),
  );

async function build(store: Store, plans: readonly Plan[]): Promise<Oid[]> {
  const oids: Oid[] = [];
  for (const [at, { parents, date }] of plans.entries()) {
    const chosen = parents.flatMap((parent) => oids[parent] ?? []);
    const { oid } = await writeCommit(store, { parents: chosen, timestamp: date, message: `c${at}` });
    oids.push(oid);
    await setRef(store, `refs/heads/b${at}`, oid);
  }
  return oids;
}

async function walked(...args: Parameters<typeof walkCommits>): Promise<Oid[]> {
  const oids: Oid[] = [];
  for await (const { oid } of walkCommits(...args)) oids.push(oid);
  return oids;
}

it('agrees with git on bases, ancestors and order, in random histories', { timeout: 300_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(history, async (plans) => {
      const { dir, store } = await newStore();
      const oids = await build(store, plans);
      const [a, b] = [oids.at(-1) ?? '', oids.at(-2) ?? ''];
      const bases = tryGit(dir, 'merge-base', '--all', a, b).output.split('\n').filter(Boolean);
      expect((await mergeBases(store, a, b)).toSorted()).toEqual(bases.toSorted());
      expect(await isAncestor(store, b, a)).toBe(
        tryGit(dir, 'merge-base', '--is-ancestor', b, a).status === 0,
      );
      expect(await walked(store, [a, b])).toEqual(git(dir, 'rev-list', a, b).split('\n'));
      expect(await walked(store, [a], { firstParent: true })).toEqual(
        git(dir, 'rev-list', '--first-parent', a).split('\n'),
      );
      const excluded = git(dir, 'rev-list', a, `^${b}`).split('\n').filter(Boolean);
      expect((await walked(store, [a], { exclude: [b] })).toSorted()).toEqual(excluded.toSorted());
    }),
    { numRuns: process.env['CFG_FULL'] ? 400 : 25 },
  );
});

it('finds both bases of a criss-cross merge', async () => {
  const { store } = await newStore();
  const oids = await build(
    store,
    [[], [0], [0], [1, 2], [2, 1]].map((parents, at) => ({ parents, date: 1_700_000_000 + at })),
  );
  expect((await mergeBases(store, oids[3] ?? '', oids[4] ?? '')).toSorted()).toEqual(
    oids.slice(1, 3).toSorted(),
  );
});

it('has no base for unrelated histories', async () => {
  const { store } = await newStore();
  const one = await writeCommit(store, { message: 'one' });
  const two = await writeCommit(store, { message: 'two' });
  expect(await mergeBases(store, one.oid, two.oid)).toEqual([]);
  expect(await isAncestor(store, one.oid, two.oid)).toBe(false);
  expect(await isAncestor(store, one.oid, one.oid)).toBe(true);
});

it('reads no further than it is asked to', async () => {
  const { store } = await newStore();
  const { oid } = await writeCommit(store, { parents: ['f'.repeat(40)], message: 'its parent is missing' });
  for await (const node of walkCommits(store, [oid])) {
    expect(node.oid).toBe(oid);
    break;
  }
  await expect(walked(store, [oid])).rejects.toMatchObject({ code: 'E_OBJECT_MISSING' });
});

it('ends where a shallow clone ends', async () => {
  const { dir, store } = await newStore();
  await build(
    store,
    [[], [0], [1], [2]].map((parents, at) => ({ parents, date: 1_700_000_000 + at })),
  );
  git(dir, 'symbolic-ref', 'HEAD', 'refs/heads/b3');
  const clone = join(temporaryFolder(), 'clone');
  git(dir, 'clone', '-q', '--depth', '2', `file://${dir}`, clone);
  const shallow = await openStore({ dir: clone, env: storeEnv });
  const tip = git(clone, 'rev-parse', 'HEAD');
  expect(await walked(shallow, [tip])).toEqual(git(clone, 'rev-list', 'HEAD').split('\n'));
  expect(await walked(shallow, [tip])).toHaveLength(2);
  writeFileSync(join(clone, '.git/shallow'), 'garbage\n');
  const damaged = await openStore({ dir: clone, env: storeEnv });
  await expect(walked(damaged, [tip])).rejects.toMatchObject({ code: 'E_CORRUPT' });
});
