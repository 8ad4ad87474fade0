import { describe, expect, it } from 'vitest';
import { loadConfig } from '../../src/load/index.js';
import { failure, folderWith, git } from './folder.js';

const dirOf = (yaml: string, more: Readonly<Record<string, string>> = {}): string =>
  folderWith({
    'cfg.yaml': 'stacks: { app: { interpolate: true, layers: [a.yaml] } }',
    'a.yaml': yaml,
    ...more,
  });
const env = { HOST: 'h', EMPTY: '', API_TOKEN: 'canary' };

describe('references', () => {
  it.each<[string, string, unknown]>([
    ['to a variable', 'a: "http://${env:HOST}/"', 'http://h/'],
    ['to a key, of its type', 'a: ${b.c}\nb: { c: 80 }', 80],
    ['to a key inside of a text', 'a: "x${b.c}y"\nb: { c: 80 }', 'x80y'],
    ['to a map', 'a: ${b}\nb: { c: [1] }', { c: [1] }],
    ['to a key that refers', 'a: ${b}\nb: ${c}\nc: 1', 1],
    ['into a map that is referred to', 'a: ${b.c}\nb: ${d}\nd: { c: 1 }', 1],
    ['into a text', 'a: ${b.c:-none}\nb: x', 'none'],
    ['to an item', 'a: "${b[1]}"\nb: [1, 2]', 2],
    ['to a file', 'a: ${file:conf/motd.txt}', 'hello'],
    ['with a stand-in', 'a: ${env:NOPE:-x}', 'x'],
    ['with an empty stand-in', 'a: ${env:NOPE:-}', ''],
    ['with a stand-in for what is empty', 'a: ${env:EMPTY:-x}', 'x'],
    ['with a stand-in that refers', 'a: ${env:NOPE:-${b:-${env:HOST}}}', 'h'],
    ['with a stand-in that is not needed', 'a: ${b:-x}\nb: y', 'y'],
    ['that is escaped', 'a: "$${env:HOST} ${env:HOST} $$x $"', '${env:HOST} h $$x $'],
  ])('%s', async (_, yaml, value) => {
    const config = await loadConfig({ dir: dirOf(yaml, { 'conf/motd.txt': 'hello\n' }), env });
    expect(config.get('a')).toEqual(value);
    expect(config.explain('a')).toMatchObject({ value, from: { layer: 'a.yaml', line: 1 } });
  });

  it('stay as they are unless the stack asks', async () => {
    const dir = folderWith({
      'cfg.yaml': 'stacks: { app: { layers: [a.yaml] } }',
      'a.yaml': 'a: ${env:HOST}',
    });
    expect((await loadConfig({ dir, env })).get('a')).toBe('${env:HOST}');
    expect((await loadConfig({ dir, env, interpolate: true })).get('a')).toBe('h');
  });

  it.each([
    ['a: ${env:NOPE}', "a.yaml:1:4: 'a' refers to the environment variable 'NOPE', which is not set"],
    ['a: ${b.x}\nb: { y: 1 }', "a.yaml:1:4: 'a' refers to 'b.x', which does not exist"],
    ['a: ${b.hots}\nb: { host: 1 }', "(did you mean 'b.host'?)"],
    ['a: ${file:none.txt}', "'a' refers to the file 'none.txt', which does not exist"],
    [
      'a: ${file:../x}',
      "'a' refers to '../x', which cannot be read: '../x' is not a path inside of the folder",
    ],
    ['a: ${file:/etc/hostname}', 'which cannot be read'],
    ['x: 1\nb:\n  c: ${b.c}', "a.yaml:3:6: 'b.c' refers to itself: b.c -> b.c"],
    ['a: ${b}\nb: ${c}\nc: ${a}', 'refers to itself: a -> b -> c -> a'],
    ['a: { b: "${a}" }', "'a.b' refers to itself: a.b -> a"],
    ['a: ${b.c}\nb: ${a}', "'b' refers to itself: a -> b -> a"],
    ['a: "x${b}"\nb: [1]', "'a' refers to a map or list inside of a text"],
    ['a: "${b"', "'a' has a reference that has no end, or names nothing"],
    ['a: "${}"', "'a' has a reference that has no end, or names nothing"],
    ['a: ${git:v1:a.yaml}', 'which cannot be read'],
  ])('%j is an error at its place', async (yaml, message) => {
    const error = await failure({ dir: dirOf(yaml), env });
    expect(error.code).toBe('E_INVALID');
    expect(error.message).toContain(message);
  });

  it('reach keys of files at a revision', async () => {
    const dir = dirOf('a: ${git:v1:base.yaml#db.port}\nb: ${git:v1:base.yaml#db.none:-0}', {
      'base.yaml': 'db: { port: 5432 }\n',
    });
    git(dir, 'init', '-q');
    git(dir, 'add', '.');
    git(dir, 'commit', '-qm', 'First');
    git(dir, 'tag', 'v1');
    expect((await loadConfig({ dir, env: {} })).value).toEqual({ a: 5432, b: '0' });
  });

  it('do not blow up', async () => {
    const doubling = Array.from({ length: 60 }, (_, n) => `k${n}: ["\${k${n + 1}}", "\${k${n + 1}}"]`).join(
      '\n',
    );
    expect(await failure({ dir: dirOf(`${doubling}\nk60: 1`), env })).toMatchObject({ code: 'E_LIMIT' });
    const longer = Array.from({ length: 60 }, (_, n) => `k${n}: "\${k${n + 1}}\${k${n + 1}}"`).join('\n');
    expect(await failure({ dir: dirOf(`${longer}\nk60: xxxxxxxx`), env })).toMatchObject({ code: 'E_LIMIT' });
  });

  it('carry secrets with them', async () => {
    const config = await loadConfig({
      dir: dirOf(
        'a: "x ${env:API_TOKEN}"\nb: ${db.password}\nc: "say ${b}"\nd: ${env:HOST}\ndb: { password: canary }',
      ),
      env,
    });
    expect(config.get('c')).toBe('say canary');
    expect(config.mask()).toEqual({ a: '***', b: '***', c: '***', d: 'h', db: { password: '***' } });
  });

  it('carry what the schema, a name or another reference makes secret, alone or in a map', async () => {
    const config = await loadConfig({
      dir: dirOf(
        [
          'hidden: { pin: canary }',
          'outside: { at: "${env:API_TOKEN}" }',
          'env: [{ name: DB_PASSWORD, value: canary }]',
          'pin: "x ${hidden.pin}"',
          'all: ["${hidden}", "${outside}", "${env}"]',
          'named: "${env[name=DB_PASSWORD].value}"',
          'again: "${named}${all[0].pin}"',
        ].join('\n'),
      ),
      env: { ...env, API_TOKEN: 'canary' },
      schema: { properties: { hidden: { properties: { pin: { writeOnly: true } } } } },
    });
    expect(config.mask()).toEqual({
      hidden: { pin: '***' },
      outside: { at: '***' },
      env: [{ name: 'DB_PASSWORD', value: '***' }],
      pin: '***',
      all: [{ pin: '***' }, { at: '***' }, [{ name: 'DB_PASSWORD', value: '***' }]],
      named: '***',
      again: '***',
    });
    expect(config.mask(config.get('env'), 'env[name=DB_PASSWORD].value')).toEqual([
      { name: '***', value: '***' },
    ]);
  });
});
