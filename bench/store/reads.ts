/** Status, branch switch, tree diff, history. */
import * as fs from 'node:fs';
import { join } from 'node:path';
import * as isomorphicGit from 'isomorphic-git';
import { diffTrees, openStore, walkCommits, type Worktree } from '../../src/store/index.js';
import type { Comparison } from '../measure.js';
import { env, git, gitFed, makeRepository } from './repository.js';

export async function status(root: string, size: number): Promise<Comparison> {
  const dir = join(root, 'status');
  makeRepository(dir, size);
  const tree = git(dir, 'rev-parse', 'HEAD^{tree}').trim();
  const warm = await worktreeOf(dir);
  return {
    title: `status of ${size} files`,
    reference: 'git status',
    contenders: [
      { name: 'git status', run: () => git(dir, 'status', '--porcelain', '-uall') },
      { name: 'cfg, opened anew', run: async () => (await worktreeOf(dir)).status(tree) },
      { name: 'cfg, long-lived', run: () => warm.status(tree) },
      ...(size > 1_000
        ? []
        : [{ name: 'isomorphic-git statusMatrix', run: () => isomorphicStatus(root, size) }]),
    ],
  };
}

/** In a copy of its own: it writes the index in another way. */
async function isomorphicStatus(root: string, size: number): Promise<void> {
  const dir = join(root, 'status-iso');
  if (!fs.existsSync(dir)) makeRepository(dir, size);
  await isomorphicGit.statusMatrix({ fs, dir });
}

async function worktreeOf(dir: string): Promise<Worktree> {
  const { worktree } = await openStore({ dir, env });
  if (!worktree) throw new Error(`no worktree in ${dir}`);
  return worktree;
}

/** A second branch `other` that differs from `main` in `changed` files. */
function makeBranches(dir: string, size: number, changed: number): readonly [string, string] {
  const names = makeRepository(dir, size);
  git(dir, 'checkout', '-q', '-B', 'other', 'main');
  const step = Math.floor(size / changed);
  for (let at = 0; at < changed; at += 1)
    fs.writeFileSync(join(dir, names[at * step] ?? ''), `changed: ${at}\n`);
  git(dir, 'commit', '-q', '-a', '-m', 'other');
  git(dir, 'checkout', '-q', 'main');
  const [main = '', other = ''] = git(dir, 'rev-parse', 'main^{tree}', 'other^{tree}').split('\n');
  return [main, other];
}

export function treeDiff(root: string, changed: number): Comparison {
  const dir = join(root, 'diff');
  const [main, other] = makeBranches(dir, 10_000, changed);
  return {
    title: `tree diff, ${changed} of 10000 files`,
    reference: 'git diff-tree',
    contenders: [
      { name: 'git diff-tree', run: () => git(dir, 'diff-tree', '-r', main, other) },
      {
        name: 'cfg, opened anew',
        run: async () => diffTrees(await openStore({ dir, env }), main, other),
      },
    ],
  };
}

export function branchSwitch(root: string, changed: number): Comparison {
  const [byGit, byCfg, byIso] = [
    join(root, 'switch-git'),
    join(root, 'switch-cfg'),
    join(root, 'switch-iso'),
  ];
  for (const dir of [byGit, byIso]) makeBranches(dir, 10_000, changed);
  const trees = makeBranches(byCfg, 10_000, changed);
  let [gitTurn, cfgTurn, isoTurn] = [0, 0, 0];
  return {
    title: `switch, ${changed} of 10000 files`,
    reference: 'git checkout',
    contenders: [
      {
        name: 'git checkout',
        run: () => git(byGit, 'checkout', '-q', (gitTurn += 1) % 2 === 1 ? 'other' : 'main'),
      },
      {
        name: 'cfg checkout',
        run: async () => {
          cfgTurn += 1;
          const [from = '', to = ''] = cfgTurn % 2 === 1 ? trees : trees.toReversed();
          const store = await openStore({ dir: byCfg, env });
          await store.worktree?.checkout(from, to);
          const target = `refs/heads/${cfgTurn % 2 === 1 ? 'other' : 'main'}`;
          const committer = { name: 'B', email: 'b@x', timestamp: 0, offsetMinutes: 0 };
          await store.refs.update([{ name: 'HEAD', value: { target } }], { committer, message: 'checkout' });
        },
      },
      {
        name: 'isomorphic-git checkout',
        run: () =>
          isomorphicGit.checkout({ fs, dir: byIso, ref: (isoTurn += 1) % 2 === 1 ? 'other' : 'main' }),
      },
    ],
  };
}

const commits = 10_000;

export async function longHistory(dir: string): Promise<Comparison> {
  const head = git(dir, 'rev-parse', 'HEAD').trim();
  return {
    title: `log of ${commits} commits`,
    reference: 'git log',
    contenders: [
      { name: 'git log', run: () => git(dir, 'log', '--format=raw', '-n', String(commits), head) },
      {
        name: 'cfg walkCommits',
        run: async () => {
          let left = commits;
          for await (const node of walkCommits(await openStore({ dir, env }), [head]))
            if (node.oid === '' || (left -= 1) === 0) break;
        },
      },
      {
        name: 'isomorphic-git log',
        run: () =>
          isomorphicGit.log({
            fs,
            dir,
            gitdir: git(dir, 'rev-parse', '--absolute-git-dir').trim(),
            ref: head,
            depth: commits,
          }),
      },
    ],
  };
}

export async function packReads(dir: string): Promise<Comparison> {
  const store = await openStore({ dir, env });
  const oids: string[] = [];
  for await (const { oid } of walkCommits(store, [git(dir, 'rev-parse', 'HEAD').trim()])) {
    if (oids.length === 5_000) break;
    oids.push(oid);
  }
  return {
    title: `${oids.length} commits by id`,
    reference: 'git cat-file --batch',
    contenders: [
      { name: 'git cat-file --batch', run: () => gitFed(dir, `${oids.join('\n')}\n`, 'cat-file', '--batch') },
      {
        name: 'cfg objects.read',
        run: async () => {
          const opened = await openStore({ dir, env });
          for (const oid of oids) await opened.objects.read(oid);
        },
      },
    ],
  };
}
