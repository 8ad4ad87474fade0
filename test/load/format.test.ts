import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { parseDocument, valueOf, type ConfigValue } from '../../src/doc/index.js';
import { formatConfig } from '../../src/load/index.js';

const value: ConfigValue = {
  db: { host: 'localhost', port: 5432, pool: { max: 10 } },
  hosts: ['a', 'b'],
  'log-level': 'info',
};

describe('formatConfig', () => {
  it.each(['yaml', 'json'] as const)('%s reads back to the same', (format) => {
    const text = formatConfig(value, format);
    expect(text).toMatch(/\n$/);
    expect(valueOf(parseDocument(text, { format }))).toEqual(value);
  });

  it('ini has sections', () => {
    expect(formatConfig(value, 'ini')).toContain('[db.pool]\nmax = 10\n');
  });

  it('env is a line for each leaf', () => {
    expect(formatConfig(value, 'env')).toBe(
      'DB__HOST=localhost\nDB__PORT=5432\nDB__POOL__MAX=10\nHOSTS=\'["a","b"]\'\nLOG_LEVEL=info\n',
    );
  });

  it.each<[ConfigValue, string]>([
    [{ a: null }, 'A=\n'],
    [{ a: {} }, "A='{}'\n"],
    [{ a: [{ b: 12345678901234567890n }] }, `A='[{"b":12345678901234567890}]'\n`],
    [{ a: true, '1a': 'x' }, 'A=true\n_1A=x\n'],
    [{}, ''],
  ])('env of %#', (each, expected) => {
    expect(formatConfig(each, 'env')).toBe(expected);
  });

  it.each(["it's", '$(touch /tmp/x)', '`id`', 'a b', 'a\nb', '"', '\\', '!', '~', '*', '#', ';', '', 'ø'])(
    'env is safe in a shell: %j',
    (text) => {
      const script = `${formatConfig({ key: text }, 'env')}printf %s "$KEY"`;
      expect(execFileSync('sh', ['-c', script], { encoding: 'utf8' })).toBe(text);
    },
  );

  it.each<[ConfigValue, string]>([
    [{ db: { pool: 1 }, db__pool: 2 }, "'db.pool' and 'db__pool' would both be the variable 'DB__POOL'"],
    [[1], 'only a map can be printed as environment variables'],
  ])('env of %j is refused', (each, message) => {
    expect(() => formatConfig(each, 'env')).toThrow(expect.objectContaining({ code: 'E_INVALID', message }));
  });
});
