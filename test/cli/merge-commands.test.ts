import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { emptyFolder, run, shell, type Run } from './command-line.js';

interface Folder {
  readonly cfg: (line: string) => Promise<Run>;
  readonly git: (line: string) => string;
  readonly write: (text: string) => void;
}

/** `main` and `other`, each with its own version of `f.yaml`; main is checked out. */
async function diverged(base: string, ours: string, theirs: string): Promise<Folder> {
  const cwd = emptyFolder();
  const cfg = (line: string): Promise<Run> => run(line.split(' '), { cwd });
  const git = (line: string): string => {
    const { stdout, stderr } = shell(`git -c user.name=A -c user.email=a@example.com ${line}`, { cwd });
    return stdout + stderr;
  };
  const write = (text: string): void => writeFileSync(join(cwd, 'f.yaml'), text);
  const commit = async (text: string): Promise<void> => {
    write(text);
    await cfg('add -A');
    await cfg('commit -m change');
  };
  await cfg('init');
  await commit(base);
  await cfg('switch other -c');
  await commit(theirs);
  await cfg('switch main');
  await commit(ours);
  return { cfg, git, write };
}

describe('notes of a merge', () => {
  it('are shown, and part of the answer', async () => {
    const { cfg } = await diverged('a: 1 # one\nb: 1\n', 'a: 1 # uno\nb: 1\n', 'a: 1 # eins\nb: 2\n');
    const note = {
      file: 'f.yaml',
      path: 'a',
      rule: 'comment',
      message: 'both sides changed a comment here; ours is kept, theirs where ours has none',
    };
    const { code, stdout } = await cfg('merge other --dry-run --json');
    expect([code, JSON.parse(stdout)]).toMatchObject([0, { result: 'merged', notes: [note] }]);
    expect((await cfg('merge other')).stdout).toMatch(
      /1 file\n {2}f\.yaml\n {2}note: f\.yaml#a: both sides changed a comment here; ours is kept, theirs where ours has none\n$/,
    );
  });

  it('are no part of it when there is nothing to say', async () => {
    const { cfg } = await diverged('a: 1\nb: 1\n', 'a: 2\nb: 1\n', 'a: 1\nb: 2\n');
    expect(JSON.parse((await cfg('merge other --json')).stdout)).not.toHaveProperty('notes');
  });
});

describe.each(['cherry-pick', 'revert'])('cfg %s', (verb) => {
  const stopped = async (): Promise<Folder> => {
    const folder = await diverged('a: 1\n', 'a: 2\n', 'a: 3\n');
    expect(await folder.cfg(`${verb} other`)).toMatchObject({ code: 1 });
    return folder;
  };

  it('--continue records it once it is decided', async () => {
    const { cfg, git } = await stopped();
    expect((await cfg('status')).stdout).toContain(`(${verb} in progress)`);
    expect((await cfg('conflicts')).stdout).toContain(`  cfg ${verb} --continue`);
    expect(await cfg(`${verb} --continue`)).toMatchObject({ code: 1 });
    expect((await cfg('resolve f.yaml#a --value 4')).stdout).toContain(`Next: cfg ${verb} --continue`);
    expect(await cfg(`${verb} --continue`)).toMatchObject({ code: 0 });
    expect(git('show HEAD:f.yaml')).toBe('a: 4\n');
    expect(git('status --porcelain')).toBe('');
    expect(await cfg(`${verb} --continue`)).toMatchObject({ code: 1 });
  });

  it('--abort goes back', async () => {
    const { cfg, git } = await stopped();
    const head = git('rev-parse HEAD');
    expect(await cfg(`${verb} --abort`)).toMatchObject({ code: 0 });
    expect([git('rev-parse HEAD'), git('status --porcelain')]).toEqual([head, '']);
    expect(await cfg(`${verb} --abort`)).toMatchObject({ code: 1 });
  });
});

describe('what git began', () => {
  it('a rebase is finished and dropped by git, and cfg says so', async () => {
    const { cfg, git } = await diverged('a: 1\n', 'a: 2\n', 'a: 3\n');
    git('switch -q other');
    git('rebase main');
    const hint = 'hint: git rebase --continue, or git rebase --abort\n';
    expect((await cfg('status')).stdout).toMatch(/rebase in progress[^]*'git rebase --abort' goes back\n$/);
    expect((await cfg('conflicts')).stdout).toMatch(/git rebase --continue {3,}when[^]*git rebase --abort/);
    for (const line of ['merge --abort', 'merge --continue', 'merge main'])
      expect(await cfg(line)).toMatchObject({
        stderr: expect.stringContaining(`a rebase by git is in progress\n${hint}`),
      });
    expect((await cfg('resolve f.yaml#a --theirs')).stdout).toContain('Next: git rebase --continue');
    expect((await cfg('status')).stdout).toMatch(/Next: git rebase --continue\n$/);
    git('-c core.editor=true rebase --continue');
    expect(git('log --format=%s%n%b -p -1')).toContain('+a: 3');
  });
});

it('a word is no path of a bare repository', async () => {
  const { cfg, git } = await diverged('a: 1\n', 'a: 2\n', 'a: 3\n');
  git('clone -q --bare . bare.git');
  expect(await cfg('-C bare.git diff HEAD~1 HEAD')).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('~ a: 1 -> 2'),
  });
});

it('a merge in a repository without commits names what is missing', async () => {
  const cwd = emptyFolder();
  await run(['init'], { cwd });
  expect(await run(['merge', 'x'], { cwd })).toMatchObject({
    code: 4,
    stderr: "error: no revision 'x'\nhint: there is no commit yet: cfg commit makes the first\n",
  });
  await run(['switch', '-c', 'other'], { cwd });
  expect(await run(['revert', 'HEAD'], { cwd })).toMatchObject({
    code: 4,
    stderr: "error: no revision 'HEAD'\nhint: there is no commit yet: cfg commit makes the first\n",
  });
  expect(await run(['diff', 'HEAD'], { cwd })).toMatchObject({
    code: 4,
    stderr: expect.not.stringContaining('did you mean'),
  });
});
