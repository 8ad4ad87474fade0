import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ConfigObject, ConfigValue } from '../../src/doc/index.js';
import { compileSchema } from '../../src/schema/index.js';
import { compareSchemas } from '../../src/version/index.js';

const lines = (before: ConfigValue, after: ConfigValue): string[] =>
  compareSchemas(before, after).map(({ severity, message }) => `${severity}: ${message}`);
const at = (schema: ConfigValue): ConfigObject => ({ type: 'object', properties: { k: schema } });

describe('compareSchemas', () => {
  it.each<[ConfigValue, ConfigValue, string[]]>([
    [{ type: 'string' }, { type: 'string', description: 'new' }, []],
    [{ type: 'integer' }, { type: 'number' }, []],
    [{ type: 'number' }, { type: 'integer' }, ["error: 'k' has to be a whole number now"]],
    [{ type: ['string', 'null'] }, { type: 'string' }, ["error: 'k' may no longer be null"]],
    [{}, { type: 'string' }, ["error: 'k' has to be a string now"]],
    [{ enum: ['a', 'b'] }, { enum: ['b', 'c'] }, ["error: 'k' no longer allows 'a'"]],
    [{ enum: ['a'] }, { const: 'a' }, []],
    [{ type: 'string' }, { type: 'string', enum: ['a'] }, ["error: 'k' is limited to listed values now"]],
    [{ minimum: 1 }, { minimum: 2 }, ["error: 'k' has to be at least 2 now"]],
    [{ minimum: 2 }, { minimum: 1 }, []],
    [{}, { minLength: 0 }, []],
    [{ maxItems: 3 }, { maxItems: 2 }, ["error: 'k' may have a number of items of at most 2 now"]],
    [{ multipleOf: 4 }, { multipleOf: 2 }, []],
    [{ multipleOf: 2 }, { multipleOf: 4 }, ["error: 'k' has to be a multiple of 4 now"]],
    [{}, { pattern: '^a' }, ["error: 'k' has to satisfy a 'pattern' now"]],
    [{ pattern: '^a' }, { pattern: '^b' }, ["warning: 'k' has another 'pattern'"]],
    [{ uniqueItems: true }, {}, []],
    [{}, { required: ['a'] }, ["error: 'k' needs the key 'a' now"]],
    [{ required: ['a'] }, {}, []],
    [
      { properties: { a: {} }, additionalProperties: false },
      { additionalProperties: false },
      ["error: 'k.a' is no longer allowed"],
    ],
    [{}, { additionalProperties: false }, ["error: 'k.*' is no longer allowed"]],
    [{}, { properties: { a: { type: 'null' } } }, ["warning: 'k.a' has to be null now"]],
    [
      { additionalProperties: false },
      { additionalProperties: false, properties: { a: { type: 'null' } } },
      [],
    ],
    [{ items: { type: 'string' } }, { items: { type: 'null' } }, ["error: 'k[*]' may no longer be a string"]],
    [
      { items: [true], additionalItems: true },
      { items: [false], additionalItems: true },
      ["error: 'k[0]' is no longer allowed"],
    ],
    [true, false, ["error: 'k' is no longer allowed"]],
    [
      { anyOf: [{ type: 'null' }, { type: 'string' }] },
      { anyOf: [{ type: 'string' }] },
      ["warning: 'k' may no longer be null"],
    ],
    [{ anyOf: [{ const: 1 }, { const: 2 }] }, { anyOf: [{ const: 2 }, { const: 1 }, { const: 3 }] }, []],
    [{}, { not: { const: 1 } }, ["warning: 'k' has another 'not', which cfg cannot judge"]],
  ])('from %j to %j', (before, after, expected) => {
    expect(lines(at(before), at(after))).toEqual(expected);
  });

  it('follows local references, those that contain themselves too', () => {
    const tree = (leaf: string): ConfigObject => ({
      $ref: '#/$defs/node',
      $defs: { node: { properties: { leaf: { type: leaf }, next: { $ref: '#/$defs/node' } } } },
    });
    expect(lines(tree('number'), tree('number'))).toEqual([]);
    expect(lines(tree('number'), tree('integer'))).toContain("error: 'leaf' has to be a whole number now");
  });

  it('says where in the later schema', () => {
    const [found] = compareSchemas(at({ minimum: 1 }), at({ minimum: 2 }));
    expect(found).toMatchObject({ path: 'k', at: ['properties', 'k', 'minimum'] });
  });
});

