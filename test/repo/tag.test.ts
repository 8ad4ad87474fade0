import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { deleteTag, tag, tags } from '../../src/repo/tag.js';
import { verify } from '../../src/repo/verify.js';
import type { TagOptions } from '../../src/repo/repository.js';
import type { TagAnswer } from '../../src/repo/types.js';
import { GitRepo } from './git-repo.js';

const make = async (repo: GitRepo, options: TagOptions): Promise<TagAnswer> =>
  tag(await repo.context(), options);
const names = async (repo: GitRepo, range?: string): Promise<readonly string[]> =>
  (await tags(await repo.context(), range)).tags.map((one) => one.tag);

/** What docs/releases.md says to type. */
const releases = readFileSync(join(import.meta.dirname, '../../docs/releases.md'), 'utf8');
const digestScript = (/```bash\n([^]*?)```/.exec(releases)?.[1] ?? '').replace('v1.2.0', '"$0"');
const digestByShell = (repo: GitRepo, revision: string): string => {
  const options = { cwd: repo.dir, env: repo.env, encoding: 'utf8' } as const;
  return `sha256:${execFileSync('bash', ['-c', digestScript, revision], options).slice(0, 64)}`;
};

describe('tag', () => {
  it('makes an annotated tag with a digest that anyone can compute', async () => {
    const repo = new GitRepo();
    const commit = repo.commit({ 'a.yaml': 'k: 1\n', 'a/b.json': '{}', 'a-b.ini': '', 'ü.txt': '\0' });
    repo.git('update-index', '--add', '--cacheinfo', `160000,${commit},sub`);
    repo.git('commit', '-q', '-m', 'submodule');
    const answer = await make(repo, { version: '1.0.0', message: 'first' });
    expect(answer).toEqual({
      tag: 'v1.0.0',
      version: '1.0.0',
      commit: repo.git('rev-parse', 'HEAD'),
      digest: digestByShell(repo, 'HEAD'),
    });
    expect(repo.git('for-each-ref', '--format=%(objecttype) %(contents)%(taggername)', 'refs/tags')).toBe(
      `tag first\n\nDigest: ${answer.digest}\nReviewer`,
    );
    expect(
      repo.git('for-each-ref', '--format=%(contents:trailers:key=Digest,valueonly)', 'refs/tags').trim(),
    ).toBe(answer.digest);
    expect(repo.git('fsck', '--strict')).toBe('');
  });

  it('never moves a version', async () => {
    const repo = new GitRepo();
    const first = repo.commit({ 'a.yaml': 'k: 1\n' });
    await make(repo, { version: 'v1.0.0' });
    repo.commit({ 'a.yaml': 'k: 2\n' });
    await expect(make(repo, { version: '1.0.0' })).rejects.toMatchObject({
      code: 'E_EXISTS',
      details: { tag: 'v1.0.0', commit: first },
    });
    expect(repo.git('rev-parse', 'v1.0.0^{}')).toBe(first);
  });

  it('has exactly one winner of several at once', async () => {
    const repo = new GitRepo();
    repo.commit({ 'a.yaml': 'k: 1\n' });
    const contexts = await Promise.all(Array.from({ length: 8 }, () => repo.context()));
    const results = await Promise.allSettled(
      contexts.map((context, at) => tag(context, { version: '1.0.0', message: `by ${at}` })),
    );
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const result of results.filter((one) => one.status === 'rejected'))
      expect(result.reason).toMatchObject({ code: 'E_EXISTS' });
  });

  it.each<[string, string, TagOptions, string, string | undefined]>([
    ['a changed value', 'k: 2\n', { bump: 'auto' }, '1.2.4', 'patch: a.yaml#k changed'],
    ['an added key', 'k: 1\nj: 1\n', { bump: 'auto' }, '1.3.0', 'minor: a.yaml#j was added'],
    ['a removed key', 'j: 1\n', { bump: 'auto' }, '2.0.0', 'major: a.yaml#k was removed'],
    ['another type', 'k: "1"\n', { bump: 'auto' }, '2.0.0', 'major: a.yaml#k changed its type'],
    ['a part that was named', 'k: 1\n', { bump: 'major' }, '2.0.0', undefined],
    ['a pre-release', 'k: 1\nj: 1\n', { bump: 'auto', pre: 'rc' }, '1.3.0-rc.1', 'minor: a.yaml#j was added'],
    ['a pre-release of a part', 'k: 1\n', { bump: 'patch', pre: 'beta' }, '1.2.4-beta.1', undefined],
    ['only --pre', 'k: 2\n', { pre: 'rc' }, '1.2.4-rc.1', 'patch: a.yaml#k changed'],
  ])('raises the last version for %s', async (_, text, options, version, reason) => {
    const repo = new GitRepo();
    repo.commit({ 'a.yaml': 'k: 1\n' });
    await make(repo, { version: '1.2.3' });
    repo.commit({ 'a.yaml': text });
    const answer = await make(repo, options);
    expect([answer.version, answer.reason]).toEqual([version, reason]);
  });

  it('counts pre-releases up and ends them with their release', async () => {
    const repo = new GitRepo();
    repo.commit({ 'a.yaml': 'k: 1\n' });
    await make(repo, { version: '1.0.0' });
    repo.commit({ 'a.yaml': 'k: 1\nj: 1\n' });
    expect((await make(repo, { bump: 'auto', pre: 'rc' })).version).toBe('1.1.0-rc.1');
    await expect(make(repo, { bump: 'auto', pre: 'rc' })).rejects.toMatchObject({
      code: 'E_NOTHING_TO_DO',
      hint: expect.stringMatching(/: cfg tag --bump patch --pre rc$/),
    });
    repo.commit({ 'a.yaml': 'k: 1\nj: 2\n' });
    expect((await make(repo, { bump: 'auto', pre: 'rc' })).version).toBe('1.1.0-rc.2');
    expect((await make(repo, { bump: 'auto' })).version).toBe('1.1.0');
    await expect(make(repo, { bump: 'auto' })).rejects.toMatchObject({
      code: 'E_NOTHING_TO_DO',
      message: "no key changed since 'v1.1.0'",
    });
  });

  it('builds on the versions of its own history', async () => {
    const repo = new GitRepo();
    repo.commit({ 'a.yaml': 'k: 1\n' });
    await make(repo, { version: '1.0.0' });
    repo.git('switch', '-q', '-c', 'next');
    repo.commit({ 'a.yaml': 'x: 1\n' });
    await make(repo, { version: '2.0.0' });
    repo.git('switch', '-q', 'main');
    repo.commit({ 'a.yaml': 'k: 2\n' });
    expect((await make(repo, { bump: 'auto' })).version).toBe('1.0.1');
    expect((await make(repo, { bump: 'minor', revision: 'next' })).version).toBe('2.1.0');
    await expect(make(repo, { bump: 'patch', revision: 'main~1' })).rejects.toMatchObject({
      code: 'E_EXISTS',
      hint: expect.stringContaining('another line of history has it'),
    });
  });

  it('begins with 0.1.0', async () => {
    const repo = new GitRepo();
    repo.commit({ 'a.yaml': 'k: 1\n' });
    expect(await make(repo, { bump: 'auto' })).toMatchObject({
      version: '0.1.0',
      reason: 'the first version',
    });
  });

  it('asks no more than a patch for a file that is no configuration, and nothing for comments', async () => {
    const repo = new GitRepo();
    repo.commit({
      'a.yaml': 'k: 1\n',
      'note.md': 'x\n',
      'cfg.yaml': 'version: 1\nfiles: ["*.yaml"]\n',
      'b.json': '{}',
    });
    await make(repo, { version: '1.0.0' });
    repo.commit({ 'a.yaml': '# why\nk: 1\n' });
    await expect(make(repo, { bump: 'auto' })).rejects.toMatchObject({ code: 'E_NOTHING_TO_DO' });
    repo.commit({ 'note.md': null, 'b.json': null });
    expect(await make(repo, { bump: 'auto' })).toMatchObject({
      version: '1.0.1',
      reason: 'patch: b.json was removed',
    });
  });

  it.each<[TagOptions, string]>([
    [{}, 'E_USAGE'],
    [{ version: '1.0.0', bump: 'auto' }, 'E_USAGE'],
    [{ version: '1.0' }, 'E_BAD_VERSION'],
    [{ version: '^1.0.0' }, 'E_BAD_VERSION'],
    [{ version: '1.0.0', revision: 'nothing' }, 'E_REVISION_NOT_FOUND'],
    [{ bump: 'major', pre: 'a b' }, 'E_BAD_VERSION'],
  ])('refuses %j with %s', async (options, code) => {
    const repo = new GitRepo();
    repo.commit({ 'a.yaml': 'k: 1\n' });
    await expect(make(repo, options)).rejects.toMatchObject({ code });
    expect(repo.lines('tag')).toEqual([]);
  });
});

