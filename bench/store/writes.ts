/** Adding files, single commits, many commits. */
import * as fs from 'node:fs';
import { join } from 'node:path';
import * as isomorphicGit from 'isomorphic-git';
import { openRepository } from '../../dist/index.js'; // as an application has it (npm run build)
import {
  formatCommit,
  MutableTree,
  objectOid,
  type Oid,
  openStore,
  planTree,
  type Store,
} from '../../src/store/index.js';
import type { Comparison } from '../measure.js';
import { author, contentOf, env, fileNames, git, gitFed, makeFiles, makeRepository } from './repository.js';

export function addFiles(root: string, size: number): Comparison {
  const names = fileNames(size);
  const fresh = (name: string): { readonly dir: string; readonly prepare: () => void } => {
    const dir = join(root, name);
    makeFiles(dir, size);
    const prepare = (): void => {
      fs.rmSync(join(dir, '.git'), { recursive: true, force: true });
      git(dir, 'init', '-q', '-b', 'main');
    };
    return { dir, prepare };
  };
  const [byGit, bulk, fast, iso] = ['git', 'commit', 'fast', 'iso'].map(fresh);
  const stage =
    (dir = '', durability: 'fast' | 'commit') =>
    async (): Promise<void> => {
      const { worktree } = await openStore({ dir, env, durability });
      await worktree?.stage(names);
    };
  const addAll = async (): Promise<void> => {
    for (const filepath of names) await isomorphicGit.add({ fs, dir: iso?.dir ?? '', filepath });
  };
  return {
    title: `add ${size} files`,
    reference: 'git add -A',
    contenders: [
      { name: 'git add -A', prepare: byGit?.prepare, run: () => git(byGit?.dir ?? '', 'add', '-A') },
      {
        name: 'cfg, durability commit',
        prepare: bulk?.prepare,
        run: stage(bulk?.dir, 'commit'),
      },
      { name: 'cfg, durability fast', prepare: fast?.prepare, run: stage(fast?.dir, 'fast') },
      ...(size > 1_000 ? [] : [{ name: 'isomorphic-git add', prepare: iso?.prepare, run: addAll }]),
    ],
  };
}

/** One changed file: blob, trees, commit, branch and index. */
export async function oneCommit(root: string, size: number): Promise<Comparison> {
  const changed = fileNames(size)[Math.floor(size / 3)] ?? '';
  let counter = 1_000_000;
  const repository = (name: string): { readonly dir: string; readonly prepare: () => void } => {
    const dir = join(root, name);
    makeRepository(dir, size);
    return { dir, prepare: () => fs.writeFileSync(join(dir, changed), contentOf((counter += 1))) };
  };
  const [byGit, alone, porcelain, fast, plumbing, iso, pieces] = [
    'git',
    'alone',
    'porcelain',
    'fast',
    'plumbing',
    'iso',
    'pieces',
  ].map(repository);
  const library = await openRepository({ dir: porcelain?.dir ?? '', env });
  const commitIn = async (dir: string, durability: 'fast' | 'commit'): Promise<() => Promise<void>> => {
    const store = await openStore({ dir, env, durability });
    return async () => {
      const plan = await store.worktree?.planStage([changed]);
      const [blob] = plan?.objects ?? [];
      if (blob !== undefined) await commitFile(store, { path: changed, data: blob.data, stage: plan?.apply });
    };
  };
  return {
    title: `one commit among ${size} files`,
    reference: 'git add + git commit',
    contenders: [
      {
        name: 'git add + git commit',
        prepare: byGit?.prepare,
        run: () => [git(byGit?.dir ?? '', 'add', changed), git(byGit?.dir ?? '', 'commit', '-qm', 'm')],
      },
      {
        name: 'git commit FILE',
        prepare: alone?.prepare,
        run: () => git(alone?.dir ?? '', 'commit', '-qm', 'm', '--', changed),
      },
      {
        name: 'cfg, commit of FILE through the library',
        prepare: porcelain?.prepare,
        run: () => library.commit({ message: 'm', paths: [changed] }),
      },
      {
        name: 'cfg store, durability commit',
        prepare: plumbing?.prepare,
        run: await commitIn(plumbing?.dir ?? '', 'commit'),
      },
      {
        name: 'cfg store, durability fast',
        prepare: fast?.prepare,
        run: await commitIn(fast?.dir ?? '', 'fast'),
      },
      {
        name: 'isomorphic-git add + commit',
        prepare: iso?.prepare,
        run: async () => {
          const dir = iso?.dir ?? '';
          await isomorphicGit.add({ fs, dir, filepath: changed });
          await isomorphicGit.commit({ fs, dir, message: 'm', author });
        },
      },
      {
        name: 'isomorphic-git, objects and branch only',
        prepare: pieces?.prepare,
        run: () => isomorphicPieces(pieces?.dir ?? '', changed),
      },
    ],
  };
}

