import { describe, expect, it } from 'vitest';
import type { ConfigObject } from '../../src/doc/index.js';
import { ConfigError } from '../../src/errors.js';
import { loadConfig, problemsOf, type ConfigSource } from '../../src/load/index.js';
import { failure, folderWith } from './folder.js';

describe('a folder without cfg.yaml', () => {
  const files = {
    'default.yaml': 'a: 1\nb: 1\nc: 1\nd: 1\ne: 1\n',
    'default.json': '{"a": 0, "z": 0}',
    'prod.yaml': 'b: 2\nc: 2\nd: 2\ne: 2\n',
    'local.yaml': 'c: 3\nd: 3\ne: 3\n',
    'local-prod.ini': 'd = 4\ne = 4\n',
  };

  it('has its layers by name', async () => {
    const dir = folderWith(files);
    const all = { a: 1, b: 2, c: 3, d: 4, e: 5, z: 0 };
    const env = { APP_E: '5' };
    expect((await loadConfig({ dir, variables: { env: 'prod' }, env })).value).toEqual(all);
    expect((await loadConfig({ dir, env: { ...env, NODE_ENV: 'prod' } })).value).toEqual(all);
    expect((await loadConfig({ dir, env: {} })).value).toEqual({ a: 1, b: 1, c: 3, d: 3, e: 3, z: 0 });
    expect((await loadConfig({ dir, env: { NODE_ENV: 'test' } })).value).toMatchObject({ b: 1 });
  });

  it('may have them in its folder config', async () => {
    const inner = Object.fromEntries(Object.entries(files).map(([name, text]) => [`config/${name}`, text]));
    const config = await loadConfig({ dir: folderWith(inner), variables: { env: 'prod' }, env: {} });
    expect(config.explain('b').from.file).toBe('config/prod.yaml');
  });

  it('refuses an environment that was named and has no file', async () => {
    const error = await failure({ dir: folderWith(files), variables: { env: 'prdo' } });
    expect(error).toMatchObject({ code: 'E_SOURCE', hint: "did you mean 'prod' for 'env'?" });
    const other = await failure({ dir: folderWith(files), variables: { env: 'blue' } });
    expect(other.hint).toBe('create it, as in blue.yaml');
    expect(error.message).toContain("'prdo.{ini,json,yaml,yml}'");
  });

  it("is the stack 'default', and no other", async () => {
    const dir = folderWith(files);
    expect((await loadConfig({ dir, stack: 'default', env: {} })).stack).toBe('default');
    expect(await failure({ dir, stack: 'app' })).toMatchObject({ code: 'E_SETTINGS' });
  });

  it('needs at least one of them', async () => {
    const dir = folderWith({ 'other.yaml': 'a: 1' });
    expect(await failure({ dir })).toMatchObject({
      code: 'E_SETTINGS',
      message: `no 'cfg.yaml' in '${dir}'`,
    });
  });
});

describe('layers as an option', () => {
  it('need no cfg.yaml, take every form, and any object that can be read', async () => {
    const seen: string[] = [];
    const own: ConfigSource = {
      name: 'vault',
      read: ({ env }) => {
        seen.push(String(env['WHO']));
        return { documents: [{ name: 'vault', value: { db: { password: 'x' } } }] };
      },
    };
    const config = await loadConfig({
      dir: folderWith({ 'base.yaml': 'db: { host: h, password: none }\n' }),
      layers: [{ ...own, priority: 5 }, 'base.yaml', { value: { db: { password: 'y' } } }, 'local.yaml?'],
      env: { WHO: 'me' },
    });
    expect(config.value).toEqual({ db: { host: 'h', password: 'x' } });
    expect(config.explain('db.password')).toMatchObject({
      from: { layer: 'vault' },
      overridden: [
        { layer: 'value', value: 'y' },
        { layer: 'base.yaml', value: 'none' },
      ],
    });
    expect(config.sources.map(({ name, status }) => `${name} ${status}`)).toEqual([
      'base.yaml ok',
      'value ok',
      'local.yaml missing',
      'vault ok',
    ]);
    expect(seen).toEqual(['me']);
  });

  it('are asked again, and stand in for none when optional', async () => {
    let left = 2;
    const flaky: ConfigSource = {
      name: 'flaky',
      retries: 2,
      read: () => {
        if (left-- > 0) throw new Error('no connection to redis://u:canary@h');
        return { documents: [{ name: 'flaky', value: { a: 1 } }] };
      },
    };
    const config = await loadConfig({ dir: folderWith({}), layers: [flaky], env: {} });
    expect(config.sources).toEqual([{ name: 'flaky', kind: 'custom', status: 'ok', attempts: 3 }]);
    left = 9;
    const error = await failure({ dir: folderWith({}), layers: [{ ...flaky, retries: 0 }] });
    expect(error.message).toBe("source 'flaky' failed: no connection to redis://h");
    const without = await loadConfig({
      dir: folderWith({}),
      layers: [{ ...flaky, retries: 0, optional: true }],
    });
    expect(without.sources).toMatchObject([{ status: 'failed', reason: error.message }]);
  });

  it.each<[string, unknown, object]>([
    ['no answer', 5, { code: 'E_SOURCE', message: "source 'own' gives no documents" }],
    ['no documents', { documents: [{ name: 'own' }] }, { code: 'E_SOURCE' }],
    ['a list', { documents: [{ name: 'own', value: [1] }] }, { code: 'E_INVALID' }],
    [
      'a function',
      { documents: [{ name: 'own', value: { a: [{ b: () => 'canary' }] } }] },
      { code: 'E_INVALID', message: "'own' gives something at 'a[0].b' that configuration cannot hold" },
    ],
    ['a date', { documents: [{ name: 'own', value: { at: new Date(0) } }] }, { code: 'E_INVALID' }],
  ])('give %s, which is told', async (_, content, error) => {
    const own = { name: 'own', read: () => content } as ConfigSource;
    expect(await failure({ dir: folderWith({}), layers: [own] })).toMatchObject(error);
  });

  it('may not hold themselves, nor may overrides', async () => {
    const value: Record<string, unknown> = {};
    value['self'] = value;
    const own = { name: 'own', read: () => ({ documents: [{ name: 'own', value }] }) } as ConfigSource;
    for (const options of [{ layers: [own] }, { layers: [], overrides: value as ConfigObject }])
      expect(await failure({ dir: folderWith({}), ...options })).toMatchObject({
        code: 'E_INVALID',
        message: expect.stringContaining('gives something more than 500 levels deep'),
      });
  });

  it('are named by the error of one that fails', async () => {
    const own: ConfigSource = {
      name: 'vault',
      read: () => Promise.reject(new ConfigError('E_SOURCE', 'sealed')),
    };
    const error = await failure({ dir: folderWith({}), layers: [own] });
    expect(error.message).toBe("layer 'vault': sealed");
    expect(problemsOf(error)).toMatchObject([{ file: 'vault', message: error.message }]);
  });

  it('say what is wrong with them', async () => {
    const error = await failure({ dir: folderWith({}), layers: ['a.yaml', { env: 'A_', timeout: 'soon' }] });
    expect(error).toMatchObject({ code: 'E_USAGE', message: "'layers[1].timeout' must be a duration" });
  });
});

