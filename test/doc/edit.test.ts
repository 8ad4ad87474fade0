import { describe, expect, it } from 'vitest';
import {
  appendValue,
  parseDocument,
  parseInputValue,
  parseKeyPath,
  setValue,
  unsetValue,
  type ConfigDocument,
  type ConfigValue,
} from '../../src/doc/index.js';

type Row = readonly [what: string, before: string, path: string, value: ConfigValue, after: string];

const names = { yaml: 'a.yaml', json: 'a.json', jsonc: 'a.jsonc', ini: 'a.ini', cfg: 'a.cfg' };
const read = (format: keyof typeof names, text: string): ConfigDocument =>
  parseDocument(text, { path: names[format] });
const set = (format: keyof typeof names, [, before, path, value]: Row): string =>
  setValue(read(format, before), parseKeyPath(path), value).text;

describe('set in YAML', () => {
  it.each<Row>([
    ['a plain value', 'a: 1 # one\nb: 2\n', 'a', 5, 'a: 5 # one\nb: 2\n'],
    ['keeps single quotes', "a: 'x' # c\n", 'a', 'y', "a: 'y' # c\n"],
    ['keeps double quotes', 'a: "x"\n', 'a', 'it "is"', 'a: "it \\"is\\""\n'],
    ['quotes what YAML 1.1 reads otherwise', 'a: x\n', 'a', 'no', 'a: "no"\n'],
    ['quotes a sexagesimal number', 'a: x\n', 'a', '12:30', 'a: "12:30"\n'],
    ['quotes a date', 'a: x\n', 'a', '2024-01-01', 'a: "2024-01-01"\n'],
    ['quotes an octal number', 'a: x\n', 'a', '010', 'a: "010"\n'],
    ['leaves a version plain', 'a: x\n', 'a', '1.2.3', 'a: 1.2.3\n'],
    ['quotes a float', 'a: x\n', 'a', '1.10', 'a: "1.10"\n'],
    ['an empty value', 'a: # c\nb: 1\n', 'a', 'x', 'a: x # c\nb: 1\n'],
    ['an empty list item', '-\n- 1\n', '[0]', 'x', '- x\n- 1\n'],
    ['keeps anchor and tag', 'a: &x !t old # c\n', 'a', 'new', 'a: &x !t new # c\n'],
    ['drops a tag that does not fit', 'a: !!int 5\n', 'a', 'x', 'a: x\n'],
    ['CRLF and no final line break', 'a: 1\r\nb: 2', 'b', 3, 'a: 1\r\nb: 3'],
    ['an alias as a whole', 'a: &x 1\nb: *x\n', 'b', 2, 'a: &x 1\nb: 2\n'],
    [
      'overrides what a merge key brings',
      'a: &x\n  k: 1\nb:\n  <<: *x\n',
      'b.k',
      2,
      'a: &x\n  k: 1\nb:\n  <<: *x\n  k: 2\n',
    ],
    ['several lines as a block', 'a:\n  b: x\n', 'a.b', 'one\ntwo\n', 'a:\n  b: |\n    one\n    two\n'],
    ['several lines beside a comment in quotes', 'a: x # c\n', 'a', 'one\ntwo', 'a: "one\\ntwo" # c\n'],
    ['a block scalar to one line', 'a: | # c\n  one\nb: 1\n', 'a', 'x', 'a: x # c\nb: 1\n'],
    ['in brackets', 'a: {b: [1, x], c: 2} # d\n', 'a.b[1]', 'y, z', 'a: {b: [1, "y, z"], c: 2} # d\n'],
    [
      'spaced brackets',
      'a: { b: 1 }\n',
      'a.c',
      { x: [1], m: {}, z: [] },
      'a: { b: 1, c: { x: [1], m: {}, z: [] } }\n',
    ],
    [
      'over a value in spaced brackets',
      'l: [ 1 ]\na: {b: 1}\n',
      'a.b',
      { x: [2] },
      'l: [ 1 ]\na: {b: {x: [ 2 ]}}\n',
    ],
    ['a key without a value in brackets', 'a: {b, c: 2}\n', 'a.b', 1, 'a: {b: 1, c: 2}\n'],
    ['the document of several', '---\na: 1\n---\na: 2\n', '[1].a', 3, '---\na: 1\n---\na: 3\n'],
    ['a document more', 'a: 1\n---\nb: 1\n', '[2].c', 1, 'a: 1\n---\nb: 1\n---\nc: 1\n'],
    [
      'an item by its name',
      'l:\n  - name: x\n    v: 1\n  - name: y\n    v: 2\n',
      'l[name=y].v',
      3,
      'l:\n  - name: x\n    v: 1\n  - name: y\n    v: 3\n',
    ],
    ['a map over a scalar', 'a: 1 # c\nb: 2\n', 'a', { x: [1] }, 'a: # c\n  x:\n    - 1\nb: 2\n'],
    ['a scalar over a map', 'a: # c\n  x: 1\nb: 2\n', 'a', 1, 'a: 1 # c\nb: 2\n'],
    ['a list in the style of the file', 'x:\n- 1\ny: 1\n', 'y', ['a'], 'x:\n- 1\ny:\n- a\n'],
    ['a float that YAML 1.1 reads as one', 'a: 1\n', 'a', 1e21, 'a: 1.0e+21\n'],
    [
      'a map key by key',
      'a:\n  # x\n  x: 0x1 # one\n  y: 2 # two\n  z: 3\n',
      'a',
      { x: 1, y: 5, w: 4 },
      'a:\n  # x\n  x: 0x1 # one\n  y: 5 # two\n  w: 4\n',
    ],
    ['a list that grows', 'a: [1, # one\n  2]\n', 'a', [1, 2, 3], 'a: [1, # one\n  2,\n  3]\n'],
    ['the whole document', '# c\n\na: 1\n', '', { b: 2 }, '# c\n\nb: 2\n'],
  ])('%s', (...row) => {
    expect(set('yaml', row)).toBe(row[4]);
  });
});

