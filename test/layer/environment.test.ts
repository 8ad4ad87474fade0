import { describe, expect, it } from 'vitest';
import type { ConfigValue } from '../../src/doc/index.js';
import { environmentLayer, mergeLayers } from '../../src/layer/index.js';

type Variables = Record<string, string | undefined>;
const load = (below: ConfigValue, env: Variables): ReturnType<typeof mergeLayers> =>
  mergeLayers([{ name: 'base', value: below }, environmentLayer({ name: 'env:APP_', prefix: 'APP_', env })]);

describe('environmentLayer', () => {
  it.each<[string, ConfigValue, Variables, ConfigValue]>([
    ['a step into a map', { db: { host: 'a' } }, { APP_DB__HOST: 'b' }, { db: { host: 'b' } }],
    ['the type of what is there', { db: { port: 1 } }, { APP_DB__PORT: '2' }, { db: { port: 2 } }],
    ['lower case where nothing is', {}, { APP_NEW__KEY: 'x' }, { new: { key: 'x' } }],
    ['other prefixes do not count', { a: 1 }, { OTHER_A: '2', app_A: '2' }, { a: 1 }],
    ['undefined does not count', { a: 1 }, { APP_A: undefined }, { a: 1 }],
    ['empty steps are left alone', { a: 1 }, { APP_: 'x', APP_A__: '2', APP___A: '3' }, { a: 1 }],
    ['camel case', { db: { poolMax: 1 } }, { APP_DB__POOL_MAX: '2' }, { db: { poolMax: 2 } }],
    ['snake case', { db: { pool_max: 1 } }, { APP_DB__POOL_MAX: '2' }, { db: { pool_max: 2 } }],
    ['kebab case', { db: { 'pool-max': 1 } }, { APP_DB__POOL_MAX: '2' }, { db: { 'pool-max': 2 } }],
    [
      'equal but for case before equal but for separators',
      { poolMax: 1, pool_max: 1 },
      { APP_POOL_MAX: '2' },
      { poolMax: 1, pool_max: 2 },
    ],
    ['equal before all', { a: 1, A: 1 }, { APP_A: '2' }, { a: 1, A: 2 }],
    ['an item of a list', { l: [1, 2] }, { APP_L__1: '9' }, { l: [1, 9] }],
    ['new items of a list', { l: [1] }, { APP_L__1: '8', APP_L__2: '9' }, { l: [1, '8', '9'] }],
    ['inside of an item', { l: [{ n: 1, m: 1 }] }, { APP_L__0__N: '9' }, { l: [{ n: 9, m: 1 }] }],
    ['a new list', {}, { APP_L__1: 'b', APP_L__0: 'a' }, { l: ['a', 'b'] }],
    ['numbers that are no list', {}, { APP_CODES__404: 'x' }, { codes: { 404: 'x' } }],
    ['numbers that are keys', { codes: { 0: 'a' } }, { APP_CODES__0: 'b' }, { codes: { 0: 'b' } }],
    ['JSON over a list', { l: [1] }, { APP_L: '[2,3]' }, { l: [2, 3] }],
    ['JSON over a map', { m: { a: 1, b: 1 } }, { APP_M: '{"b":2}' }, { m: { a: 1, b: 2 } }],
  ])('%s', (_, below, env, expected) => {
    expect(load(below, env).value).toEqual(expected);
  });

  it('takes prototype names as data', () => {
    const { value } = load({}, { APP_CONSTRUCTOR__PROTOTYPE__POLLUTED: 'x' });
    expect(Reflect.get({}, 'polluted')).toBeUndefined();
    expect(value).toMatchObject({ constructor: { prototype: { polluted: 'x' } } });
  });

  it('names the variable in the origin', () => {
    const { explain } = load({ db: { host: 'a', port: 1 } }, { APP_DB__HOST: 'b' });
    expect(explain(['db', 'host'])).toEqual({
      value: 'b',
      origin: { layer: 'env:APP_', variable: 'APP_DB__HOST' },
      overridden: [{ value: 'a', origin: { layer: 'base' } }],
    });
    expect(explain(['db', 'port'])?.origin).toEqual({ layer: 'base' });
  });

  it('names the variable of what is inside of its JSON, and of an item', () => {
    const { explain } = load({ m: { a: 1 }, l: [1, 2] }, { APP_M: '{"a":2}', APP_L__0: '9' });
    expect(explain(['m', 'a'])?.origin).toEqual({ layer: 'env:APP_', variable: 'APP_M' });
    expect(explain(['l', 0])?.origin).toEqual({ layer: 'env:APP_', variable: 'APP_L__0' });
    expect(explain(['l', 1])?.origin).toEqual({ layer: 'base' });
  });

  it.each<[string, ConfigValue, Variables, string]>([
    ['the same key twice', {}, { APP_A: 'secret', APP_a: 'secret' }, "'APP_A' and 'APP_a' set the same key"],
    [
      'a key and its inside',
      {},
      { APP_A: 'secret', APP_A__B: 'secret' },
      "'APP_A' sets a key and 'APP_A__B' something inside of it",
    ],
    ['past the end', { l: [1] }, { APP_L__3: 'secret' }, "'APP_L__3' is past the end of a list of 1"],
  ])('refuses %s', (_, below, env, message) => {
    const place = { file: 'env:APP_', line: 1, column: 1, path: '', rule: 'environment', severity: 'error' };
    expect(() => load(below, env)).toThrow(
      expect.objectContaining({ code: 'E_INVALID', message, details: { problems: [{ ...place, message }] } }),
    );
  });

  it('refuses a name of too many steps', () => {
    const name = `APP_${Array.from({ length: 200 }, () => 'A').join('__')}`;
    expect(() => load({}, { [name]: 'x' })).toThrow(expect.objectContaining({ code: 'E_LIMIT' }));
  });
});
