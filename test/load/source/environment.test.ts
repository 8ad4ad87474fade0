import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadConfig, readStack } from '../../../src/load/index.js';
import { failure, folderWith } from '../folder.js';

const dirOf = (layer: unknown, base = '{}'): string =>
  folderWith({
    'cfg.yaml': JSON.stringify({ stacks: { app: { layers: ['base.json', layer] } } }),
    'base.json': base,
  });
const mounted = (): string => join(folderWith({ password: 's3cret\n' }), 'password');

describe('environment layers', () => {
  it.each<[string, unknown, string, string, unknown]>([
    ['of a secret', 'env:APP_', '{}', 'APP_DB__PASSWORD_FILE', { db: { password: 's3cret' } }],
    [
      'over a secret',
      'env:APP_',
      '{"db":{"dbPassword":"x"}}',
      'APP_DB__DB_PASSWORD_FILE',
      { db: { dbPassword: 's3cret' } },
    ],
    ['of anything, when told to', { env: 'APP_', files: true }, '{}', 'APP_MOTD_FILE', { motd: 's3cret' }],
  ])('take the value from the file %s', async (_, layer, base, variable, value) => {
    const config = await loadConfig({ dir: dirOf(layer, base), env: { [variable]: mounted() } });
    expect(config.value).toEqual(value);
  });

  it.each<[string, unknown, string, string]>([
    ['that a key of the layers below is', 'env:APP_', '{"password_file":"x"}', 'APP_PASSWORD_FILE'],
    ['of no secret', 'env:APP_', '{}', 'APP_LOG_FILE'],
    ['when told not to', { env: 'APP_', files: false }, '{}', 'APP_PASSWORD_FILE'],
  ])('leave a name alone %s', async (_, layer, base, variable) => {
    const path = mounted();
    const { value } = await loadConfig({ dir: dirOf(layer, base), env: { [variable]: path } });
    expect(Object.values(value ?? {})).toEqual([path]);
  });

  it('know the variable, and what to watch', async () => {
    const env = { APP_PASSWORD_FILE: mounted() };
    const { result, looked } = await readStack({ dir: dirOf('env:APP_'), env });
    expect('config' in result && result.config.explain('password').from).toEqual({
      layer: 'env:APP_',
      variable: 'APP_PASSWORD_FILE',
    });
    expect(looked).toContainEqual({ kind: 'file', fsPath: env.APP_PASSWORD_FILE });
  });

  it('say which file is missing, and what is set twice', async () => {
    const dir = dirOf('env:APP_');
    expect(await failure({ dir, env: { APP_PASSWORD_FILE: '/no/such/file' } })).toMatchObject({
      code: 'E_SOURCE',
      message: "the file that 'APP_PASSWORD_FILE' names does not exist",
    });
    expect(await failure({ dir, env: { APP_PASSWORD_FILE: mounted(), APP_PASSWORD: 'x' } })).toMatchObject({
      code: 'E_INVALID',
      message: "'APP_PASSWORD' and 'APP_PASSWORD_FILE' set the same key",
    });
  });

  it.each<[string, unknown]>([
    ['["a", 1]', { k: ['a', 1] }],
    ['{"a": {"b": true}}', { k: { a: { b: true } } }],
    ['[not json', { k: '[not json' }],
    ['true', { k: 'true' }],
  ])('read %s where nothing is below', async (text, value) => {
    expect((await loadConfig({ dir: dirOf('env:APP_'), env: { APP_K: text } })).value).toEqual(value);
  });
});
