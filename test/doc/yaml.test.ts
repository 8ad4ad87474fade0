import { describe, expect, it } from 'vitest';
import {
  formatKeyPath,
  leaves,
  locate,
  parseDocument,
  parseKeyPath,
  printTree,
  semanticKey,
  valueOf,
  type ConfigDocument,
  type ConfigValue,
  type Entry,
  type MapNode,
  type Node,
} from '../../src/doc/index.js';

const read = (text: string): ConfigDocument => parseDocument(text, { path: 'a.yaml' });
const root = (text: string): MapNode => {
  const value = read(text).tree?.documents[0]?.value;
  if (value?.kind !== 'map') throw new Error('no map');
  return value;
};
const entryOf = (node: Node, name: string): Entry => {
  const entry = node.kind === 'map' ? node.entries.find(({ key }) => key.name === name) : undefined;
  if (!entry) throw new Error(`no ${name}`);
  return entry;
};
const rules = (text: string): string[] =>
  read(text).diagnostics.map(
    ({ rule, severity, range: { start } }) => `${severity} ${rule} ${start.line}:${start.column}`,
  );

describe('values of YAML', () => {
  it.each<[string, string, ConfigValue]>([
    ['an empty file', '', null],
    ['comments only', '# a\n', null],
    [
      'the core schema of YAML 1.2',
      'a: no\nb: 0o17\nc: 0x1F\nd: 1e3\ne: ~\nf: True\ng: 12:30',
      { a: 'no', b: 15, c: 31, d: 1000, e: null, f: true, g: '12:30' },
    ],
    ['integers that a number cannot hold', 'a: 12345678901234567890', { a: 12345678901234567890n }],
    [
      'keys as they are written',
      '1.10: a\n"1.1": b\n~: c\n? [x]\n: d',
      { '1.10': 'a', '1.1': 'b', '~': 'c', '[x]': 'd' },
    ],
    ['several documents', 'a: 1\n---\nb: 2\n---\n', [{ a: 1 }, { b: 2 }, null]],
    ['aliases', 'a: &x {b: 1}\nc: *x', { a: { b: 1 }, c: { b: 1 } }],
    [
      'merge keys: own keys win, then the earlier map',
      'a: &a {x: 1, y: 1}\nb: &b {y: 2, z: 2}\nc:\n  <<: [*a, *b]\n  z: 3',
      {
        a: { x: 1, y: 1 },
        b: { y: 2, z: 2 },
        c: { x: 1, y: 1, z: 3 },
      },
    ],
    ['a quoted << is a key', '"<<": {a: 1}', { '<<': { a: 1 } }],
    ['tags', 'a: !!str 1\nb: !Ref x\nc: !!binary aGk=', { a: '1', b: 'x', c: 'aGk=' }],
    ['a redefined anchor', 'a: &x 1\nb: *x\nc: &x 2\nd: *x', { a: 1, b: 1, c: 2, d: 2 }],
    ['an alias of a key', '&k name: 1\nb: *k', { name: 1, b: 'name' }],
    ['a list of pairs', '[a: 1, b]', [{ a: 1 }, 'b']],
  ])('%s', (_, text, expected) => {
    expect(valueOf(read(text))).toEqual(expected);
  });

  it('keeps __proto__ as data', () => {
    const value = valueOf(read('__proto__: {polluted: 1}\nconstructor: 2'));
    expect(Object.entries(value as object)).toEqual([
      ['__proto__', { polluted: 1 }],
      ['constructor', 2],
    ]);
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
  });

  it('shares what an alias stands for instead of copying it', () => {
    const value = valueOf(read('a: &x [1]\nb: *x')) as { a: unknown; b: unknown };
    expect(value.b).toBe(value.a);
    expect(Object.isFrozen(value.a)).toBe(true);
  });
});

