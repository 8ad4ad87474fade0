import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { catalogue } from '../../src/cli/catalogue.js';
import { topics } from '../../src/cli/topics.js';
import { manual } from './manual.js';

it('man/cfg.1 is what the program says', async () => {
  const file = join(import.meta.dirname, '../../man/cfg.1');
  const commands = await Promise.all(catalogue.map(async (entry) => [entry, await entry.load()] as const));
  const page = manual({ commands, topics });
  if (process.env['UPDATE_DOCS'] === '1') writeFileSync(file, page);
  expect(readFileSync(file, 'utf8')).toBe(page);
  for (const { name } of catalogue) expect(page).toContain(`.SS "cfg ${name.replaceAll('-', '\\-')}"`);
});
