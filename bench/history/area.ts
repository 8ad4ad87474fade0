/** History of a file and of a key, and blame, in 10,000 commits of 1,000 files: beside git and isomorphic-git, the first time and the second. */
import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as isomorphicGit from 'isomorphic-git';
import { openRepository, type Repository } from '../../src/repo/index.js';
import { type AreaOptions, type Comparison, measureAll } from '../measure.js';
import { report } from '../report.js';
import { env, fileNames, git, gitFed } from '../store/repository.js';
import { serviceText } from '../service-text.js';

const [files, commits] = [1_000, 10_000];

/** The part is one of a title: `blame`. The page is written after each, so that a run can be cut short. */
export async function measureArea({ rounds = 5, part = '' }: AreaOptions): Promise<void> {
  const root = fs.mkdtempSync(join(tmpdir(), 'cfg-bench-'));
  try {
    const dir = makeHistory(root);
    for (const comparison of comparisons(dir))
      if (comparison.title.includes(part)) await report('history', [await measureAll(comparison, rounds)]);
  } finally {
    fs.rmSync(root, { recursive: true, force: true });
  }
}

/** One file in five commits is the busy one; of it every fourth change is that of the key asked for. */
function makeHistory(root: string): string {
  const dir = join(root, 'repository');
  const names = fileNames(files);
  git(root, 'init', '-q', '-b', 'main', dir);
  const initial = names.map((name, at) => fileCommand(name, serviceText(at, { max: 10, min: 1 })));
  const steps = Array.from({ length: commits - 1 }, (_, at) => {
    const file = at % 50 === 0 ? 0 : (at * 7) % files;
    const step = Math.floor(at / 50);
    const values = file === 0 ? { max: 10 + Math.floor(step / 4), min: step } : { max: at, min: 1 };
    return commitCommand(`change ${at}`, at + 1) + fileCommand(names[file] ?? '', serviceText(file, values));
  });
  gitFed(dir, [commitCommand('base', 0), ...initial, ...steps].join(''), 'fast-import', '--quiet');
  git(dir, 'reset', '-q', '--hard');
  git(dir, 'repack', '-q', '-a', '-d');
  return dir;
}

function commitCommand(message: string, at: number): string {
  return `commit refs/heads/main\ncommitter B <b@x> ${1_700_000_000 + at} +0000\ndata ${message.length}\n${message}\n`;
}

function fileCommand(name: string, text: string): string {
  return `M 100644 inline ${name}\ndata ${text.length}\n${text}\n`;
}

function comparisons(dir: string): readonly Comparison[] {
  const [file = ''] = fileNames(1);
  const forget = (): void => fs.rmSync(join(dir, '.git/cfg/cache'), { recursive: true, force: true });
  const open = (): Promise<Repository> => openRepository({ dir, env });
  const line =
    serviceText(0, { max: 1, min: 1 })
      .split('\n')
      .findIndex((text) => text.includes('max:')) + 1;
  const both = (name: string, run: () => unknown): Comparison['contenders'] => [
    { name: `${name}, first time`, prepare: forget, run },
    { name: `${name}, second time`, run },
  ];
  const size = `${commits} commits of ${files} files`;
  return [
    {
      title: `the last 50 of ${size}`,
      reference: 'git log',
      contenders: [
        { name: 'git log', run: () => git(dir, 'log', '-n', '50') },
        { name: 'cfg log', run: async () => (await open()).log({ limit: 50 }) },
        { name: 'isomorphic-git log', run: () => isomorphicGit.log({ fs, dir, depth: 50 }) },
      ],
    },
    {
      title: `history of a file, ${size}`,
      reference: 'git log -- FILE',
      contenders: [
        { name: 'git log -- FILE', run: () => git(dir, 'log', '--', file) },
        { name: 'git log --follow FILE', run: () => git(dir, 'log', '--follow', file) },
        ...both('cfg log FILE', async () => (await open()).log({ addresses: [file] })),
        {
          name: 'isomorphic-git log --filepath',
          run: () => isomorphicGit.log({ fs, dir, filepath: file, force: true }),
        },
      ],
    },
    {
      title: `history of a key, ${size}`,
      reference: 'git log -L',
      contenders: [
        { name: 'git log -L', run: () => git(dir, 'log', `-L${line},${line}:${file}`) },
        ...both('cfg log FILE#KEY', async () => (await open()).log({ addresses: [`${file}#db.pool.max`] })),
      ],
    },
    {
      title: `blame, ${size}`,
      reference: 'git blame',
      contenders: [
        { name: 'git blame', run: () => git(dir, 'blame', 'HEAD', '--', file) },
        ...both('cfg blame', async () => (await open()).blame(file)),
      ],
    },
  ];
}
