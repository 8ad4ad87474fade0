import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { repositoryWith, requireSound, type Sandbox } from './sandbox.js';

const file = 'a.yaml';

/** `main` at `ours`; branch `other` one commit, by Grace, from the same start. */
function diverged(base: string, ours: string, theirs: string): Sandbox {
  const box = repositoryWith({ [file]: base });
  box.git('switch', '-q', '-c', 'other');
  box.write(file, theirs);
  box.git('commit', '-q', '-a', '-m', 'theirs\n\nwhy', '--author', 'Grace <grace@example.com>');
  box.git('switch', '-q', 'main');
  box.write(file, ours);
  box.git('commit', '-q', '-a', '-m', 'ours');
  return box;
}

/** A pick by git that has a conflict. */
function stopGit(box: Sandbox, ...revisions: readonly string[]): void {
  expect(() => box.git('cherry-pick', ...revisions)).toThrow('could not apply');
}

const last = (box: Sandbox, format: string): string => box.git('log', '-1', `--format=${format}`).trimEnd();

describe('cherry-pick', () => {
  it('applies one commit by key and keeps its author, date and message', async () => {
    const box = diverged('a: 1\nb: 1\n', 'a: 2\nb: 1\n', 'a: 1\nb: 2\n');
    const { commit, conflicts, files } = await (await box.open()).cherryPick('other');
    expect([conflicts, files, box.read(file)]).toEqual([[], [file], 'a: 2\nb: 2\n']);
    expect(last(box, '%H|%an|%cn|%B')).toBe(`${commit}|Grace|Author|theirs\n\nwhy`);
    expect(last(box, '%at')).toBe(box.git('log', '-1', '--format=%at', 'other').trimEnd());
    expect(box.git('reflog', '-1', '--format=%gs')).toBe('cherry-pick: theirs\n');
    expect(box.git('status', '--porcelain')).toBe('');
    requireSound(box);
  });

  it('lets the newest decide key by key', async () => {
    const box = diverged('a: 1\nb: 1\n', 'a: 2\nb: 2\n', 'a: 3\nb: 3\n');
    box.git('switch', '-q', 'other');
    box.git('commit', '-q', '--amend', '--no-edit');
    box.git('switch', '-q', 'main');
    box.write(file, 'a: 2\nb: 4\n');
    box.git('commit', '-q', '-a', '-m', 'later');
    await (await box.open()).cherryPick('other', { strategy: 'newest' });
    expect(box.read(file)).toBe('a: 3\nb: 4\n');
  });

  it('stops at a conflict in the state of git, which goes on with it', async () => {
    const box = diverged('a: 1\n', 'a: 2\n', 'a: 3\n');
    const { commit, conflicts } = await (await box.open()).cherryPick('other');
    expect(commit).toBeUndefined();
    expect(conflicts).toEqual([{ file, path: 'a', kind: 'modify', base: 1, ours: 2, theirs: 3 }]);
    const id = box.git('rev-parse', '--short=7', 'other').trim();
    expect(box.read(file)).toBe(
      `<<<<<<< main\na: 2\n||||||| parent of ${id} (theirs)\na: 1\n=======\na: 3\n>>>>>>> ${id} (theirs)\n`,
    );
    expect(box.git('status')).toContain('You are currently cherry-picking');
    box.write(file, 'a: 4\n');
    box.git('add', file);
    box.git('-c', 'core.editor=true', 'cherry-pick', '--continue');
    expect(last(box, '%an|%s')).toBe('Grace|theirs');
  });

  it.each(['cfg', 'git'])('goes on where %s stopped, across a restart', async (tool) => {
    const box = diverged('a: 1\nx: 0\nb: 1\n', 'a: 2\nx: 0\nb: 2\n', 'a: 3\nx: 0\nb: 3\n');
    if (tool === 'cfg') await (await box.open()).cherryPick('other');
    else stopGit(box, 'other');
    await expect((await box.open()).commit({ message: 'x' })).rejects.toMatchObject({
      code: 'E_MERGE_IN_PROGRESS',
    });
    await expect((await box.open()).cherryPick('other')).rejects.toMatchObject({
      code: 'E_MERGE_IN_PROGRESS',
    });
    expect((await (await box.open()).status()).merging).toBe(true);
    await expect((await box.open()).mergeContinue()).rejects.toMatchObject({ code: 'E_CONFLICT' });
    await (await box.open()).resolve(`${file}#a`, 'theirs');
    const { remaining } = await (await box.open()).resolve(`${file}#b`, { value: 9 });
    expect([remaining, box.read(file)]).toEqual([0, 'a: 3\nx: 0\nb: 9\n']);
    const { commit } = await (await box.open()).mergeContinue();
    expect(last(box, '%H|%an|%at|%B')).toBe(
      `${commit}|Grace|${box.git('log', '-1', '--format=%at', 'other').trim()}|theirs\n\nwhy`,
    );
    expect(existsSync(join(box.dir, '.git/CHERRY_PICK_HEAD'))).toBe(false);
    requireSound(box);
  });

  it.each(['cfg', 'git'])('is aborted to the byte where %s began it', async (tool) => {
    const box = diverged('a: 1\n', 'a: 2\n', 'a: 3\n');
    if (tool === 'cfg') await (await box.open()).cherryPick('other');
    else stopGit(box, 'other');
    await (await box.open()).mergeAbort();
    expect([box.read(file), box.git('status', '--porcelain')]).toEqual(['a: 2\n', '']);
    expect(box.git('status')).not.toContain('cherry-pick');
  });

  it('leaves a pick of several commits to git', async () => {
    const box = diverged('a: 1\n', 'a: 2\n', 'a: 3\n');
    box.git('switch', '-q', 'other');
    box.write('b.yaml', 'b: 1\n');
    box.git('add', '-A');
    box.git('commit', '-q', '-m', 'more');
    box.git('switch', '-q', 'main');
    stopGit(box, 'other~', 'other');
    const refused = {
      code: 'E_MERGE_IN_PROGRESS',
      hint: 'git cherry-pick --continue, or git cherry-pick --abort',
    };
    await expect((await box.open()).mergeAbort()).rejects.toMatchObject(refused);
    await expect((await box.open()).commit({ message: 'x' })).rejects.toMatchObject(refused);
  });

  it('of a merge needs to know the parent, of a first commit none', async () => {
    const box = diverged('a: 1\nb: 1\n', 'a: 2\nb: 1\n', 'a: 1\nb: 2\n');
    box.git('switch', '-q', '-c', 'third', 'main~');
    box.write('c.yaml', 'c: 1\n');
    box.git('add', '-A');
    box.git('commit', '-q', '-m', 'c');
    box.git('merge', '-q', '--no-ff', '-m', 'merge', 'other');
    box.git('switch', '-q', 'main');
    const repo = await box.open();
    for (const options of [{}, { mainline: 3 }])
      await expect(repo.cherryPick('third', options)).rejects.toMatchObject({ code: 'E_USAGE' });
    await expect(repo.cherryPick('other', { mainline: 2 })).rejects.toMatchObject({ code: 'E_USAGE' });
    expect((await repo.cherryPick('third', { mainline: 1 })).files).toEqual([file]);
    expect(box.read(file)).toBe('a: 2\nb: 2\n');
    box.git('switch', '-q', '--orphan', 'empty');
    box.write('z.yaml', 'z: 1\n');
    box.git('add', '-A');
    box.git('commit', '-q', '-m', 'z');
    expect((await (await box.open()).cherryPick('main~2')).files).toEqual([file]);
  });

  it('refuses what changes nothing, local changes in the way, and a protected branch', async () => {
    const box = diverged('a: 1\nb: 1\n', 'a: 2\nb: 1\n', 'a: 1\nb: 2\n');
    const repo = await box.open();
    await expect(repo.cherryPick('main')).rejects.toMatchObject({ code: 'E_NOTHING_TO_DO' });
    box.write(file, 'a: 7\nb: 1\n');
    await expect(repo.cherryPick('other')).rejects.toMatchObject({ code: 'E_LOCAL_CHANGES' });
    expect(box.read(file)).toBe('a: 7\nb: 1\n');
    box.git('restore', file);
    box.write('cfg.yaml', 'branches:\n  main: { protection: standard }\n');
    box.git('add', '-A');
    box.git('commit', '-q', '-m', 'protect');
    await expect((await box.open()).cherryPick('other')).rejects.toMatchObject({ code: 'E_PROTECTED' });
    await expect((await box.open()).revert('HEAD')).rejects.toMatchObject({ code: 'E_PROTECTED' });
  });
});

