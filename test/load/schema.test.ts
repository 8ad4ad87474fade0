import { type } from 'arktype';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { loadConfig, problemsOf, type LoadOptions } from '../../src/load/index.js';
import { failure, folderWith } from './folder.js';

const jsonSchema = {
  type: 'object',
  properties: {
    port: { type: 'integer' },
    ratio: { type: 'number' },
    debug: { type: 'boolean' },
    level: { enum: [1, 2] },
    maybe: { type: ['integer', 'null'] },
    either: { anyOf: [{ type: 'boolean' }, { type: 'integer' }] },
    hosts: { type: 'array', items: { type: 'string' } },
    ports: { type: 'array', items: { $ref: '#/$defs/port' } },
    limits: { type: 'object', additionalProperties: { type: 'integer' } },
    name: { type: 'string' },
  },
  $defs: { port: { type: 'integer' } },
} as const;

describe('text takes the type of the schema', () => {
  it.each<[string, unknown]>([
    ['APP_PORT=80', { port: 80 }],
    ['APP_RATIO=.5', { ratio: 0.5 }],
    ['APP_DEBUG=yes', { debug: true }],
    ['APP_LEVEL=2', { level: 2 }],
    ['APP_MAYBE=null', { maybe: null }],
    ['APP_EITHER=7', { either: 7 }],
    ['APP_HOSTS=a, b', { hosts: ['a', 'b'] }],
    ['APP_HOSTS=["a,b"]', { hosts: ['a,b'] }],
    ['APP_PORTS=1,2', { ports: [1, 2] }],
    ['APP_LIMITS__CPU=4', { limits: { cpu: 4 } }],
    ['APP_NAME=80', { name: '80' }],
  ])('%s', async (assignment, value) => {
    const [name = '', text] = assignment.split(/=(.*)/s);
    const options: LoadOptions = { dir: folderWith({}), layers: ['env:APP_'], schema: jsonSchema };
    expect((await loadConfig({ ...options, env: { [name]: text } })).value).toEqual(value);
  });

  it('but not text of a YAML file, nor text that is none', async () => {
    const dir = folderWith({ 'a.yaml': 'port: "80"', 'b.ini': 'port = x' });
    expect((await failure({ dir, layers: ['a.yaml'], schema: jsonSchema })).message).toContain(
      "a.yaml:1:7: 'port' must be a whole number, not a string",
    );
    expect((await failure({ dir, layers: ['b.ini'], schema: jsonSchema })).message).toContain('b.ini:1:8');
  });
});

