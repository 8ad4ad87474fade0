import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { userCode } from '../../src/store/user-code.js';

let home = '';
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'cfg-code-'));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

function keptFile(): string {
  const folder = join(home, 'cache/cfg/schemas');
  return join(folder, readdirSync(folder)[0] ?? '');
}

describe('code in the cache of the user', () => {
  it('is there for what it was made from, and for nothing else', () => {
    const code = userCode({ XDG_CACHE_HOME: join(home, 'cache') });
    expect(code?.read('a')).toBe(undefined);
    code?.write('a', 'return 1');
    expect(code?.read('a')).toBe('return 1');
    expect(code?.read('b')).toBe(undefined);
    expect(readFileSync(keptFile(), 'utf8')).toBe('return 1');
  });

  it('is not taken from a file that others can write', () => {
    const code = userCode({ XDG_CACHE_HOME: join(home, 'cache') });
    code?.write('a', 'return 1');
    chmodSync(keptFile(), 0o666);
    expect(code?.read('a')).toBe(undefined);
  });

  it.each([
    ['it is turned off', { CFG_NO_CACHE: '1' }],
    ['there is no home', { XDG_CACHE_HOME: '' }],
    ['the home is not there', { XDG_CACHE_HOME: '/nonexistent/cache' }],
  ])('is not kept where %s', (_, env) => {
    expect(userCode({ XDG_CACHE_HOME: join(home, 'cache'), ...env })).toBe(undefined);
  });

  it('is no matter where it cannot be written', () => {
    writeFileSync(join(home, 'cache'), '');
    const code = userCode({ XDG_CACHE_HOME: join(home, 'cache') });
    code?.write('a', 'return 1');
    expect(code?.read('a')).toBe(undefined);
  });
});
