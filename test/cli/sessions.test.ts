import { cpSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { emptyFolder } from './command-line.js';
import { installPackage } from './installed.js';
import { playPage } from './page.js';
import { replay } from './replay.js';

/* `UPDATE_SESSIONS=1` writes what the commands really print; read the difference before committing it. */
const updating = process.env['UPDATE_SESSIONS'] === '1';
const folder = join(import.meta.dirname, 'sessions');
const root = join(import.meta.dirname, '../..');
const shop = join(root, 'fixtures/shop');
const pages = [
  'README.md',
  ...readdirSync(join(root, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
];

describe('sessions', () => {
  it.each(readdirSync(folder))('%s', async (name) => {
    const file = join(folder, name);
    const script = readFileSync(file, 'utf8');
    const cwd = emptyFolder();
    if (script.startsWith('## In a copy of the sample repository')) cpSync(shop, cwd, { recursive: true });
    const { text: actual } = await replay(script, cwd);
    if (updating) writeFileSync(file, actual);
    expect(actual).toBe(readFileSync(file, 'utf8'));
  });
});

describe('the documents', () => {
  const installed = installPackage();

  it.each(pages)('%s shows what a terminal shows', async (name) => {
    const file = join(root, name);
    const actual = await playPage(readFileSync(file, 'utf8'), installed);
    if (updating) writeFileSync(file, actual);
    expect(actual).toBe(readFileSync(file, 'utf8'));
  });

  it.each(pages)('%s leads to pages that are there', (name) => {
    const text = readFileSync(join(root, name), 'utf8');
    const links = [...text.matchAll(/\]\((?!https?:)([^)#\s]+)/g)].map(([, link = '']) => link);
    expect(links.filter((link) => !existsSync(join(root, dirname(name), link)))).toEqual([]);
  });

  it('are all named by the README', () => {
    const text = readFileSync(join(root, 'README.md'), 'utf8');
    expect(pages.filter((name) => name !== 'README.md' && !text.includes(`(${name})`))).toEqual([]);
  });
});
