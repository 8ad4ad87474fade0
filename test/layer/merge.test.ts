import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  formatKeyPath,
  isMap,
  lookup,
  parseInputValue,
  parseKeyPath,
  type ConfigValue,
} from '../../src/doc/index.js';
import { mergeLayers, type Layer, type LayerOptions } from '../../src/layer/index.js';

const layersOf = (values: readonly ConfigValue[], textOnly = false): Layer[] =>
  values.map((value, index) => ({
    name: `L${index}`,
    value,
    textOnly: textOnly && index > 0,
    place: (path) => ({ file: `L${index}`, variable: formatKeyPath(path) }),
  }));
const merged = (values: readonly ConfigValue[], options?: LayerOptions): ConfigValue =>
  mergeLayers(layersOf(values), options).value;

describe('mergeLayers', () => {
  it.each<[string, ConfigValue[], ConfigValue]>([
    ['nothing is an empty map', [], {}],
    ['one layer is its value', [{ a: 1 }], { a: 1 }],
    ['keys are joined', [{ a: 1 }, { b: 2 }], { a: 1, b: 2 }],
    ['later wins', [{ a: 1 }, { a: 2 }], { a: 2 }],
    ['maps merge deeply', [{ a: { b: 1, c: 1 } }, { a: { c: 2, d: 2 } }], { a: { b: 1, c: 2, d: 2 } }],
    ['lists replace', [{ a: [1, 2] }, { a: [3] }], { a: [3] }],
    ['null is a value', [{ a: { b: 1 } }, { a: null }], { a: null }],
    ['a scalar replaces a map', [{ a: { b: 1 } }, { a: 5 }], { a: 5 }],
    ['what a scalar replaced stays gone', [{ a: { b: 1 } }, { a: 5 }, { a: { c: 1 } }], { a: { c: 1 } }],
    ['an empty map changes nothing', [{ a: { b: 1 } }, { a: {} }], { a: { b: 1 } }],
  ])('%s', (_, values, expected) => {
    expect(merged(values)).toEqual(expected);
  });

  it('some of the same layers again, and other ones, make what they make for the first time', () => {
    const value = fc.dictionary(
      fc.constantFrom('a', 'b', 'c'),
      fc.oneof(fc.nat(2), fc.constant('$unset'), fc.dictionary(fc.constantFrom('x', 'y'), fc.nat(2))),
      { noNullPrototype: true },
    );
    const pool = fc.array(value, { minLength: 4, maxLength: 4 });
    const picks = fc.array(fc.uniqueArray(fc.nat(3)), { minLength: 2, maxLength: 4 });
    const strategies = fc.constantFrom('merge' as const, 'override' as const, 'first-wins' as const);
    fc.assert(
      fc.property(pool, picks, fc.array(strategies, { minLength: 4 }), (values, chosen, ways) => {
        const layers = layersOf(values);
        for (const [turn, indexes] of chosen.entries()) {
          const picked = indexes.flatMap((index) => layers[index] ?? []);
          const strategy = ways[turn] ?? 'merge';
          const again = mergeLayers(picked, { strategy });
          const first = mergeLayers(
            picked.map((layer) => ({ ...layer })),
            { strategy },
          );
          expect(again.value).toEqual(first.value);
          for (const path of [['a'], ['b'], ['c'], ['a', 'x'], ['b', 'y']])
            expect(again.explain(path)).toEqual(first.explain(path));
        }
      }),
    );
  });

  it('keeps the order of the lower layer, then of the higher', () => {
    expect(
      JSON.stringify(
        merged([
          { z: 1, a: { y: 1 } },
          { b: 1, a: { x: 1 } },
        ]),
      ),
    ).toBe('{"z":1,"a":{"y":1,"x":1},"b":1}');
  });

  it.each<[LayerOptions['strategy'], ConfigValue]>([
    ['merge', { a: { x: 1, y: 2, z: 3 }, b: 1, c: 3 }],
    ['override', { a: { z: 3 }, b: 1, c: 3 }],
    ['last-wins', { a: { z: 3 }, c: 3 }],
    ['first-wins', { a: { x: 1 }, b: 1 }],
  ])('strategy %s', (strategy, expected) => {
    const values = [{ a: { x: 1 }, b: 1 }, { a: { y: 2 } }, { a: { z: 3 }, c: 3 }];
    expect(merged(values, strategy ? { strategy } : {})).toEqual(expected);
  });

  it.each<[string, LayerOptions['lists'], ConfigValue]>([
    ['append', [{ at: 'l', use: 'append' }], [1, { n: 'a', v: 1 }, 1, { v: 2, n: 'a' }, { n: 'b' }]],
    ['union', [{ at: '**', use: 'union' }], [1, { n: 'a', v: 1 }, { v: 2, n: 'a' }, { n: 'b' }]],
    ['key', [{ at: 'l', use: 'key', fields: ['n'] }], [1, { n: 'a', v: 2 }, 1, { n: 'b' }]],
    ['another place', [{ at: 'm', use: 'append' }], [1, { v: 2, n: 'a' }, { n: 'b' }]],
  ])('lists: %s', (_, lists, expected) => {
    const values = [{ l: [1, { n: 'a', v: 1 }] }, { l: [1, { v: 2, n: 'a' }, { n: 'b' }] }];
    expect(merged(values, { lists: lists ?? [] })).toEqual({ l: expected });
  });

  it('takes prototype names as data', () => {
    const evil = parseInputValue('{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}');
    const value = merged([{ a: 1 }, evil, evil]);
    expect(Object.keys(Object(value))).toEqual(['a', '__proto__', 'constructor']);
    expect(lookup(value, ['__proto__', 'polluted'])).toBe(1);
    expect(lookup(value, ['toString'])).toBeUndefined();
    expect(Reflect.get({}, 'polluted')).toBeUndefined();
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
  });
});

