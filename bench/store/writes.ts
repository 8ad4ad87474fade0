/** Adding files, single commits, many commits. */
import * as fs from 'node:fs';
import { join } from 'node:path';
import * as isomorphicGit from 'isomorphic-git';
import { openRepository } from '../../src/index.js';
import { formatCommit, objectOid, type Oid, openStore, planTree, type Store } from '../../src/store/index.js';
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
  const [byGit, alone, porcelain, fast, plumbing, iso] = [
    'git',
    'alone',
    'porcelain',
    'fast',
    'plumbing',
    'iso',
  ].map(repository);
  const library = await openRepository({ dir: porcelain?.dir ?? '', env });
  const commitIn = async (dir: string, durability: 'fast' | 'commit'): Promise<() => Promise<void>> => {
    const store = await openStore({ dir, env, durability });
    return async () => {
      await store.worktree?.stage([changed]);
      await commitFile(store, changed, fs.readFileSync(join(dir, changed)));
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
    ],
  };
}

/** A commit without worktree and index. */
async function commitFile(store: Store, path: string, data: Uint8Array): Promise<void> {
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
  const value = objectOid('commit', commit);
  await store.refs.update([{ name: 'refs/heads/main', value, expected: parent }], {
    committer: signature,
    message: 'commit: m',
  });
}

async function treeOf(store: Store, commit: Oid): Promise<Oid> {
  return Buffer.from((await store.objects.read(commit)).data).toString('latin1', 5, 45);
}

/** Single-file commits in a row: one after the other, each of them reachable before the next one begins. */
export async function manyCommits(root: string, count: number): Promise<Comparison> {
  const size = 10_000;
  const [gitDir, cfgDir] = [join(root, 'import'), join(root, 'loop')];
  const names = makeRepository(cfgDir, size);
  makeRepository(gitDir, size);
  const store = await openStore({ dir: cfgDir, env, durability: 'fast' });
  const path = (at: number): string => names[(at * 7) % size] ?? '';
  let round = 0;
  const stream = (): string => {
    round += 1;
    const commits = Array.from({ length: count }, (_, at) => {
      const text = contentOf(round * count + at);
      const from = at === 0 ? 'from refs/heads/main^0\n' : '';
      return `commit refs/heads/main\ncommitter B <b@x> ${1_700_000_000 + at} +0000\ndata 1\nm\n${from}M 100644 inline ${path(at)}\ndata ${text.length}\n${text}\n`;
    });
    return commits.join('');
  };
  return {
    title: `${count} commits of one file among ${size}`,
    reference: 'git fast-import',
    contenders: [
      { name: 'git fast-import', run: () => gitFed(gitDir, stream(), 'fast-import', '--quiet') },
      {
        name: 'cfg, one after the other (fast)',
        run: async () => {
          round += 1;
          for (let at = 0; at < count; at += 1)
            await commitFile(store, path(at), Buffer.from(contentOf(round * count + at)));
        },
      },
    ],
  };
}
