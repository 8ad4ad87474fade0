import { describe, expect, it } from 'vitest';
import { loadConfig, type LoadOptions } from '../../src/load/index.js';
import { failure, folderWith, prod, sample } from './folder.js';

describe('loadConfig', () => {
  it('merges the layers of the stack', async () => {
    const dir = folderWith(sample);
    const env = { APP_DB__HOST: 'db.internal', APP_HOSTS__1: 'd', OTHER: 'x' };
    const { value, stack } = await loadConfig({ dir, stack: 'app', variables: { env: 'prod' }, env });
    expect(stack).toBe('app');
    expect(value).toEqual({
      db: { host: 'db.internal', port: 6000, pool: { max: 80 } },
      hosts: ['c', 'd'],
      note: null,
    });
  });

  it('gives values by key path', async () => {
    const config = await loadConfig({ dir: folderWith(sample), ...prod });
    const max: number = config.get<number>('db.pool.max');
    expect(max).toBe(80);
    expect(config.get('/db/pool/max')).toBe(80);
    expect(config.get(['hosts', 0])).toBe('c');
    expect(config.get('note')).toBeNull();
    expect(config.get('note', 'fallback')).toBeNull();
    expect(config.get('db.timeout', 30)).toBe(30);
    expect(config.get('')).toBe(config.value);
    expect([config.has('note'), config.has('db.timeout'), config.has('constructor')]).toEqual([
      true,
      false,
      false,
    ]);
  });

  it.each([
    ['db.pool.mxa', "did you mean 'db.pool.max'?"],
    ['bd.pool.max', "did you mean 'db.pool.max'?"],
    ['max', "did you mean 'db.pool.max'?"],
    ['nothing.like.it', 'see every key with: cfg load app -e prod'],
    ['toString', 'see every key with: cfg load app -e prod'],
  ])('without a value at %s throws', async (path, hint) => {
    const config = await loadConfig({ dir: folderWith(sample), ...prod });
    const expected = expect.objectContaining({
      code: 'E_KEY_NOT_FOUND',
      message: `no value at '${path}'`,
      hint,
    });
    expect(() => config.get(path)).toThrow(expected);
    expect(() => config.explain(path)).toThrow(expected);
  });

  it('explains where a value comes from', async () => {
    const env = { APP_DB__POOL__MAX: '5' };
    const config = await loadConfig({ dir: folderWith(sample), variables: { env: 'prod' }, env });
    expect(config.explain('db.pool.max')).toEqual({
      path: 'db.pool.max',
      value: 5,
      from: { layer: 'env:APP_', variable: 'APP_DB__POOL__MAX' },
      overridden: [
        { layer: 'env/prod.yaml', file: 'env/prod.yaml', line: 3, column: 10, value: 80 },
        { layer: 'base.yaml', file: 'base.yaml', line: 5, column: 10, value: 10 },
      ],
    });
    expect(config.explain('db.port').from).toEqual({
      layer: 'legacy/prod.ini',
      file: 'legacy/prod.ini',
      line: 3,
      column: 8,
    });
    expect(config.explain('db.host').overridden).toEqual([]);
  });

  it('explains a map at its key', async () => {
    const config = await loadConfig({ dir: folderWith(sample), ...prod });
    expect(config.explain('db.pool').from).toMatchObject({ file: 'env/prod.yaml', line: 2, column: 3 });
  });

  it('is deeply frozen, and made of ordinary objects', async () => {
    const config = await loadConfig({ dir: folderWith(sample), ...prod });
    const db = config.get<{ pool: object }>('db');
    expect([config.value, db, db.pool, config.get('hosts')].map(Object.isFrozen)).toEqual([
      true,
      true,
      true,
      true,
    ]);
    expect(Object.getPrototypeOf(db)).toBe(Object.prototype);
  });

  it('lays overrides over everything, and leaves them as they are', async () => {
    const overrides = { db: { pool: { max: 1 } } };
    const config = await loadConfig({
      dir: folderWith(sample),
      ...prod,
      env: { APP_DB__POOL__MAX: '5' },
      overrides,
    });
    expect(config.get('db.pool.max')).toBe(1);
    expect(config.explain('db.pool.max').from).toEqual({ layer: 'overrides' });
    expect(Object.isFrozen(overrides.db)).toBe(false);
  });

  it('reads process.env unless told otherwise', async () => {
    const dir = folderWith(sample);
    process.env['APP_DB__HOST'] = 'from-process';
    try {
      const config = await loadConfig({ dir, variables: { env: 'prod' } });
      expect(config.get('db.host')).toBe('from-process');
    } finally {
      delete process.env['APP_DB__HOST'];
    }
  });

  it('takes prototype names as data', async () => {
    const dir = folderWith({
      'cfg.yaml': 'stacks: { app: { layers: [a.yaml, b.json, c.ini] } }',
      'a.yaml': '__proto__: { polluted: 1 }\nconstructor: { prototype: { polluted: 1 } }\n',
      'b.json': '{"__proto__": {"polluted": 2}}',
      'c.ini': '[__proto__]\npolluted = 3\n',
    });
    const config = await loadConfig({ dir, env: {} });
    expect(Reflect.get({}, 'polluted')).toBeUndefined();
    expect(config.get('__proto__.polluted')).toBe(3);
    expect(config.get('constructor.prototype.polluted')).toBe(1);
  });
});