describe('keys that a layer removes', () => {
  const files = { 'base.yaml': 'a: 1\ndb: { host: h, old: { x: 1 } }\nl: [1, 2, 3]\n' };

  it.each<[string, string, unknown]>([
    ['b.yaml', 'a: !unset\ndb:\n  old: !unset\n', { db: { host: 'h' }, l: [1, 2, 3] }],
    ['b.json', '{"a": "$unset", "none": "$unset"}', { db: { host: 'h', old: { x: 1 } }, l: [1, 2, 3] }],
    ['b.ini', 'a = $unset\n[db.old]\nx = $unset\n', { db: { host: 'h', old: {} }, l: [1, 2, 3] }],
    ['b.yaml', 'new: { x: !unset, y: 1 }\ndb: null\n', { a: 1, db: null, new: { y: 1 }, l: [1, 2, 3] }],
    ['b.yaml', 'db: 1\n', { a: 1, db: 1, l: [1, 2, 3] }],
  ])('%s %j', async (path, text, value) => {
    const dir = folderWith({ ...files, [path]: text });
    expect((await loadConfig({ dir, layers: ['base.yaml', path], env: {} })).value).toEqual(value);
  });

  it('from the environment too, items included', async () => {
    const env = { APP_A: '$unset', APP_L__1: '$unset' };
    const config = await loadConfig({ dir: folderWith(files), layers: ['base.yaml', 'env:APP_'], env });
    expect(config.value).toMatchObject({ l: [1, 3] });
    expect(config.has('a')).toBe(false);
  });

  it('come back when a higher layer sets them, and tell who removed them', async () => {
    const dir = folderWith({ ...files, 'b.yaml': 'a: !unset\ndb: !unset\n' });
    const config = await loadConfig({ dir, layers: ['base.yaml', 'b.yaml', { value: { a: 2 } }], env: {} });
    expect(config.explain('a')).toMatchObject({ value: 2, overridden: [{ layer: 'base.yaml', value: 1 }] });
    expect(() => config.get('db.host')).toThrow(
      expect.objectContaining({ hint: 'it is removed by b.yaml:2:1' }),
    );
  });

  it('are one a value of its own otherwise', async () => {
    const dir = folderWith({ 'a.yaml': 'a: !unset 1\n' });
    expect((await failure({ dir, layers: ['a.yaml'] })).message).toContain('a.yaml:1:');
  });
});

describe('strategies of one layer', () => {
  it.each<[string, unknown]>([
    ['merge', { a: { x: 1, y: 2 }, b: 1 }],
    ['override', { a: { y: 2 }, b: 1 }],
    ['last-wins', { a: { y: 2 } }],
    ['first-wins', { a: { x: 1 }, b: 1 }],
  ])('%s', async (strategy, value) => {
    const dir = folderWith({
      'cfg.yaml': `stacks: { s: { layers: [a.yaml, { file: b.yaml, strategy: ${strategy} }] } }`,
      'a.yaml': 'a: { x: 1 }\nb: 1\n',
      'b.yaml': 'a: { y: 2 }\n',
    });
    expect((await loadConfig({ dir, env: {} })).value).toEqual(value);
  });
});
