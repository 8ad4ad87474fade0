import { chmodSync, existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { DriverRepo } from './driver-repo.js';

const invalid = 'a: [\n';

/** A repository with a commit and the hook. */
function hooked(): DriverRepo {
  const repo = new DriverRepo();
  repo.write('a.yaml', 'a: 1\n');
  repo.git('add', '-A');
  repo.git('commit', '-q', '-m', 'first');
  repo.cfg('hooks', 'install');
  return repo;
}

const commit = (repo: DriverRepo, ...args: readonly string[]): { code: number; output: string } =>
  repo.run('git', ['commit', '-q', '-m', 'x', ...args]);

describe('the pre-commit hook', () => {
  it('looks at what is staged, not at the files', () => {
    const repo = hooked();
    repo.write('a.yaml', invalid);
    repo.git('add', 'a.yaml');
    repo.write('a.yaml', 'a: 2\n');
    const refused = commit(repo);
    expect(refused.code).toBe(1);
    expect(refused.output).toMatch(
      /^a\.yaml:2:1: error: .*\n1 error .*\nnot committed: what is staged is not valid/,
    );
    repo.git('add', 'a.yaml');
    repo.write('a.yaml', invalid);
    expect(commit(repo)).toEqual({ code: 0, output: '' });
  });

  it('looks at what this very commit takes: commit -a and commit PATH have an index of their own', () => {
    const repo = hooked();
    repo.write('b.yaml', invalid);
    repo.git('add', 'b.yaml');
    repo.write('a.yaml', 'a: 2\n');
    expect(commit(repo, '--', 'a.yaml')).toEqual({ code: 0, output: '' });
    repo.git('rm', '-q', '--cached', 'b.yaml');
    repo.write('a.yaml', invalid);
    expect(commit(repo, '-a').code).toBe(1);
    expect(repo.git('status', '--porcelain')).toBe(' M a.yaml\n?? .gitattributes\n?? b.yaml\n');
    expect(commit(repo, '-a', '--no-verify').code).toBe(0);
  });

  it('works from a linked worktree', () => {
    const repo = hooked();
    repo.git('worktree', 'add', '-q', '../linked');
    const linked = join(repo.dir, '../linked');
    repo.write('../linked/a.yaml', invalid);
    expect(repo.run('git', ['commit', '-q', '-a', '-m', 'x'], linked).code).toBe(1);
  });

  it('runs the hook that was there before, first, and puts it back', () => {
    const repo = new DriverRepo();
    const path = join(repo.dir, '.git/hooks/pre-commit');
    repo.write('.git/hooks/pre-commit', '#!/bin/sh\necho before\ntest ! -e stop\n');
    chmodSync(path, 0o755);
    const before = readFileSync(path, 'utf8');
    repo.cfg('hooks', 'install');
    repo.cfg('hooks', 'install');
    repo.write('a.yaml', invalid);
    repo.git('add', 'a.yaml');
    expect(commit(repo).output).toMatch(/^before\na\.yaml:2:1: error/);
    repo.write('stop', '');
    expect(commit(repo).output).toBe('before\n');
    repo.cfg('hooks', 'uninstall');
    expect(readFileSync(path, 'utf8')).toBe(before);
    expect(existsSync(`${path}.before-cfg`)).toBe(false);
  });

  it('lets commits through where cfg is gone', () => {
    const repo = hooked();
    const path = join(repo.dir, '.git/hooks/pre-commit');
    const script = readFileSync(path, 'utf8').replace(/test -r '[^']*'/, 'false');
    rmSync(path);
    repo.write('.git/hooks/pre-commit', script);
    chmodSync(path, 0o755);
    repo.write('a.yaml', invalid);
    expect(commit(repo, '-a')).toMatchObject({
      code: 0,
      output: expect.stringContaining('cfg cannot run: what is staged was not validated'),
    });
  });

  it('is left to whoever set core.hooksPath', () => {
    const repo = new DriverRepo();
    repo.git('config', 'core.hooksPath', '.husky');
    const { output } = repo.cfg('hooks', 'install', '--json');
    expect(JSON.parse(output)).toMatchObject({ hooks: [] });
    expect(existsSync(join(repo.dir, '.git/hooks/pre-commit'))).toBe(false);
  });
});