describe('tags', () => {
  it('lists versions by precedence, those made by git too, with a digest each', async () => {
    const repo = new GitRepo();
    repo.commit({ 'a.yaml': 'k: 1\n' });
    for (const version of ['1.9.0', '1.10.0-rc.1', '1.10.0']) await make(repo, { version });
    for (const name of ['v0.9.0', '2.0.0', 'nightly', 'v1.2']) repo.git('tag', name);
    repo.git('tag', 'v3.0.0', 'HEAD^{tree}');
    repo.git('pack-refs', '--all');
    expect(await names(repo)).toEqual(['2.0.0', 'v1.10.0', 'v1.10.0-rc.1', 'v1.9.0', 'v0.9.0']);
    expect(await names(repo, '^1.9')).toEqual(['v1.10.0', 'v1.9.0']);
    expect(await names(repo, '>=3')).toEqual([]);
    await expect(names(repo, 'main')).rejects.toMatchObject({ code: 'E_BAD_VERSION' });
    const { tags: all } = await tags(await repo.context());
    expect(new Set(all.map(({ digest }) => digest))).toEqual(new Set([digestByShell(repo, 'HEAD')]));
  });
});

describe('deleteTag', () => {
  it('removes the tag and says what it was', async () => {
    const repo = new GitRepo();
    const commit = repo.commit({ 'a.yaml': 'k: 1\n' });
    const made = await make(repo, { version: '1.0.0' });
    expect(await deleteTag(await repo.context(), '1.0.0')).toEqual({ ...made, commit });
    expect(repo.lines('tag')).toEqual([]);
    await expect(deleteTag(await repo.context(), '1.0.0')).rejects.toMatchObject({
      code: 'E_REVISION_NOT_FOUND',
      message: "there is no tag 'v1.0.0'",
    });
  });
});

