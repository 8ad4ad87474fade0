import { describe, expect, it } from 'vitest';
import { schemaEffects as effectsOf, type SchemaEffect } from '../../src/version/compatibility/effects.js';
import type { ConfigValue } from '../../src/doc/index.js';

const schemaEffects = (before: ConfigValue, after: ConfigValue): readonly SchemaEffect[] =>
  effectsOf({ value: before, refer: () => undefined }, { value: after, refer: () => undefined });

type Row = readonly [before: ConfigValue, after: ConfigValue, effect: SchemaEffect['effect']];

describe('a change of a schema', () => {
  it.each<Row>([
    [{}, { required: ['a'] }, 'stricter'],
    [{ required: ['a', 'b'] }, { required: ['b'] }, 'looser'],
    [{ required: ['a'] }, {}, 'looser'],
    [{}, { type: 'object' }, 'stricter'],
    [{ type: 'integer' }, { type: 'number' }, 'looser'],
    [{ type: 'number' }, { type: 'integer' }, 'stricter'],
    [{ type: 'string' }, { type: ['string', 'null'] }, 'looser'],
    [{ type: ['string', 'null'] }, { type: 'string' }, 'stricter'],
    [{ enum: [1, 2] }, { enum: [1, 2, 3] }, 'looser'],
    [{ enum: [1, 2] }, { enum: [1] }, 'stricter'],
    [{}, { maximum: 5 }, 'stricter'],
    [{ maximum: 5 }, { maximum: 6 }, 'looser'],
    [{ maximum: 5 }, { maximum: 4 }, 'stricter'],
    [{ minLength: 5 }, { minLength: 4 }, 'looser'],
    [{ minLength: 5 }, {}, 'looser'],
    [{ pattern: 'a' }, { pattern: 'b' }, 'stricter'],
    [{ pattern: 'a' }, {}, 'looser'],
    [{ title: 'a' }, { title: 'b' }, 'note'],
    [{}, { additionalProperties: false }, 'stricter'],
    [{ additionalProperties: false }, {}, 'looser'],
    [{ additionalProperties: { type: 'string' } }, { additionalProperties: true }, 'looser'],
    [{ properties: {} }, { properties: { a: { type: 'string' } } }, 'looser'],
    [{ properties: { a: true } }, { properties: { a: false } }, 'stricter'],
    [{ properties: { a: { maximum: 2 } } }, { properties: { a: { maximum: 1 } } }, 'stricter'],
    [{ properties: { a: {} } }, { properties: {} }, 'note'],
    [
      { properties: { a: {} }, additionalProperties: false },
      { properties: {}, additionalProperties: false },
      'stricter',
    ],
    [{ $defs: { a: { minimum: 1 } } }, { $defs: { a: { minimum: 0 } } }, 'note'],
    [
      { $ref: '#/$defs/a', $defs: { a: { minimum: 1 } } },
      { $ref: '#/$defs/a', $defs: { a: { minimum: 0 } } },
      'looser',
    ],
    [{ properties: { a: { maximum: 2 } } }, { properties: {} }, 'looser'],
    [
      { additionalProperties: { type: 'string' } },
      { properties: { a: { type: 'string', const: 'x' } }, additionalProperties: { type: 'string' } },
      'stricter',
    ],
    [{ dependentRequired: { a: ['b'] } }, { dependentRequired: { a: ['c'] } }, 'stricter'],
    [{ $defs: {} }, { $defs: { a: { minimum: 0 } } }, 'note'],
    [{ items: { type: 'string' } }, { items: { type: 'string', minLength: 1 } }, 'stricter'],
    [{ allOf: [{ minimum: 1 }] }, { allOf: [{ minimum: 1 }, { maximum: 3 }] }, 'stricter'],
    [{ anyOf: [{ type: 'string' }] }, { anyOf: [{ type: 'string' }, { type: 'null' }] }, 'looser'],
    [true, false, 'stricter'],
    [false, {}, 'looser'],
    [{ $ref: '#/a' }, { $ref: '#/b' }, 'stricter'],
    [JSON.parse('{"properties": {"__proto__": false}}'), { properties: {} }, 'looser'],
  ])('%j to %j', (before, after, effect) => {
    expect([...new Set(schemaEffects(before, after).map((change) => change.effect))]).toEqual([effect]);
    expect(schemaEffects(before, before)).toEqual([]);
  });

  it('has the place of the keyword', () => {
    const [change] = schemaEffects({ properties: { a: {} } }, { properties: { a: { type: 'string' } } });
    expect(change?.path).toEqual(['properties', 'a', 'type']);
  });
});
