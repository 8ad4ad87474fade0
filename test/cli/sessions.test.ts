import { cpSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { emptyFolder } from './command-line.js';
import { replay } from './replay.js';

/* `UPDATE_SESSIONS=1` writes what the commands really print; read the difference before committing it. */
const updating = process.env['UPDATE_SESSIONS'] === '1';
const folder = join(import.meta.dirname, 'sessions');
const root = join(import.meta.dirname, '../..');
const shop = join(root, 'fixtures/shop');

describe('sessions', () => {
  it.each(readdirSync(folder))('%s', async (name) => {
    const file = join(folder, name);
    const script = readFileSync(file, 'utf8');
    const cwd = emptyFolder();
    if (script.startsWith('## In a copy of the sample repository')) cpSync(shop, cwd, { recursive: true });
    const actual = await replay(script, cwd);
    if (updating) writeFileSync(file, actual);
    expect(actual).toBe(readFileSync(file, 'utf8'));
  });
});

describe('the documents', () => {
  it.each(['README.md'])('%s shows what a terminal shows', async (name) => {
    const file = join(root, name);
    const text = readFileSync(file, 'utf8');
    let actual = text;
    for (const [block, script = ''] of text.matchAll(/^```console\n([^]*?)^```$/gm)) {
      const cwd = emptyFolder();
      cpSync(shop, cwd, { recursive: true });
      const output = (await replay(script, cwd)).replaceAll('\n\n$ ', '\n$ ');
      actual = actual.replace(block, () => `\`\`\`console\n${output}\`\`\``);
    }
    if (updating) writeFileSync(file, actual);
    expect(actual).toBe(readFileSync(file, 'utf8'));
  });
});
