import fc from 'fast-check';
import ini from 'ini';
import { describe, expect, it } from 'vitest';
import { parseDocument, valueOf, type ConfigValue } from '../../src/doc/index.js';

const read = (text: string): ConfigValue => valueOf(parseDocument(text, { path: 'a.ini' }));
/** What the package reads, as ordinary objects. */
const packageRead = (text: string): ConfigValue => JSON.parse(JSON.stringify(ini.parse(text))) as ConfigValue;

describe('values of INI agree with the ini package', () => {
  it.each([
    ['keys and sections', 'a=1\nb = x y\n[s]\nc=2\n'],
    ['nested sections', '[a.b]\nx=1\n[a]\ny=2\n[a.b.c]\nz=3\n'],
    ['an escaped dot', '[a\\.b]\nx=1\n'],
    ['lists', 'k[]=1\nk[]=2\n[s]\nj[] = a\n'],
    ['a key that becomes a list', 'k=1\nk[]=2\nk=3\n'],
    ['duplicates: the last one', 'k=1\nk=2\n'],
    ['a section in two parts', '[s]\na=1\n[t]\n[s]\nb=2\n'],
    ['words', 'a=true\nb=false\nc=null\nd=True\ne=1\nf=1.10\n'],
    ['flags', 'a\n[s]\nb c\n'],
    ['comments', '; one\n# two\na=1 ; three\nb=2 # four\n  ; five\n'],
    ['escapes', 'a=x\\;y\nb=x\\#y\nc=x\\\\y\nd=C:\\dir\\sub\n'],
    ['quotes', 'a="x y"\nb=\' z \'\nc="a;b"\nd="q\\"q"\ne="not" closed\n'],
    ['values with = in them', 'url=http://h/?a=b&c=d\n'],
    ['empty values', 'a=\nb =   \nc=""\n'],
    ['a quoted section', '["x y"]\na=1\n'],
    ['CRLF and a lone CR', 'a=1\r\n[s]\r\nb=2\rc=3\r\n'],
    ['no final line break', '[s]\na=1'],
    ['an empty text', ''],
    ['a value without a key', '=x\na=1\n'],
  ])('%s', (_, text) => {
    expect(read(text)).toEqual(packageRead(text));
  });

  it('for generated texts', () => {
    const part = fc.constantFrom(
      'a',
      'b',
      'x y',
      '1',
      'true',
      'null',
      '"',
      "'",
      ';',
      '#',
      '\\',
      '=',
      ' ',
      '.',
      'é',
    );
    const token = fc.array(part, { minLength: 1, maxLength: 4 }).map((parts) => parts.join(''));
    const line = fc.oneof(
      fc
        .tuple(fc.constantFrom('a', 'b', 'c d', 'k[]'), fc.constantFrom('=', ' = '), token)
        .map((parts) => parts.join('')),
      fc.constantFrom('', '; c', '[s]', '[s.t]', 'flag'),
    );
    fc.assert(
      fc.property(fc.array(line, { maxLength: 8 }), (lines) => {
        const text = `${lines.join('\n')}\n`;
        fc.pre(!lines.some(isKnownDifference) && !hasKeyAndSection(lines));
        expect(read(text)).toEqual(packageRead(text));
      }),
      { numRuns: 400 },
    );
  });
});

/** Quotes with a comment behind them, around what is no text, or alone. */
function isKnownDifference(line: string): boolean {
  const value = line.slice(line.indexOf('=') + 1).trim();
  return /^(["']).*\1\s*[;#]/.test(value) || /^(?:(["']).*\1|')$/.test(value);
}

function hasKeyAndSection(lines: readonly string[]): boolean {
  return lines.some((line) => line.startsWith('[')) && lines.some((line) => /^[st]\b/.test(line));
}

describe('values of INI differ from the ini package where that loses or changes something', () => {
  it.each<[string, string, ConfigValue, ConfigValue]>([
    [
      'quotes mean text',
      'a="true"\nb=\'5\'\nc=\'{"x":1}\'',
      { a: 'true', b: '5', c: '{"x":1}' },
      { a: true, b: 5, c: { x: 1 } },
    ],
    ['a comment behind quotes', 'a="x;y" ; c', { a: 'x;y' }, { a: '"x' }],
    ['a key in quotes may contain =', '"k=e"=1', { 'k=e': '1' }, { '"k': 'e"=1' }],
    ['a comment behind a section', '[s] ; c\na=1', { s: { a: '1' } }, { '[s]': true, a: '1' }],
    ['an indented section', '  [s]\n  a=1', { s: { a: '1' } }, { '[s]': true, a: '1' }],
    ['a colon with space behind it delimits', 'a: 1', { a: '1' }, { 'a: 1': true }],
    [
      'a value goes on in deeper lines',
      'a =\n  x\n  y\nb = 1',
      { a: '\nx\ny', b: '1' },
      { a: '', x: true, y: true, b: '1' },
    ],
    [
      'a section below a key',
      '[a]\nb=1\n[a.b]\nc=2',
      { a: { b: '1' }, 'a.b': { c: '2' } },
      { a: { b: { c: '2' } } },
    ],
    ['a lone quote', "a='", { a: "'" }, { a: '' }],
    ['a byte order mark', '\uFEFFa=1', { a: '1' }, { a: '1' }],
  ])('%s', (_, text, ours, theirs) => {
    expect(read(text)).toEqual(ours);
    expect(packageRead(text)).toEqual(theirs);
  });

  it('__proto__ is a key and a section', () => {
    const value = read('__proto__=1\n[s]\n__proto__=2');
    expect(Object.entries(value as object)).toEqual([
      ['__proto__', '1'],
      ['s', expect.anything()],
    ]);
    expect(Object.hasOwn(ini.parse('__proto__=1'), '__proto__')).toBe(false);
  });
});

describe("Python's dialect", () => {
  const readPython = (text: string): ConfigValue => valueOf(parseDocument(text, { path: 'setup.cfg' }));

  it.each<[string, string, ConfigValue]>([
    ['continuation lines', '[s]\na = 1\n  2 = 3\n\n  # no\n  4\nb: x', { s: { a: '1\n2 = 3\n\n4', b: 'x' } }],
    ['no comments behind values', 'a = #fff ; x', { a: '#fff ; x' }],
    ['the first delimiter', 'a:b = c\nd = e: f', { a: 'b = c', d: 'e: f' }],
    ['no escapes', 'a = C:\\#x', { a: 'C:\\#x' }],
    ['the least indentation ends a value', '  a = 1\n  b = 2', { a: '1', b: '2' }],
    ['a section name in a value', 'a =\n  [x]\n[s]', { a: '\n[x]', s: {} }],
  ])('%s', (_, text, expected) => {
    expect(readPython(text)).toEqual(expected);
  });
});
