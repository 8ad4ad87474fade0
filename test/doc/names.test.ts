import { describe, expect, it } from 'vitest';
import {
  formatAddress,
  formatKeyPath,
  formatOf,
  matchKeyPath,
  matchPath,
  matchRule,
  parseAddress,
  parseKeyPath,
  type Address,
  type KeyPath,
} from '../../src/doc/index.js';

describe('key paths', () => {
  it.each<[string, KeyPath]>([
    ['', []],
    ['db.pool.max', ['db', 'pool', 'max']],
    ['hosts[0]', ['hosts', 0]],
    ['[0].spec', [0, 'spec']],
    ['a[0][1].b', ['a', 0, 1, 'b']],
    ['containers[name=web].image', ['containers', { name: 'web' }, 'image']],
    ['ports[port=80,protocol=TCP]', ['ports', { port: '80', protocol: 'TCP' }]],
    ['labels."app.kubernetes.io/name"', ['labels', 'app.kubernetes.io/name']],
    ['"a\\"b\\n"', ['a"b\n']],
    ['a.""', ['a', '']],
    ['a b.c-d', ['a b', 'c-d']],
    ['1.10', ['1', '10']],
    ['__proto__.x', ['__proto__', 'x']],
  ])('%s', (text, path) => {
    expect(parseKeyPath(text)).toEqual(path);
    expect(formatKeyPath(path)).toBe(text);
  });

  it.each<[string, KeyPath]>([
    ['/', ['']],
    ['/db/pool', ['db', 'pool']],
    ['/a~1b/~01/0', ['a/b', '~1', '0']],
  ])('JSON Pointer %s', (text, path) => {
    expect(parseKeyPath(text)).toEqual(path);
  });

  it.each([
    'a.',
    '.a',
    'a..b',
    'a[',
    'a[x]',
    'a[-1]',
    'a[01]',
    'a]',
    'a"b"',
    '"a',
    '"\\x"',
    'a#b',
    "a'b",
    '/~2',
    '[a=b',
    'a[99999999999999999999]',
  ])('refuses %s', (text) => {
    expect(() => parseKeyPath(text)).toThrow(expect.objectContaining({ code: 'E_BAD_PATH' }));
  });
});

describe('addresses', () => {
  it.each<[string, Address]>([
    ['a.yaml', { file: 'a.yaml' }],
    ['a.yaml#db.x', { file: 'a.yaml', path: ['db', 'x'] }],
    ['v1.2.0:services/api.yaml#db', { revision: 'v1.2.0', file: 'services/api.yaml', path: ['db'] }],
    ['^1.2:a.yaml', { revision: '^1.2', file: 'a.yaml' }],
    ['main@{12:30}:a.yaml', { revision: 'main@{12:30}', file: 'a.yaml' }],
    ['HEAD^{/fix: x}:a.yaml', { revision: 'HEAD^{/fix: x}', file: 'a.yaml' }],
    ['C:\\cfg\\a.yaml#k', { file: 'C:\\cfg\\a.yaml', path: ['k'] }],
    ['c:/a.yaml', { file: 'c:/a.yaml' }],
    ['https://host/a.yaml#k', { file: 'https://host/a.yaml', path: ['k'] }],
    ['./a:b.yaml', { file: 'a:b.yaml' }],
    ['"a#b.yaml"#k', { file: 'a#b.yaml', path: ['k'] }],
    ['HEAD:"a#b.yaml"#k', { revision: 'HEAD', file: 'a#b.yaml', path: ['k'] }],
    ['HEAD:./a.yaml#k', { revision: 'HEAD', file: './a.yaml', path: ['k'] }],
    ['a.yaml#k:v', { file: 'a.yaml', path: ['k:v'] }],
  ])('%s', (text, address) => {
    expect(parseAddress(text)).toEqual(address);
    expect(formatAddress(address)).toBe(text);
  });

  it.each<[string, Address]>([
    ["'^1.2':a.yaml", { revision: '^1.2', file: 'a.yaml' }],
    ['./a.yaml', { file: 'a.yaml' }],
    ['a.yaml#', { file: 'a.yaml' }],
    ['a.yaml#/db/x', { file: 'a.yaml', path: ['db', 'x'] }],
  ])('%s', (text, address) => {
    expect(parseAddress(text)).toEqual(address);
  });

  it.each(['', '#k', 'HEAD:', ':a.yaml', '"a\\x"', 'a.yaml#.'])('refuses %j', (text) => {
    expect(() => parseAddress(text)).toThrow(expect.objectContaining({ code: 'E_BAD_PATH' }));
  });
});

describe('formats', () => {
  it.each([
    ['a.yaml', 'yaml'],
    ['x/A.YML', 'yaml'],
    ['a.json', 'json'],
    ['a.jsonc', 'json'],
    ['tox.ini', 'ini'],
    ['setup.cfg', 'ini'],
    ['.editorconfig', 'ini'],
    ['a.txt', undefined],
    ['yaml', undefined],
    ['a.yaml/b', undefined],
  ])('%s is %s', (path, format) => {
    expect(formatOf(path)).toBe(format);
  });
});

describe('globs', () => {
  it.each([
    ['**/*.{yaml,yml}', 'a.yaml', true],
    ['**/*.{yaml,yml}', 'x/y/.b.yml', true],
    ['services/*.yaml', 'services/x/a.yaml', false],
    ['*.yaml', 'x/a.yaml', false],
    ['[!_]*.yaml', 'a.yaml', true],
    ['[!_]*.yaml', '_a.yaml', false],
    ['!a', 'b', false],
  ])('of files: %s and %s', (glob, path, expected) => {
    expect(matchPath(glob, path)).toBe(expected);
  });

  it.each<[string, KeyPath, boolean]>([
    ['image.tag', ['image', 'tag'], true],
    ['image.tag', ['web', 'image', 'tag'], false],
    ['**.tag', ['tag'], true],
    ['**.tag', ['web', 'image', 'tag'], true],
    ['spec.*.image', ['spec', 'x', 'image'], true],
    ['spec.*', ['spec', 'x', 'image'], false],
    ['spec.**', ['spec', 'x', 'image'], true],
    ['c[*].image', ['c', 0, 'image'], true],
    ['c.*.image', ['c', { name: 'web' }, 'image'], true],
    ['c[0]', ['c', 1], false],
    ['labels."a.b/*"', ['labels', 'a.b/c'], true],
    ['{a,b}.c', ['b', 'c'], true],
    ['a*', ['a/b'], true],
    ['**', [], true],
    ['*', [], false],
    ['', [], true],
    ['', ['a'], false],
  ])('of keys: %s and %j', (glob, path, expected) => {
    expect(matchKeyPath(glob, path)).toBe(expected);
  });

  it('of both', () => {
    expect(matchRule('**#allowed_hosts', 'x/a.yaml', ['allowed_hosts'])).toBe(true);
    expect(matchRule('services/*.yaml#containers', 'a.yaml', ['containers'])).toBe(false);
    expect(matchRule('*.yaml', 'a.yaml', ['any', 'key'])).toBe(true);
  });

  it('answer at once, whatever the glob', () => {
    expect(matchPath('*a*a*b', 'a'.repeat(200))).toBe(false);
    expect(matchPath('**/a/**/a/**/b', 'a/'.repeat(100))).toBe(false);
    expect(() => matchPath('*a*a*a*a*a*a*a*b', 'a')).toThrow("more than 3 '**', or '*' in one step");
    expect(() => matchPath('x'.repeat(1001), 'x')).toThrow('1 to 1000 characters');
  });
});