const stacksOf = (names: readonly string[]): string =>
  `stacks: { ${names.map((name) => `${name}: { layers: [${name}.yaml] }`).join(', ')} }`;

describe('which stack', () => {
  it.each([
    ['web', 'web'],
    ['web app', 'app'],
    ['app default', 'default'],
  ])('of %s by default: %s', async (names, expected) => {
    const dir = folderWith({ 'cfg.yaml': stacksOf(names.split(' ')), [`${expected}.yaml`]: 'a: 1' });
    expect((await loadConfig({ dir, env: {} })).stack).toBe(expected);
  });

  it.each([
    ['web api', undefined, 'say which stack: cfg.yaml has web, api', 'cfg load web'],
    ['web api', 'wbe', "cfg.yaml has no stack 'wbe'", "did you mean 'web'?"],
    ['web api', '__proto__', "cfg.yaml has no stack '__proto__'", 'its stacks: web, api'],
  ])('of %s is %s: an error', async (names, stack, message, hint) => {
    const dir = folderWith({ 'cfg.yaml': stacksOf(names.split(' ')) });
    const error = await failure({ dir, ...(stack === undefined ? {} : { stack }) });
    expect([error.code, error.message]).toEqual(['E_USAGE', message]);
    expect(error.hint).toContain(hint);
  });
});

