import { describe, expect, it } from 'vitest';
import { parseInputValue, type ConfigValue } from '../../src/doc/index.js';
import { compileSchema, type CompiledSchema, type SchemaProblem } from '../../src/schema/index.js';

const validateValue = (value: ConfigValue, schema: CompiledSchema): readonly SchemaProblem[] =>
  schema.check(value);

const messages = (schema: ConfigValue, value: ConfigValue): string[] =>
  validateValue(value, compileSchema(schema, { id: 'schemas/a.json' })).map(({ message }) => message);
const at = (properties: Record<string, ConfigValue>): ConfigValue => ({ type: 'object', properties });

describe('messages', () => {
  it.each<[ConfigValue, ConfigValue, string[]]>([
    [{ type: 'number' }, 'x', ["'k' must be a number, not a string"]],
    [{ type: 'integer' }, 1.5, ["'k' must be a whole number, not a number"]],
    [{ type: ['string', 'null'] }, true, ["'k' must be a string or null, not a boolean"]],
    [{ type: 'boolean' }, null, ["'k' must be true or false, not null"]],
    [{ type: 'object' }, [], ["'k' must be a map, not a list"]],
    [{ enum: ['debug', 'info'] }, 'debgu', ["'k' must be one of 'debug', 'info'; did you mean 'debug'?"]],
    [{ enum: [1, null] }, 2, ["'k' must be one of 1, null"]],
    [{ const: 'v1' }, 'v2', ["'k' must be 'v1'"]],
    [{ minimum: 1 }, 0, ["'k' must be at least 1"]],
    [{ maximum: 1 }, 2, ["'k' must be at most 1"]],
    [{ exclusiveMinimum: 0 }, 0, ["'k' must be more than 0"]],
    [{ exclusiveMaximum: 0 }, 0, ["'k' must be less than 0"]],
    [{ multipleOf: 5 }, 7, ["'k' must be a multiple of 5"]],
    [{ multipleOf: 0.01 }, 0.29, []],
    [{ multipleOf: 0.123456789 }, 1e308, ["'k' must be a multiple of 0.123456789"]],
    [{ format: 'int64', 'x-unknown': true }, 1, []],
    [
      { patternProperties: { '^x-': { type: 'null' } }, additionalProperties: false },
      { 'x-a': 1 },
      ["'k.x-a' must be null, not a number"],
    ],
    [{ minLength: 1 }, '', ["'k' must have at least 1 character"]],
    [{ maxLength: 2 }, 'abc', ["'k' must have at most 2 characters"]],
    [{ pattern: '^a' }, 'b', ["'k' must match the pattern ^a"]],
    [{ format: 'email' }, 'b', ["'k' must be a valid email"]],
    [{ minItems: 2 }, [1], ["'k' must have at least 2 items"]],
    [{ maxItems: 0 }, [1], ["'k' must have at most 0 items"]],
    [
      { uniqueItems: true },
      [
        { a: 1, b: 2 },
        { b: 2, a: 1 },
      ],
      ["'k' must not have the same item twice"],
    ],
    [{ uniqueItems: true }, [1, '1', [1], null], []],
    [
      { contains: { type: 'number' } },
      ['a'],
      [
        "'k' must have at least 1 of the items that the schema asks for",
        "'k[0]' must be a number, not a string",
      ],
    ],
    [{ prefixItems: [true], items: false }, [1, 2], ["'k' must have at most 1 item"]],
    [{ minProperties: 1 }, {}, ["'k' must have at least 1 key"]],
    [{ maxProperties: 0 }, { a: 1 }, ["'k' must have at most 0 keys"]],
    [{ required: ['a'] }, {}, ["'k' lacks the key 'a'"]],
    [{ required: ['constructor'] }, {}, ["'k' lacks the key 'constructor'"]],
    [{ dependentRequired: { a: ['b'] } }, { a: 1 }, ["'k' lacks the key 'b', which 'a' needs"]],
    [{ additionalProperties: false }, { a: 1 }, ["'k.a' is not a known key"]],
    [{ unevaluatedProperties: false }, { a: 1 }, ["'k.a' is not a known key"]],
    [
      { properties: { replicas: {}, image: {} }, additionalProperties: false },
      { replcias: 1, image: 2 },
      ["'k.replcias' is not a known key; did you mean 'replicas'?"],
    ],
    [
      { propertyNames: { pattern: '^[a-z]+$' } },
      { A: 1 },
      ["'k.A' is not allowed as a key here", "the key 'k.A' must match the pattern ^[a-z]+$"],
    ],
    [{ not: { type: 'string' } }, 'a', ["'k' must not be what the schema excludes here"]],
    [false, 1, ["'k' is not allowed here"]],
    [
      { anyOf: [{ type: 'string' }, { type: 'number' }] },
      true,
      ["'k' must be a string or a number, not a boolean"],
    ],
    [
      { oneOf: [{ type: 'number' }, { minimum: 1 }] },
      2,
      ["'k' must be only one of the forms that the schema offers, but fits several"],
    ],
    [{ anyOf: [{ type: 'string' }, { type: 'object', required: ['q'] }] }, {}, ["'k' lacks the key 'q'"]],
    [
      { anyOf: [{ required: ['a'] }, { required: ['b'] }] },
      {},
      ["'k' fits none of the forms that the schema offers"],
    ],
    [
      {
        oneOf: [
          { properties: { kind: { const: 'a' }, port: { type: 'number' } }, required: ['kind'] },
          { properties: { kind: { const: 'b' } }, required: ['kind'] },
        ],
      },
      { kind: 'a', port: 'x' },
      ["'k.port' must be a number, not a string"],
    ],
    [{ if: { type: 'number' }, else: { minLength: 2 } }, 'a', ["'k' must have at least 2 characters"]],
  ])('%j for %j', (schema, value, expected) => {
    expect(messages(at({ k: schema }), { k: value })).toEqual(expected);
  });

  it('never show a value of the document', () => {
    const canary = 'canary-7f3a';
    const schema = at({
      a: { enum: ['x'] },
      b: { const: 1 },
      c: { pattern: '^z' },
      d: { type: 'number' },
      e: { format: 'email' },
      f: { anyOf: [{ const: 1 }, { minLength: 99 }] },
    });
    const value = Object.fromEntries(['a', 'b', 'c', 'd', 'e', 'f'].map((key) => [key, canary]));
    expect(messages(schema, value)).toHaveLength(6);
    expect(JSON.stringify(validateValue(value, compileSchema(schema, { id: 's' })))).not.toContain(canary);
  });

  it('are about the document where there is no key', () => {
    expect(messages({ type: 'object', required: ['a'] }, {})).toEqual(["the document lacks the key 'a'"]);
  });

  it('stop after a hundred', () => {
    const found = messages(
      { items: { type: 'number' } },
      Array.from({ length: 250 }, () => 'x'),
    );
    expect(found).toHaveLength(101);
    expect(found.at(-1)).toBe('150 more problems are not shown');
  });
});

