import { describe, expect, it } from 'vitest';
import { getValue, parseDocument, setValue, stringifyValue, type ConfigValue } from '../../src/doc/index.js';

type Format = 'yaml' | 'json' | 'ini' | 'cfg';
const starts: Readonly<Record<Format, string>> = {
  yaml: 'a: 1\n',
  json: '{"a": 1}\n',
  ini: 'a=1\n',
  cfg: '[s]\na = 1\n',
};
const half = '\ud800';

it('writes a bigint that a number can hold as the integer that it is', () => {
  const document = parseDocument(starts.json, { path: 'setup.json' });
  expect(setValue(document, ['a'], [10n, 2n ** 64n]).text).toBe('{"a": [10, 18446744073709551616]}\n');
});

describe('what a format cannot hold', () => {
  it.each<[string, Format, readonly string[], ConfigValue, string]>([
    ['a key of YAML over 1024 characters', 'yaml', ['k'.repeat(1025)], 1, 'E_BAD_PATH'],
    ['the same in a value', 'yaml', ['b'], { ['k'.repeat(1025)]: 1 }, 'E_BAD_PATH'],
    ['NUL in a key', 'ini', ['a\0b'], 'x', 'E_BAD_PATH'],
    ['half a surrogate pair in a key', 'ini', [half], 'x', 'E_BAD_PATH'],
    ['NUL in a section', 'ini', ['a\0b', 'c'], 'x', 'E_BAD_PATH'],
    ['an empty list', 'ini', ['b'], [], 'E_INVALID'],
    ['an empty list over a value', 'ini', ['a'], [], 'E_INVALID'],
  ])('is refused: %s', (_what, format, path, value, code) => {
    const document = parseDocument(starts[format], { path: `setup.${format}` });
    expect(() => setValue(document, path, value)).toThrow(expect.objectContaining({ code }));
  });

  it.each<[string, Format, ConfigValue]>([
    ['NUL in quotes', 'ini', 'a\0b'],
    ['half a surrogate pair in quotes', 'ini', half],
    ['NUL in quotes', 'cfg', 'a\0b'],
    ['a float beyond the safe integers', 'yaml', 1e20],
    ['a float beyond the safe integers', 'json', 1e20],
    ['a negative one', 'yaml', -(2 ** 60)],
    ['an integer of as many digits', 'json', 100000000000000000000n],
  ])('is not %s in %s', (_what, format, value) => {
    const document = setValue(parseDocument(starts[format], { path: `setup.${format}` }), ['b'], value);
    expect(getValue(document, ['b'])).toStrictEqual(value);
  });

  it('drops no empty list from a whole INI file', () => {
    expect(() => stringifyValue({ a: 1, l: [] }, 'ini')).toThrow(
      expect.objectContaining({ code: 'E_INVALID' }),
    );
  });
});
