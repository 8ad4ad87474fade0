import { describe, expect, it } from 'vitest';
import { repositoryWith, requireSound } from './sandbox.js';

describe('commit', () => {
  it('makes the commit that git would make of the index', async () => {
    const box = repositoryWith({ 'a.yaml': 'a: 1\n', 'dir/b.json': '{"b": 1}\n' });
    box.write('a.yaml', 'a: 2\n');
    const repo = await box.open();
    expect(await repo.add(['a.yaml'])).toEqual({ staged: ['a.yaml'] });
    const before = box.git('rev-parse', 'HEAD').trim();
    const answer = await repo.commit({ message: 'change a\n\n' });
    expect(answer).toEqual({
      commit: box.git('rev-parse', 'HEAD').trim(),
      branch: 'main',
      parents: [before],
      tree: box.git('rev-parse', 'HEAD^{tree}').trim(),
      changes: { files: 1, keys: 1 },
    });
    expect(box.git('log', '-1', '--format=%an <%ae> %s')).toBe('Author <author@example.com> change a\n');
    expect(box.git('reflog', '-1', '--format=%gs')).toBe('commit: change a\n');
    expect(box.git('status', '--porcelain')).toBe('');
    requireSound(box);
  });

  it('makes the first commit', async () => {
    const box = repositoryWith();
    box.write('a.yaml', 'a: 1\n');
    const repo = await box.open();
    await repo.add('all');
    expect(await repo.commit({ message: 'first' })).toMatchObject({ parents: [], branch: 'main' });
    expect(box.git('reflog', '-1', '--format=%gs')).toBe('commit (initial): first\n');
    requireSound(box);
  });

  it('refuses what changes nothing, and says what to do about it', async () => {
    const box = repositoryWith({ 'a.yaml': 'a: 1\n' });
    const repo = await box.open();
    await expect(repo.commit({ message: 'x' })).rejects.toMatchObject({ code: 'E_NOTHING_TO_DO' });
    box.write('a.yaml', 'a: 2\n');
    await expect(repo.commit({ message: 'x' })).rejects.toMatchObject({
      hint: expect.stringContaining('cfg add'),
    });
    expect(box.git('rev-list', '--count', 'HEAD')).toBe('1\n');
  });

  it('commits all changes of tracked files with all', async () => {
    const box = repositoryWith({ 'a.yaml': 'a: 1\n', 'b.yaml': 'b: 1\n' });
    box.write('a.yaml', 'a: 2\n');
    box.git('rm', '-q', '--cached', 'b.yaml');
    box.write('new.yaml', 'n: 1\n');
    const repo = await box.open();
    await repo.commit({ message: 'all', all: true });
    expect(box.git('status', '--porcelain')).toBe('?? b.yaml\n?? new.yaml\n');
  });

  it('commits only the named paths, and leaves the rest staged', async () => {
    const box = repositoryWith({ 'a.yaml': 'a: 1\n', 'b.yaml': 'b: 1\n' });
    box.write('a.yaml', 'a: 2\n');
    box.write('b.yaml', 'b: 2\n');
    box.git('add', 'b.yaml');
    const repo = await box.open();
    await repo.commit({ message: 'only a', paths: ['a.yaml'] });
    expect(box.git('show', '--format=', '--name-only', 'HEAD')).toBe('a.yaml\n');
    expect(box.git('status', '--porcelain')).toBe('M  b.yaml\n');
    await expect(repo.commit({ message: 'x', paths: ['nope.yaml'] })).rejects.toMatchObject({
      code: 'E_FILE_NOT_FOUND',
    });
  });

  it('commits by path a file in the place of a folder, and the folder that goes', async () => {
    const box = repositoryWith({ 'a/b.yaml': 'b: 1\n', 'c.yaml': 'c: 1\n' });
    box.git('rm', '-q', '-r', 'a');
    box.write('a', 'now a file\n');
    box.git('add', 'a');
    await (await box.open()).commit({ message: 'file', paths: ['./a'] });
    expect(box.git('ls-tree', '-r', '--name-only', 'HEAD')).toBe('a\nc.yaml\n');
    expect(box.git('status', '--porcelain')).toBe('');
    requireSound(box);
  });

  it('leaves out what is only intended to be added, as git does', async () => {
    const box = repositoryWith({ 'a.yaml': 'a: 1\n' });
    box.write('new.yaml', 'n: 1\n');
    box.git('add', '-N', 'new.yaml');
    box.write('a.yaml', 'a: 2\n');
    box.git('add', 'a.yaml');
    await (await box.open()).commit({ message: 'a' });
    expect(box.git('show', '--format=', '--name-only', 'HEAD')).toBe('a.yaml\n');
    expect(box.git('status', '--porcelain')).toBe(' A new.yaml\n');
    requireSound(box);
  });

  it('commits a deletion by path', async () => {
    const box = repositoryWith({ 'a.yaml': 'a: 1\n', 'b.yaml': 'b: 1\n' });
    box.git('rm', '-q', 'a.yaml');
    await (await box.open()).commit({ message: 'gone', paths: ['a.yaml'] });
    expect(box.git('ls-tree', '--name-only', 'HEAD')).toBe('b.yaml\n');
  });

  it.each([
    ['a: [1\n', 'a.yaml'],
    ['{"a": }\n', 'a.json'],
  ])('refuses %j in %s, staging nothing, unless told not to verify', async (content, path) => {
    const box = repositoryWith({ 'a.yaml': 'a: 1\n', 'a.json': '{"a": 1}\n' });
    box.write(path, content);
    const repo = await box.open();
    await expect(repo.commit({ message: 'x', all: true })).rejects.toMatchObject({
      code: 'E_GATE',
      message: expect.stringMatching(new RegExp(`${path}:\\d+:\\d+: `)),
    });
    expect(box.git('status', '--porcelain')).toBe(` M ${path}\n`);
    await repo.commit({ message: 'x', all: true, verify: false });
    expect(box.git('status', '--porcelain')).toBe('');
  });

  it('holds changed files to the schemas of the settings being committed', async () => {
    const box = repositoryWith({ 'a.yaml': 'port: 1\n' });
    box.write('cfg.yaml', 'version: 1\nschemas:\n  - files: a.yaml\n    schema: schema.json\n');
    box.write('schema.json', '{"properties": {"port": {"$ref": "port.json"}}}\n');
    box.write('port.json', '{"type": "integer"}\n');
    box.write('a.yaml', 'port: many\n');
    const repo = await box.open();
    await repo.add('all');
    await expect(repo.commit({ message: 'x' })).rejects.toMatchObject({
      code: 'E_GATE',
      details: { problems: [expect.objectContaining({ file: 'a.yaml', line: 1, column: 7, path: 'port' })] },
    });
    box.write('a.yaml', 'port: 2\n');
    await repo.add('all');
    await repo.commit({ message: 'x' });
    expect(box.git('status', '--porcelain')).toBe('');
  });

  it('finishes a merge that git began', async () => {
    const box = repositoryWith({ 'a.txt': '1\n', 'b.txt': '1\n' });
    box.git('checkout', '-q', '-b', 'side');
    box.write('a.txt', '2\n');
    box.git('commit', '-qam', 'side');
    box.git('checkout', '-q', 'main');
    box.write('a.txt', '3\n');
    box.git('commit', '-qam', 'main');
    expect(() => box.git('merge', 'side')).toThrow('Command failed');
    const repo = await box.open();
    await expect(repo.commit({ message: 'm' })).rejects.toMatchObject({ code: 'E_CONFLICT' });
    await expect(repo.commit({ message: 'm', all: true })).rejects.toMatchObject({ code: 'E_CONFLICT' });
    expect(box.git('status', '--porcelain')).toBe('UU a.txt\n');
    box.write('a.txt', '4\n');
    await repo.add(['a.txt']);
    expect((await repo.commit({ message: 'joined' })).parents).toHaveLength(2);
    expect(box.git('reflog', '-1', '--format=%gs')).toBe('commit (merge): joined\n');
    expect(box.git('status')).not.toContain('merging');
    expect((await repo.status()).merging).toBe(false);
    requireSound(box);
  });

  it('refuses a direct commit on a protected branch, by the settings at its tip', async () => {
    const box = repositoryWith({
      'cfg.yaml': 'version: 1\nbranches:\n  main: { protection: standard }\n',
      'a.yaml': 'a: 1\n',
    });
    box.write('cfg.yaml', 'version: 1\n');
    const repo = await box.open();
    await expect(repo.commit({ message: 'lift it', all: true })).rejects.toMatchObject({
      code: 'E_PROTECTED',
      message: expect.stringContaining("'main'"),
      hint: expect.stringContaining('cfg switch'),
    });
    box.git('commit', '-qam', 'break the settings', '--allow-empty');
    await expect(
      repo.commitChanges('main', [{ path: 'a.yaml', content: 'a: 2\n' }], { message: 'x' }),
    ).resolves.toBeDefined();
  });

  it('keeps the protection when somebody breaks the settings', async () => {
    const box = repositoryWith({
      'cfg.yaml': 'version: 1\nbranches:\n  main: { protection: standard }\n',
      'a.yaml': 'a: 1\n',
    });
    box.write('cfg.yaml', 'version: [\n');
    box.git('commit', '-qam', 'break');
    const repo = await box.open();
    await expect(
      repo.commitChanges('main', [{ path: 'a.yaml', content: 'a: 2\n' }], { message: 'x' }),
    ).rejects.toMatchObject({ code: 'E_PROTECTED' });
    expect((await repo.status()).protection).toBe('standard');
  });

  it('says who is missing', async () => {
    const box = repositoryWith({ 'a.yaml': 'a: 1\n' });
    box.write('a.yaml', 'a: 2\n');
    const { openRepository } = await import('../../src/repo/index.js');
    const repo = await openRepository({ dir: box.dir, env: { HOME: box.dir } });
    await expect(repo.commit({ message: 'x', all: true })).rejects.toMatchObject({
      code: 'E_NO_IDENTITY',
      hint: expect.stringContaining('user.email'),
    });
    expect(box.git('status', '--porcelain')).toBe(' M a.yaml\n');
  });
});