describe('problems', () => {
  const schema = compileSchema(
    {
      type: 'object',
      required: ['name'],
      additionalProperties: false,
      properties: { list: { items: { type: 'object', properties: { 'a/b~c': { type: 'number' } } } } },
    },
    { id: 's' },
  );

  it('know the path and the token', () => {
    expect(validateValue({ lst: 1, list: [{ 'a/b~c': 'x' }] }, schema)).toEqual([
      expect.objectContaining({ path: [], part: 'key', rule: 'schema-required' }),
      expect.objectContaining({ path: ['list', 0, 'a/b~c'], part: 'value', rule: 'schema-type' }),
      expect.objectContaining({ path: ['lst'], part: 'key', rule: 'schema-additional-properties' }),
    ]);
  });

  it('name the keyword', () => {
    const rules = validateValue(
      { a: 1, b: [1] },
      compileSchema(at({ a: false, b: { minItems: 2 } }), { id: 's' }),
    );
    expect(rules.map(({ rule }) => rule)).toEqual(['schema-false-schema', 'schema-min-items']);
  });

  it('take integers of any size as integers', () => {
    expect(messages({ type: 'integer' }, 12345678901234567890n)).toEqual([]);
  });

  it('take prototype names as data', () => {
    const evil = parseInputValue('{"__proto__": {"a": 1}, "constructor": 1}');
    expect(messages({ additionalProperties: false }, evil)).toEqual([
      "'__proto__' is not a known key",
      "'constructor' is not a known key",
    ]);
    expect(messages(at({ constructor: { type: 'string' } }), {})).toEqual([]);
  });
});

describe('dialects', () => {
  it.each<[string, ConfigValue, string[]]>([
    [
      'http://json-schema.org/draft-07/schema#',
      { items: [{ type: 'number' }] },
      ["'[0]' must be a number, not a string"],
    ],
    ['http://json-schema.org/draft-06/schema#', { contains: { const: 'a' } }, []],
    [
      'https://json-schema.org/draft/2019-09/schema',
      { items: [{ type: 'number' }] },
      ["'[0]' must be a number, not a string"],
    ],
    [
      'https://json-schema.org/draft/2020-12/schema',
      { prefixItems: [{ type: 'number' }] },
      ["'[0]' must be a number, not a string"],
    ],
  ])('%s', ($schema, schema, expected) => {
    expect(messages({ ...Object(schema), $schema }, ['a'])).toEqual(expected);
  });

  it('refuses one that it does not know', () => {
    expect(() => messages({ $schema: 'http://json-schema.org/draft-04/schema#' }, 1)).toThrow(
      expect.objectContaining({ code: 'E_INVALID' }),
    );
  });
});

