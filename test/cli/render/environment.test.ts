import { describe, expect, it } from 'vitest';
import { environmentText } from '../../../src/cli/render/environment.js';

describe('environmentText', () => {
  it.each([
    [{ db: { host: 'localhost', port: 5432 } }, 'DB__HOST=localhost\nDB__PORT=5432\n'],
    [{ motd: "it's\non" }, "MOTD='it'\\''s\non'\n"],
    [{ a: null, b: '', c: true, d: 90071992547409931n }, 'A=\nB=\nC=true\nD=90071992547409931\n'],
    [{ hosts: ['a', 'b'] }, `HOSTS='["a","b"]'\n`],
    [{ 'log-level': 'info', '2fa': false }, 'LOG_LEVEL=info\n_2FA=false\n'],
    [{ empty: {} }, ''],
  ])('%o', (value, text) => {
    expect(environmentText(value)).toBe(text);
  });

  it('refuses two keys of one name, and what is no map', () => {
    expect(() => environmentText({ 'a-b': 1, a_b: 2 })).toThrow(
      "keys 'a-b' and 'a_b' would both be the variable 'A_B'",
    );
    expect(() => environmentText([1])).toThrow('only a map can be printed as variables');
  });
});
