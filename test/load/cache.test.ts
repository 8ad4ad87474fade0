import { utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadConfig } from '../../src/load/index.js';
import { folderWith } from './folder.js';

describe('what is kept of earlier readings', () => {
  it('never hides a change, however fast and however alike the file looks', async () => {
    const dir = folderWith({ 'a.yaml': 'a: 0\n' });
    const then = new Date(1_000_000);
    for (let n = 1; n < 10; n++) {
      writeFileSync(join(dir, 'a.yaml'), `a: ${n}\n`);
      utimesSync(join(dir, 'a.yaml'), then, then);
      expect((await loadConfig({ dir, layers: ['a.yaml'], env: {} })).value).toEqual({ a: n });
    }
  });

  it('is not what a caller may change', async () => {
    const dir = folderWith({ 'a.yaml': 'a: { b: 1 }\n' });
    const one = await loadConfig({ dir, layers: ['a.yaml'], env: {} });
    expect(() => Reflect.set(one.get<object>('a'), 'b', 2)).not.toThrow();
    expect((await loadConfig({ dir, layers: ['a.yaml'], env: {} })).get('a.b')).toBe(1);
  });
});
