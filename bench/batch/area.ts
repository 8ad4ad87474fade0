/** 10,000 single-key changes, a commit each: in one batch, beside `git fast-import` of the same commits and a loop of single commits. */
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openRepository, type BatchCommit } from '../../src/repo/index.js';
import { type AreaOptions, type Comparison, measureAll } from '../measure.js';
import { report } from '../report.js';
import { serviceText } from '../service-text.js';
import { env, fileNames, git, gitFed } from '../store/repository.js';

const [files, changes, loop] = [1_000, 10_000, 50];

export async function measureArea({ rounds = 5 }: AreaOptions): Promise<void> {
  const root = mkdtempSync(join(tmpdir(), 'cfg-bench-'));
  try {
    await report('batch', [await measureAll(comparison(root), rounds)]);
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

const textOf = (file: number, max: number): string => serviceText(file, { max, min: 1 });

function comparison(root: string): Comparison {
  const names = fileNames(files);
  const [first, bare, place] = [join(root, 'checkout'), join(root, 'bare'), join(root, 'now')];
  git(root, 'init', '-q', '-b', 'main', first);
  const initial = names.map((name, at) => fileCommand(name, textOf(at, 10)));
  gitFed(first, `${commitCommand('base', 0)}${initial.join('')}`, 'fast-import', '--quiet');
  git(first, 'reset', '-q', '--hard');
  git(root, 'clone', '-q', '--bare', first, bare);
  const [stream, commits] = [streamOf(names), batchOf(names)];
  const prepare = (from: string) => (): void => {
    rmSync(place, { recursive: true, force: true });
    cpSync(from, place, { recursive: true });
  };
  return {
    title: `${changes} changes of one key, a commit each, in ${files} files`,
    reference: 'git fast-import',
    contenders: [
      {
        name: 'git fast-import',
        prepare: prepare(bare),
        run: () => gitFed(place, stream, 'fast-import', '--quiet'),
      },
      {
        name: 'cfg batch',
        prepare: prepare(bare),
        run: async () => (await openRepository({ dir: place, env })).batch('main', commits),
      },
      {
        name: `cfg set and commit, one after the other (${loop} of them, times ${changes / loop})`,
        prepare: prepare(first),
        run: () => oneByOne(place, names),
        parts: changes / loop,
      },
    ],
  };
}

function commitCommand(message: string, at: number): string {
  return `commit refs/heads/main\ncommitter B <b@x> ${1_700_000_000 + at} +0000\ndata ${message.length}\n${message}\n`;
}

function fileCommand(name: string, text: string): string {
  return `M 100644 inline ${name}\ndata ${text.length}\n${text}\n`;
}

/** Every file in turn, not in order. */
const fileOf = (at: number): number => (at * 7) % files;
const valueOf = (at: number): number => 11 + Math.floor(at / files);

function streamOf(names: readonly string[]): string {
  return Array.from({ length: changes }, (_, at) => {
    const from = at === 0 ? 'from refs/heads/main^0\n' : '';
    return `${commitCommand('m', at)}${from}${fileCommand(names[fileOf(at)] ?? '', textOf(fileOf(at), valueOf(at)))}`;
  }).join('');
}

function batchOf(names: readonly string[]): readonly BatchCommit[] {
  return Array.from({ length: changes }, (_, at) => {
    const path = names[fileOf(at)] ?? '';
    return { message: 'm', changes: [{ path, set: { 'db.pool.max': valueOf(at) } }] };
  });
}

async function oneByOne(dir: string, names: readonly string[]): Promise<void> {
  const repository = await openRepository({ dir, env });
  for (let at = 0; at < loop; at += 1) {
    const path = names[fileOf(at)] ?? '';
    await repository.set(`${path}#db.pool.max`, valueOf(at));
    await repository.commit({ message: 'm', paths: [path] });
  }
}
