import { appendFileSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { DriverRepo } from './driver-repo.js';

const file = 'services/api.yaml';
const neighbours = ['a: 1\nb: 1\n', 'a: 2\nb: 1\n', 'a: 1\nb: 2\n'] as const;
const clash = ['a: 1\nb: 1\n', 'a: 2\nb: 5\n', 'a: 3\nb: 1\n'] as const;

describe('plain git with the drivers of cfg', () => {
  it('merges keys that stand beside each other, where git alone stops', () => {
    const repo = new DriverRepo();
    repo.diverge(file, neighbours);
    expect(
      repo.tryGit('-c', 'core.attributesFile=/dev/null', 'merge-tree', '--write-tree', 'main', 'other'),
    ).toMatchObject({ code: 0 });
    repo.git('merge', '-q', '-m', 'merge', 'other');
    expect(repo.read(file)).toBe('a: 2\nb: 2\n');
    expect(repo.cfg('status', '--json').output).toContain('"merging": false');
  });

  it('leaves a true conflict between markers, with the rest merged, and cfg goes on from there', () => {
    const repo = new DriverRepo();
    repo.diverge(file, clash);
    const { code, output } = repo.tryGit('merge', 'other');
    expect(code).toBe(1);
    expect(output).toContain(`conflict in ${file}: 1 conflict (a)\n`);
    expect(repo.read(file)).toBe(
      '<<<<<<< HEAD\na: 2\n||||||| base\na: 1\n=======\na: 3\n>>>>>>> other\nb: 5\n',
    );
    expect(JSON.parse(repo.cfg('conflicts', '--json').output)).toEqual({
      conflicts: [{ file, path: 'a', kind: 'modify', base: 1, ours: 2, theirs: 3 }],
    });
    expect(repo.cfg('resolve', `${file}#a`, '--theirs')).toMatchObject({ code: 0 });
    expect(repo.read(file)).toBe('a: 3\nb: 5\n');
    expect(repo.cfg('merge', '--continue')).toMatchObject({ code: 0 });
    expect(repo.git('log', '-1', '--format=%s %p').split(' ')).toHaveLength(5);
    repo.git('fsck', '--strict');
  });

  it('keeps what was typed beside the markers, and decides one of several', () => {
    const repo = new DriverRepo();
    repo.diverge(file, [
      'a: 1\nx: 0\ny: 0\nz: 0\nb: 1\n',
      'a: 2\nx: 0\ny: 0\nz: 0\nb: 2\n',
      'a: 3\nx: 0\ny: 0\nz: 0\nb: 3\n',
    ]);
    repo.tryGit('merge', 'other');
    repo.write(file, repo.read(file).replace('y: 0', 'y: 7'));
    expect(repo.cfg('resolve', `${file}#a`, '--ours')).toMatchObject({ code: 0 });
    expect(repo.cfg('resolve', `${file}#b`, '--value', '9')).toMatchObject({ code: 0 });
    expect(repo.read(file)).toBe('a: 2\nx: 0\ny: 7\nz: 0\nb: 9\n');
  });

  it('lets cfg abort what git began', () => {
    const repo = new DriverRepo();
    repo.diverge(file, clash);
    repo.tryGit('merge', 'other');
    expect(repo.cfg('merge', '--abort')).toMatchObject({ code: 0 });
    expect(repo.read(file)).toBe(clash[1]);
    expect(repo.git('status', '--porcelain')).toBe('');
  });

  it('lets the newest decide, of a merge and of a pick', () => {
    const repo = new DriverRepo();
    repo.diverge(file, ['a: 1\nb: 1\n', 'a: 2\nb: 2\n', 'a: 3\nb: 3\n']);
    // The commit on main that set b is later than that of other, the one that set a is earlier.
    repo.git('switch', '-q', 'other');
    repo.git('commit', '-q', '--amend', '--no-edit', '--reset-author');
    repo.git('switch', '-q', 'main');
    repo.write(file, 'a: 2\nb: 4\n');
    repo.write('cfg.yaml', "version: 1\nmerge: { strategies: [{ at: '**#*', use: newest }] }\n");
    repo.git('add', '-A');
    repo.git('commit', '-q', '-m', 'later');
    // As Git calls it for a pick since 2.44.
    const picked = repo.git('rev-parse', '--short', 'other').trim();
    const names = ['base', 'ours', 'theirs'];
    for (const [at, revision] of ['other~', 'main', 'other'].entries())
      repo.write(`.git/${names[at] ?? ''}`, repo.git('show', `${revision}:${file}`));
    const labels = [`parent of ${picked} (theirs)`, 'HEAD', `${picked} (theirs)`];
    const versions = names.map((name) => `.git/${name}`);
    expect(repo.cfg('merge-driver', ...versions, '7', file, ...labels)).toMatchObject({ code: 0 });
    expect(repo.read('.git/ours')).toBe('a: 3\nb: 4\n');
    repo.git('merge', '-q', '-m', 'merge', 'other');
    expect(repo.read(file)).toBe('a: 3\nb: 4\n');
  });

  it('rebases and cherry-picks by key', () => {
    const repo = new DriverRepo();
    repo.diverge(file, neighbours);
    repo.git('switch', '-q', '-c', 'picked', 'main');
    repo.git('cherry-pick', 'other');
    expect(repo.read(file)).toBe('a: 2\nb: 2\n');
    repo.git('switch', '-q', 'other');
    repo.git('rebase', '-q', 'main');
    expect(repo.read(file)).toBe('a: 2\nb: 2\n');
  });

  it('goes on with a rebase after cfg resolve', () => {
    const repo = new DriverRepo();
    repo.diverge(file, clash);
    repo.git('switch', '-q', 'other');
    expect(repo.tryGit('rebase', 'main')).toMatchObject({ code: 1 });
    expect(repo.cfg('resolve', file, '--theirs')).toMatchObject({ code: 0 });
    repo.git('rebase', '--continue');
    expect(repo.read(file)).toBe('a: 3\nb: 5\n');
  });

  it('shows both sides of a file that both added', () => {
    const repo = new DriverRepo();
    repo.diverge(file, [null, 'a: 1\nb: 2\n', 'a: 1\nc: 3\n']);
    repo.git('merge', '-q', '-m', 'merge', 'other');
    expect(repo.read(file)).toBe('a: 1\nb: 2\nc: 3\n');
  });

  it('marks both sides where the line merge would not parse', () => {
    const repo = new DriverRepo();
    const lines = ['x: 1', 'y: 1', 'z: 1', 'w: 1', 'v: 1', ''];
    repo.diverge(file, [
      lines.join('\n'),
      ['k: 1', ...lines].join('\n'),
      [...lines.slice(0, -1), 'k: 2', ''].join('\n'),
    ]);
    expect(repo.tryGit('merge', 'other')).toMatchObject({ code: 1 });
    expect(repo.read(file)).toMatch(/^<<<<<<< HEAD\n[^]*k: 1\n[^]*k: 2\n[^]*>>>>>>> other\n/m);
  });

  it('merges several merge bases, whose own merge has a conflict', () => {
    const repo = new DriverRepo();
    repo.diverge(file, ['a: 1\nm: 0\nb: 1\n', 'a: 2\nm: 0\nb: 1\n', 'a: 3\nm: 0\nb: 1\n']);
    const [ours, theirs] = [repo.git('rev-parse', 'main').trim(), repo.git('rev-parse', 'other').trim()];
    repo.tryGit('merge', '-m', 'm1', theirs);
    repo.write(file, 'a: 2\nm: 0\nb: 1\n');
    repo.git('commit', '-q', '-a', '-m', 'm1');
    repo.git('switch', '-q', 'other');
    repo.tryGit('merge', '-m', 'm2', ours);
    repo.write(file, 'a: 3\nm: 0\nb: 9\n');
    repo.git('commit', '-q', '-a', '-m', 'm2');
    expect(repo.tryGit('merge', 'main').code).toBeLessThanOrEqual(1);
    expect(repo.read(file)).toContain('b: 9');
  });

  it('leaves ours and a conflict of a binary, as git does', () => {
    const repo = new DriverRepo();
    repo.diverge(file, ['a\0', 'b\0', 'c\0']);
    expect(repo.tryGit('merge', 'other')).toMatchObject({ code: 1 });
    expect(repo.read(file)).toBe('b\0');
    expect(repo.git('ls-files', '-u').split('\n')).toHaveLength(4);
  });

  it.each(["it's a % folder", 'a "b" $HOME `x`', '%O %A #;'])('works in %j', (name) => {
    const repo = new DriverRepo(name);
    const path = `${name}/it's "a" file.yaml`;
    repo.diverge(path, neighbours);
    repo.git('merge', '-q', '-m', 'merge', 'other');
    expect(repo.read(path)).toBe('a: 2\nb: 2\n');
    expect(repo.git('diff', 'HEAD~', 'HEAD')).toContain('  ~ b: 1 -> 2\n');
  });

  it('works from a linked worktree, and from a folder inside', () => {
    const repo = new DriverRepo();
    repo.diverge(file, neighbours);
    const linked = join(repo.dir, '../linked tree');
    repo.git('worktree', 'add', '-q', '-b', 'third', linked, 'main');
    expect(repo.run('git', ['merge', '-q', '-m', 'merge', 'other'], join(linked, 'services'))).toMatchObject({
      code: 0,
    });
    expect(repo.run('git', ['show', `third:${file}`]).output).toBe('a: 2\nb: 2\n');
  });

  it('follows the rules of cfg.yaml', () => {
    const repo = new DriverRepo();
    repo.write('cfg.yaml', 'merge:\n  strategies:\n    - at: "**#a"\n      use: theirs\n');
    repo.diverge(file, clash);
    repo.git('merge', '-q', '-m', 'merge', 'other');
    expect(repo.read(file)).toBe('a: 3\nb: 5\n');
  });

  it('stops where the result breaks a schema that both sides satisfy', () => {
    const repo = new DriverRepo();
    repo.write('cfg.yaml', 'schemas:\n  - files: "services/*"\n    schema: s.json\n');
    repo.write('s.json', '{"maxProperties": 3}');
    repo.diverge(file, ['a: 1\nb: 1\n', 'n: 1\na: 1\nb: 1\n', 'a: 1\nb: 1\nz: 1\n']);
    expect(repo.tryGit('merge', 'other')).toMatchObject({
      code: 1,
      output: expect.stringContaining('invalid-after-merge'),
    });
    expect(repo.read(file)).toContain('<<<<<<< HEAD\n');
  });
});

/** Replaces what the installed command runs. */
function broken(repo: DriverRepo, from: RegExp, to: string): void {
  const command = repo.git('config', 'merge.cfg.driver').trimEnd();
  const changed = command.replaceAll(from, to);
  if (changed === command) throw new Error(`nothing to replace in ${command}`);
  repo.git('config', 'merge.cfg.driver', changed);
}

describe('a driver that cannot run', () => {
  it.each([
    ['is gone, and no cfg is on PATH', /'[^']*cfg\.js'/g, "'/nonexistent'"],
    ['has lost its Node.js, and no cfg is on PATH', /(?:(?<=test -x )|(?<=then ))'[^']*'/g, "'/nonexistent'"],
    ['fails with 1 and wrote nothing', /'[^']*cfg\.js'/g, "'/etc/hostname'"],
    ['ends with 0 and did nothing', /'[^']*cfg\.js' merge-driver/g, "'-e' '0'"],
    ['is killed', /'[^']*cfg\.js' merge-driver/g, "'-e' 'process.kill(process.pid, 9)'"],
    ['says something else', /'[^']*cfg\.js' merge-driver/g, "'-e' 'console.log(1)'"],
  ])('%s: the line merge does the work, and no side is lost', (_what, from, to) => {
    const repo = new DriverRepo();
    repo.diverge(file, clash);
    broken(repo, from, to);
    const { code, output } = repo.tryGit('merge', 'other');
    expect([code, output]).toEqual([
      1,
      expect.stringContaining(`cfg cannot run: ${file} is merged by line\n`),
    ]);
    expect(repo.read(file)).toBe('<<<<<<< ours\na: 2\nb: 5\n=======\na: 3\nb: 1\n>>>>>>> theirs\n');
  });

  it('merges by line what has no conflict by line', () => {
    const repo = new DriverRepo();
    const body = 'x: 1\ny: 1\nz: 1\n';
    repo.diverge(file, [`a: 1\n${body}b: 1\n`, `a: 2\n${body}b: 1\n`, `a: 1\n${body}b: 2\n`]);
    broken(repo, /'[^']*cfg\.js'/g, "'/nonexistent'");
    repo.git('merge', '-q', '-m', 'merge', 'other');
    expect(repo.read(file)).toBe(`a: 2\n${body}b: 2\n`);
  });
});

describe('cfg hooks', () => {
  it('leaves everything else as it was, and takes back exactly what it did', () => {
    const repo = new DriverRepo();
    repo.write('.gitattributes', '*.yaml text\r\n# mine');
    repo.write('.git/hooks/pre-commit', '#!/bin/sh\n');
    appendFileSync(join(repo.dir, '.git/config'), '# a comment\n[alias]\n\tx = "log ; #"\n');
    const [config, attributes] = [repo.read('.git/config'), repo.read('.gitattributes')];
    const answer = repo.cfg('hooks', 'install', '--json');
    expect(JSON.parse(answer.output)).toEqual({
      installed: ['diff.cfg.command', 'merge.cfg.driver', 'merge.cfg.name', 'merge.cfg.recursive'],
      files: ['.gitattributes'],
      hooks: ['pre-commit'],
    });
    expect(repo.read('.git/config').startsWith(config)).toBe(true);
    expect(repo.read('.gitattributes').endsWith(`# <<< cfg\r\n${attributes}`)).toBe(true);
    const installed = [repo.read('.git/config'), repo.read('.gitattributes')];
    expect(repo.cfg('hooks', 'install')).toMatchObject({ code: 0 });
    expect([repo.read('.git/config'), repo.read('.gitattributes')]).toEqual(installed);
    expect(repo.git('check-attr', 'merge', 'a/b.yaml', 'c.txt')).toBe(
      'a/b.yaml: merge: cfg\nc.txt: merge: unspecified\n',
    );
    expect(repo.cfg('hooks', 'uninstall')).toMatchObject({ code: 0 });
    expect([repo.read('.git/config'), repo.read('.gitattributes')]).toEqual([config, attributes]);
    expect(repo.read('.git/hooks/pre-commit')).toBe('#!/bin/sh\n');
    expect(repo.cfg('hooks', 'uninstall')).toMatchObject({ code: 1 });
    expect(repo.cfg('hooks', 'install', '--server')).toMatchObject({ code: 0 });
    expect(repo.cfg('hooks', 'uninstall').output).toContain('cfg hooks uninstall --server');
  });

  it('makes .gitattributes where there is none, and removes it again', () => {
    const repo = new DriverRepo();
    repo.cfg('hooks', 'install');
    expect(existsSync(join(repo.dir, '.gitattributes'))).toBe(true);
    repo.cfg('hooks', 'uninstall');
    expect(existsSync(join(repo.dir, '.gitattributes'))).toBe(false);
  });

  it('respects a driver of that name that is not its own', () => {
    const repo = new DriverRepo();
    repo.git('config', 'merge.cfg.driver', 'mine %A');
    expect(repo.cfg('hooks', 'install')).toMatchObject({ code: 3 });
    expect(repo.cfg('hooks', 'uninstall')).toMatchObject({ code: 3 });
    expect(repo.git('config', 'merge.cfg.driver')).toBe('mine %A\n');
    expect(repo.cfg('hooks', 'install', '--force')).toMatchObject({ code: 0 });
  });

  it('takes no options that it does not know', () => {
    const repo = new DriverRepo();
    expect(repo.cfg('hooks', 'install', '--frob')).toMatchObject({ code: 2 });
    expect(repo.cfg('hooks', 'frob')).toMatchObject({ code: 2 });
  });
});

describe('git diff with the driver', () => {
  it('shows changes by key, and lines where no key changed', () => {
    const repo = new DriverRepo();
    repo.cfg('hooks', 'install');
    repo.commit(file, '# old\na: 1\nb: {c: x}\n');
    repo.write(file, '# old\na: 2\nb: {d: y}\n');
    const { output } = repo.tryGit('diff');
    expect(output).toBe(`${file}  modified\n  ~ a: 1 -> 2\n  - b.c: "x"\n  + b.d: "y"\n`);
    repo.write(file, '# new\na: 1\nb: {c: x}\n');
    expect(repo.git('diff')).toContain('-# old\n+# new\n');
    expect(repo.git('diff', '--no-ext-diff')).toContain('-# old\n+# new\n');
  });

  it('knows new, deleted and renamed files, and files in conflict', () => {
    const repo = new DriverRepo();
    repo.diverge(file, clash);
    expect(repo.git('diff', 'HEAD', '--', 'x')).toBe('');
    repo.git('mv', file, 'moved.yaml');
    repo.write('new.json', '{"a": 1}');
    repo.git('add', '-A');
    const shown = repo.git('diff', '--cached', '-M');
    expect(shown).toContain(`moved.yaml (was ${file})  renamed\n`);
    expect(shown).toContain('new.json  added\n  + a: 1\n');
    repo.git('reset', '-q', '--hard');
    repo.tryGit('merge', 'other');
    expect(repo.tryGit('diff', '--cached')).toMatchObject({ code: 0, output: `* Unmerged path ${file}\n` });
  });

  it('is asked by git log and git show only with --ext-diff', () => {
    const repo = new DriverRepo();
    repo.diverge(file, neighbours);
    expect(repo.git('show', '--format=')).toContain('-a: 1\n+a: 2\n');
    expect(repo.git('show', '--format=', '--ext-diff')).toContain('  ~ a: 1 -> 2\n');
    expect(repo.git('log', '-1', '-p', '--format=', '--ext-diff')).toContain('  ~ a: 1 -> 2\n');
  });

  it('falls back to the diff of git', () => {
    const repo = new DriverRepo();
    repo.diverge(file, neighbours);
    const command = repo.git('config', 'diff.cfg.command').trimEnd();
    repo.git('config', 'diff.cfg.command', command.replaceAll(/'[^']*cfg\.js'/g, "'/nonexistent'"));
    const { code, output } = repo.tryGit('diff', 'HEAD~');
    expect([code, output]).toEqual([0, expect.stringContaining('-a: 1\n+a: 2\n')]);
  });

  it('prints one line a key for a textconv', () => {
    const repo = new DriverRepo();
    repo.write('a.yaml', 'b: {c: "x"}\nd: [1, 2]\n');
    expect(repo.cfg('diff-driver', '--textconv', 'a.yaml').output).toBe('b.c = "x"\nd[0] = 1\nd[1] = 2\n');
  });
});
