import { describe, expect, it } from 'vitest';
import { ConfigError, closest, isConfigError, shellWord } from '../src/errors.js';

describe('closest', () => {
  it.each([
    ['replcias', ['replicas', 'image'], 'replicas'],
    ['Replicas', ['replicas'], 'replicas'],
    ['prd', ['dev', 'prod', 'staging'], 'prod'],
    ['shcema', ['schema', 'layers'], 'schema'],
    ['mian', ['main'], 'main'],
    ['a', ['b'], undefined],
    ['A', ['a'], 'a'],
    ['a', ['bcd'], undefined],
    ['database', ['image'], undefined],
    ['x', [], undefined],
  ])('%s of %j is %s', (word, candidates, expected) => {
    expect(closest(word, candidates)).toBe(expected);
  });

  it('takes the nearest, and the first of equals', () => {
    expect(closest('maxx', ['mad', 'max', 'may'])).toBe('max');
    expect(closest('cat', ['bat', 'hat'])).toBe('bat');
  });
});

describe('ConfigError', () => {
  it('shows no control character and no credential of a URL', () => {
    const error = new ConfigError('E_IO', 'a\u001b[2Jb\nhttps://me:secret@host/x');
    expect(error.message).toBe('a\\u001b[2Jb https://host/x');
  });

  it('is told apart by its code', () => {
    const error = new ConfigError('E_IO', 'x');
    expect([isConfigError(error), isConfigError(error, 'E_IO'), isConfigError(error, 'E_LOCKED')]).toEqual([
      true,
      true,
      false,
    ]);
  });
});

describe('a word of a command in a hint', () => {
  it.each([
    ['a.yaml#db.max', 'a.yaml#db.max'],
    ['a.yaml#c[name=web]', "'a.yaml#c[name=web]'"],
    ["it's", `'it'\\''s'`],
    ['#x', "'#x'"],
    ['my folder/a.yaml', "'my folder/a.yaml'"],
    ['main;reboot', "'main;reboot'"],
    ['$(x)', "'$(x)'"],
    ['', "''"],
  ])('%s', (word, typed) => {
    expect(shellWord(word)).toBe(typed);
  });
});
