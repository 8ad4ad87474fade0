import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { diffDocuments, diffValues, type Change } from '../../src/diff/index.js';
import {
  equalValues,
  formatKeyPath,
  getValue,
  parseDocument,
  parseKeyPath,
  type ConfigDocument,
  type ConfigValue,
} from '../../src/doc/index.js';

const yaml = (text: string): ConfigDocument => parseDocument(text, { format: 'yaml' });
const ini = (text: string): ConfigDocument => parseDocument(text, { format: 'ini' });
const aliased = (port: number): string => `base: &b {port: ${port}}\none: *b\ntwo:\n  <<: *b\n  x: 1\n`;

/** Changes in one line each: `+ a`, `- a`, `~ a`, `! a` (type), `> a < b` (moved). */
const shown = (changes: readonly Change[]): readonly string[] =>
  changes.map(({ path, kind, from }) => {
    const sign = { added: '+', removed: '-', changed: '~', 'type-changed': '!', moved: '>' }[kind];
    return `${sign} ${formatKeyPath(path)}${from === undefined ? '' : ` < ${formatKeyPath(from)}`}`;
  });

describe('diffDocuments', () => {
  it.each([
    ['nothing', 'a: 1', 'a: 1', []],
    ['comments and layout', 'a: 1 # one\nb: "x"\n', '# file\nb: x\na:   1\n', []],
    ['a value', 'a: 1', 'a: 2', ['~ a']],
    ['an added and a removed key', 'a: 1\nb: 1', 'b: 1\nc: 1', ['- a', '+ c']],
    ['a subtree as one change', 'a: {}', 'a: {b: {c: 1}}', ['+ a.b']],
    ['a type', 'a: 1', 'a: "1"', ['! a']],
    ['a scalar that became a map', 'a: 1', 'a: {b: 1}', ['! a']],
    ['a null that got a value', 'a:', 'a: 1', ['! a']],
    ['null in another spelling', 'a: ~', 'a: null', []],
    ['a number written otherwise', 'a: 1.10', 'a: 1.1', ['~ a']],
    ['a key that was renamed', 'a: 1', 'b: 1', ['- a', '+ b']],
    ['keys of prototypes', 'constructor: 1', '__proto__: 1', ['+ __proto__', '- constructor']],
    ['the whole document', '1', 'x', ['! ']],
    ['keys in quotes', '"a.b": {"c/d": 1}', '"a.b": {"c/d": 2}', ['~ "a.b".c/d']],
  ])('sees %s', (_, before, after, expected) => {
    expect(shown(diffDocuments(yaml(before), yaml(after)))).toEqual(expected);
  });

  it.each([
    ['an item that changed', '[{name: a, v: 1}]', '[{name: a, v: 2}]', ['~ [name=a].v']],
    [
      'an item put in front',
      '[{name: a, v: 1}]',
      '[{name: b}, {name: a, v: 2}]',
      ['+ [name=b]', '~ [name=a].v'],
    ],
    ['an item that went', '[{name: a}, {name: b}]', '[{name: b}]', ['- [name=a]']],
    [
      'an item that moved, and changed',
      '[{name: a, v: 1}, {name: b}, {name: c}]',
      '[{name: b}, {name: c}, {name: a, v: 2}]',
      ['> [name=a] < [0]', '~ [name=a].v'],
    ],
    ['an identity in numbers', '[{id: 7, v: 1}]', '[{id: 7, v: 2}]', ['~ [id=7].v']],
    [
      'two fields that identify together',
      '[{port: 53, protocol: TCP, v: 1}, {port: 53, protocol: UDP, v: 1}]',
      '[{port: 53, protocol: TCP, v: 1}, {port: 53, protocol: UDP, v: 2}]',
      ['~ [port=53,protocol=UDP].v'],
    ],
    [
      'names that are not unique as no identity',
      '[{name: a, id: 1, v: 1}, {name: a, id: 2, v: 1}]',
      '[{name: a, id: 1, v: 1}, {name: a, id: 2, v: 2}]',
      ['~ [id=2].v'],
    ],
  ])('sees in a list with identities %s', (_, before, after, expected) => {
    expect(shown(diffDocuments(yaml(before), yaml(after)))).toEqual(expected);
  });

  it.each([
    ['an inserted item', '[a, b]', '[x, a, b]', ['+ [0]']],
    ['an item that went', '[a, b, c]', '[a, c]', ['- [1]']],
    ['an item replaced', '[a, b, c]', '[a, x, c]', ['~ [1]']],
    ['an item replaced by two', '[a, b, c]', '[a, x, y, c]', ['- [1]', '+ [1]', '+ [2]']],
    ['an item that moved', '[a, b, c]', '[b, c, a]', ['> [2] < [0]']],
    [
      'no move of what went twice',
      '[a, a, b, c, d]',
      '[b, c, d, a, a]',
      ['- [0]', '- [1]', '+ [3]', '+ [4]'],
    ],
    ['an item of another type', '[1]', '["1"]', ['! [0]']],
    ['a key of a shifted item that went', '[{a: 1, b: 1}]', '[x, {a: 1}]', ['- [0]', '+ [0]', '+ [1]']],
    ['a key removed behind an insertion', '[x, y, {a: 1, b: 1}]', '[w, x, y, {a: 1}]', ['+ [0]', '- [2].b']],
    ['numbers written otherwise', '[1.10, 2]', '[1.1, 2]', ['~ [0]']],
  ])('sees in a list without identities %s', (_, before, after, expected) => {
    expect(shown(diffDocuments(yaml(before), yaml(after)))).toEqual(expected);
  });

  it('gives the values, and the written numbers where only they differ', () => {
    expect(diffDocuments(yaml('a: 1\nb: 1.10\nc: 9007199254740993'), yaml('a: 2\nb: 1.1\nd: [1]'))).toEqual([
      { path: ['a'], kind: 'changed', before: 1, after: 2 },
      { path: ['b'], kind: 'changed', before: '1.10', after: '1.1' },
      { path: ['c'], kind: 'removed', before: 9007199254740993n },
      { path: ['d'], kind: 'added', after: [1] },
    ]);
  });

  it('takes a file that is not there for an empty map', () => {
    expect(shown(diffDocuments(undefined, yaml('a: 1\nb: 2')))).toEqual(['+ a', '+ b']);
    expect(shown(diffDocuments(yaml('a: 1'), undefined))).toEqual(['- a']);
    expect(diffDocuments(undefined, yaml('[1]'))).toEqual([{ path: [], kind: 'added', after: [1] }]);
    expect(diffDocuments(undefined, undefined)).toEqual([]);
  });

  it('knows no types in INI, where every value is text', () => {
    expect(shown(diffDocuments(ini('[s]\na = true\n'), ini('[s]\na = maybe\n')))).toEqual(['~ s.a']);
  });

  it('sees through aliases and merge keys', () => {
    expect(shown(diffDocuments(yaml(aliased(1)), yaml(aliased(2))))).toEqual([
      '~ base.port',
      '~ one.port',
      '~ two.port',
    ]);
  });

  it.each([
    ['the same number of documents', 'a: 1\n---\nb: 1\n', 'a: 2\n---\nb: 1\n', ['~ [0].a']],
    ['a document put behind', 'a: 1\n', 'a: 1\n---\nb: 1\n', ['+ [1]']],
    ['a document put in front', 'b: 1\n', 'a: 1\n---\nb: 1\n', ['+ [0]']],
    ['a document gone, and a key of the other', 'a: 1\nx: 1\n---\nb: 1\n', 'b: 1\n', ['- [0]']],
    [
      'a named document changed',
      'name: a\nv: 1\n',
      'name: b\n---\nname: a\nw: 1\n',
      ['+ [name=b]', '- v', '+ [name=a].w'],
    ],
  ])('compares streams of documents: %s', (_, before, after, expected) => {
    expect(shown(diffDocuments(yaml(before), yaml(after)))).toEqual(expected);
  });

  it('refuses a document without a value', () => {
    expect(() => diffDocuments(yaml('a: ['), yaml('a: 1'))).toThrow(
      expect.objectContaining({ code: 'E_INVALID' }),
    );
  });
});