describe('problems of YAML', () => {
  it.each<[string, string, string[]]>([
    ['a duplicate key', 'a: 1\nb: 2\n"a": 3', ['error duplicate-key 3:1']],
    ['keys of one name and two types', '1: a\n"1": b', ['warning ambiguous-key 2:1']],
    ['an unresolved alias', 'a: *x', ['error unresolved-alias 1:4']],
    ['an alias before its anchor', 'a: *x\nb: &x 1', ['error unresolved-alias 1:4']],
    ['an anchor of another document', 'a: &x 1\n---\nb: *x', ['error unresolved-alias 3:4']],
    ['an alias inside of itself', 'a: &x [*x]', ['error recursive-alias 1:8']],
    ['an unknown tag', 'a: !x 1', ['warning unknown-tag 1:4']],
    ['a syntax error behind a byte order mark', '\uFEFFa: [', ['error syntax 1:5']],
    ['tabs', 'a:\n\tb: 1', ['error tab-indentation 2:1']],
    ['too deep', '['.repeat(600), ['error too-deep 1:513']],
    ['too deep in indicators', '- '.repeat(600), ['error too-deep 1:1025']],
    [
      'too deep in lines',
      Array.from({ length: 600 }, (_, depth) => `${' '.repeat(depth)}a:`).join('\n'),
      ['error too-deep 513:513'],
    ],
    ['too large', 'x'.repeat(5_000_001), ['error too-large 1:1']],
  ])('%s', (_, text, expected) => {
    expect(rules(text).slice(0, 1)).toEqual(expected);
  });

  it('finds a bomb without setting it off', () => {
    const lines = 'bcdefghijk'
      .split('')
      .map((name, index) => `${name}: &${name} [${Array(9).fill(`*${'abcdefghij'[index]}`).join(', ')}]`);
    expect(rules(`a: &a [1, 2, 3, 4, 5, 6, 7, 8, 9]\n${lines.join('\n')}`)).toEqual(['error too-large 7:8']);
  });

  it('finds depth that is made of aliases', () => {
    const lines = Array.from({ length: 600 }, (_, index) => `a${index + 1}: &a${index + 1} [*a${index}]`);
    expect(rules(`a0: &a0 [1]\n${lines.join('\n')}`)[0]).toMatch(/^error too-deep/);
  });

  it('says nothing of the values, which may be secret', () => {
    const texts = [
      'a: "secret\\q"',
      'a: @secret',
      'a: |secret\n',
      '%secret x\n---\na: 1',
      'a: b\n secret: "',
      'a: *secret',
      'a: !secret:x 1',
      '- a\nsecret',
      '{secret',
    ];
    const messages = texts.flatMap((text) => read(text).diagnostics.map(({ message }) => message));
    expect(messages.length).toBeGreaterThan(texts.length - 1);
    expect(messages.filter((message) => message.includes('secret'))).toEqual([]);
  });

  it('keeps the tree of a document with a duplicate key, and has no value', () => {
    const doc = read('a: 1\na: 2\n');
    expect(doc.tree && printTree(doc.tree)).toBe('a: 1\na: 2\n');
    expect(doc.valid).toBe(false);
    expect(() => valueOf(doc)).toThrow(/a\.yaml:2:1: the key is there already/);
  });
});

describe('comments of YAML belong', () => {
  it('above the last blank line to the file, else to the first key', () => {
    const tree = read('# licence\n\n# about a\na: 1\n').tree?.documents[0];
    expect(tree?.head).toBe('# licence\n\n');
    expect(tree?.value.kind === 'map' && tree.value.entries[0]?.lead).toBe('# about a\n');
  });

  it('directly above an entry to it, with the blank lines', () => {
    expect(entryOf(root('a: 1\n\n# b\nb: 2\n'), 'b').lead).toBe('\n# b\n');
  });

  it('behind a value to its entry', () => {
    expect(entryOf(root('a: 1 # one\nb: 2\n'), 'a').tail).toBe(' # one\n');
  });

  it('deeper than the next entry to the collection above', () => {
    const a = entryOf(root('a:\n  b: 1\n  # end of a\n# c\nc: 2\n'), 'a');
    expect(a.value.kind === 'map' && a.value.close).toBe('  # end of a\n');
  });

  it('after the last entry to the collection', () => {
    expect(root('a: 1\n# end\n').close).toBe('# end\n');
  });

  it('below an empty value to its entry', () => {
    expect(entryOf(root('a:\n  # b: 1\nc: 2\n'), 'a').tail).toBe('\n  # b: 1\n');
  });

  it('behind a comma to the entry before it', () => {
    const list = entryOf(root('a: [\n  1, # one\n  # two\n  2\n]\n'), 'a').value;
    expect(list.kind === 'list' && list.entries.map(({ lead, post }) => [lead, post])).toEqual([
      ['', ' # one\n'],
      ['  # two\n', '\n'],
    ]);
  });
});

