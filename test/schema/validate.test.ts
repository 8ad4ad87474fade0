import { describe, expect, it } from 'vitest';
import { parseDocument } from '../../src/doc/index.js';
import { compileSchema, validateDocument } from '../../src/schema/index.js';

const schema = compileSchema(
  {
    type: 'object',
    required: ['name'],
    additionalProperties: false,
    properties: {
      name: { type: 'string' },
      db: {
        type: 'object',
        required: ['host'],
        properties: { port: { type: ['integer', 'string'], maximum: 9 } },
      },
      copy: { type: 'object', properties: { port: { type: 'integer', maximum: 9 } } },
    },
  },
  { id: 's.json' },
);

const places = (path: string, text: string): string[] =>
  validateDocument(parseDocument(text, { path }), schema).diagnostics.map(
    ({ range: { start }, message }) => `${start.line}:${start.column} ${message}`,
  );

describe('validateDocument', () => {
  it.each([
    ['a.yaml', 'name: a\ndb:\n  port: 99\nnmae: 1\n'],
    ['a.json', '{"name": "a",\n"db":\n  {"port": 99}, \n"nmae": 1}'],
  ])('points at values, keys, and the key of what lacks one: %s', (path, text) => {
    const found = places(path, text);
    expect(found).toHaveLength(3);
    expect(found[0]).toBe("2:1 'db' lacks the key 'host'");
    expect(found[1]).toMatch(/^3:\d+ 'db.port' must be at most 9$/);
    expect(found[2]).toBe("4:1 'nmae' is not a known key");
  });

  it('works on INI', () => {
    expect(places('a.ini', 'name = a\n[dbb]\nport = 1\n')).toEqual([
      "2:2 'dbb' is not a known key; did you mean 'db'?",
    ]);
  });

  it('points at the start for what the whole document lacks', () => {
    expect(places('a.yaml', 'db: {host: a}\n')).toEqual(["1:1 the document lacks the key 'name'"]);
    expect(places('a.yaml', '')).toEqual(['1:1 the document must be a map, not null']);
  });

  it('points at the anchor for what an alias repeats', () => {
    expect(places('a.yaml', 'name: a\ndb: &x {host: a, port: "text"}\ncopy: *x\n')).toEqual([
      "2:24 'copy.port' must be a whole number, not a string",
    ]);
  });

  it('checks each document of a stream', () => {
    expect(places('a.yaml', 'name: a\n---\nname: 1\n')).toEqual([
      "3:7 'name' must be a string, not a number",
    ]);
  });

  it('answers with the diagnostics of a document that does not parse', () => {
    expect(validateDocument(parseDocument('a: [', { path: 'a.yaml' }), schema).diagnostics[0]).toMatchObject({
      rule: 'syntax',
    });
  });
});
