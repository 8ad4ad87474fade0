import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Option } from 'commander';
import { expect, it } from 'vitest';
import { catalogue } from '../../src/cli/catalogue.js';

const cli = join(import.meta.dirname, '../../src/cli');
const read = (folder: string): string =>
  readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ name }) => readFileSync(join(folder, name), 'utf8'))
    .join('\n');
const beside = read(cli);

it.each(catalogue)('$name asks for every option that it declares', async ({ name, load }) => {
  const { options } = await load();
  const own = readFileSync(join(cli, 'commands', `${name}.ts`), 'utf8');
  const names = options.map(({ flags }) => new Option(flags).attributeName());
  expect(names.filter((one) => !`${own}\n${beside}`.includes(`'${one}'`))).toEqual([]);
});
