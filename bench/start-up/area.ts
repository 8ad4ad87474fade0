/** How long a command takes from nothing, beside a script that does nothing and git: the executable as it is built (npm run build). */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type AreaOptions, type Comparison, measureAll } from '../measure.js';
import { report } from '../report.js';
import { runNode } from '../node-process.js';
import { fileNames, git, makeRepository } from '../store/repository.js';

const cfg = join(import.meta.dirname, '../../bin/cfg.js');
const reference = 'node, an empty script';

/** Start-up in repositories of 1,000 and 10,000 files, with the compiled code that the first round left. */
export async function measureArea({ rounds = 21 }: AreaOptions): Promise<void> {
  const root = mkdtempSync(join(tmpdir(), 'cfg-bench-'));
  try {
    await report('start-up', [await measureAll(startUp(root), rounds)]);
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

function startUp(root: string): Comparison {
  const [small, large, empty] = [join(root, 'small'), join(root, 'large'), join(root, 'empty.cjs')];
  makeRepository(small, 1_000);
  makeRepository(large, 10_000);
  writeFileSync(empty, '');
  const [file = ''] = fileNames(1);
  const node =
    (dir: string, ...words: readonly string[]) =>
    (): void =>
      runNode(words, { cwd: dir, cache: join(root, 'cache') });
  const get = [cfg, 'get', `${file}#image.tag`];
  const cold = join(root, 'cold');
  return {
    title: 'start-up',
    reference,
    contenders: [
      { name: reference, run: node(small, empty) },
      { name: 'cfg --version', run: node(small, cfg, '--version') },
      { name: 'cfg --help', run: node(small, cfg, '--help') },
      { name: 'cfg get FILE#KEY', run: node(small, ...get) },
      {
        name: 'cfg get FILE#KEY, nothing compiled before',
        prepare: () => rmSync(cold, { recursive: true, force: true }),
        run: () => runNode(get, { cwd: small, cache: cold }),
      },
      { name: 'cfg status, 1000 files', run: node(small, cfg, 'status') },
      { name: 'cfg status, 10000 files', run: node(large, cfg, 'status') },
      { name: 'git status, 1000 files', run: () => git(small, 'status') },
    ],
  };
}
