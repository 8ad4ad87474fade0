import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ConfigValue } from '../../src/doc/index.js';
import { compileSchema, inferSchema } from '../../src/schema/index.js';

const { $schema, ...empty } = inferSchema([]);
const drafted = (...examples: readonly ConfigValue[]): ConfigValue => {
  const { $schema: _, ...schema } = inferSchema(examples);
  return schema;
};

describe('inferSchema', () => {
  it('says of which dialect it is', () => {
    expect($schema).toBe('https://json-schema.org/draft/2020-12/schema');
    expect(empty).toEqual({});
  });

  it.each<[string, ConfigValue[], ConfigValue]>([
    ['kinds', [1, 'a', null], { type: ['integer', 'null', 'string'] }],
    ['numbers', [1, 1.5], { type: 'number' }],
    ['big integers', [12345678901234567890n], { type: 'integer' }],
    [
      'keys that all have',
      [{ a: 1, b: true }, { a: 2 }],
      {
        type: 'object',
        required: ['a'],
        properties: { a: { type: 'integer' }, b: { type: 'boolean' } },
        additionalProperties: false,
      },
    ],
    ['lists', [[1], ['a']], { type: 'array', items: { type: ['integer', 'string'] } }],
    ['formats', ['10.0.0.1', '127.0.0.1'], { type: 'string', format: 'ipv4' }],
    ['no format where one text has another', ['10.0.0.1', 'localhost'], { type: 'string' }],
    [
      'maps by name',
      [{ web1: 'a' }, { web2: 'b' }, { db: 'c' }],
      { type: 'object', additionalProperties: { type: 'string' } },
    ],
  ])('%s', (_, examples, expected) => {
    expect(drafted(...examples)).toEqual(expected);
  });

  it('all examples satisfy it, whatever they are', () => {
    const example = fc.jsonValue({ maxDepth: 4 }).map((value) => value as ConfigValue);
    const text = fc.oneof(
      fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
      fc.webUrl(),
      fc.uuid(),
      fc.ipV4(),
    );
    fc.assert(
      fc.property(
        fc.array(fc.oneof(example, text, fc.array(text)), { minLength: 1, maxLength: 5 }),
        (examples) => {
          const schema = compileSchema(inferSchema(examples), { id: 'a' });
          expect(examples.flatMap((one) => schema.check(one))).toEqual([]);
        },
      ),
    );
  });
});