describe('verify of a tag', () => {
  it('recomputes the digest', async () => {
    const repo = new GitRepo();
    repo.commit({ 'a.yaml': 'k: 1\n' });
    const { digest } = await make(repo, { version: '1.0.0' });
    for (const name of ['v1.0.0', '1.0.0'])
      expect(await verify(await repo.context(), name)).toEqual({ tag: 'v1.0.0', digest, ok: true });
  });

  it('finds a tag that was made over another content', async () => {
    const repo = new GitRepo();
    repo.commit({ 'a.yaml': 'k: 1\n' });
    const message = `x\n\nDigest: sha256:${'0'.repeat(64)}`;
    repo.git('tag', '-a', '-m', message, 'v1.0.0');
    expect(await verify(await repo.context(), 'v1.0.0')).toMatchObject({
      digest: digestByShell(repo, 'HEAD'),
      ok: false,
    });
  });

  it('refuses a tag without a digest, and what is no tag', async () => {
    const repo = new GitRepo();
    repo.commit({ 'a.yaml': 'k: 1\n' });
    repo.git('tag', 'v1.0.0');
    await expect(verify(await repo.context(), 'v1.0.0')).rejects.toMatchObject({ code: 'E_NOTHING_TO_DO' });
    await expect(verify(await repo.context(), 'v2.0.0')).rejects.toMatchObject({
      code: 'E_REVISION_NOT_FOUND',
    });
    await expect(verify(await repo.context(), 'nothing')).rejects.toMatchObject({
      code: 'E_REVISION_NOT_FOUND',
    });
  });
});
