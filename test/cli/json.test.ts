import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatJson } from '../../src/cli/json.js';

describe('formatJson', () => {
  it.each([
    [90071992547409931n, '90071992547409931'],
    [{ a: [1n, { b: -(10n ** 30n) }] }, '{"a":[1,{"b":-1000000000000000000000000000000}]}'],
    [Number.POSITIVE_INFINITY, '".inf"'],
    [[Number.NEGATIVE_INFINITY, Number.NaN], '["-.inf",".nan"]'],
    [{ a: undefined, b: 1 }, '{"b":1}'],
    [JSON.parse('{"__proto__": {"x": 1}}'), '{"__proto__":{"x":1}}'],
    [{}, '{}'],
    [[], '[]'],
    [undefined, 'null'],
  ])('%o', (value, text) => {
    expect(formatJson(value)).toBe(text);
  });

  it('is JSON.stringify for what that can say', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.constantFrom(0, 2), (value, indent) => {
        expect(formatJson(value, indent)).toBe(JSON.stringify(value, null, indent));
      }),
    );
  });
});
