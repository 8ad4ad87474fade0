/** How long a command takes from nothing, beside a script that does nothing and git: the executable as it is built (npm run build). */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { measureAll, report, type Comparison } from '../measure.js';
import { env, fileNames, git, makeRepository } from '../store/repository.js';

const cfg = join(import.meta.dirname, '../../bin/cfg.js');
const reference = 'node, an empty script';

/** Start-up in a repository of 1,000 files, with the compiled code that the first round left. */
export async function measureArea(): Promise<void> {
  const root = mkdtempSync(join(tmpdir(), 'cfg-bench-'));
  try {
    const tables = [await measureAll(startUp(root), Number(process.env['CFG_ROUNDS'] ?? 21))];
    report('start-up', tables);
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

function startUp(root: string): Comparison {
  const [dir, empty] = [join(root, 'repository'), join(root, 'empty.cjs')];
  makeRepository(dir, 1_000);
  writeFileSync(empty, '');
  const [file = ''] = fileNames(1);
  const node =
    (...words: readonly string[]) =>
    (): void => {
      const { status, stderr } = spawnSync(process.execPath, words, {
        cwd: dir,
        env: { ...env, XDG_CACHE_HOME: join(root, 'cache') },
        encoding: 'utf8',
      });
      if (status !== 0) throw new Error(`${words.join(' ')}: ${stderr}`);
    };
  return {
    title: 'start-up',
    reference,
    contenders: [
      { name: reference, run: node(empty) },
      { name: 'cfg --version', run: node(cfg, '--version'), target: 1.08 },
      { name: 'cfg --help', run: node(cfg, '--help'), target: 1.2 },
      { name: 'cfg get FILE#KEY', run: node(cfg, 'get', `${file}#image.tag`), target: 1.25 },
      { name: 'cfg status, 1,000 files', run: node(cfg, 'status'), target: 1.6 },
      { name: 'git status, 1,000 files', run: () => git(dir, 'status') },
    ],
  };
}
