/** Programs that follow one file of a folder, each in its own way, until they have read what was written. */
import { readFileSync, watch as watchFolder } from 'node:fs';
import { join } from 'node:path';
import { watchConfig as watchC12 } from 'c12';
import { watch as watchChokidar } from 'chokidar';
import { watchConfig } from '../../src/index.js';

/** YAML, since c12 imports JSON as a module, which never changes. */
export const fileName = 'app.config.yaml';

/** `onValue` gets the number in the file whenever it was read anew. */
type Follow = (dir: string, onValue: (n: unknown) => void) => Promise<() => unknown>;

export const followers: Readonly<Record<string, Follow>> = {
  'fs.watch, read at once': async (dir, onValue) => {
    const watcher = watchFolder(dir, (_event, name) => {
      if (name === fileName) onValue(readNumber(dir));
    });
    return () => watcher.close();
  },
  'chokidar, read at once': async (dir, onValue) => {
    const watcher = watchChokidar(dir, { ignoreInitial: true });
    watcher.on('all', (_event, path) => {
      if (path.endsWith(fileName)) onValue(readNumber(dir));
    });
    await new Promise<void>((resolve) => watcher.on('ready', () => resolve()));
    return () => watcher.close();
  },
  'c12 watchConfig': async (dir, onValue) => {
    const watcher = await watchC12({
      cwd: dir,
      name: 'app',
      onUpdate: ({ newConfig }) => onValue(newConfig.config['n']),
    });
    return () => watcher.unwatch();
  },
  'cfg watchConfig': (dir, onValue) => followWith(50, dir, onValue),
  'cfg watchConfig, settleMs 0': (dir, onValue) => followWith(0, dir, onValue),
};

async function followWith(
  settleMs: number,
  dir: string,
  onValue: (n: unknown) => void,
): Promise<() => unknown> {
  const live = await watchConfig({ dir, env: {}, settleMs });
  live.watch('n', onValue);
  return live.close;
}

/** As little as a program can do to get the value. */
function readNumber(dir: string): number {
  return Number(/n: (\d+)\n/.exec(readFileSync(join(dir, fileName), 'utf8'))?.[1]);
}
