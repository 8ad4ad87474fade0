import { describe, expect, it } from 'vitest';
import { loadStack, type ConfigFiles } from '../../src/load/index.js';
import { parseSettings } from '../../src/settings/index.js';
import { sample } from './folder.js';

const filesOf = (texts: Readonly<Record<string, string>>): ConfigFiles => ({
  list: () => ({ files: [], folders: [] }),
  read: async (path) => texts[path],
});
const settings = parseSettings(sample['cfg.yaml']);

const load = (changed: Readonly<Record<string, string>>): Promise<unknown> =>
  loadStack(filesOf({ ...sample, ...changed }), settings, { variables: { env: 'dev' } });

describe('loadStack', () => {
  it('reads nothing but what it is given', async () => {
    process.env['APP_DB__HOST'] = 'from-process';
    try {
      const config = await loadStack(filesOf(sample), settings, { variables: { env: 'prod' } });
      expect(config.get('db')).toEqual({ host: 'localhost', port: 6000, pool: { max: 80 } });
    } finally {
      delete process.env['APP_DB__HOST'];
    }
  });

  it('checks with the schema of the moment, and with what that refers to', async () => {
    await expect(load({})).resolves.toBeDefined();
    await expect(load({ 'schemas/db.yaml': 'properties: { port: { maximum: 9 } }' })).rejects.toThrow(
      "base.yaml:3:9: 'db.port' must be at most 9",
    );
    await expect(load({ 'schemas/app.json': '{"required": ["x"]}' })).rejects.toThrow("lacks the key 'x'");
    await expect(load({})).resolves.toBeDefined();
  });

  it('without a repository has no revisions', async () => {
    const old = parseSettings('stacks: { app: { layers: ["git:v1:base.yaml"] } }');
    await expect(loadStack(filesOf({}), old)).rejects.toThrow(
      expect.objectContaining({
        code: 'E_SOURCE',
        message: "'git:v1:base.yaml' is read from a revision, and there is no repository",
      }),
    );
  });

  it('joins lists as the stack says', async () => {
    const joined = parseSettings(
      'stacks: { app: { layers: [a.yaml, b.yaml], lists: [{ at: hosts, use: union }, { at: jobs, key: name }] } }',
    );
    const texts = {
      'a.yaml': 'hosts: [a, b]\njobs: [{ name: x, n: 1, m: 1 }]\nother: [1]\n',
      'b.yaml': 'hosts: [b, c]\njobs:\n  - { name: y }\n  - { name: x, n: 2 }\nother: [2]\n',
    };
    const config = await loadStack(filesOf(texts), joined);
    expect(config.value).toEqual({
      hosts: ['a', 'b', 'c'],
      jobs: [{ name: 'x', n: 2, m: 1 }, { name: 'y' }],
      other: [2],
    });
    expect(config.explain('jobs[name=x].n').from).toMatchObject({ file: 'b.yaml', line: 4, column: 19 });
    expect(config.explain('jobs[name=x].m').from).toMatchObject({ file: 'a.yaml', line: 2 });
  });
});