describe('insert in YAML', () => {
  it.each<Row>([
    ['after the last key', 'a: 1\nb: 2\n', 'c', 3, 'a: 1\nb: 2\nc: 3\n'],
    ['before the comment at the end', 'a: 1\n# end\n', 'b', 2, 'a: 1\nb: 2\n# end\n'],
    [
      'with the indentation of the others',
      'a:\n    b: 1\nc: 2\n',
      'a.d',
      3,
      'a:\n    b: 1\n    d: 3\nc: 2\n',
    ],
    ['missing parents', 'a:\n   b: 1\n', 'x.k.z', 1, 'a:\n   b: 1\nx:\n   k:\n      z: 1\n'],
    ['behind a missing final line break', 'a: 1', 'b', 2, 'a: 1\nb: 2'],
    ['with CRLF', 'a: 1\r\n', 'b', { c: 1 }, 'a: 1\r\nb:\r\n  c: 1\r\n'],
    ['with the blank line that the others have', 'a: 1\n\nb: 2\n', 'c', 3, 'a: 1\n\nb: 2\n\nc: 3\n'],
    ['into an empty file', '', 'a.b', 1, 'a:\n  b: 1\n'],
    ['into a file of comments', '# c', 'a', 1, '# c\na: 1\n'],
    ['into an empty value', 'a: # c\nb: 1\n', 'a.x', 1, 'a: # c\n  x: 1\nb: 1\n'],
    ['into empty brackets', 'a: {} # c\n', 'a.x', 1, 'a: # c\n  x: 1\n'],
    ['into brackets', 'a: { b: 1 }\n', 'a.c', 'x', 'a: { b: 1, c: x }\n'],
    [
      'into brackets of several lines',
      'a: {\n  b: 1, # c\n  d: 2 # e\n}\n',
      'a.f',
      3,
      'a: {\n  b: 1, # c\n  d: 2, # e\n  f: 3\n}\n',
    ],
    ['into a map behind a dash', '- a: 1\n- b: 2\n', '[0].c', 3, '- a: 1\n  c: 3\n- b: 2\n'],
    ['a key that needs quotes', 'a: 1\n', '"x: y"', 1, 'a: 1\n"x: y": 1\n'],
    ['an item at the end of a list', 'l:\n- 1\n', 'l[1]', 2, 'l:\n- 1\n- 2\n'],
    ['a list that is not there', 'a: 1\n', 'l[0]', 2, 'a: 1\nl:\n  - 2\n'],
  ])('%s', (...row) => {
    expect(set('yaml', row)).toBe(row[4]);
  });
});

