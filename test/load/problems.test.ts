import { describe, expect, it } from 'vitest';
import { ConfigError, isConfigError } from '../../src/errors.js';
import { loadConfig, problemsOf, type LoadOptions } from '../../src/load/index.js';
import { folderWith } from './folder.js';

const files = {
  'cfg.yaml': 'stacks: { app: { layers: [base.yaml, extra.yaml?, "env:APP_"], schema: schema.yaml } }\n',
  'schema.yaml': 'properties: { port: { type: integer }, host: { type: string } }\n',
  'base.yaml': 'port: 1\nhost: a\n',
};

async function problemsWith(options: LoadOptions): Promise<unknown> {
  try {
    return await loadConfig(options);
  } catch (error) {
    if (!isConfigError(error)) throw error;
    return problemsOf(error).map(({ file, line, rule }) => `${file}:${line} ${rule}`);
  }
}

describe('problemsOf', () => {
  it.each<[string, Record<string, string>, Record<string, string>, readonly string[]]>([
    [
      'a schema',
      { 'base.yaml': 'port: x\nhost: 1\n' },
      {},
      ['base.yaml:2 schema-type', 'base.yaml:1 schema-type'],
    ],
    ['syntax', { 'extra.yaml': 'a: [1\n' }, {}, ['extra.yaml:2 syntax']],
    ['a variable', {}, { APP_PORT: 'x' }, ['env:APP_:1 schema-type']],
    ['two variables', {}, { APP_PORT: '1', APP_Port: '2' }, ['env:APP_:1 environment']],
    ['settings', { 'cfg.yaml': 'stack: {}\n' }, {}, ['cfg.yaml:1 settings']],
  ])('places what is wrong with %s', async (_what, broken, env, places) => {
    expect(await problemsWith({ dir: folderWith({ ...files, ...broken }), env })).toEqual(places);
  });

  it('names the layer of an error without a place', () => {
    const error = new ConfigError('E_SOURCE', 'gone', { details: { layer: 'base.yaml' } });
    expect(problemsOf(error)).toMatchObject([{ file: 'base.yaml', rule: 'source', message: 'gone' }]);
  });
});