const scalar = fc.constantFrom<ConfigValue>(null, true, 0, 1, 2, 1.5, '', 'a', 'bb', 'ccc');
const value: fc.Arbitrary<ConfigValue> = fc.letrec<{ node: ConfigValue }>((tie) => ({
  node: fc.oneof(
    { maxDepth: 2 },
    scalar,
    fc.array(tie('node'), { maxLength: 2 }),
    fc.dictionary(fc.constantFrom('a', 'b', 'c'), tie('node'), { maxKeys: 2 }),
  ),
})).node;
const part = (inner: fc.Arbitrary<ConfigValue>): fc.Arbitrary<ConfigObject> =>
  fc.record(
    {
      type: fc.constantFrom<ConfigValue>('string', 'number', 'integer', 'object', 'array', [
        'string',
        'null',
      ]),
      enum: fc.uniqueArray(scalar, { minLength: 1, maxLength: 3 }),
      minimum: fc.integer({ min: 0, max: 2 }),
      maxLength: fc.integer({ min: 0, max: 3 }),
      minItems: fc.integer({ min: 0, max: 2 }),
      maxProperties: fc.integer({ min: 0, max: 2 }),
      multipleOf: fc.constantFrom(1, 2),
      pattern: fc.constantFrom('^a', 'b$'),
      uniqueItems: fc.boolean(),
      required: fc.uniqueArray(fc.constantFrom('a', 'b', 'c'), { maxLength: 2 }),
      properties: fc.dictionary(fc.constantFrom('a', 'b', 'c'), inner, { maxKeys: 2 }),
      additionalProperties: inner,
      patternProperties: fc.dictionary(fc.constantFrom('^a', 'c$'), inner, { maxKeys: 1 }),
      items: inner,
      prefixItems: fc.array(inner, { minLength: 1, maxLength: 2 }),
      anyOf: fc.array(inner, { minLength: 1, maxLength: 2 }),
      oneOf: fc.array(inner, { minLength: 1, maxLength: 2 }),
      allOf: fc.array(inner, { minLength: 1, maxLength: 2 }),
      not: inner,
    },
    { requiredKeys: [] },
  );
const schema: fc.Arbitrary<ConfigValue> = fc.letrec<{ node: ConfigValue }>((tie) => ({
  node: fc.oneof({ maxDepth: 2 }, fc.boolean(), part(tie('node'))),
})).node;

describe('laws', () => {
  it('a schema is compatible with itself', () => {
    fc.assert(
      fc.property(schema, (one) => {
        expect(lines(one, one)).toEqual([]);
      }),
    );
  });

  it('no value that was valid and no longer is goes unmentioned', () => {
    fc.assert(
      fc.property(
        schema,
        schema,
        fc.array(value, { minLength: 5, maxLength: 20 }),
        (before, after, values) => {
          const [old, now] = [compileSchema(before, { id: 'a' }), compileSchema(after, { id: 'b' })];
          const broken = values.filter((one) => old.check(one).length === 0 && now.check(one).length > 0);
          expect(broken.length > 0 && lines(before, after).length === 0).toBe(false);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('what is said to break surely does: a wider schema has no errors', () => {
    fc.assert(
      fc.property(schema, (one) => {
        expect(lines(one, {})).toEqual([]);
        expect(lines(one, true)).toEqual([]);
      }),
    );
  });
});
