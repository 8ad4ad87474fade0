import { describe, expect, it } from 'vitest';
import { explain } from '../../src/repo/explain.js';
import type { ExplainOptions } from '../../src/repo/repository.js';
import type { ExplainAnswer } from '../../src/repo/types.js';
import { GitRepo } from './git-repo.js';

const settings = `version: 1
stacks:
  app:
    layers: [base.yaml, "env/\${env}.yaml", "local.yaml?", "env:APP_"]
`;

const why = async (repo: GitRepo, key: string, options: ExplainOptions = {}): Promise<ExplainAnswer> =>
  explain(await repo.context(), key, { variables: { env: 'prod' }, ...options });

/** Author sets db in base, Reviewer overrides db.max in prod, and Author touches other keys of both files afterwards. */
function layered(): { readonly repo: GitRepo; readonly base: string; readonly prod: string } {
  const repo = new GitRepo();
  const base = repo.commit({
    'cfg.yaml': settings,
    'base.yaml': 'db:\n  max: 10\n  host: a\n',
    'env/prod.yaml': 'x: 1\n',
  });
  const prod = repo.commit({ 'env/prod.yaml': 'x: 1\ndb:\n  max: 80\n' }, { author: 'Reviewer <g@x.org>' });
  repo.commit({
    'base.yaml': '# base\ndb:\n  max: 10\n  host: a\n  port: 1\n',
    'env/prod.yaml': 'x: 2\ndb:\n  max: 80\n',
  });
  return { repo, base, prod };
}

describe('explain', () => {
  it('names the layer that won, who set it there, and what it overrides', async () => {
    const { repo, prod } = layered();
    expect(await why(repo, 'db.max')).toEqual({
      path: 'db.max',
      value: 80,
      from: {
        layer: 'env/prod.yaml',
        file: 'env/prod.yaml',
        line: 3,
        column: 8,
        commit: prod,
        author: 'Reviewer <g@x.org>',
        date: '2023-11-15T00:14:20+02:00',
      },
      overridden: [{ value: 10, layer: 'base.yaml', file: 'base.yaml', line: 3, column: 8 }],
    });
  });

  it('finds the commit of a value that nobody overrides', async () => {
    const { repo, base } = layered();
    expect((await why(repo, 'db.host')).from).toMatchObject({ layer: 'base.yaml', commit: base });
  });

  it.each([
    ['changed since', { 'env/prod.yaml': 'db: {max: 81}\n' }, 'db.max'],
    ['in a file that is not committed', { 'local.yaml': 'db: {max: 5}\n' }, 'db.max'],
    ['added since', { 'base.yaml': 'new: 1\n' }, 'new'],
  ])('has no commit for a value %s', async (_, files, key) => {
    const { repo } = layered();
    repo.write(files);
    expect((await why(repo, key)).from).toMatchObject({ commit: null, author: null, date: null });
  });

  it('has no commit for an environment variable', async () => {
    const { repo } = layered();
    const context = await repo.context();
    const env = { ...context.env, APP_DB__MAX: '7' };
    const { value, from } = await explain({ ...context, env }, 'db.max', { variables: { env: 'prod' } });
    expect(value).toBe(7);
    expect(from).toMatchObject({ commit: null });
  });

  it('explains a revision, whatever the worktree says', async () => {
    const { repo, base } = layered();
    repo.write({ 'base.yaml': 'db: {max: 11}\n' });
    const { value, from } = await why(repo, 'db.max', { revision: 'HEAD~2' });
    expect(value).toBe(10);
    expect(from).toMatchObject({ file: 'base.yaml', commit: base });
  });

  it('works before the first commit', async () => {
    const repo = new GitRepo();
    repo.write({ 'cfg.yaml': settings, 'base.yaml': 'k: 1\n', 'env/prod.yaml': '{}\n' });
    expect((await why(repo, 'k')).from).toMatchObject({ file: 'base.yaml', commit: null });
  });

  it('refuses a key that is not there', async () => {
    const { repo } = layered();
    await expect(why(repo, 'db.nothing')).rejects.toMatchObject({ code: 'E_KEY_NOT_FOUND' });
  });
});