/** The blob, the folders above it, the commit and the branch, without index. */
async function isomorphicPieces(dir: string, path: string): Promise<void> {
  const repository = { fs, dir, cache: isomorphicCache };
  const parent = await isomorphicGit.resolveRef({ fs, dir, ref: 'refs/heads/main' });
  const blob = await isomorphicGit.writeBlob({ fs, dir, blob: fs.readFileSync(join(dir, path)) });
  const put = async (oid: string, [name = '', ...rest]: readonly string[]): Promise<string> => {
    const { tree } = await isomorphicGit.readTree({ ...repository, oid });
    const entries = [];
    for (const entry of tree)
      entries.push(
        entry.path === name
          ? { ...entry, oid: rest.length === 0 ? blob : await put(entry.oid, rest) }
          : entry,
      );
    return isomorphicGit.writeTree({ fs, dir, tree: entries });
  };
  const tree = await put(parent, path.split('/'));
  const signature = { ...author, timestamp: Math.floor(Date.now() / 1000), timezoneOffset: 0 };
  const commit = { tree, parent: [parent], author: signature, committer: signature, message: 'm\n' };
  const value = await isomorphicGit.writeCommit({ fs, dir, commit });
  await isomorphicGit.writeRef({ fs, dir, ref: 'refs/heads/main', value, force: true });
}

const isomorphicCache = {};

interface NewFile {
  readonly path: string;
  readonly data: Uint8Array;
  /** Default: the index stays as it is. */
  readonly stage?: (() => Promise<unknown>) | undefined;
}

/** A commit as the library makes it: all objects at once, then the index, then the branch. */
async function commitFile(store: Store, { path, data, stage }: NewFile): Promise<void> {
  const tip = await store.refs.read('refs/heads/main');
  const parent = tip !== undefined && 'oid' in tip ? tip.oid : '';
  const signature = { ...author, timestamp: Math.floor(Date.now() / 1000), offsetMinutes: 0 };
  const planned = await planTree(store, await treeOf(store, parent), [
    { path, entry: { mode: '100644', oid: objectOid('blob', data) } },
  ]);
  const commit = formatCommit({
    tree: planned.tree,
    parents: [parent],
    author: signature,
    committer: signature,
    message: 'm',
  });
  await store.objects.write([{ type: 'blob', data }, ...planned.objects, { type: 'commit', data: commit }]);
  await stage?.();
  const value = objectOid('commit', commit);
  await store.refs.update([{ name: 'refs/heads/main', value, expected: parent }], {
    committer: signature,
    message: 'commit: m',
  });
}

async function treeOf(store: Store, commit: Oid): Promise<Oid> {
  return Buffer.from((await store.objects.read(commit)).data).toString('latin1', 5, 45);
}

/** Single-file commits in a row: all in one pack, and each of them reachable before the next one begins. */
export async function manyCommits(root: string, count: number): Promise<Comparison> {
  const size = 10_000;
  const [gitDir, packDir, loopDir] = [join(root, 'import'), join(root, 'pack'), join(root, 'loop')];
  const names = makeRepository(loopDir, size);
  for (const dir of [gitDir, packDir]) makeRepository(dir, size);
  const [packs, loop] = [
    await openStore({ dir: packDir, env }),
    await openStore({ dir: loopDir, env, durability: 'fast' }),
  ];
  let round = 0;
  const change = (at: number): Change => ({
    path: names[(at * 7) % size] ?? '',
    text: contentOf(round * count + at),
  });
  const changes = (): readonly Change[] => {
    round += 1;
    return Array.from({ length: count }, (_, at) => change(at));
  };
  return {
    title: `${count} commits of one file among ${size}`,
    reference: 'git fast-import',
    contenders: [
      {
        name: 'git fast-import',
        run: () => gitFed(gitDir, importStream(changes()), 'fast-import', '--quiet'),
      },
      { name: 'cfg, one pack', run: () => commitAll(packs, changes()) },
      {
        name: 'cfg, one after the other (fast)',
        run: async () => {
          for (const { path, text } of changes()) await commitFile(loop, { path, data: Buffer.from(text) });
        },
      },
    ],
  };
}

interface Change {
  readonly path: string;
  readonly text: string;
}

function importStream(changes: readonly Change[]): string {
  const commits = changes.map(({ path, text }, at) => {
    const from = at === 0 ? 'from refs/heads/main^0\n' : '';
    return `commit refs/heads/main\ncommitter B <b@x> ${1_700_000_000 + at} +0000\ndata 1\nm\n${from}M 100644 inline ${path}\ndata ${text.length}\n${text}\n`;
  });
  return commits.join('');
}

async function commitAll(store: Store, changes: readonly Change[]): Promise<void> {
  const tip = await store.refs.read('refs/heads/main');
  const first = tip !== undefined && 'oid' in tip ? tip.oid : '';
  const batch = store.objects.batch?.();
  if (batch === undefined) throw new Error('the store has no batches');
  const tree = new MutableTree(store, await treeOf(store, first));
  const committer = { ...author, timestamp: 1_700_000_000, offsetMinutes: 0 };
  let parent = first;
  for (const { path, text } of changes) {
    await tree.set(path, { mode: '100644', oid: batch.add({ type: 'blob', data: Buffer.from(text) }) });
    const root = await tree.write(batch);
    const data = formatCommit({ tree: root, parents: [parent], author: committer, committer, message: 'm' });
    parent = batch.add({ type: 'commit', data });
  }
  await batch.publish();
  const edit = { name: 'refs/heads/main', value: parent, expected: first };
  await store.refs.update([edit], { committer, message: 'batch' });
}
