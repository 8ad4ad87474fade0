/** One commit of one changed file in a repository of 1,000 files: the library beside `git` as a process and isomorphic-git. */
import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as isomorphicGit from 'isomorphic-git';
import { openRepository } from '../src/index.js';
import { measure, table, type Contender } from './measure.js';

const FILES = 1_000;
const ROUNDS = Number(process.env['CFG_ROUNDS'] ?? 15);
const author = { name: 'Bench', email: 'bench@example.org' };
const env = {
  PATH: process.env['PATH'],
  HOME: '/nonexistent',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_AUTHOR_NAME: author.name,
  GIT_AUTHOR_EMAIL: author.email,
  GIT_COMMITTER_NAME: author.name,
  GIT_COMMITTER_EMAIL: author.email,
};

function git(dir: string, ...args: readonly string[]): string {
  return execFileSync('git', args, { cwd: dir, env, encoding: 'utf8' });
}

/** A repository with a thousand small files in a hundred folders, all committed. */
function makeRepository(dir: string): string {
  fs.mkdirSync(dir);
  for (let file = 0; file < FILES; file += 1) {
    const folder = join(dir, `team-${file % 10}`, `service-${Math.trunc(file / 10) % 10}`);
    fs.mkdirSync(folder, { recursive: true });
    fs.writeFileSync(
      join(folder, `${file}.yaml`),
      `name: service-${file}\nreplicas: 2\nport: ${8000 + file}\n`,
    );
  }
  git(dir, 'init', '-q', '-b', 'main');
  git(dir, 'add', '-A');
  git(dir, 'commit', '-qm', 'first');
  return dir;
}

const changed = 'team-3/service-4/43.yaml';
let counter = 1_000;
const nextContent = (): string => `name: service-43\nreplicas: ${(counter += 1)}\nport: 8043\n`;

async function contenders(root: string): Promise<readonly Contender[]> {
  const names = ['library', 'changes', 'git', 'git-add', 'isomorphic'] as const;
  const dirs = Object.fromEntries(names.map((name) => [name, makeRepository(join(root, name))]));
  const dirOf = (name: (typeof names)[number]): string => dirs[name] ?? '';
  const write = (name: (typeof names)[number]) => (): void =>
    fs.writeFileSync(join(dirOf(name), changed), nextContent());
  const library = await openRepository({ dir: dirOf('library'), env });
  const changes = await openRepository({ dir: dirOf('changes'), env });
  git(dirOf('changes'), 'switch', '-q', '-c', 'elsewhere');
  return [
    {
      name: 'git commit',
      prepare: write('git'),
      run: () => git(dirOf('git'), 'commit', '-qm', 'm', changed),
    },
    {
      name: 'git add + git commit',
      prepare: write('git-add'),
      run: () => [git(dirOf('git-add'), 'add', changed), git(dirOf('git-add'), 'commit', '-qm', 'm')],
    },
    {
      name: 'cfg commit PATH (worktree and index)',
      prepare: write('library'),
      run: () => library.commit({ message: 'm', paths: [changed] }),
    },
    {
      name: 'cfg commitChanges (objects and ref)',
      run: () => changes.commitChanges('main', [{ path: changed, content: nextContent() }], { message: 'm' }),
    },
    {
      name: 'isomorphic-git add + commit',
      prepare: write('isomorphic'),
      run: async () => {
        const dir = dirOf('isomorphic');
        await isomorphicGit.add({ fs, dir, filepath: changed });
        await isomorphicGit.commit({ fs, dir, message: 'm', author });
      },
    },
  ];
}

const root = fs.mkdtempSync(join(tmpdir(), 'cfg-bench-'));
try {
  const timings = await measure(await contenders(root), ROUNDS);
  console.log(table(`one commit, ${FILES} files, ${ROUNDS} rounds`, timings, 'git commit'));
} finally {
  fs.rmSync(root, { recursive: true, force: true });
}
