/** The command line as a process of its own, for `process.test.ts`: what `bin/cfg.js` does, on the sources. */
import { rmdirSync } from 'node:fs';
import { main, processIo } from '../../src/cli/index.js';

const io = processIo();
const gone = io.env['CFG_TEST_GONE'];
if (gone !== undefined) {
  process.chdir(gone);
  rmdirSync(gone);
}
if (io.env['CFG_TEST_READY'] === '1') io.stderr.write('ready\n');
if (io.env['CFG_TEST_STRAY'] === '1') void Promise.reject(new TypeError('nobody waits for me'));
process.exitCode = await main(process.argv.slice(2), io);
