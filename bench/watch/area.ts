/** The time from a write until the new value is in the hands of the program, in a folder of 1,000 files. */
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type AreaOptions, type Comparison, measureAll, type Table } from '../measure.js';
import { report } from '../report.js';
import { fileName, followers } from './contenders.js';

const reference = 'chokidar, read at once';
const lostMs = 1_000;
/** So that nobody still digests what came before. */
const restMs = 60;

type Writer = (path: string, text: string) => void;

const writers: Readonly<Record<string, Writer>> = {
  rename: (path, text) => {
    writeFileSync(`${path}.tmp`, text);
    renameSync(`${path}.tmp`, path);
  },
  'in place': (path, text) => writeFileSync(path, text),
};

/** All, or one kind of writing (`rename`, `in place`). */
export async function measureArea({ rounds = 20, part }: AreaOptions): Promise<void> {
  const tables: Table[] = [];
  const root = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'cfg-bench-'));
  try {
    for (const [name, write] of Object.entries(writers))
      if ((part ?? name) === name) {
        const comparison = await writer(join(root, name), name, write);
        tables.push(await measureAll(comparison, rounds));
        await comparison.stop();
      }
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
  await report('watch', tables);
}

async function writer(
  root: string,
  name: string,
  write: Writer,
): Promise<Comparison & { readonly stop: () => Promise<void> }> {
  const stops: (() => unknown)[] = [];
  const contenders: Comparison['contenders'][number][] = [];
  for (const [index, [contender, follow]] of Object.entries(followers).entries()) {
    const dir = folder(join(root, String(index)));
    let [wanted, found]: [number, (() => void) | undefined] = [0, undefined];
    const onValue = (n: unknown): void => {
      if (n === wanted) found?.();
    };
    stops.push(await follow(dir, onValue));
    contenders.push({
      name: contender,
      prepare: () => new Promise((resolve) => setTimeout(resolve, restMs)),
      run: () =>
        new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, lostMs);
          found = () => {
            clearTimeout(timer);
            resolve();
          };
          wanted += 1;
          write(join(dir, fileName), `n: ${wanted}\n`);
        }),
    });
  }
  const stop = async (): Promise<void> => {
    for (const one of stops) await one();
  };
  return { title: `from write (${name}) to value`, reference, contenders, stop };
}

/** A folder of 1,000 files; one of them is a stack. */
function folder(dir: string): string {
  mkdirSync(dir, { recursive: true });
  writeFileSync(join(dir, 'cfg.yaml'), `stacks: { app: { layers: [${fileName}] } }\n`);
  writeFileSync(join(dir, fileName), 'n: 0\n');
  for (let n = 0; n < 998; n += 1) writeFileSync(join(dir, `other${n}.yaml`), 'a: 1\n');
  return dir;
}