describe('revert', () => {
  it('takes back one commit and leaves what came later', async () => {
    const box = repositoryWith({ [file]: 'a: 1\nb: 1\n' });
    for (const text of ['a: 2\nb: 1\n', 'a: 2\nb: 2\n']) {
      box.write(file, text);
      box.git('commit', '-q', '-a', '-m', 'change "it"');
    }
    const id = box.git('rev-parse', 'HEAD~').trim();
    await (await box.open()).revert('HEAD~');
    expect(box.read(file)).toBe('a: 1\nb: 2\n');
    expect(last(box, '%B')).toBe(`Revert "change "it""\n\nThis reverts commit ${id}.`);
    expect(box.git('reflog', '-1', '--format=%gs')).toBe('revert: Revert "change "it""\n');
    await expect((await box.open()).revert('HEAD~2')).rejects.toMatchObject({ code: 'E_NOTHING_TO_DO' });
  });

  it('stops where the key was changed again, in the state of git', async () => {
    const box = repositoryWith({ [file]: 'a: 1\n' });
    for (const text of ['a: 2\n', 'a: 3\n']) {
      box.write(file, text);
      box.git('commit', '-q', '-a', '-m', 'change');
    }
    const { conflicts } = await (await box.open()).revert('HEAD~');
    expect(conflicts).toEqual([{ file, path: 'a', kind: 'modify', base: 2, ours: 3, theirs: 1 }]);
    expect(box.git('status')).toContain('You are currently reverting');
    await (await box.open()).resolve(file, 'theirs');
    await (await box.open()).mergeContinue();
    expect([box.read(file), last(box, '%an %s')]).toEqual(['a: 1\n', 'Author Revert "change"']);
    expect(box.git('status')).not.toContain('reverting');
  });

  it('takes back a merge, and a first commit', async () => {
    const box = diverged('a: 1\nb: 1\n', 'a: 2\nb: 1\n', 'a: 1\nb: 1\nc: 1\n');
    await (await box.open()).merge('other');
    await (await box.open()).revert('HEAD', { mainline: 1 });
    expect(box.read(file)).toBe('a: 2\nb: 1\n');
    expect(last(box, '%B')).toContain(
      `, reversing\nchanges made to ${box.git('rev-parse', 'HEAD~2').trim()}.`,
    );
    const single = repositoryWith({ [file]: 'a: 1\n', 'b.yaml': 'b: 1\n' });
    expect((await (await single.open()).revert('HEAD')).files).toEqual([file, 'b.yaml']);
    expect(single.git('ls-tree', 'HEAD')).toBe('');
    requireSound(single);
  });
});
