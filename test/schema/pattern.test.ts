import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { linearRegExp } from '../../src/schema/pattern.js';

const test = (pattern: string, text: string): boolean => linearRegExp(pattern, 'u').test(text);

describe('patterns', () => {
  it.each([
    ['^[a-z]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$', 'a.b-c.d', true],
    ['^[a-z]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$', 'a.b-.d', false],
    ['^(?!-)[a-z-]{1,63}(?<!-)$', 'a-b', true],
    ['^(?!-)[a-z-]{1,63}(?<!-)$', 'a-', false],
    ['^(?!-)[a-z-]{1,63}(?<!-)$', '-a', false],
    ['\\bfoo\\b', 'a foo b', true],
    ['\\bfoo\\b', 'afoo', false],
    ['^.$', '\u{1F600}', true],
    ['^\\u{1F600}$', '\u{1F600}', true],
    ['^\\uD83D\\uDE00$', '\u{1F600}', true],
    ['^\\p{L}+$', 'øl', true],
    ['^[^\\]\\\\]+$', 'a]b', false],
    ['^a{2,3}$', 'aaaa', false],
    ['^(?:a|b){2}$', 'ab', true],
    ['(?<year>\\d{4})-', '2024-', true],
    ['^(a?)*$', 'aaa', true],
    ['^(|a)+$', '', true],
    ['', 'anything', true],
    ['^[\\w.-]+@[\\w-]+(\\.[\\w-]+)+$', 'me@example.com', true],
  ])('%s on %j: %s', (pattern, text, expected) => {
    expect(new RegExp(pattern, 'u').test(text)).toBe(expected);
    expect(test(pattern, text)).toBe(expected);
  });

  it.each([
    '^(a+)+$',
    '^(a|a)*$',
    '^(a|aa)+$',
    '^(a*)*b$',
    '(x+x+)+y',
    '(.*)*=(.*)*$',
    '^(\\w+\\s?)*$',
    '\\s+$',
  ])('%s takes linear time', (pattern) => {
    expect(test(pattern, `${'a'.repeat(3000)}${' '.repeat(3000)}!`)).toBe(false);
  });

  it('gives up on a text for which even that is too long', () => {
    expect(() => test('(a?){1000}b', 'a'.repeat(200_000))).toThrow(
      expect.objectContaining({ code: 'E_LIMIT' }),
    );
  });

  it.each([
    ['^(a)\\1$', 'E_INVALID'],
    ['^(?<n>a)\\k<n>$', 'E_INVALID'],
    ['^((a{1,1000}){1,1000})$', 'E_LIMIT'],
    [`${'('.repeat(500)}${')'.repeat(500)}`, 'E_INVALID'],
  ])('refuses %s', (pattern, code) => {
    expect(() => linearRegExp(pattern, 'u')).toThrow(expect.objectContaining({ code }));
  });

  it('agrees with the engine of the platform', () => {
    const atom = fc.constantFrom('a', 'b', '.', '[ab]', '[^a]', '\\w', '\\W', '^', '$', '\\b', '\\B', 'é');
    const { pattern } = fc.letrec<{ pattern: string }>((tie) => ({
      pattern: fc.oneof(
        { maxDepth: 4 },
        atom,
        fc.array(tie('pattern'), { maxLength: 4 }).map((parts) => parts.join('')),
        fc.tuple(tie('pattern'), tie('pattern')).map(([a, b]) => `(?:${a}|${b})`),
        fc
          .tuple(tie('pattern'), fc.constantFrom('*', '+', '?', '{2}', '{1,2}', '{0,}', '*?', '+?'))
          .map(([body, repeat]) => `(${body})${repeat}`),
        fc
          .tuple(fc.constantFrom('?=', '?!', '?<=', '?<!'), tie('pattern'))
          .map(([look, body]) => `(${look}${body})`),
      ),
    }));
    const text = fc.string({ unit: fc.constantFrom('a', 'b', ' ', 'é', '\n'), maxLength: 6 });
    fc.assert(
      fc.property(pattern, fc.array(text, { minLength: 3, maxLength: 6 }), (source, texts) => {
        const native = new RegExp(source, 'u');
        const linear = linearRegExp(source, 'u');
        expect(texts.map((each) => linear.test(each))).toEqual(texts.map((each) => native.test(each)));
      }),
      { numRuns: 500 },
    );
  });
});