describe('references', () => {
  const files: Record<string, ConfigValue> = {
    'schemas/common.json': {
      $defs: { port: { type: 'integer', maximum: 9 }, deep: { $ref: 'more/deep.json' } },
    },
    'schemas/more/deep.json': {
      type: 'object',
      additionalProperties: false,
      properties: { name: { $ref: '../common.json#/$defs/port' } },
    },
    'top.json': { type: 'boolean' },
  };
  const check = (schema: ConfigValue, value: ConfigValue): string[] =>
    validateValue(
      value,
      compileSchema(schema, { id: 'schemas/app.json', resolve: (path) => files[path] }),
    ).map(({ message }) => message);

  it.each<[string, ConfigValue, ConfigValue, string[]]>([
    [
      'in the file',
      { $ref: '#/$defs/a', $defs: { a: { type: 'null' } } },
      1,
      ['the document must be null, not a number'],
    ],
    ['a neighbour', { $ref: 'common.json#/$defs/port' }, 10, ['the document must be at most 9']],
    [
      'through a neighbour',
      { $ref: './common.json#/$defs/deep' },
      { nmae: 1, name: 10 },
      ["'name' must be at most 9", "'nmae' is not a known key"],
    ],
    ['from the root', { $ref: '/top.json' }, 1, ['the document must be true or false, not a number']],
    [
      'beside an $id',
      { $id: 'https://example.com/s/app.json', $ref: 'common.json#/$defs/port' },
      10,
      ['the document must be at most 9'],
    ],
    [
      'above an $id',
      { $id: 'https://example.com/s/app.json', $ref: '../top.json' },
      1,
      ['the document must be true or false, not a number'],
    ],
    [
      'an $id inside',
      { $ref: 'https://example.com/x', $defs: { x: { $id: 'https://example.com/x', type: 'null' } } },
      1,
      ['the document must be null, not a number'],
    ],
    [
      'what looks like one in data',
      { const: { $ref: 'http://169.254.169.254/' } },
      { $ref: 'http://169.254.169.254/' },
      [],
    ],
    [
      'the schema of schemas',
      { $ref: 'https://json-schema.org/draft/2020-12/schema' },
      { type: 'nope' },
      ["'type' must be one of 'array', 'boolean', 'integer', 'null', 'number', 'object', 'string'"],
    ],
  ])('%s', (_, schema, value, expected) => {
    expect(check(schema, value)).toEqual(expected);
  });

  it.each([
    'http://169.254.169.254/latest/meta-data',
    'https://example.com/a.json',
    'file:///etc/passwd',
    '//example.com/a.json',
    'data:application/json,{}',
    '../../../etc/passwd',
    '..%2f..%2fetc/passwd',
    'missing.json',
    'a%zz.json',
    'http://[',
  ])('never reads %s', ($ref) => {
    const asked: string[] = [];
    const resolve = (path: string): undefined => void asked.push(path);
    expect(() => compileSchema({ $ref }, { id: 'schemas/app.json', resolve })).toThrow(
      expect.objectContaining({ code: 'E_INVALID' }),
    );
    expect(asked.filter((path) => /^(\/|[a-z]+:)/.test(path))).toEqual([]);
  });
});

describe('a schema that is none', () => {
  it.each<[ConfigValue, string]>([
    ['text', 'E_INVALID'],
    [{ type: 'nope' }, 'E_INVALID'],
    [{ $ref: '#/$defs/none' }, 'E_INVALID'],
    [{ pattern: '(' }, 'E_INVALID'],
    [{ properties: { a: { pattern: '^(a)\\1$' } } }, 'E_INVALID'],
  ])('%j is %s', (schema, code) => {
    expect(() => compileSchema(schema, { id: 's.json' })).toThrow(expect.objectContaining({ code }));
  });

  it('that recurses for ever is E_LIMIT', () => {
    const schema = compileSchema({ $ref: '#' }, { id: 's.json' });
    expect(() => validateValue({}, schema)).toThrow(expect.objectContaining({ code: 'E_LIMIT' }));
  });
});

describe('kept code', () => {
  const schema = {
    properties: { port: { type: 'integer', maximum: 10, deprecated: true }, name: { pattern: '^(a+)+$' } },
  };

  it('is used instead of compiling, by what the schema and the files that it refers to say', () => {
    const kept = new Map<string, string>();
    let compiled = 0;
    const options = {
      id: 'a.json',
      kept: {
        read: (key: string): string | undefined => kept.get(key),
        write: (key: string, code: string): void => {
          compiled += 1;
          kept.set(key, code);
        },
      },
    };
    const value = { port: 11, name: 'b' };
    const first = compileSchema(schema, options).inspect(value);
    expect(first.problems.map(({ rule }) => rule)).toEqual(['schema-pattern', 'schema-maximum']);
    expect(first.notes).toHaveLength(1);
    expect(compileSchema(schema, options).inspect(value)).toEqual(first);
    expect(compiled).toBe(1);
    compileSchema({ ...schema, required: ['name'] }, options);
    expect(compiled).toBe(2);
  });
});

it('keys that several branches have looked at are counted as the engine counts them', () => {
  const schema = {
    patternProperties: { c$: false },
    oneOf: [{ properties: { a: false } }],
    allOf: [{ additionalProperties: false }],
  };
  expect(compileSchema(schema, { id: 'a.json' }).check({ c: [] })).not.toEqual([]);
});

it('an asynchronous schema is checked like any other', () => {
  const schema = compileSchema({ $async: true, type: 'integer' }, { id: 'a.json' });
  expect(schema.check('a').map(({ rule }) => rule)).toEqual(['schema-type']);
});
