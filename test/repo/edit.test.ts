import { symlinkSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { repositoryWith } from './sandbox.js';

describe('get', () => {
  const files = {
    'a.yaml': '# top\ndb:\n  host: "x"\n  pool: [1, 2]\n',
    'n.txt': 'plain\n',
    'c#1.yaml': 'k: 1\n',
    'bin.dat': new Uint8Array([0, 1]),
  };

  it.each([
    ['a.yaml#db.host', 'x', { file: 'a.yaml', line: 3, column: 9 }],
    ['a.yaml#db.pool[1]', 2, { file: 'a.yaml', line: 4, column: 13 }],
    ['a.yaml', { db: { host: 'x', pool: [1, 2] } }, { file: 'a.yaml', line: 1, column: 1 }],
    ['n.txt', 'plain\n', { file: 'n.txt', line: 1, column: 1 }],
    ['HEAD:a.yaml#/db/host', 'x', { revision: 'HEAD', file: 'a.yaml', line: 3, column: 9 }],
  ])('reads %s', async (address, value, source) => {
    const repo = await repositoryWith(files).open();
    expect(await repo.get(address)).toEqual({ value, source });
  });

  it.each([
    ['HEAD:./b.yaml#k', 'sub/b.yaml'],
    ['HEAD:../sub/b.yaml#k', 'sub/b.yaml'],
    ['HEAD:sub/b.yaml#k', 'sub/b.yaml'],
  ])('reads %s in a folder as git does', async (address, file) => {
    const box = repositoryWith({ 'b.yaml': 'k: root\n', 'sub/b.yaml': 'k: sub\n' });
    const repo = await box.open(join(box.dir, 'sub'));
    expect(await repo.get(address)).toMatchObject({ value: 'sub', source: { file } });
    const blamed = await repo.blame(address);
    expect(blamed.keys).toMatchObject([{ path: 'k', value: 'sub' }]);
    expect((await repo.log({ addresses: [address] })).commits).toHaveLength(1);
  });

  it('hints at what can be typed in a folder', async () => {
    const box = repositoryWith({ 'base.yaml': 'k: root\n', 'sub/entry.yaml': 'port: 1\n' });
    const repo = await box.open(join(box.dir, 'sub'));
    const told: readonly (readonly [() => Promise<unknown>, string])[] = [
      [() => repo.get('base.yaml'), "did you mean '../base.yaml'?"],
      [() => repo.get('entry.yaml#zzz'), 'see what is there: cfg get entry.yaml'],
      [() => repo.get('HEAD:./c.yaml'), 'see when it changed: cfg log -- c.yaml'],
      [() => repo.blame('entry.yaml#prt'), "did you mean 'entry.yaml#port'?"],
      [() => repo.unset('entry.yaml#prt'), "did you mean 'entry.yaml#port'?"],
      [() => repo.restore(['entri.yaml']), "did you mean 'entry.yaml'?"],
    ];
    for (const [ask, hint] of told) await expect(ask()).rejects.toMatchObject({ hint });
  });

  it('reads the worktree, not the last commit', async () => {
    const box = repositoryWith(files);
    box.write('a.yaml', 'db: {host: y}\n');
    const repo = await box.open();
    expect((await repo.get('a.yaml#db.host')).value).toBe('y');
    expect((await repo.get('main:a.yaml#db.host')).value).toBe('x');
  });

  it.each([
    ['a.yaml#db.hots', 'E_KEY_NOT_FOUND', "did you mean 'a.yaml#db.host'?"],
    ['a.yaml#db.pol', 'E_KEY_NOT_FOUND', "did you mean 'a.yaml#db.pool'?"],
    ['c#1.yaml', 'E_FILE_NOT_FOUND', `did you mean '"c#1.yaml"'?`],
    ['c#1.yaml#k', 'E_BAD_PATH', expect.stringContaining('in double quotes')],
    ['"c#1.yaml"#z', 'E_KEY_NOT_FOUND', 'see what is there: cfg get "c#1.yaml"'],
    ['n.txt#key', 'E_INVALID', 'the whole text: cfg get n.txt'],
    ['b.yaml#x', 'E_FILE_NOT_FOUND', undefined],
    ['HEAD:b.yaml', 'E_FILE_NOT_FOUND', undefined],
    ['nope:a.yaml', 'E_REVISION_NOT_FOUND', undefined],
    ['../x.yaml', 'E_BAD_PATH', undefined],
    ['bin.dat', 'E_INVALID', undefined],
  ])('says what is wrong with %s', async (address, code, hint) => {
    const repo = await repositoryWith(files).open();
    await expect(repo.get(address)).rejects.toMatchObject({ code, ...(hint !== undefined && { hint }) });
  });
});

describe('set and unset', () => {
  it.each([
    ['e.json', '', '{\n  "a": {\n    "b": 1\n  }\n}\n'],
    ['e.json', '\n', '\n{\n  "a": {\n    "b": 1\n  }\n}\n'],
    ['e.jsonc', '// top\n', '// top\n{\n  "a": {\n    "b": 1\n  }\n}\n'],
    ['e.yaml', '', 'a:\n  b: 1\n'],
    ['e.ini', '', '[a]\nb = 1\n'],
  ])('set fills the empty %s (%j), by every route', async (file, empty, filled) => {
    const box = repositoryWith({ [file]: empty });
    const repo = await box.open();
    expect(await repo.set(`${file}#a.b`, 1)).toMatchObject({ file, path: 'a.b' });
    expect(box.read(file)).toBe(filled);
    box.write(file, empty);
    await repo.commitChanges('main', [{ path: file, set: { 'a.b': 1 } }], { message: 'fill' });
    expect(box.git('show', `HEAD:${file}`)).toBe(filled);
    const other = await repositoryWith({ [file]: empty }).open();
    const commits = [{ changes: [{ path: file, set: { 'a.b': 1 } }], message: 'fill' }];
    expect(await other.batch('main', commits)).toMatchObject({ commits: 1, files: 1 });
    expect((await other.get(`HEAD:${file}#a`)).value).toMatchObject({ b: file === 'e.ini' ? '1' : 1 });
  });

  it('refuse a file that is too large for keys, unread', async () => {
    const box = repositoryWith({ 'a.yaml': 'a: 1\n', 'a.txt': 'x'.repeat(5_000_001) });
    truncateSync(join(box.dir, 'a.yaml'), 15_000_001);
    const repo = await box.open();
    const refused = { code: 'E_LIMIT', message: "'a.yaml' is larger than 15000000 bytes" };
    await expect(repo.get('a.yaml')).rejects.toMatchObject(refused);
    await expect(repo.set('a.yaml#a', 2)).rejects.toMatchObject(refused);
    await expect(repo.unset('a.yaml#a')).rejects.toMatchObject(refused);
    expect((await repo.get('a.txt')).value).toHaveLength(5_000_001);
  });

  it('unset finds nothing in an empty file', async () => {
    const box = repositoryWith({ 'e.json': '' });
    await expect((await box.open()).unset('e.json#a')).rejects.toMatchObject({ code: 'E_INVALID' });
    expect(box.read('e.json')).toBe('');
  });

  it.each([
    ['a folded plain scalar', 'a.yaml', 'a: one two\n  three\n  four\nb: 1\n', 'one two three four'],
    ['a quoted scalar over lines', 'a.yaml', 'a: "one\n  two"\nb: 1\n', 'one two'],
    ['a block scalar', 'a.yaml', 'a: >-\n  one\n  two\nb: 1\n', 'one two'],
    ['a spaced list', 'a.yaml', 'a: [ 1,2 ,  3 ]\nb: 1\n', [1, 2, 3]],
    ['escapes', 'a.json', '{"a": "\\u0041b"}', 'Ab'],
    ['a continued value', 'a.ini', 'a   =  one\nb=2\n', 'one'],
  ])('set back to what was committed gives its bytes: %s', async (_, file, text, value) => {
    const box = repositoryWith({ [file]: text });
    await (await box.open()).set(`${file}#a`, 'other');
    expect(box.read(file)).not.toBe(text);
    await (await box.open()).set(`${file}#a`, value);
    expect(box.read(file)).toBe(text);
  });

  it('change their key and no other byte', async () => {
    const text = '# head\r\na:   1   # one\r\nlist: [x,  y]\r\n';
    const box = repositoryWith({ 'a.yaml': text });
    const repo = await box.open();
    expect(await repo.set('a.yaml#a', 2)).toEqual({ file: 'a.yaml', path: 'a', before: 1, after: 2 });
    expect(box.read('a.yaml')).toBe(text.replace('1   #', '2   #'));
    await repo.set('a.yaml#a', 1);
    expect(box.read('a.yaml')).toBe(text);
    expect(await repo.set('a.yaml#new.key', true)).toEqual({ file: 'a.yaml', path: 'new.key', after: true });
    expect(await repo.unset('a.yaml#new')).toEqual({ file: 'a.yaml', path: 'new', before: { key: true } });
    expect(box.read('a.yaml')).toBe(text);
    expect(box.git('status', '--porcelain')).toBe('');
  });

  it.each([
    ['1.10', 1.1],
    ['0x1F', 31],
    ['~', null],
  ])('write %s as it was typed', async (source, value) => {
    const box = repositoryWith({ 'a.yaml': `v: ${source} # keep\n` });
    const repo = await box.open();
    await repo.set('a.yaml#v', 7);
    await repo.set('a.yaml#v', value, { source });
    expect(box.read('a.yaml')).toBe(`v: ${source} # keep\n`);
  });

  it('make a new file with just the key', async () => {
    const box = repositoryWith({ 'a.yaml': 'a: 1\n' });
    const repo = await box.open();
    await repo.set('env/prod.yaml#db.host', 'x');
    await repo.set('new.json#a.b', 1);
    await repo.set('new.ini#s.k', 'v');
    expect((await repo.get('env/prod.yaml#db.host')).value).toBe('x');
    expect((await repo.get('new.json#a.b')).value).toBe(1);
    expect((await repo.get('new.ini#s.k')).value).toBe('v');
  });

  it.each([
    ['HEAD:a.yaml#a', 'E_USAGE'],
    ['a.yaml', 'E_USAGE'],
    ['n.txt#a', 'E_USAGE'],
    ['link.yaml#a', 'E_BAD_PATH'],
    ['.git/config.ini#a', 'E_BAD_PATH'],
    ['../out.yaml#a', 'E_BAD_PATH'],
    ['broken.yaml#a', 'E_INVALID'],
  ])('refuse %s (%s)', async (address, code) => {
    const box = repositoryWith({ 'a.yaml': 'a: 1\n', 'n.txt': 'x\n', 'broken.yaml': 'a: [\n' });
    symlinkSync('a.yaml', `${box.dir}/link.yaml`);
    const repo = await box.open();
    await expect(repo.set(address, 2)).rejects.toMatchObject({ code });
    await expect(repo.unset(address)).rejects.toMatchObject({ code });
  });

  it('say when there is nothing to unset', async () => {
    const repo = await repositoryWith({ 'a.yaml': 'a: 1\n' }).open();
    await expect(repo.unset('a.yaml#b')).rejects.toMatchObject({ code: 'E_KEY_NOT_FOUND' });
    await expect(repo.unset('b.yaml#b')).rejects.toMatchObject({ code: 'E_FILE_NOT_FOUND' });
  });
});