describe('errors', () => {
  it.each<[string, Record<string, string>, LoadOptions, string, string, string?]>([
    ['no cfg.yaml', { 'cfg.yaml': '' }, {}, 'E_USAGE', 'cfg.yaml has no stack to load', "under 'stacks:'"],
    [
      'wrong settings',
      { 'cfg.yaml': 'stack: {}' },
      {},
      'E_SETTINGS',
      'cfg.yaml:1:1: ',
      "did you mean 'stacks'?",
    ],
    [
      'no variable',
      {},
      { variables: {} },
      'E_USAGE',
      "needs the variable 'env'",
      '-e VALUE, or as variables: { env: VALUE } in code (dev, prod)',
    ],
    [
      'a misspelt variable',
      {},
      { variables: { env: 'prd' } },
      'E_SOURCE',
      "layer 'env/prd.yaml' of stack 'app' does not exist",
      "did you mean 'prod' for 'env'?",
    ],
    [
      'a variable that leads out',
      {},
      { variables: { env: '../../x' } },
      'E_BAD_PATH',
      "'legacy/../../x.ini'",
    ],
    [
      'no required layer',
      { 'cfg.yaml': 'stacks: { app: { layers: [no.yaml] } }' },
      {},
      'E_SOURCE',
      "layer 'no.yaml'",
      "'no.yaml?'",
    ],
    [
      'an override of another type',
      { 'schemas/app.json': '{"properties":{"db":{"properties":{"port":{"type":"integer"}}}}}' },
      { ...prod, overrides: { db: { port: 'x' } } },
      'E_INVALID',
      "stack 'app' is not valid: overrides: 'db.port' must be a whole number",
      "give 'db.port' a value that is allowed",
    ],
    ['syntax', { 'base.yaml': 'a: 1\nb: [\n' }, prod, 'E_INVALID', "stack 'app' is not valid: base.yaml:"],
    [
      'a list for a layer',
      { 'base.yaml': '- a\n' },
      prod,
      'E_INVALID',
      'base.yaml:1:1: a layer must be a map of keys',
    ],
    [
      'several documents',
      { 'base.yaml': 'a: 1\n---\nb: 1\n' },
      prod,
      'E_INVALID',
      'a layer must be one document, not several',
    ],
    [
      'no schema',
      { 'cfg.yaml': 'stacks: { app: { layers: [base.yaml], schema: no.json } }' },
      {},
      'E_INVALID',
      "schema 'no.json' does not exist",
      'cfg.yaml',
    ],
    [
      'a schema with bad syntax',
      { 'schemas/app.json': '{' },
      prod,
      'E_INVALID',
      "schema 'schemas/app.json' is not valid: schemas/app.json:1:",
    ],
    [
      'a reference that leads out',
      { 'schemas/app.json': '{"$ref":"http://169.254.169.254/"}' },
      prod,
      'E_INVALID',
      'which is no file of the repository',
    ],
    [
      'a revision without a repository',
      { 'cfg.yaml': 'stacks: { app: { layers: ["git:HEAD:base.yaml"] } }' },
      {},
      'E_NOT_A_REPOSITORY',
      '',
    ],
  ])('%s', async (_, changed, options, code, message, hint) => {
    const error = await failure({ dir: folderWith({ ...sample, ...changed }), ...options });
    expect(error.code).toBe(code);
    expect(error.message).toContain(message);
    expect(error.hint ?? '').toContain(hint ?? '');
  });

  it('without cfg.yaml says how to get one', async () => {
    const dir = folderWith({ 'other.yaml': 'a: 1' });
    expect(await failure({ dir })).toMatchObject({
      code: 'E_SETTINGS',
      message: `no 'cfg.yaml' in '${dir}'`,
    });
  });

  it('without the folder says so', async () => {
    expect(await failure({ dir: '/nowhere/at/all' })).toMatchObject({
      code: 'E_SOURCE',
      message: "folder '/nowhere/at/all' does not exist",
    });
  });

  it('tell every layer that does not parse', async () => {
    const dir = folderWith({ ...sample, 'base.yaml': 'a: [', 'env/prod.yaml': 'b: 1\nb: 2\n' });
    const { details } = await failure({ dir, ...prod });
    expect(details).toMatchObject({
      problems: [{ file: 'base.yaml' }, { file: 'env/prod.yaml', line: 2, column: 1 }],
    });
  });

  it('of the schema are at the place in the layer that supplied the value', async () => {
    const dir = folderWith({
      ...sample,
      'base.yaml': 'db:\n  port: 5432\n  pool:\n    max: 10\n',
      'env/prod.yaml': 'db:\n  pool:\n    max: 800\nhsots: [c]\n',
    });
    const { message, details } = await failure({
      dir,
      variables: { env: 'prod' },
      env: { APP_DB__PORT: 'secret' },
    });
    expect(message).toContain(
      "stack 'app' is not valid: base.yaml:1:1: 'db' lacks the key 'host' (and 3 more)",
    );
    expect(details).toEqual({
      problems: [
        {
          file: 'base.yaml',
          line: 1,
          column: 1,
          path: 'db',
          rule: 'schema-required',
          severity: 'error',
          message: "'db' lacks the key 'host'",
        },
        {
          file: 'env/prod.yaml',
          line: 3,
          column: 10,
          path: 'db.pool.max',
          rule: 'schema-maximum',
          severity: 'error',
          message: "'db.pool.max' must be at most 100",
        },
        {
          file: 'env:APP_',
          line: 1,
          column: 1,
          path: 'db.port',
          rule: 'schema-type',
          severity: 'error',
          message: "'db.port' must be a whole number, not a string (from the variable 'APP_DB__PORT')",
        },
        {
          file: 'env/prod.yaml',
          line: 4,
          column: 1,
          path: 'hsots',
          rule: 'schema-additional-properties',
          severity: 'error',
          message: "'hsots' is not a known key; did you mean 'hosts'?",
        },
      ],
    });
  });
});