const key = fc.constantFrom('a', 'b', 'name', '__proto__', 'x.y');
const scalar = fc.constantFrom<ConfigValue>(null, true, 1, 2, 'a', 'b', '');
const { value } = fc.letrec<{ value: ConfigValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    scalar,
    fc.array(tie('value'), { maxLength: 4 }),
    fc.array(fc.tuple(key, tie('value')), { maxLength: 4 }).map(mapOf),
  ),
}));

function mapOf(entries: readonly (readonly [string, ConfigValue])[]): ConfigValue {
  const map: Record<string, ConfigValue> = {};
  for (const [name, inner] of entries)
    Object.defineProperty(map, name, { value: inner, enumerable: true, configurable: true, writable: true });
  return map;
}

/** What `cfg get` finds at a path that was printed. */
const printed = (root: ConfigValue, path: Change['path']): ConfigValue | undefined =>
  getValue(parseDocument(JSON.stringify(root), { format: 'json' }), parseKeyPath(formatKeyPath(path)));
const count = (changes: readonly Change[], kind: string): number =>
  changes.filter((change) => change.kind === kind).length;

describe('diffValues', () => {
  it('is empty exactly for equal values', () => {
    fc.assert(
      fc.property(value, value, (before, after) => {
        expect(diffValues(before, before)).toEqual([]);
        expect(diffValues(before, after).length === 0).toBe(equalValues(before, after));
      }),
    );
  });

  it('names paths that can be read on their side', () => {
    fc.assert(
      fc.property(value, value, (before, after) => {
        for (const { path, kind, from = [], before: old, after: now } of diffValues(before, after)) {
          const found = kind === 'removed' ? printed(before, path) : printed(after, path);
          expect(found).toEqual(kind === 'removed' ? old : (now ?? found));
          expect(found).toBeDefined();
          expect(printed(before, from)).toBeDefined();
        }
      }),
    );
  });

  it('mirrors: what one way adds, the other way removes', () => {
    fc.assert(
      fc.property(value, value, (before, after) => {
        const [there, back] = [diffValues(before, after), diffValues(after, before)];
        expect(count(there, 'type-changed')).toBe(count(back, 'type-changed'));
        expect(count(there, 'added')).toBe(count(back, 'removed'));
      }),
    );
  });
});