describe('text-only layers take the type of what they override', () => {
  it.each<[ConfigValue, ConfigValue, ConfigValue]>([
    [5432, '6000', 6000],
    [5432, ' 1.5e3 ', 1500],
    [5432, 'tcp://10.0.0.1:5432', 'tcp://10.0.0.1:5432'],
    [5432, '', ''],
    [5432, '0x10', '0x10'],
    [5432, '1e999', '1e999'],
    [true, 'off', false],
    [false, 'TRUE', true],
    [true, 'maybe', 'maybe'],
    [null, 'null', null],
    [null, '12', '12'],
    ['old', '12', '12'],
    ['no', true, 'true'],
    [['a'], '["b","c"]', ['b', 'c']],
    [['a'], 'b,c', 'b,c'],
    [['a'], '{"b":1}', '{"b":1}'],
    [{ x: 1, y: 1 }, '{"x":2}', { x: 2, y: 1 }],
    [{ x: 1 }, 'text', 'text'],
    [
      [1, 2],
      ['3', '4'],
      [3, 4],
    ],
    [[1, 'a'], ['3'], ['3']],
  ])('%j under %j is %j', (below, above, expected) => {
    expect(mergeLayers(layersOf([{ k: below }, { k: above }], true)).value).toEqual({ k: expected });
  });

  it('keeps every digit', () => {
    const { value } = mergeLayers(layersOf([{ k: 1 }, { k: '12345678901234567890' }], true));
    expect(lookup(value, ['k'])).toBe(12345678901234567890n);
  });

  it('and of nothing they stay text', () => {
    expect(mergeLayers(layersOf([{}, { k: '1' }], true)).value).toEqual({ k: '1' });
  });

  it.each<[string, ConfigValue, ConfigValue]>([
    ['an item', { 1: '9' }, [1, 9]],
    ['the next item', { 2: '9' }, [1, 2, '9']],
    ['no item', { 4: '9' }, { 4: '9' }],
    ['other keys', { 0: '9', x: '9' }, { 0: '9', x: '9' }],
  ])('indexes of a map change a list: %s', (_, above, expected) => {
    expect(mergeLayers(layersOf([{ k: [1, 2] }, { k: above }], true)).value).toEqual({ k: expected });
  });
});