describe('append in YAML', () => {
  it.each<Row>([
    ['a scalar', 'l:\n  - a # c\nb: 1\n', 'l', 'no', 'l:\n  - a # c\n  - "no"\nb: 1\n'],
    ['a map', 'l:\n  - a: 1\n', 'l', { a: 2, b: { c: 3 } }, 'l:\n  - a: 1\n  - a: 2\n    b:\n      c: 3\n'],
    ['to an empty list', 'l: []\n', 'l', 'x', 'l:\n  - x\n'],
    ['to nothing', 'l:\n', 'l', 'x', 'l:\n  - x\n'],
    ['to a missing list', 'a: 1\n', 'l', 'x', 'a: 1\nl:\n  - x\n'],
    ['in brackets', 'l: [a, b]\n', 'l', { c: 1 }, 'l: [a, b, {c: 1}]\n'],
    ['with the space behind the dashes', 'l:\n-   a\n', 'l', 'b', 'l:\n-   a\n-   b\n'],
    ['to a list that is the document', '- a', '', 'b', '- a\n- b'],
  ])('%s', (_, before, path, value, after) => {
    expect(appendValue(read('yaml', before), parseKeyPath(path), value).text).toBe(after);
  });
});

describe('unset in YAML', () => {
  it.each<readonly [string, string, string, string]>([
    ['with the comments of the entry', 'a: 1\n# b\nb: 2 # two\nc: 3\n', 'b', 'a: 1\nc: 3\n'],
    ['but not those of the file', '# file\n\n# a\na: 1\nb: 2\n', 'a', '# file\n\nb: 2\n'],
    ['the last of a map', 'a: # c\n  b: 1\nd: 1\n', 'a.b', 'a: {} # c\nd: 1\n'],
    ['the last of a list', 'a:\n- 1\n', 'a[0]', 'a: []\n'],
    ['the last of the document', 'a: 1\n', 'a', '{}\n'],
    ['the first behind a dash', '- a: 1\n  b: 2\n', '[0].a', '- b: 2\n'],
    ['the first behind a dash, before a comment', '- a: 1\n  # b\n  b: 2\n', '[0].a', '-\n  # b\n  b: 2\n'],
    ['at the end without a line break', 'a: 1\r\nb: 2', 'b', 'a: 1'],
    ['in brackets', 'a: { b: 1, c: 2 }\n', 'a.b', 'a: { c: 2 }\n'],
    ['the last in brackets', 'a: [ 1 ]\n', 'a[0]', 'a: []\n'],
    ['a line in brackets', 'a: [\n  1, # c\n  2 # d\n]\n', 'a[1]', 'a: [\n  1 # c\n]\n'],
    ['a document', 'a: 1\n---\nb: 2\n', '[1]', 'a: 1\n'],
    ['one of a duplicate', 'a: 1\na: 2\n', 'a', 'a: 1\n'],
    ['and keeps the anchor of the map', 'a: &x\n  b: 1\nc: *x\n', 'a.b', 'a: &x {}\nc: *x\n'],
  ])('%s', (_, before, path, after) => {
    expect(unsetValue(read('yaml', before), parseKeyPath(path)).text).toBe(after);
  });
});