describe('validators of the standard', () => {
  const files = { 'a.yaml': 'db:\n  port: 80\n', 'b.yaml': 'db:\n  port: canary-9\n' };

  it('zod: checks, types, fills defaults in, and coerces text', async () => {
    const schema = z.object({
      db: z.object({ port: z.number(), host: z.string().default('h') }),
      debug: z.boolean().optional(),
    });
    const options = { dir: folderWith(files), schema } as const;
    const config = await loadConfig({
      ...options,
      layers: ['a.yaml', 'env:APP_'],
      env: { APP_DEBUG: 'true' },
    });
    const port: number = config.value.db.port;
    expect([port, config.value]).toEqual([80, { db: { port: 80, host: 'h' }, debug: true }]);
    expect(config.explain('db.host')).toMatchObject({ value: 'h', from: { layer: 'a.yaml' } });
    const error = await failure({ ...options, layers: ['b.yaml'] });
    expect(error.message).toContain('b.yaml:2:9: Invalid input: expected number');
  });

  it('valibot: the same, and no value in a message', async () => {
    const schema = v.object({ db: v.object({ port: v.number() }) });
    const options: LoadOptions = { dir: folderWith(files), schema };
    const config = await loadConfig({ ...options, layers: ['env:APP_'], env: { APP_DB__PORT: '8' } });
    expect(config.value).toEqual({ db: { port: 8 } });
    const error = await failure({ ...options, layers: ['b.yaml'] });
    expect(error.message).toContain('b.yaml:2:9: Invalid type: Expected number');
    expect(JSON.stringify(error)).not.toContain('canary');
  });

  it('arktype: the same', async () => {
    const schema = type({ db: { port: 'number' }, 'debug?': 'boolean' });
    const options: LoadOptions = { dir: folderWith(files), schema };
    const layers = ['a.yaml', 'env:APP_'];
    const config = await loadConfig({ ...options, layers, env: { APP_DEBUG: 'true', APP_DB__PORT: '8' } });
    expect(config.value).toEqual({ db: { port: 8 }, debug: true });
    const error = await failure({ ...options, layers: ['b.yaml'] });
    expect(error.message).toContain('b.yaml:2:9: ');
    expect(JSON.stringify(error)).not.toContain('canary');
  });

  it('say what is missing at the map that lacks it', async () => {
    const schema = z.object({ db: z.object({ port: z.number(), host: z.string() }) });
    const error = await failure({ dir: folderWith(files), layers: ['a.yaml'], schema });
    expect(error.message).toMatch(/a\.yaml:1:1: Invalid input: .* at 'host'/);
  });

  it('say it of arktype too, and of short values without them', async () => {
    const schema = type({ port: 'number < 5', host: 'string' });
    const error = await failure({ dir: folderWith({ 'a.yaml': 'port: 91\n' }), layers: ['a.yaml'], schema });
    expect(problemsOf(error)).toMatchObject([
      { path: '', message: expect.stringMatching(/^host must be/) },
      { path: 'port', message: 'port must be less than 5 (was (a value))' },
    ]);
  });

  it('must make configuration', async () => {
    const schema = z.object({ db: z.object({ port: z.number().transform((port) => () => port) }) });
    expect(await failure({ dir: folderWith(files), layers: ['a.yaml'], schema })).toMatchObject({
      code: 'E_INVALID',
    });
  });
});

describe('masking', () => {
  it('hides what looks secret, is writeOnly, or is the password of a URL', async () => {
    const value = {
      password: 'c',
      apiKey: 'c',
      AWS_SECRET_ACCESS_KEY: 'c',
      db: { dbPassword: 5, url: 'postgres://u:c@h/x', host: 'h' },
      tokens: ['c', { a: 'c' }],
      odd: { hidden: 'c' },
      env: [
        { name: 'DB_PASSWORD', value: 'c' },
        { name: 'X', value: 'shown' },
      ],
      password_policy: 'shown',
      max_tokens: 9,
      requirePassword: true,
      secret: null,
      token: '',
    };
    const schema = {
      properties: { odd: { $ref: '#/$defs/odd' } },
      $defs: { odd: { properties: { hidden: { writeOnly: true } } } },
    };
    const config = await loadConfig({ dir: folderWith({}), layers: [{ value }], schema });
    expect(config.mask()).toEqual({
      password: '***',
      apiKey: '***',
      AWS_SECRET_ACCESS_KEY: '***',
      db: { dbPassword: '***', url: 'postgres://u:***@h/x', host: 'h' },
      tokens: ['***', { a: '***' }],
      odd: { hidden: '***' },
      env: [
        { name: 'DB_PASSWORD', value: '***' },
        { name: 'X', value: 'shown' },
      ],
      password_policy: 'shown',
      max_tokens: 9,
      requirePassword: true,
      secret: null,
      token: '',
    });
    expect(config.mask('c', 'db.dbPassword.x')).toBe('***');
    expect(config.value).toEqual(value);
  });

  it('follows YAML aliases, also into lists that layers share, and leaves what only looks the same', async () => {
    const dir = folderWith({
      'a.yaml': 'hosts: [first]\n',
      'b.yaml':
        'db: { password: &p canary }\nhosts: [*p, plain]\nuser: canary\nport: &port 1\nother: *port\n',
      'cfg.yaml': 'stacks: { app: { layers: [a.yaml, b.yaml], lists: [{ at: hosts, use: append }] } }\n',
    });
    expect((await loadConfig({ dir, env: {} })).mask()).toEqual({
      db: { password: '***' },
      hosts: ['first', '***', 'plain'],
      user: 'canary',
      port: 1,
      other: 1,
    });
  });
});
