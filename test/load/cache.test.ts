import { cpSync, mkdtempSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { folderFiles } from '../../src/load/folder.js';
import { loadConfig } from '../../src/load/index.js';
import { absent } from '../../src/load/mark.js';
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

  it('is no file that came and went while nobody looked', async () => {
    const dir = settledFolder({ 'a.yaml': 'a: 1\n' });
    const files = folderFiles(dir, {}, () => absent);
    expect(await files.read('a.yaml')).toBe('a: 1\n');
    rmSync(join(dir, 'a.yaml'));
    expect(await files.read('a.yaml')).toBeUndefined();
  });

  it('is not what a caller may change', async () => {
    const dir = folderWith({ 'a.yaml': 'a: { b: 1 }\n' });
    const one = await loadConfig({ dir, layers: ['a.yaml'], env: {} });
    expect(() => Reflect.set(one.get<object>('a'), 'b', 2)).not.toThrow();
    expect((await loadConfig({ dir, layers: ['a.yaml'], env: {} })).get('a.b')).toBe(1);
  });
});

/** A folder whose files were last written long ago, as they are when a program starts. */
function settledFolder(files: Readonly<Record<string, string>>): string {
  const dir = folderWith(files);
  vi.spyOn(Date, 'now').mockReturnValue(Date.now() + 60_000);
  onTestFinished(() => void vi.restoreAllMocks());
  return dir;
}

describe('a load of what has not changed', () => {
  const layers = ['a.yaml', 'b.yaml?', 'more/', 'env:T_'];
  const files = { 'a.yaml': 'a: 1\n', 'more/c.yaml': 'c: 1\n' };

  it('gives the same object', async () => {
    const dir = settledFolder(files);
    const one = await loadConfig({ dir, layers, env: { T_D: '1' } });
    expect(await loadConfig({ dir, layers, env: { T_D: '1' } })).toBe(one);
    expect(Object.isFrozen(one)).toBe(true);
  });

  it.each<[string, (dir: string) => void, object]>([
    ['a file', (dir) => writeFileSync(join(dir, 'a.yaml'), 'a: 2\n'), { a: 2, c: 1 }],
    [
      'an optional file that appears',
      (dir) => writeFileSync(join(dir, 'b.yaml'), 'b: 1\n'),
      { a: 1, b: 1, c: 1 },
    ],
    ['a file of a folder', (dir) => writeFileSync(join(dir, 'more/d.yaml'), 'd: 1\n'), { a: 1, c: 1, d: 1 }],
    ['a file that goes', (dir) => rmSync(join(dir, 'more/e.yaml')), { a: 1, c: 1 }],
  ])('sees %s', async (_, change, expected) => {
    const dir = settledFolder({ ...files, 'more/e.yaml': '{}\n' });
    await loadConfig({ dir, layers, env: {} });
    change(dir);
    expect((await loadConfig({ dir, layers, env: {} })).value).toEqual(expected);
  });

  it('is what a first one of the same files gives, whatever changed in between', async () => {
    const dir = settledFolder({ 'a.yaml': 'k: 0\n', 'b.yaml': 'k: 0\n', 'c.yaml': 'k: 0\n' });
    const options = { layers: ['a.yaml', 'b.yaml', 'c.yaml?', 'env:T_'], env: { T_E: '1' } };
    const name = fc.constantFrom('a.yaml', 'b.yaml', 'c.yaml');
    const keys = fc.subarray(['k', 'a', 'b', 'e'], { minLength: 1 });
    let count = 0;
    await fc.assert(
      fc.asyncProperty(name, keys, async (path, said) => {
        count += 1; // no two texts are of the same size, so that no clock has to tell them apart
        const text = said.map((key) => `${key}: { n: ${count} }\n`).join('');
        writeFileSync(join(dir, path), text.padEnd(200 + count, '#'));
        const copy = mkdtempSync(join(dir, 'copy-'));
        for (const file of ['a.yaml', 'b.yaml', 'c.yaml']) cpSync(join(dir, file), join(copy, file));
        const [again, first] = [
          await loadConfig({ dir, ...options }),
          await loadConfig({ dir: copy, ...options }),
        ];
        expect(again.value).toEqual(first.value);
        for (const key of ['k', 'a', 'b', 'e'].filter((one) => first.has(one)))
          expect(again.explain(key)).toEqual(first.explain(key));
      }),
      { numRuns: 40 },
    );
  });

  it('sees where a link has come to lead, and back', async () => {
    const dir = settledFolder({ 'one/a.yaml': 'a: 1\n', 'two/a.yaml': 'a: 2\n' });
    const outside = settledFolder({ 'a.yaml': 'a: 3\n' });
    const lead = (target: string): void => {
      rmSync(join(dir, 'current'), { force: true });
      symlinkSync(target, join(dir, 'current'));
    };
    const value = async (): Promise<unknown> =>
      (await loadConfig({ dir, layers: ['current/a.yaml'], env: {} })).value;
    for (const [target, a] of [
      ['one', 1],
      ['two', 2],
      ['one', 1],
    ] as const) {
      lead(target);
      expect([await value(), await value()]).toEqual([{ a }, { a }]);
    }
    lead(outside);
    await expect(value()).rejects.toMatchObject({ code: 'E_BAD_PATH' });
    lead('nowhere');
    await expect(value()).rejects.toMatchObject({ code: 'E_SOURCE' });
  });

  it('sees a variable that was set, changed or unset', async () => {
    const dir = settledFolder(files);
    const env: Record<string, string> = {};
    const value = async (): Promise<unknown> => (await loadConfig({ dir, layers, env })).value;
    expect(await value()).toEqual({ a: 1, c: 1 });
    env['T_D'] = '1';
    expect(await value()).toEqual({ a: 1, c: 1, d: '1' });
    env['T_D'] = '2';
    expect(await value()).toEqual({ a: 1, c: 1, d: '2' });
    delete env['T_D'];
    expect(await value()).toEqual({ a: 1, c: 1 });
  });

  it('does not care for variables that it has not read', async () => {
    const dir = settledFolder({ 'a.yaml': 'a: ${env:A}\n' });
    const env: Record<string, string> = { A: '1', B: '1' };
    const load = (): ReturnType<typeof loadConfig> =>
      loadConfig({ dir, layers: ['a.yaml'], interpolate: true, env });
    const one = await load();
    env['B'] = '2';
    expect(await load()).toBe(one);
    env['A'] = '2';
    expect((await load()).value).toEqual({ a: '2' });
  });

  it('is told apart by its options', async () => {
    const dir = settledFolder(files);
    expect((await loadConfig({ dir, layers: ['a.yaml'], env: {} })).value).toEqual({ a: 1 });
    expect((await loadConfig({ dir, layers, overrides: { a: 3 }, env: {} })).value).toEqual({ a: 3, c: 1 });
    expect((await loadConfig({ dir, layers, env: {} })).value).toEqual({ a: 1, c: 1 });
  });

  it('does not remember a failure', async () => {
    const dir = settledFolder({});
    await expect(loadConfig({ dir, layers: ['a.yaml'], env: {} })).rejects.toThrow('does not exist');
    writeFileSync(join(dir, 'a.yaml'), 'a: 1\n');
    expect((await loadConfig({ dir, layers: ['a.yaml'], env: {} })).value).toEqual({ a: 1 });
  });
});