describe('edits of JSON', () => {
  it.each<Row>([
    ['a value', '{\n\t"a": 1.10,\n\t"b": 2\n}\n', 'b', '"', '{\n\t"a": 1.10,\n\t"b": "\\""\n}\n'],
    [
      'a key more',
      '{\n\t"a": 1.10\n}\n',
      'b',
      { c: [1] },
      '{\n\t"a": 1.10,\n\t"b": {\n\t\t"c": [\n\t\t\t1\n\t\t]\n\t}\n}\n',
    ],
    ['on one line', '{"a":1,"b":2}', 'c', [3], '{"a":1,"b":2,"c":[3]}'],
    ['in spaced brackets', '{ "a": 1 }', 'b', { c: [3] }, '{ "a": 1, "b": { "c": [3] } }'],
    ['into an empty map', '{\n  "a": {}\n}', 'a.b', 1, '{\n  "a": {\n    "b": 1\n  }\n}'],
    ['into an empty file', '', 'a', 1, '{\n  "a": 1\n}\n'],
    ['a large number', '{"a": 1}', 'a', 12345678901234567890n, '{"a": 12345678901234567890}'],
    ['an item more', '[1, 2]', '[2]', 3, '[1, 2, 3]'],
  ])('%s', (...row) => {
    expect(set('json', row)).toBe(row[4]);
  });

  it('keeps comments, and a comma at the end', () => {
    const text = '{\n  // a\n  "a": 1, // one\n  /* b */ "b": 2, // two\n}\n';
    const doc = read('jsonc', text);
    expect(setValue(doc, ['c'], 3).text).toBe(
      text.replace('// two\n', '// two\n  /* b */ "c": 3,\n').replace('/* b */ "c"', '"c"'),
    );
    expect(unsetValue(doc, ['a']).text).toBe('{\n  /* b */ "b": 2, // two\n}\n');
  });

  it('refuses what JSON cannot hold', () => {
    expect(() => setValue(read('json', '{}'), ['a'], Number.NaN)).toThrow('JSON has no way to write NaN');
  });
});

describe('edits of INI', () => {
  it.each<Row>([
    ['a value', '[s]\nk = v ; c\n', 's.k', 'w', '[s]\nk = w ; c\n'],
    ['keeps quotes', '[s]\nk = "v"\n', 's.k', 'a b', '[s]\nk = "a b"\n'],
    ['escapes what would be a comment', 'k=v\n', 'k', 'a;b#c', 'k=a\\;b\\#c\n'],
    ['quotes what would be a word', 'k=v\n', 'k', 'true', 'k="true"\n'],
    ['an empty value', 'k =\n', 'k', 'x', 'k = x\n'],
    ['a flag', 'a = 1\nk\n', 'k', 'x', 'a = 1\nk = x\n'],
    ['a key more, like the others', '[s]\n  a=1\n\n[t]\nb=2\n', 's.c', 3, '[s]\n  a=1\n  c=3\n\n[t]\nb=2\n'],
    ['a key above the sections', '; file\n\n[s]\na = 1\n', 'k', 'v', '; file\n\nk = v\n\n[s]\na = 1\n'],
    ['a section more', '[s]\na=1\n', 't.u.k', 'v', '[s]\na=1\n\n[t.u]\nk=v\n'],
    ['a list', '[s]\na=1\n', 's.l', ['x', 'y'], '[s]\na=1\nl[]=x\nl[]=y\n'],
    ['a map key by key', '[s]\na=1 ; c\nb=2\n', 's', { a: '1', c: '3' }, '[s]\na=1 ; c\nc=3\n'],
    ['with CRLF', '[s]\r\na = 1\r\n', 's.b', 2, '[s]\r\na = 1\r\nb = 2\r\n'],
    ['a quoted key', '"k=e" = 1\n', '"k=e"', 2, '"k=e" = 2\n'],
  ])('%s', (...row) => {
    expect(set('ini', row)).toBe(row[4]);
  });

  it('writes lines below a key in the dialect of Python', () => {
    expect(set('cfg', ['', '[s]\na = 1\n', 's.a', '1\n2', ''])).toBe('[s]\na = 1\n\t2\n');
    expect(set('cfg', ['', '[s]\na =\n  x\n  # c\n  y\nb = 1\n', 's.a', 'z', ''])).toBe(
      '[s]\na = z\nb = 1\n',
    );
  });

  it.each([
    ['a key with all its duplicates', 'a=1\nb=2\na=3\n', 'a', 'b=2\n'],
    [
      'a section in two parts, and those below',
      '[s]\na=1\n[t]\nb=2\n[s]\nc=3\n[s.u]\nd=4\n',
      's',
      '[t]\nb=2\n',
    ],
    ['an item', 'l[]=a\nl[]=b\n', 'l[0]', 'l[]=b\n'],
    ['with its comments', '[s]\na=1\n; b\nb=2\n', 's.b', '[s]\na=1\n'],
  ])('unsets %s', (_, before, path, after) => {
    expect(unsetValue(read('ini', before), parseKeyPath(path)).text).toBe(after);
  });

  it('appends to a list, and makes one of a key', () => {
    expect(appendValue(read('ini', 'l[] = a\nx = 1\n'), ['l'], 'b').text).toBe('l[] = a\nl[] = b\nx = 1\n');
    expect(appendValue(read('ini', 'l = a\n'), ['l'], 'b').text).toBe('l = a\nl[] = b\n');
  });
});

