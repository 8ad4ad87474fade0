import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import YAML from 'yaml';
import {
  equalValues,
  parseDocument,
  parseInputValue,
  stringifyValue,
  valueOf,
  type ConfigValue,
} from '../../src/doc/index.js';
import { positionAt } from '../../src/doc/position.js';

const tricky = fc.constantFrom(
  'no',
  'Yes',
  'ON',
  'y',
  'null',
  '~',
  '',
  ' ',
  '12:30',
  '1:2:3.5',
  '2024-01-01',
  '2001-12-14t21:59:43.10-05:00',
  '010',
  '0o7',
  '0x1f',
  '0b1',
  '1_000',
  '1e3',
  '.5',
  '+1',
  '-',
  '- a',
  '?',
  ': ',
  'a: b',
  'a #b',
  '#a',
  '&a',
  '*a',
  '!a',
  '|',
  '>',
  '%a',
  '@a',
  '`a',
  '"',
  "'",
  '[',
  '{}',
  ',',
  'a,b',
  '---',
  '...',
  '=',
  '<<',
  '.inf',
  '-.INF',
  '.NaN',
  'a\nb',
  'a\n',
  '\na',
  'a\n\n',
  ' a\nb',
  'a \nb',
  'a\n b',
  '\t',
  'a\tb',
  '\u0085',
  '\u2028',
  '\uFEFF',
  '\0',
  'é',
  '😀',
  'a\r\nb',
  '\r',
);
const text = fc.oneof(tricky, fc.string(), fc.string({ unit: 'binary' }));
const { value } = fc.letrec<{ value: ConfigValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    text,
    fc.oneof(
      fc.integer(),
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.boolean(),
      fc.constant(null),
      fc.bigInt({ min: 2n ** 60n, max: 2n ** 70n }),
    ),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(text, tie('value'), { maxKeys: 3 }),
  ),
}));

describe('a value as a file', () => {
  it.each(['yaml', 'json'] as const)('is read back from %s', (format) => {
    fc.assert(
      fc.property(value, (given) => {
        const doc = parseDocument(stringifyValue(given, format), { format });
        expect(doc.diagnostics).toEqual([]);
        expect(equalValues(valueOf(doc), given)).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  it('means the same text to a reader of YAML 1.1', () => {
    fc.assert(
      fc.property(fc.array(text, { minLength: 1 }), (given) => {
        const written = stringifyValue(given, 'yaml');
        expect(YAML.parse(written, { version: '1.1', schema: 'yaml-1.1', uniqueKeys: false })).toEqual(given);
      }),
      { numRuns: 500 },
    );
  });

  it('is read back from INI as text', () => {
    const line = fc.string({
      unit: fc.constantFrom('a', 'B', ' ', ';', '#', '\\', '"', "'", '=', ':', '.', '[', ']', '1', 'é'),
    });
    const name = fc.stringMatching(/^[a-z][a-z .]{0,4}[a-z]$/);
    fc.assert(
      fc.property(
        fc.dictionary(
          name,
          fc.oneof(line, fc.dictionary(name, line, { minKeys: 1 }), fc.array(line, { minLength: 1 })),
          { minKeys: 1 },
        ),
        (given) => {
          const doc = parseDocument(stringifyValue(given, 'ini'), { format: 'ini' });
          expect(valueOf(doc)).toEqual(given);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('has nested sections, lists and numbers in INI', () => {
    expect(stringifyValue({ a: 1, l: ['x', 'y'], s: { t: { u: 'v' }, k: true }, e: {} }, 'ini')).toBe(
      'a = 1\nl[] = x\nl[] = y\n\n[s]\nk = true\n\n[s.t]\nu = v\n\n[e]\n',
    );
  });

  it.each<[ConfigValue, 'json' | 'ini', string]>([
    [Number.POSITIVE_INFINITY, 'json', 'JSON has no way to write Infinity'],
    [[1], 'ini', 'INI has no way to write a value that is not a map'],
    [{ a: [{ b: 1 }] }, 'ini', 'INI has no way to write the collection in "a"'],
    [{ a: 'x\u0000\ny' }, 'yaml' as 'json', ''],
  ])('%j in %s: %s', (given, format, message) => {
    if (message === '') expect(stringifyValue(given, format)).toBe('a: "x\\u0000\\ny"\n');
    else expect(() => stringifyValue(given, format)).toThrow(message);
  });
});

describe('a typed value', () => {
  it.each<[string, ConfigValue]>([
    ['1', 1],
    ['-1.50', -1.5],
    ['0x1F', 31],
    ['12345678901234567890', 12345678901234567890n],
    ['true', true],
    ['null', null],
    ['~', null],
    ['[1, no, {a: b}]', [1, 'no', { a: 'b' }]],
    ['{a: 1}', { a: 1 }],
    ['"1"', '1'],
    ["'it''s'", "it's"],
    ['no', 'no'],
    ['12:30', '12:30'],
    ['010', '010'],
    ['a: b', 'a: b'],
    ['- a', '- a'],
    ['[a', '[a'],
    ['*a', '*a'],
    ['&a b', '&a b'],
    ['1 # one', '1 # one'],
    ['', ''],
    [' x ', ' x '],
    ['a\nb', 'a\nb'],
    ['!!str 1', '!!str 1'],
  ])('%j', (typed, expected) => {
    expect(parseInputValue(typed)).toEqual(expected);
  });
});

describe('positions', () => {
  it.each([
    ['a\nbc\n', 3, 2, 2],
    ['a\r\nb', 3, 2, 1],
    ['a\rb', 2, 2, 1],
    ['', 0, 1, 1],
    ['ab', 99, 1, 3],
    ['ab', -5, 1, 1],
    ['\uFEFFab', 1, 1, 1],
    ['😀b', 2, 1, 3],
  ])('of %j at %d', (source, offset, line, column) => {
    expect(positionAt(source, offset)).toMatchObject({ line, column });
  });
});