describe('explain', () => {
  const layered = mergeLayers(
    layersOf([
      { db: { host: 'a', port: 1 } },
      { db: 5 },
      { db: { port: 2 } },
      { db: { host: 'b', port: 3 } },
    ]),
  );
  const said = (path: (string | number)[]): unknown => {
    const found = layered.explain(path);
    return (
      found && [
        found.origin.layer,
        found.value,
        found.overridden.map(({ origin, value }) => [origin.layer, value]),
      ]
    );
  };

  it.each([
    [
      ['db', 'port'],
      [
        'L3',
        3,
        [
          ['L2', 2],
          ['L0', 1],
        ],
      ],
    ],
    [
      ['db', 'host'],
      ['L3', 'b', [['L0', 'a']]],
    ],
    [
      ['db'],
      [
        'L3',
        { host: 'b', port: 3 },
        [
          ['L2', { port: 2 }],
          ['L1', 5],
          ['L0', { host: 'a', port: 1 }],
        ],
      ],
    ],
    [['nothing'], undefined],
    [['db', 'toString'], undefined],
  ])('%j', (path, expected) => {
    expect(said(path)).toEqual(expected);
  });

  it('gives the place of the winner in its own layer', () => {
    const lists = [{ at: 'l', use: 'append' as const }];
    const { explain } = mergeLayers(layersOf([{ l: ['a'] }, { l: ['b', 'c'] }]), { lists });
    expect(explain(['l', 2])?.origin).toEqual({ layer: 'L1', file: 'L1', variable: 'l[1]' });
    expect(explain(['l', 0])?.origin).toEqual({ layer: 'L0', file: 'L0', variable: 'l[0]' });
  });

  it('knows items by their fields', () => {
    const { explain } = mergeLayers(layersOf([{ l: [{ name: 'web', port: 80 }] }]));
    expect(explain(['l', { name: 'web', port: '80' }, 'port'])?.value).toBe(80);
    expect(explain(['l', { name: 'web', port: '81' }])).toBeUndefined();
  });

  it('with first-wins tells the later ones as overridden, highest priority first', () => {
    const { explain } = mergeLayers(layersOf([{ a: 1 }, { a: 2 }, { a: 3 }]), { strategy: 'first-wins' });
    expect(explain(['a'])).toMatchObject({
      value: 1,
      origin: { layer: 'L0' },
      overridden: [{ value: 2 }, { value: 3 }],
    });
  });
});

const key = fc.constantFrom('a', 'b', 'c', '__proto__', 'constructor', '0');
const scalar: fc.Arbitrary<ConfigValue> = fc.oneof(
  fc.integer(),
  fc.string(),
  fc.boolean(),
  fc.constant(null),
);
const { map } = fc.letrec<{ map: ConfigValue; value: ConfigValue }>((tie) => ({
  map: fc.dictionary(key, tie('value'), { maxKeys: 4, noNullPrototype: true }),
  value: fc.oneof({ maxDepth: 3 }, scalar, fc.array(scalar, { maxLength: 3 }), tie('map')),
}));
/** Keys of one letter are maps and of two are not, so that no two layers disagree on which is which. */
const { tidy } = fc.letrec<{ tidy: ConfigValue }>((tie) => ({
  tidy: fc.record(
    {
      m: fc.oneof({ maxDepth: 3 }, fc.constant({}), tie('tidy')),
      n: fc.oneof({ maxDepth: 3 }, fc.constant({}), tie('tidy')),
      aa: scalar,
      bb: fc.array(scalar, { maxLength: 3 }),
    },
    { requiredKeys: [], noNullPrototype: true },
  ),
}));

