import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadConfig, readStack } from '../../../src/load/index.js';
import { failure, folderWith } from '../folder.js';

const stackOf = (...layers: readonly string[]): Record<string, string> => ({
  'cfg.yaml': `stacks: { app: { layers: ${JSON.stringify(layers)} } }`,
});
const files = {
  'conf.d/20-b.yaml': 'a: 2\nb: 2\n',
  'conf.d/10-a.yaml': 'a: 1\nz: 1\n',
  'conf.d/readme.txt': 'no configuration',
  'conf.d/.hidden.yaml': 'hidden: true\n',
  'conf.d/deep/30-c.json': '{"c": 3}',
};

describe('layers of several files', () => {
  it.each<[string, unknown]>([
    ['conf.d/', { a: 2, b: 2, z: 1 }],
    ['conf.d/*.yaml', { a: 2, b: 2, z: 1 }],
    ['conf.d/**', { a: 2, b: 2, c: 3, z: 1 }],
    ['conf.d/**/*.json', { c: 3 }],
    ['*/deep/*.{json,ini}', { c: 3 }],
    ['none/*.yaml?', {}],
    ['none/?', {}],
  ])('%s', async (layer, value) => {
    const dir = folderWith({ ...stackOf(layer), ...files });
    expect((await loadConfig({ dir, env: {} })).value).toEqual(value);
  });

  it('each know their own file', async () => {
    const dir = folderWith({ ...stackOf('conf.d/*.yaml'), ...files });
    const { from, overridden } = (await loadConfig({ dir, env: {} })).explain('a');
    expect(from).toMatchObject({ layer: 'conf.d/20-b.yaml', line: 1, column: 4 });
    expect(overridden).toMatchObject([{ layer: 'conf.d/10-a.yaml', value: 1 }]);
  });

  it('must be there unless they are optional', async () => {
    expect(await failure({ dir: folderWith(stackOf('conf/*.yaml')) })).toMatchObject({
      code: 'E_SOURCE',
      message: "layer 'conf/*.yaml' of stack 'app' does not exist",
      hint: "create it, or make it optional: 'conf/*.yaml?'",
    });
  });

  it('are not looked for outside of the folder', async () => {
    const dir = folderWith({ ...stackOf('out/*.yaml'), ...files });
    const outside = folderWith({ 'secret.yaml': 'secret: 1' });
    symlinkSync(outside, join(dir, 'out'));
    expect(await failure({ dir })).toMatchObject({ code: 'E_BAD_PATH' });
    const up = folderWith(stackOf('../*.yaml'));
    expect(await failure({ dir: up })).toMatchObject({ code: 'E_SETTINGS' });
  });

  it('end where a link leads back', async () => {
    const dir = folderWith({ ...stackOf('a/**/*.yaml'), 'a/b/x.yaml': 'x: 1' });
    symlinkSync('..', join(dir, 'a/b/up'));
    expect((await loadConfig({ dir, env: {} })).value).toEqual({ x: 1 });
  });
});

describe('readStack', () => {
  it('tells what a reading depends on, also what is not there yet', async () => {
    const dir = folderWith({
      ...stackOf('base.yaml', 'local.yaml?', 'conf.d/', 'env:APP_'),
      'base.yaml': 'a: 1',
    });
    mkdirSync(join(dir, 'conf.d'));
    const { result, looked } = await readStack({ dir, env: {} });
    expect(result).toMatchObject({ error: { code: 'E_SOURCE' } });
    expect(looked.map((place) => JSON.stringify(place).replace(dir, ''))).toEqual([
      '{"kind":"file","fsPath":"/base.yaml"}',
      '{"kind":"file","fsPath":"/cfg.yaml"}',
      '{"kind":"file","fsPath":"/local.yaml"}',
      '{"kind":"folder","fsPath":"/conf.d"}',
    ]);
  });
});
