import { describe, expect, it } from 'vitest';
import { openSandbox, sandbox, type Sandbox } from '../store/worktree/sandbox.js';

/** The files that exist in every case; those that git does not list are the ignored ones. */
const files = [
  'a',
  'A',
  'a.txt',
  'A.TXT',
  'b.yaml',
  'b.yml',
  'build/out.yaml',
  'build/keep.yaml',
  'src/build/x.yaml',
  'src/a/b/c.yaml',
  'src/a/c.yaml',
  'src/c.yaml',
  'foo/bar/baz.yaml',
  'foo/bar/qux',
  'foo/other',
  'foo/a',
  'x y.yaml',
  'trail ',
  'trail',
  '#hash',
  '!bang',
  'back\\slash',
  'star*',
  'q?',
  '[b]',
  'deep/1/2/3/4/file',
  'deep/file',
  'ä.yaml',
  'über/straße.txt',
  '日本/設定.yaml',
  'tab\tname',
  'env/dev.yaml',
  'env/prod.yaml',
  'env/prod.local.yaml',
  '.hidden/file',
  '.env',
  'file-1',
  'file-2',
  'file-a',
  'file-]',
  'file--',
  'fooxx/bar',
  'foozz/x/bar',
];

/** Each is the text of a root `.gitignore`. */
const patterns = [
  'a',
  '/a',
  'a/',
  '/a/',
  '*.yaml',
  '*.y?ml',
  '*.y*ml',
  '*',
  '*\n!*/\n!*.yaml',
  '/*\n!/src',
  '/*\n!/src\n/src/*\n!/src/a',
  '**',
  '**/',
  '/**',
  '**/a',
  '**/build',
  'build/',
  'build/*\n!build/keep.yaml',
  'build/\n!build/keep.yaml',
  'foo/*\n!foo/bar/',
  'foo/*\n!foo/bar/\nfoo/bar/qux',
  'foo/**',
  'foo/**/baz.yaml',
  'foo/**/bar',
  'foo**/bar',
  'src/**/c.yaml',
  'src/*/c.yaml',
  '**/a/**/c.yaml',
  'deep/**/file',
  'deep/*/*/*/*/file',
  'deep/**/4',
  '/deep/1',
  'deep/1/',
  'x y.yaml',
  'x\\ y.yaml',
  'trail ',
  'trail\\ ',
  'trail\\  ',
  '#hash',
  '\\#hash',
  '!bang',
  '\\!bang',
  'back\\slash',
  'back\\\\slash',
  'star\\*',
  'star[*]',
  'q\\?',
  'q[?]',
  '\\[b\\]',
  '[[]b]',
  '[b]',
  'file-[12]',
  'file-[!12]',
  'file-[^12]',
  'file-[0-9]',
  'file-[a-z]',
  'file-[]]',
  'file-[]-]',
  'file-[!]]',
  'file-[\\]]',
  'file-[[:digit:]]',
  'file-[[:alpha:]1]',
  'file-[[:bogus:]]',
  'file-[1',
  'file-[z-a]',
  'file-[+--]',
  'file-\\',
  'ä.yaml',
  '?.yaml',
  '??.yaml',
  '*/straße.txt',
  'ü*',
  '日本/',
  '*定*',
  'tab\tname',
  'env/*.yaml\n!env/prod*.yaml\nenv/*.local.yaml',
  '.*',
  '.*/',
  '.env\n!.env\n.env',
  'A.TXT',
  '*.TXT',
  '[A-Z].txt',
  '[[:upper:]]*',
  '\ufeffa.txt',
  'a.txt\r\nb.yml\r\n',
  'a.txt   ',
  '  a.txt',
  '\n\n# comment\na.txt',
  'a.txt #not a comment',
  '!',
  '/',
  '//',
  'src//c.yaml',
  './a',
  'src/./c.yaml',
  '**foo',
  'foo**',
  '*/a',
  '*/*/*.yaml',
  '***/c.yaml',
  'src/**c.yaml',
  'a*a*a*a*a*a*a*a*a*b',
];

/** Paths that only one of git and cfg ignores. */
async function differences(box: Sandbox): Promise<string[]> {
  const git = new Set(
    box.git('ls-files', '-z', '--others', '--exclude-standard').split('\0').filter(Boolean),
  );
  const { worktree } = await openSandbox(box.dir, box.env);
  const ours = new Set((await worktree.status(null)).untracked);
  return [...[...git].filter((path) => !ours.has(path)), ...[...ours].filter((path) => !git.has(path))];
}

function withFiles(): Sandbox {
  const box = sandbox();
  for (const file of files) box.write(file, '');
  return box;
}

describe('ignored files', () => {
  it('has many patterns', () => {
    expect(patterns.length).toBeGreaterThan(60);
  });

  it.each(['false', 'true'])('are those of git, with core.ignorecase=%s', async (ignoreCase) => {
    const box = withFiles();
    box.git('config', 'core.ignorecase', ignoreCase);
    const wrong: string[] = [];
    for (const pattern of patterns) {
      box.write('.gitignore', pattern);
      for (const path of await differences(box)) wrong.push(`${pattern}: ${path}`);
    }
    expect(wrong).toEqual([]);
  });

  it('follow rules in folders, info/exclude and core.excludesFile', async () => {
    const box = withFiles();
    box.write('.git/home/global', '*.txt\nfile-*\nfoo/a\n');
    box.write('.git/info/exclude', '!a.txt\n/file-1\nenv/\n');
    box.write('.gitignore', '!file-2\n!env/\nenv/prod*\n*.yml\n');
    box.write('src/.gitignore', '/c.yaml\n!a/c.yaml\na/b/\n');
    box.write('src/a/.gitignore', 'c.yaml\n!b/\n');
    box.write('deep/1/.gitignore', '2\n!/2/3/4/file\n');
    box.git('config', 'core.excludesFile', '~/global');
    expect(await differences(box)).toEqual([]);
    box.git('config', '--unset', 'core.excludesFile');
    box.write('.git/home/.config/git/ignore', 'star*\n');
    expect(await differences(box)).toEqual([]);
  });

  it('never count for tracked files, nor does a symlink as an ignore file', async () => {
    const box = withFiles();
    box.write('.gitignore', '*.yaml\nbuild/\n');
    box.git('add', '-f', 'build/out.yaml', 'b.yaml');
    box.git('commit', '-q', '-m', 'x');
    box.link('foo/.gitignore', '../.gitignore');
    const { worktree } = await openSandbox(box.dir, box.env);
    const tree = box.git('rev-parse', 'HEAD^{tree}').trim();
    expect((await worktree.status(tree)).unstaged).toEqual([]);
    expect(await differences(box)).toEqual([]);
  });
});