describe('an edit that cannot be made', () => {
  it.each<readonly [string, keyof typeof names, string, string, string, string]>([
    ['through an alias', 'yaml', 'a: &x {k: 1}\nb: *x\n', 'b.k', 'E_BAD_PATH', "'b' is the alias '*x'"],
    ['through a scalar', 'yaml', 'a: 1\n', 'a.b', 'E_BAD_PATH', "'a' is a single value, not a map"],
    ['beyond the end of a list', 'yaml', 'a: [1]\n', 'a[3]', 'E_KEY_NOT_FOUND', 'which has 1'],
    ['of two items at once', 'yaml', '- n: a\n- n: a\n', '[n=a].v', 'E_BAD_PATH', 'means several items'],
    ['of a broken file', 'yaml', 'a: [\n', 'a', 'E_INVALID', 'a.yaml:2:1'],
    ['of a key in a list', 'json', '[1]', 'a', 'E_KEY_NOT_FOUND', "no item 'a'"],
    ['of a section as a value', 'ini', '[s]\na=1\n', 's', 'E_BAD_PATH', "'s' is a section, not a key"],
    ['below a key', 'ini', '[s]\na=1\n', 's.a.b', 'E_BAD_PATH', "'s.a' is a key, not a section"],
  ])('%s', (_, format, before, path, code, message) => {
    const run = (): ConfigDocument => setValue(read(format, before), parseKeyPath(path), 'new');
    expect(run).toThrow(
      expect.objectContaining({ code, message: expect.stringContaining(message) as string }),
    );
  });

  it.each<readonly [string, string, string, string]>([
    ['of a key that is not there', 'a: 1\n', 'b', 'E_KEY_NOT_FOUND'],
    ['of an anchor in use', 'a: &x 1\nb: *x\n', 'a', 'E_INVALID'],
    ['of what a merge key brings', 'a: &x {k: 1}\nb:\n  <<: *x\n', 'b.k', 'E_KEY_NOT_FOUND'],
    ['of the only document', 'a: 1\n', '', 'E_BAD_PATH'],
  ])('unset %s', (_, before, path, code) => {
    expect(() => unsetValue(read('yaml', before), parseKeyPath(path))).toThrow(
      expect.objectContaining({ code }),
    );
  });
});

describe('a value set back', () => {
  it.each([
    ['a: 0x1F # c\n', 'a', 31],
    ['a:\nb: 1\n', 'a', null],
    ['a: >-\n   folded\n   text\nb: 1\n', 'a', 'folded text'],
    ['a: "\\x41"\n', 'a', 'A'],
    ['a: {x: [1,2] , # c\n   y: 2}\n', 'a', { x: [1, 2], y: 2 }],
  ])('%j has the same bytes', (text, path, value) => {
    const doc = read('yaml', text);
    const changed = setValue(doc, parseKeyPath(path), 'other');
    expect(setValue(changed, parseKeyPath(path), value).text).toBe(text);
    expect(setValue(read('yaml', changed.text), parseKeyPath(path), value, { like: doc }).text).toBe(text);
  });

  it('is written as it was typed, where the format reads it so', () => {
    const typed = (format: keyof typeof names, text: string, source: string): string =>
      setValue(read(format, text), ['a'], parseInputValue(source), { source }).text;
    expect(typed('yaml', 'a: 1\n', '1.10')).toBe('a: 1.10\n');
    expect(typed('yaml', 'a: 1\n', '0x1F')).toBe('a: 0x1F\n');
    expect(typed('json', '{"a": 1}', '0x1F')).toBe('{"a": 31}');
    expect(typed('ini', 'a = 1\n', '1.10')).toBe('a = 1.10\n');
  });
});
