import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { apiPage, exportsOf } from './api-page.js';

const project = join(import.meta.dirname, '../..');
const all = exportsOf(join(project, 'src/index.ts'));

it('every export says what it is', () => {
  expect(all.length).toBeGreaterThan(100);
  expect(all.filter(({ doc }) => doc === '').map(({ name }) => name)).toEqual([]);
});

it('docs/api.md is what the source says', () => {
  const file = join(project, 'docs/api.md');
  const page = apiPage(all);
  if (process.env['UPDATE_DOCS'] === '1') writeFileSync(file, page);
  expect(readFileSync(file, 'utf8')).toBe(page);
});

it('names every value that the module has when it runs', async () => {
  const values = all.filter(({ kind }) => kind === 'value').map(({ name }) => name);
  expect(values.toSorted()).toEqual(Object.keys(await import('../../src/index.js')).toSorted());
});
