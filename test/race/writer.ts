/**
 * One of several processes that commit to one branch at a time: `node writer.ts DIR NAME COUNT MODE`. Prints the id of each commit
 * once it was reported as done. A commit that comes too late is made again on the new tip.
 */
import { writeSync } from 'node:fs';
import { isConfigError } from '../../src/errors.js';
import {
  formatCommit,
  nodeFileSystem,
  objectOid,
  type Oid,
  openStore,
  planTree,
  readCommit,
  type Store,
} from '../../src/store/index.js';

const [dir = '', name = '', count = '0', mode = ''] = process.argv.slice(2);
const branch = 'refs/heads/main';

/** Seeded faults: no locks at all, or no check of what is there. */
const noLocks = {
  ...nodeFileSystem,
  link: (from: string, to: string): void => nodeFileSystem.rename(from, to),
};
const store = await openStore({
  dir,
  env: {},
  durability: 'fast',
  lockTimeoutMs: 20_000,
  fs: mode === 'no-locks' ? noLocks : nodeFileSystem,
});

for (let n = 0; n < Number(count); n += 1) writeSync(1, `${await commitOnTip(store, n)}\n`);

async function commitOnTip(to: Store, n: number): Promise<Oid> {
  for (;;) {
    const tip = await to.refs.read(branch);
    const parent = tip !== undefined && 'oid' in tip ? tip.oid : null;
    const oid = await writeOn(to, parent, n);
    try {
      const edit = { name: branch, value: oid, ...(mode === 'no-check' ? {} : { expected: parent }) };
      await to.refs.update([edit], { committer: who(), message: `commit: ${name} ${n}` });
      return oid;
    } catch (error) {
      if (!isConfigError(error, 'E_STALE')) throw error;
    }
  }
}

async function writeOn(to: Store, parent: Oid | null, n: number): Promise<Oid> {
  const base = parent === null ? null : (await readCommit(to, parent)).tree;
  const blob = { type: 'blob', data: Buffer.from(`by: ${name}\nn: ${n}\n`) } as const;
  const entry = { mode: '100644', oid: objectOid('blob', blob.data) } as const;
  const { tree, objects } = await planTree(to, base, [{ path: `${name}/f${n}.yaml`, entry }]);
  const parents = parent === null ? [] : [parent];
  const data = formatCommit({ tree, parents, author: who(), committer: who(), message: `${name} ${n}` });
  await to.objects.write([blob, ...objects, { type: 'commit', data }]);
  return objectOid('commit', data);
}

function who(): { name: string; email: string; timestamp: number; offsetMinutes: number } {
  return { name, email: `${name}@example.com`, timestamp: Math.floor(Date.now() / 1000), offsetMinutes: 0 };
}
