/**
 * Writers of every style, at once and in one process: `node watch-writers.js DIR MS SEED BRANCHES`. Each writes numbered documents of its own for
 * so long, and prints a line of JSON for each once it is whole, with the longest pause that it really made while it was not.
 */
import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  closeSync,
  copyFileSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { documentText } from './watch-documents.js';

const [dir = '', durationMs = '0', seed = '1', branches = '1'] = process.argv.slice(2);
let state = Number(seed) >>> 0;
const end = performance.now() + Number(durationMs);

/** Numerical Recipes' linear congruential generator; below `max`. */
function random(max: number): number {
  state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
  return Math.floor((state / 2 ** 32) * max);
}

/** Watches the clock while a document is not whole; nothing to watch where it is replaced in one step. */
class Pauses {
  #lastMs = Infinity;
  longestMs = 0;

  begin(): void {
    this.#lastMs = performance.now();
  }

  async take(ms: number): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, ms));
    this.note();
  }

  note(): void {
    const now = performance.now();
    this.longestMs = Math.max(this.longestMs, now - this.#lastMs);
    this.#lastMs = now;
  }
}

interface Task {
  readonly name: string;
  readonly path: string;
  readonly text: string;
  readonly k: number;
  readonly pauses: Pauses;
}

type Style = (task: Task) => void | Promise<void>;

const inPieces = async (path: string, text: string, pauses: Pauses): Promise<void> => {
  pauses.begin();
  const file = openSync(path, 'w');
  for (const line of text.split(/(?<=\n)/)) {
    writeSync(file, line);
    if (random(3) === 0) await pauses.take(random(20));
    pauses.note();
  }
  closeSync(file);
};

const styles: Readonly<Record<string, Style>> = {
  truncate: ({ path, text, pauses }) => {
    pauses.begin();
    writeFileSync(path, text);
    pauses.note();
  },
  slow: ({ path, text, pauses }) => inPieces(path, text, pauses),
  rename: ({ path, text }) => {
    writeFileSync(`${path}.tmp`, text);
    renameSync(`${path}.tmp`, path);
  },
  vim: async ({ path, text, pauses }) => {
    pauses.begin();
    renameSync(path, `${path}~`);
    await pauses.take(random(5));
    writeFileSync(path, text);
    pauses.note();
    unlinkSync(`${path}~`);
  },
  sed: ({ path, k }) => {
    // The same number of lines, so it only fits where the numbers agree on it.
    execFileSync('sed', ['-i', '-E', `s/[0-9]+$/${k}/`, path]);
  },
  recreate: async ({ path, text, pauses }) => {
    pauses.begin();
    unlinkSync(path);
    await pauses.take(random(40));
    await inPieces(path, text, pauses);
  },
  copy: ({ path, text, pauses }) => {
    writeFileSync(`${path}.source`, text);
    pauses.begin();
    copyFileSync(`${path}.source`, path);
    pauses.note();
  },
  swapfile: ({ path, text, pauses }) => {
    const swap = join(dir, `.${path.slice(dir.length + 1)}.swp`);
    for (let n = 0; n < 20; n += 1) appendFileSync(swap, text);
    pauses.begin();
    writeFileSync(path, text);
    pauses.note();
    rmSync(swap);
  },
  configmap: ({ k, text }) => {
    const folder = join(dir, 'configmap');
    mkdirSync(join(folder, `..${k}`));
    writeFileSync(join(folder, `..${k}/configmap.yaml`), text);
    symlinkSync(`..${k}`, join(folder, '..data_tmp'));
    renameSync(join(folder, '..data_tmp'), join(folder, '..data'));
    rmSync(join(folder, `..${k - 1}`), { recursive: true, force: true });
  },
  checkout: ({ k }) =>
    void execFileSync('git', ['checkout', '-q', '-f', `v${k % Number(branches)}`], { cwd: dir }),
};

async function write(name: string, k: number): Promise<void> {
  const pauses = new Pauses();
  const path = join(dir, `${name}.yaml`);
  await styles[name]?.({ name, path, text: documentText(name, k), k, pauses });
  process.stdout.write(`${JSON.stringify({ name, k, pauseMs: pauses.longestMs })}\n`);
}

for (let k = 1; performance.now() < end; k += 1) {
  const chosen = Object.keys(styles).filter(() => random(2) === 0);
  await Promise.all(chosen.map((name) => write(name, k)));
  await new Promise((resolve) => setTimeout(resolve, random(2) === 0 ? random(40) : 300 + random(500)));
}