describe('places in YAML', () => {
  const text =
    '# top\n\n# lead\na: &x\n  "b c": [1, {d: two}] # tail\nl:\n  - name: n1\n    v: 1\n  - name: n2\n    v: *x\n';

  it.each<[string, 'key' | 'value' | 'entry', string | undefined]>([
    ['a', 'key', '4:1-4:2'],
    ['a', 'value', '5:3-5:23'],
    ['a', 'entry', '3:1-6:1'],
    ['a.b c[1].d', 'value', '5:18-5:21'],
    ['a."b c"', 'key', '5:3-5:8'],
    ['l[1]', 'entry', '9:1-11:1'],
    ['l[1]', 'key', '9:3-9:4'],
    ['l[name=n1].v', 'value', '8:8-8:9'],
    ['/l/1/name', 'value', '9:11-9:13'],
    ['l[1].v', 'value', '10:8-10:10'],
    ['l[1].v."b c"[0]', 'value', '5:11-5:12'],
    ['l[2]', 'value', undefined],
    ['nothing', 'value', undefined],
  ])('%s: its %s', (path, part, expected) => {
    const range = locate(read(text), parseKeyPath(path), part);
    const shown = range && `${range.start.line}:${range.start.column}-${range.end.line}:${range.end.column}`;
    expect(shown).toBe(expected);
  });

  it('has leaves in the order of the value', () => {
    const found = leaves(read('a: &x {b: 1}\nc:\n  <<: *x\n  d: []\n')).map(({ path, value, range }) => [
      formatKeyPath(path),
      value,
      range.start.line,
    ]);
    expect(found).toEqual([
      ['a.b', 1, 1],
      ['c.b', 1, 1],
      ['c.d', [], 4],
    ]);
  });

  it('looks into the right document of several', () => {
    const range = locate(read('a: 1\n---\na: 2\n'), [1, 'a']);
    expect(range?.start).toEqual({ offset: 12, line: 3, column: 4 });
  });
});

describe('what a node means', () => {
  const key = (text: string): string => semanticKey(root(`a: ${text}\n`).entries[0]?.value as Node);

  it.each([
    ['x', '"x"'],
    ["'x'", '"\\x78"'],
    ['|-\n  x\n  y', '"x\\ny"'],
    ['{b: 1, c: 2}', '\n  # comment\n  c: 2\n  b: 1'],
    ['~', 'null'],
    ['', 'null'],
    ['[1, 2]', '\n  - 1\n  - 2'],
  ])('%j is %j', (one, other) => {
    expect(key(one)).toBe(key(other));
  });

  it.each([
    ['1.1', '1.10'],
    ['0x1F', '31'],
    ['1e3', '1000'],
    ['9007199254740993', '9007199254740992'],
    ['1', '"1"'],
    ['!a 1', '!b 1'],
    ['&a 1', '1'],
    ['*a', '"*a"'],
    ['[1, 2]', '[2, 1]'],
    ['{1: a}', '{"1": a}'],
    ['null', '"null"'],
  ])('%j is not %j', (one, other) => {
    expect(key(one)).not.toBe(key(other));
  });
});
