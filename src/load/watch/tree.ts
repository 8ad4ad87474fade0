/** Hints that something below a folder may have changed. */
import { basename } from 'node:path';

interface TreeListeners {
  readonly onHint: () => void;
  readonly onError: (error: unknown) => void;
}

/** What changes often and is no configuration. */
const uninteresting: ReadonlySet<string> = new Set(['.git', 'node_modules']);

/** Watches everything below a folder; resolves when events come, to what ends it. An event may get lost, so look again from time to time. */
export async function watchTree(
  dir: string,
  { onHint, onError }: TreeListeners,
): Promise<() => Promise<void>> {
  const { watch } = await import('chokidar');
  const watcher = watch(dir, {
    ignoreInitial: true,
    followSymlinks: false,
    ignored: (path) => path !== dir && uninteresting.has(basename(path)),
  });
  watcher.on('all', onHint);
  await new Promise<void>((resolve) => {
    watcher.on('ready', resolve);
    watcher.on('error', (error) => {
      onError(error);
      resolve();
    });
  });
  return () => watcher.close();
}
