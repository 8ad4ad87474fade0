import { describe, expect, it } from 'vitest';
import { checkMerge } from '../../src/repo/check-merge.js';
import { verify } from '../../src/repo/verify.js';
import { GitRepo } from './git-repo.js';

const settings = (level: string, approvals = 0): string =>
  `version: 1\nbranches:\n  main: { protection: ${level}${level === 'strict' ? `, approvals: ${approvals}` : ''} }\n`;

/** `rule commit-subject` of each violation. */
const violations = async (repo: GitRepo, since?: string): Promise<readonly string[]> => {
  const answer = await verify(await repo.context(), 'main', since === undefined ? {} : { since });
  if (!('violations' in answer)) throw new Error('not a branch');
  expect(answer.ok).toBe(answer.violations.length === 0);
  return answer.violations.map(
    ({ commit, rule }) => `${rule} ${repo.git('log', '-1', '--format=%s', commit)}`,
  );
};

/** A branch with one commit, merged into main as it is or out of date. */
function mergeTopic(repo: GitRepo, name: string, content: Record<string, string>): void {
  repo.git('switch', '-q', '-c', name);
  repo.commit(content, { message: `on ${name}` });
  repo.git('switch', '-q', 'main');
  repo.merge(name);
}

describe('verify of a branch', () => {
  it('has nothing against an unprotected branch', async () => {
    const repo = new GitRepo();
    repo.commit({ 'a.yaml': 'k: 1\n' });
    repo.commit({ 'a.yaml': 'k: [\n' });
    expect(await violations(repo)).toEqual([]);
  });

  it.each(['standard', 'strict'])(
    'finds direct commits on a %s branch, from the commit after the rule on',
    async (level) => {
      const repo = new GitRepo();
      repo.commit({ 'a.yaml': 'k: 1\n' }, { message: 'before the rule' });
      repo.commit({ 'cfg.yaml': settings(level) }, { message: 'the rule' });
      mergeTopic(repo, 'good', { 'a.yaml': 'k: 2\n' });
      const since = repo.commit({ 'a.yaml': 'k: 3\n' }, { message: 'direct' });
      mergeTopic(repo, 'better', { 'a.yaml': 'k: 4\n' });
      repo.git('switch', '-q', '-c', 'fast');
      repo.commit({ 'a.yaml': 'k: 5\n' }, { message: 'one' });
      repo.commit({ 'a.yaml': 'k: 6\n' }, { message: 'two' });
      repo.git('switch', '-q', 'main');
      repo.git('merge', '-q', '--ff-only', 'fast');
      expect(await violations(repo)).toEqual(['merges-only two', 'merges-only one', 'merges-only direct']);
      expect(await violations(repo, since)).toEqual(['merges-only two', 'merges-only one']);
    },
  );

  it('judges a commit that lifts the protection by the protection', async () => {
    const repo = new GitRepo();
    repo.commit({ 'cfg.yaml': settings('standard') });
    repo.commit({ 'cfg.yaml': settings('none') }, { message: 'lift' });
    repo.commit({ 'a.yaml': 'k: 1\n' }, { message: 'free' });
    expect(await violations(repo)).toEqual(['merges-only lift']);
  });

  it('lets a broken cfg.yaml lift nothing', async () => {
    const repo = new GitRepo();
    repo.commit({ 'cfg.yaml': settings('standard') });
    mergeTopic(repo, 'bad', { 'cfg.yaml': 'branches: [\n' });
    repo.commit({ 'a.yaml': 'k: 1\n' }, { message: 'direct' });
    expect(await violations(repo)).toEqual(['merges-only direct', 'valid merge bad']);
  });

  it('finds merges whose result is not valid, until it is again', async () => {
    const repo = new GitRepo();
    const schema = '{"type": "object", "properties": {"k": {"type": "integer"}}}';
    const rule = 'schemas: [{ files: "a.yaml", schema: s.json }]\n';
    repo.commit({ 'cfg.yaml': settings('standard') + rule, 's.json': schema, 'a.yaml': 'k: 1\n' });
    mergeTopic(repo, 'unparsable', { 'b.yaml': 'x: [\n' });
    mergeTopic(repo, 'still', { 'c.yaml': 'x: 1\n' });
    mergeTopic(repo, 'mended', { 'b.yaml': 'x: 1\n' });
    mergeTopic(repo, 'schema', { 'a.yaml': 'k: x\n' });
    mergeTopic(repo, 'lenient', { 's.json': '{}' });
    mergeTopic(repo, 'stricter', { 's.json': schema });
    expect(await violations(repo)).toEqual([
      'valid merge stricter',
      'valid merge schema',
      'valid merge still',
      'valid merge unparsable',
    ]);
  });

  it('finds merges into a strict branch of heads that were out of date, or that nobody approved', async () => {
    const repo = new GitRepo();
    repo.commit({ 'a.yaml': 'k: 1\n', 'cfg.yaml': settings('strict') });
    repo.git('branch', 'old');
    mergeTopic(repo, 'new', { 'a.yaml': 'k: 2\n' });
    repo.git('switch', '-q', 'old');
    repo.commit({ 'b.yaml': 'x: 1\n' });
    repo.git('switch', '-q', 'main');
    repo.merge('old');
    mergeTopic(repo, 'approvals', { 'cfg.yaml': settings('strict', 1) });
    mergeTopic(repo, 'unapproved', { 'a.yaml': 'k: 3\n' });
    expect(await violations(repo)).toEqual(['approvals merge unapproved', 'up-to-date merge old']);
  });

  it('takes a branch of a remote by the rules of that branch, and a symbolic ref by those of what it leads to', async () => {
    const repo = new GitRepo();
    repo.commit({ 'cfg.yaml': settings('standard') });
    repo.git('branch', 'stale');
    repo.commit({ 'a.yaml': 'k: 1\n' });
    repo.git('remote', 'add', 'origin', '/nowhere');
    repo.git('update-ref', 'refs/remotes/origin/main', 'main');
    repo.git('reset', '-q', '--hard', 'stale');
    repo.git('symbolic-ref', 'refs/heads/alias', 'refs/heads/main');
    const context = await repo.context();
    expect(await verify(context, 'main')).toEqual({ branch: 'main', ok: true, violations: [] });
    expect(await verify(context, 'origin/main')).toMatchObject({ branch: 'main', ok: false });
    repo.git('update-ref', 'refs/heads/main', 'origin/main');
    expect(await verify(await repo.context(), 'alias')).toMatchObject({ branch: 'main', ok: false });
    repo.git('update-ref', 'refs/heads/main', 'stale');
    expect(await checkMerge(await repo.context(), 'origin/main', 'origin/main')).toMatchObject({
      allowed: true,
    });
    expect(await checkMerge(await repo.context(), 'main', 'origin/main')).toMatchObject({ bump: 'minor' });
  });

  it('refuses what is no branch, and --since for a tag', async () => {
    const repo = new GitRepo();
    repo.commit({ 'a.yaml': 'k: 1\n' });
    repo.git('tag', 'v1.0.0');
    await expect(verify(await repo.context(), 'mian')).rejects.toMatchObject({
      code: 'E_REVISION_NOT_FOUND',
    });
    await expect(verify(await repo.context(), 'v1.0.0', { since: 'main' })).rejects.toMatchObject({
      code: 'E_USAGE',
    });
  });
});
