import { describe, expect, it } from 'vitest';
import { diverged, requireSound, type Sandbox } from './sandbox.js';

const text = (a: number, b: number, c = 0): string => `# head\na: ${a}\n\n\nb: ${b} # why\n\n\nc: ${c}\n`;

/** Two keys of one file in conflict, a third changed by theirs alone; the merge is not begun. */
function twoKeys(): Sandbox {
  return diverged({ 'x.yaml': text(1, 1) }, { 'x.yaml': text(2, 2) }, { 'x.yaml': text(3, 3, 3) });
}

describe('resolve', () => {
  it('decides key by key, over restarts, and stages the file when nothing is left', async () => {
    const box = twoKeys();
    expect((await (await box.open()).merge('feature')).conflicts.map(({ path }) => path)).toEqual(['a', 'b']);
    expect(await (await box.open()).resolve('x.yaml#a', 'theirs')).toEqual({
      file: 'x.yaml',
      path: 'a',
      remaining: 1,
    });
    expect(box.git('status', '--porcelain')).toBe('UU x.yaml\n');
    expect((await (await box.open()).conflicts()).conflicts).toEqual([
      { file: 'x.yaml', path: 'b', kind: 'modify', base: 1, ours: 2, theirs: 3 },
    ]);
    expect(await (await box.open()).resolve('x.yaml#b', { value: 9 })).toEqual({
      file: 'x.yaml',
      path: 'b',
      remaining: 0,
    });
    expect(box.read('x.yaml')).toBe(text(3, 9, 3));
    expect(box.git('status', '--porcelain')).toBe('M  x.yaml\n');
    const { result, files } = await (await box.open()).mergeContinue();
    expect([result, files]).toEqual(['merged', ['x.yaml']]);
    expect(box.git('log', '-1', '--format=%s%b')).toBe("Merge branch 'feature'\n");
    requireSound(box);
  });

  it('takes one side for all that is left in a file, and keeps what merged cleanly', async () => {
    const box = twoKeys();
    const repo = await box.open();
    await repo.merge('feature');
    await repo.resolve('x.yaml#b', 'base');
    expect(await repo.resolve('x.yaml', 'ours')).toEqual({ file: 'x.yaml', path: '', remaining: 0 });
    expect(box.read('x.yaml')).toBe(text(2, 1, 3));
  });

  it('keeps the items that both sides added, over restarts, and refuses where both do not fit', async () => {
    const list = (item: string, a: number): string => `a: ${a}\n\n\nhosts:\n  - x: 1\n${item}`;
    const box = diverged(
      { 'x.yaml': list('', 1) },
      { 'x.yaml': list('  - y: 1\n', 2) },
      { 'x.yaml': list('  - z: 1\n', 3) },
    );
    await (await box.open()).merge('feature');
    await expect((await box.open()).resolve('x.yaml#a', 'both')).rejects.toMatchObject({
      code: 'E_USAGE',
      hint: 'choose one: cfg resolve x.yaml#a --ours | --theirs | --base',
    });
    expect(await (await box.open()).resolve('x.yaml', 'both')).toMatchObject({ remaining: 1 });
    await (await box.open()).resolve('x.yaml#a', 'theirs');
    expect(box.read('x.yaml')).toBe(list('  - y: 1\n  - z: 1\n', 3));
    requireSound(box);
  });

  it('keeps both keys where two look alike and comments are strict', async () => {
    const rules = { 'cfg.yaml': 'merge:\n  comments: strict\n' };
    const box = diverged(
      { ...rules, 'x.yaml': 'a: 1\n' },
      { ...rules, 'x.yaml': 'a: 1\n# the path\nsubPath: ""\n' },
      { ...rules, 'x.yaml': 'a: 1\n# the path\nsupPath: ""\n' },
    );
    const repo = await box.open();
    const { conflicts } = await repo.merge('feature');
    expect(conflicts).toMatchObject([{ kind: 'add', suggestion: { take: 'both' } }]);
    expect(await repo.resolve('x.yaml', 'both')).toMatchObject({ remaining: 0 });
    expect(box.read('x.yaml')).toBe('a: 1\n# the path\nsubPath: ""\n# the path\nsupPath: ""\n');
  });

  it('keeps the lines of both sides, and refuses where whole files are chosen', async () => {
    const box = diverged(
      { 'x.txt': 'a\n', y: 'y\0' },
      { 'x.txt': 'a\nb\n', y: 'z\0' },
      { 'x.txt': 'a\nc\n', y: 'w\0' },
    );
    const repo = await box.open();
    await repo.merge('feature');
    await expect(repo.resolve('y', 'both')).rejects.toMatchObject({ code: 'E_USAGE' });
    await repo.resolve('x.txt', 'both');
    expect(box.read('x.txt')).toBe('a\nb\nc\n');
  });

  it('carries what was typed elsewhere in the file', async () => {
    const box = twoKeys();
    const repo = await box.open();
    await repo.merge('feature');
    box.write('x.yaml', box.read('x.yaml').replace('# head', '# head, edited'));
    await repo.resolve('x.yaml#a', 'ours');
    expect(box.read('x.yaml')).toMatch(/^# head, edited\na: 2\n\n\n<<<<<<< main\n/);
    await repo.resolve('x.yaml#b', 'theirs');
    expect(box.read('x.yaml')).toBe(text(2, 3, 3).replace('# head', '# head, edited'));
  });

  it('refuses where something was typed into the very conflict, and takes the file when it is added', async () => {
    const box = twoKeys();
    const repo = await box.open();
    await repo.merge('feature');
    const edited = box.read('x.yaml').replace('a: 2\n', 'a: 22\n');
    box.write('x.yaml', edited);
    await expect(repo.resolve('x.yaml#a', 'theirs')).rejects.toMatchObject({
      code: 'E_CONFLICT',
      hint: expect.stringContaining('cfg add x.yaml'),
    });
    expect(box.read('x.yaml')).toBe(edited);
    await repo.add(['x.yaml']);
    await expect(repo.mergeContinue()).rejects.toMatchObject({
      code: 'E_CONFLICT',
      details: { paths: ['x.yaml'] },
    });
    box.write('x.yaml', text(22, 22, 3));
    await repo.add(['x.yaml']);
    expect(await repo.conflicts()).toEqual({ conflicts: [] });
    expect((await repo.mergeContinue()).result).toBe('merged');
  });

  it('counts a conflict that was mended in the editor as decided', async () => {
    const box = twoKeys();
    const repo = await box.open();
    await repo.merge('feature');
    box.write('x.yaml', box.read('x.yaml').replace(/<<<<<<<[^]*?>>>>>>> feature\n/, 'a: 77\n'));
    expect((await repo.resolve('x.yaml#b', 'theirs')).remaining).toBe(0);
    expect(box.read('x.yaml')).toBe(text(77, 3, 3));
    expect(box.git('status', '--porcelain')).toBe('M  x.yaml\n');
  });

  it('says which conflicts there are', async () => {
    const box = twoKeys();
    const repo = await box.open();
    await expect(repo.resolve('x.yaml', 'ours')).rejects.toMatchObject({ code: 'E_NOTHING_TO_DO' });
    await repo.merge('feature');
    await expect(repo.resolve('x.yaml#zz', 'ours')).rejects.toMatchObject({
      code: 'E_KEY_NOT_FOUND',
      details: { conflicts: ['a', 'b'] },
    });
    await expect(repo.resolve('y.yaml', 'ours')).rejects.toMatchObject({ code: 'E_FILE_NOT_FOUND' });
    await expect(repo.resolve('x.yaml', { value: 1 })).rejects.toMatchObject({ code: 'E_USAGE' });
    await expect(repo.mergeContinue()).rejects.toMatchObject({
      code: 'E_CONFLICT',
      details: { paths: ['x.yaml'] },
    });
  });

  it.each([
    ['ours', 'd: 2\n'],
    ['theirs', undefined],
    ['base', 'd: 1\n'],
  ] as const)('decides delete against modify for %s', async (side, expected) => {
    const box = diverged(
      { 'd.yaml': 'd: 1\n', 'o.yaml': 'o: 1\n' },
      { 'd.yaml': 'd: 2\n' },
      { 'd.yaml': null, 'o.yaml': 'o: 2\n' },
    );
    const repo = await box.open();
    expect((await repo.merge('feature')).conflicts).toMatchObject([
      { file: 'd.yaml', path: '', kind: 'modify/delete' },
    ]);
    expect(await repo.resolve('d.yaml', side)).toEqual({ file: 'd.yaml', path: '', remaining: 0 });
    await repo.mergeContinue();
    const files = box.git('ls-files').split('\n');
    expect(files.includes('d.yaml') ? box.git('show', 'HEAD:d.yaml') : undefined).toBe(expected);
    expect(box.git('status', '--porcelain')).toBe('');
  });

  it('takes a binary as a whole, and keeps one that was replaced by hand', async () => {
    const box = diverged(
      { 'b.dat': new Uint8Array([0, 1]) },
      { 'b.dat': new Uint8Array([0, 2]) },
      { 'b.dat': new Uint8Array([0, 3, 255]) },
    );
    const repo = await box.open();
    expect((await repo.merge('feature')).conflicts).toMatchObject([{ file: 'b.dat', kind: 'binary' }]);
    box.write('b.dat', new Uint8Array([9]));
    await expect(repo.resolve('b.dat', 'theirs')).rejects.toMatchObject({ code: 'E_CONFLICT' });
    box.write('b.dat', new Uint8Array([0, 2]));
    await repo.resolve('b.dat', 'theirs');
    await repo.mergeContinue();
    expect(box.git('rev-parse', 'HEAD:b.dat')).toBe(box.git('rev-parse', 'feature:b.dat'));
  });

  it('works on a merge that git began', async () => {
    const box = twoKeys();
    expect(() => box.git('merge', 'feature')).toThrow('Command failed');
    const repo = await box.open();
    expect((await repo.conflicts()).conflicts.map(({ path }) => path)).toEqual(['a', 'b']);
    expect((await repo.resolve('x.yaml#a', 'theirs')).remaining).toBe(1);
    expect((await repo.resolve('x.yaml#b', 'ours')).remaining).toBe(0);
    expect(box.read('x.yaml')).toBe(text(3, 2, 3));
    expect((await repo.mergeContinue()).result).toBe('merged');
    expect(box.git('rev-list', '--parents', '-1', 'HEAD').split(' ')).toHaveLength(3);
    requireSound(box);
  });
});
