/** What the store can do to a repository, each as one operation that either happened or did not. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { initStore, type Oid, openStore, resolveCommit, type Store } from '../../src/store/index.js';
import { git, log, setRef, storeEnv, writeCommit } from '../store/sandbox.js';

export interface Operation {
  readonly name: string;
  /** Makes the repository it starts from (already there: a commit on `main`, checked out). */
  readonly prepare?: (dir: string) => void;
  readonly run: (store: Store, dir: string) => Promise<void>;
}

const tipOf = (store: Store): Promise<Oid> => resolveCommit(store, 'refs/heads/main');

async function commit(store: Store, files: Readonly<Record<string, string>>): Promise<void> {
  const parent = await tipOf(store);
  const base = await resolveCommit(store, parent).then(async () => treeOf(store, parent));
  const { oid } = await writeCommit(store, { parents: [parent], base, files, message: 'new' });
  await setRef(store, 'refs/heads/main', oid, parent);
}

async function treeOf(store: Store, commitOid: Oid): Promise<Oid> {
  const { data } = await store.objects.read(commitOid);
  return Buffer.from(data).toString('latin1', 5, 45);
}

const manyFiles = Object.fromEntries(Array.from({ length: 110 }, (_, n) => [`many/f${n}.yaml`, `n: ${n}\n`]));

export const operations: readonly Operation[] = [
  { name: 'commit', run: (store) => commit(store, { 'a/b/new.yaml': 'a: 1\n', 'top.yaml': 'a: 2\n' }) },
  { name: 'commit of a pack', run: (store) => commit(store, manyFiles) },
  {
    name: 'commit over objects of an earlier crash',
    prepare: (dir) => git(dir, 'update-ref', 'refs/heads/side', 'HEAD'),
    run: async (store) => {
      await writeCommit(store, { files: { 'a/b/new.yaml': 'a: 1\n' } });
      await commit(store, { 'a/b/new.yaml': 'a: 1\n' });
    },
  },
  {
    name: 'new branch',
    run: async (store) => setRef(store, 'refs/heads/feature/x', await tipOf(store), null),
  },
  {
    name: 'delete a packed branch',
    prepare: (dir) => {
      git(dir, 'branch', 'old/one');
      git(dir, 'pack-refs', '--all');
    },
    run: (store) => setRef(store, 'refs/heads/old/one', null),
  },
  {
    name: 'delete a branch both packed and loose',
    prepare: (dir) => {
      git(dir, 'branch', 'old', 'HEAD~1');
      git(dir, 'pack-refs', '--all');
      git(dir, 'branch', '-f', 'old', 'HEAD');
    },
    run: (store) => setRef(store, 'refs/heads/old', null),
  },
  {
    name: 'switch HEAD',
    prepare: (dir) => git(dir, 'branch', 'side'),
    run: (store) => setRef(store, 'HEAD', { target: 'refs/heads/side' }),
  },
  { name: 'tag', run: async (store) => setRef(store, 'refs/tags/v1.0.0', await tipOf(store), null) },
  { name: 'state of a merge', run: async (store) => store.state.write('MERGE_MSG', 'merge\n') },
  {
    name: 'stage',
    prepare: (dir) => writeFileSync(join(dir, 'top.yaml'), 'a: changed\n'),
    run: async (store) => {
      await store.worktree?.stage(['top.yaml']);
    },
  },
  {
    name: 'check out',
    prepare: (dir) => {
      git(dir, 'switch', '-q', '-c', 'side');
      writeFileSync(join(dir, 'top.yaml'), 'a: side\n');
      rmSync(join(dir, 'a'), { recursive: true });
      git(dir, 'add', '-A');
      git(dir, 'commit', '-q', '-m', 'side');
      git(dir, 'switch', '-q', 'main');
    },
    run: async (store) => {
      const [from, to] = [await tipOf(store), await resolveCommit(store, 'refs/heads/side')];
      await store.worktree?.checkout(await treeOf(store, from), await treeOf(store, to));
    },
  },
];

/** Two refs at a time; a crash may fall between them, but a failure must take both back. */
export const transaction: Operation = {
  name: 'rename a branch',
  prepare: (dir) => git(dir, 'branch', 'old'),
  run: async (store) => {
    const oid = await tipOf(store);
    await store.refs.update(
      [
        { name: 'refs/heads/new', value: oid, expected: null },
        { name: 'refs/heads/old', value: null, expected: oid },
      ],
      log,
    );
  },
};

/** A small repository, packed and loose, made by git. */
export function prepareRepository(dir: string): void {
  git(dir, 'init', '-q', '-b', 'main');
  for (const n of [1, 2]) {
    mkdirSync(join(dir, 'a/b'), { recursive: true });
    writeFileSync(join(dir, 'top.yaml'), `a: ${n}\n`);
    writeFileSync(join(dir, 'a/b/old.yaml'), 'a: 0\n');
    git(dir, 'add', '-A');
    git(dir, 'commit', '-q', '-m', `c${n}`);
    if (n === 1) git(dir, 'repack', '-adq');
  }
}

/** Opens, or makes, the repository of `dir` on a disk. */
export async function open(
  dir: string,
  fs: Parameters<typeof openStore>[0]['fs'],
  init = false,
): Promise<Store> {
  const options = {
    dir,
    env: storeEnv,
    durability: 'commit' as const,
    lockTimeoutMs: 200,
    ...(fs && { fs }),
  };
  return init ? (await initStore(options)).store : openStore(options);
}
