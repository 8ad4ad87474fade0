/** A process that watches, stops as it is told to (`close`, `abort`, `unref`, `reject`), and then must end by itself: `node ending.js DIR HOW`. */
import { watchConfig } from '../../../src/load/index.js';

const [dir = '', how = ''] = process.argv.slice(2);
const controller = new AbortController();
const options = { dir, signal: controller.signal, persistent: how !== 'unref' };

if (how === 'reject') await watchConfig({ ...options, stack: 'none' }).catch(() => undefined);
else {
  const live = await watchConfig(options);
  await new Promise((resolve) => setTimeout(resolve, 200));
  if (how === 'close') await live.close();
  if (how === 'abort') controller.abort();
}