function leafPaths(value: ConfigValue, path: readonly string[] = []): (readonly string[])[] {
  if (!isMap(value) || Object.keys(value).length === 0) return [path];
  return Object.entries(value).flatMap(([name, child]) => leafPaths(child, [...path, name]));
}

describe('laws', () => {
  it('an empty layer changes nothing, wherever it is', () => {
    fc.assert(
      fc.property(map, (value) => {
        expect(merged([value, {}])).toEqual(value);
        expect(merged([{}, value])).toEqual(value);
        expect(merged([value, value])).toEqual(value);
      }),
    );
  });

  it('merge is associative where layers agree on which keys are maps', () => {
    fc.assert(
      fc.property(tidy, tidy, tidy, (a, b, c) => {
        const all = merged([a, b, c]);
        expect(merged([merged([a, b]), c])).toEqual(all);
        expect(merged([a, merged([b, c])])).toEqual(all);
      }),
    );
  });

  it('and folds from the left in any case', () => {
    fc.assert(
      fc.property(map, map, map, (a, b, c) => {
        expect(merged([merged([a, b]), c])).toEqual(merged([a, b, c]));
      }),
    );
  });

  it('the last layer that has a leaf wins', () => {
    fc.assert(
      fc.property(fc.array(map, { minLength: 1, maxLength: 4 }), (values) => {
        const last = values.at(-1) ?? {};
        const value = merged(values);
        const leaves = leafPaths(last).filter((path) => !isMap(lookup(last, path)));
        expect(leaves.map((path) => lookup(value, path))).toEqual(leaves.map((path) => lookup(last, path)));
      }),
    );
  });

  it('the origin of a leaf holds its value, and so does that of each overridden one', () => {
    const uses = fc.constantFrom('replace' as const, 'append' as const, 'union' as const);
    const strategies = fc.constantFrom(
      'merge' as const,
      'override' as const,
      'first-wins' as const,
      'last-wins' as const,
    );
    fc.assert(
      fc.property(fc.array(map, { maxLength: 4 }), uses, strategies, (values, use, strategy) => {
        const { value, explain } = mergeLayers(layersOf(values), { strategy, lists: [{ at: '**', use }] });
        const paths = values.length === 0 ? [] : leafPaths(value);
        const said = paths.flatMap((path) => {
          const found = explain(path);
          if (found === undefined) throw new Error(`no origin of ${formatKeyPath(path)}`);
          // A list that was joined is of no single layer; its items are.
          const joined = Array.isArray(found.value) && use !== 'replace';
          return joined ? found.overridden : found.overridden.concat(found);
        });
        const held = said.map(({ origin }) =>
          lookup(values[Number(origin.layer.slice(1))] ?? {}, parseKeyPath(origin.variable ?? '')),
        );
        expect(held).toEqual(said.map((contribution) => contribution.value));
      }),
    );
  });

  it('what removes keys leaves no trace, and a key is explained as it is', () => {
    const removing = fc.dictionary(
      key,
      fc.oneof(scalar, fc.constant('$unset'), fc.dictionary(key, fc.oneof(scalar, fc.constant('$unset')))),
      { maxKeys: 4, noNullPrototype: true },
    );
    fc.assert(
      fc.property(fc.array(removing, { minLength: 1, maxLength: 4 }), (values) => {
        const { value, explain } = mergeLayers(layersOf(values));
        expect(value).toEqual(values.reduce<ConfigValue>(lay, {}));
        const paths = leafPaths(value);
        expect(paths.map((path) => explain(path)?.value)).toEqual(paths.map((path) => lookup(value, path)));
      }),
    );
  });
});

/** The rule in its plainest form. */
function lay(below: ConfigValue, above: ConfigValue): ConfigValue {
  if (!isMap(above)) return above;
  const result = new Map(Object.entries(isMap(below) ? below : {}));
  for (const [name, value] of Object.entries(above)) {
    if (value === '$unset') result.delete(name);
    else result.set(name, lay(result.get(name) ?? null, value));
  }
  return Object.fromEntries(result);
}
