import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { emptyFolder } from './command-line.js';
import { pictureOf } from './recording.js';
import { replay } from './replay.js';

const root = join(import.meta.dirname, '../..');
const file = join(root, 'docs/session.svg');

const session = `
$ cfg switch -q -c bigger-pool && cfg set base.yaml#db.pool.max 12 && cfg commit -q -a -m "Bigger pool"
$ cfg switch -q main && cfg set base.yaml#db.pool.max 20 && cfg set base.yaml#db.port 5433 && cfg commit -q -a -m "Large pool"
$ cfg merge bigger-pool
$ cfg resolve base.yaml#db.pool.max --theirs
$ cfg merge --continue && cfg show
$ cfg explain db.pool.max -e prod
$ cfg compare app -e dev -e prod
`;

/* `npm run record` makes the picture anew. */
it('the picture of the README is what a terminal shows', async () => {
  const cwd = emptyFolder();
  cpSync(join(root, 'fixtures/shop'), cwd, { recursive: true });
  await replay('$ cfg init -q && cfg add -A -q && cfg commit -q -m "The configuration of the shop"\n', cwd);
  const { text } = await replay(session, cwd, { FORCE_COLOR: '1' });
  const picture = pictureOf(text);
  if (process.env['UPDATE_SESSIONS'] === '1') writeFileSync(file, picture);
  expect(picture).toBe(readFileSync(file, 'utf8'));
});
