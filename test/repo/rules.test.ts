import { describe, expect, it } from 'vitest';
import { change, diverged, repositoryWith, requireSound } from './sandbox.js';

const rules = (level: string): string =>
  `version: 1\nbranches:\n  main: ${level} # who may\n  "*": { protection: basic }\n`;

describe('check', () => {
  it.each([
    ['{ protection: none }', []],
    ['{ protection: standard }', []],
    ['{ protection: strict, approvals: 0 }', ['up-to-date']],
    ['{ protection: strict, approvals: 2 }', ['up-to-date', 'approvals']],
  ])('of %s', async (level, expected) => {
    const base = { 'cfg.yaml': rules(level), 'a.yaml': 'a: 1\nb: 1\n' };
    const box = diverged(base, { 'a.yaml': 'a: 2\nb: 1\n' }, { 'a.yaml': 'a: 1\nb: 2\nc: 3\n' });
    const before = box.git('for-each-ref');
    const answer = await (await box.open()).checkMerge('main', 'feature');
    expect(answer).toMatchObject({
      allowed: expected.length === 0,
      reasons: expected.map((rule) => ({ rule, message: expect.any(String), hint: expect.any(String) })),
      conflicts: [],
      bump: 'minor',
    });
    expect(box.git('for-each-ref')).toBe(before);
  });

  it('finds invalid results and conflicts', async () => {
    const base = { 'cfg.yaml': rules('{ protection: standard }'), 'a.yaml': 'a: 1\n' };
    const box = diverged(base, { 'a.yaml': 'a: 2\n' }, { 'a.yaml': 'a: 3\n', 'b.json': '{' });
    const { allowed, reasons, problems, conflicts, bump } = await (
      await box.open()
    ).checkMerge('main', 'feature');
    expect([allowed, reasons.map(({ rule }) => rule), bump]).toEqual([false, ['valid', 'conflicts'], null]);
    expect(problems).toMatchObject([{ file: 'b.json', line: 1, column: 2, rule: 'syntax' }]);
    expect(conflicts).toEqual([{ file: 'a.yaml', path: 'a', kind: 'modify', base: 1, ours: 2, theirs: 3 }]);
  });

  it('names the conflicts as a reason where nothing else stands in the way', async () => {
    const base = { 'cfg.yaml': rules('{ protection: standard }'), 'a.yaml': 'a: 1\n' };
    const box = diverged(base, { 'a.yaml': 'a: 2\n' }, { 'a.yaml': 'a: 3\n' });
    expect(await (await box.open()).checkMerge('main', 'feature')).toMatchObject({
      allowed: false,
      reasons: [
        {
          rule: 'conflicts',
          message: "the merge of 'feature' into 'main' has a conflict",
          hint: "decide on the side of 'feature': cfg switch feature && cfg merge main",
        },
      ],
    });
  });

  it('takes the branch of origin where it is not here, and knows what is merged already', async () => {
    const box = repositoryWith({ 'a.yaml': 'a: 1\n' });
    box.git('update-ref', 'refs/remotes/origin/trunk', 'HEAD');
    change(box, { 'a.yaml': 'a: 2\n' }, 'two');
    const repo = await box.open();
    expect(await repo.checkMerge('trunk')).toMatchObject({ allowed: true, bump: 'patch' });
    expect(await repo.checkMerge('main')).toMatchObject({ allowed: true, bump: 'none' });
    await expect(repo.checkMerge('nope')).rejects.toMatchObject({ code: 'E_REVISION_NOT_FOUND' });
  });
});

describe('protect', () => {
  it('edits the rule in place, and stages it', async () => {
    const box = repositoryWith({ 'cfg.yaml': rules('{ protection: basic }') });
    const repo = await box.open();
    const answer = await repo.protect({ pattern: 'main', level: 'strict', approvals: 2 });
    expect(answer).toEqual({ pattern: 'main', level: 'strict', approvals: 2 });
    expect(box.read('cfg.yaml')).toBe(rules('{ protection: strict, approvals: 2 }'));
    expect(box.git('status', '--porcelain')).toBe('M  cfg.yaml\n');
    expect(await repo.protect({ pattern: 'main', level: 'none' })).toMatchObject({ approvals: 0 });
    expect(box.read('cfg.yaml')).toBe(rules('{ protection: none }'));
  });

  it('keeps what the rule says about signatures, as long as it can hold', async () => {
    const rule = '{ protection: strict, approvals: { signed: true }, signed: true }';
    const box = repositoryWith({ 'cfg.yaml': rules(rule) });
    const repo = await box.open();
    await repo.protect({ pattern: 'main', level: 'strict', approvals: 2 });
    expect(box.read('cfg.yaml')).toBe(
      rules('{ protection: strict, approvals: { signed: true, count: 2 }, signed: true }'),
    );
    await repo.protect({ pattern: 'main', level: 'basic' });
    expect(box.read('cfg.yaml')).toBe(rules('{ protection: basic, signed: true }'));
    await repo.protect({ pattern: 'main', level: 'none' });
    expect(box.read('cfg.yaml')).toBe(rules('{ protection: none }'));
  });

  it('writes what is demanded of signatures, and takes it back', async () => {
    const box = repositoryWith({ 'cfg.yaml': rules('{ protection: strict, approvals: 2 } # two of us') });
    const repo = await box.open();
    const strict = { pattern: 'main', level: 'strict' } as const;
    expect(await repo.protect({ ...strict, signedApprovals: true, signed: true })).toEqual({
      ...strict,
      approvals: 2,
      signedApprovals: true,
      signed: true,
    });
    expect(box.read('cfg.yaml')).toBe(
      rules('{ protection: strict, approvals: { count: 2, signed: true }, signed: true } # two of us'),
    );
    expect(await repo.protect({ ...strict, approvals: 3, signedApprovals: false, signed: false })).toEqual({
      ...strict,
      approvals: 3,
    });
    expect(box.read('cfg.yaml')).toBe(rules('{ protection: strict, approvals: { count: 3 } } # two of us'));
    await repo.protect({ pattern: 'main', level: 'basic', signed: true });
    expect(box.read('cfg.yaml')).toBe(rules('{ protection: basic, signed: true } # two of us'));
  });

  it.each([
    ['{protection: strict, approvals: 2}', '{protection: strict, approvals: {count: 2, signed: true}}'],
    ['{ protection: strict }', '{ protection: strict, approvals: { count: 1, signed: true } }'],
  ])('keeps the brackets of %s', async (before, after) => {
    const box = repositoryWith({ 'cfg.yaml': rules(before) });
    await (await box.open()).protect({ pattern: 'main', level: 'strict', signedApprovals: true });
    expect(box.read('cfg.yaml')).toBe(rules(after));
  });

  it('takes away the whole map where only signatures were in it', async () => {
    const box = repositoryWith({ 'cfg.yaml': rules('{ protection: strict, approvals: { signed: true } }') });
    const answer = await (
      await box.open()
    ).protect({ pattern: 'main', level: 'strict', signedApprovals: false });
    expect(answer).toEqual({ pattern: 'main', level: 'strict', approvals: 1 });
    expect(box.read('cfg.yaml')).toBe(rules('{ protection: strict }'));
  });

  it('writes a new rule with what it demands', async () => {
    const box = repositoryWith({ 'a.yaml': 'a: 1\n' });
    const repo = await box.open();
    await repo.protect({ pattern: 'main', level: 'strict', signedApprovals: true, signed: true });
    expect(box.read('cfg.yaml')).toBe(
      'version: 1\nbranches:\n  main:\n    protection: strict\n    approvals:\n      count: 1\n      signed: true\n    signed: true\n',
    );
  });

  it('makes a cfg.yaml', async () => {
    const box = repositoryWith({ 'a.yaml': 'a: 1\n' });
    const answer = await (await box.open()).protect({ pattern: 'release/*', level: 'strict' });
    expect(answer).toEqual({ pattern: 'release/*', level: 'strict', approvals: 1 });
    expect(box.read('cfg.yaml')).toBe('version: 1\nbranches:\n  release/*:\n    protection: strict\n');
  });

  it.each([
    [{ pattern: 'dev', level: 'strict' as const }, 'E_USAGE'], // "*" comes first
    [{ pattern: 'main', level: 'basic' as const, approvals: 1 }, 'E_USAGE'],
    [{ pattern: 'main', level: 'standard' as const, signedApprovals: true }, 'E_USAGE'],
    [{ pattern: 'main', level: 'none' as const, signed: true }, 'E_USAGE'],
  ])('refuses %j', async (options, code) => {
    const box = repositoryWith({ 'cfg.yaml': rules('{ protection: basic }') });
    await expect((await box.open()).protect(options)).rejects.toMatchObject({ code });
    expect(box.git('status', '--porcelain')).toBe('');
  });
});

describe('rollback', () => {
  it('brings back the content of a revision in a new commit', async () => {
    const box = repositoryWith({ 'a.yaml': 'a: 1\n', 'b.yaml': 'b: 1\n' });
    change(box, { 'a.yaml': 'a: 2\n', 'b.yaml': null, 'c.yaml': 'c: 1\n' }, 'two');
    const repo = await box.open();
    const { commit } = await repo.rollback('HEAD~1', { paths: ['a.yaml'] });
    expect(box.git('rev-parse', 'HEAD').trim()).toBe(commit);
    expect(box.git('ls-files')).toBe('a.yaml\nc.yaml\n');
    await repo.rollback('HEAD~2', { message: 'all of it' });
    expect(box.git('diff', 'HEAD~3', 'HEAD')).toBe('');
    expect(box.git('log', '--format=%s')).toBe('all of it\nRoll back a.yaml to HEAD~1\ntwo\nfirst\n');
    expect(box.git('status', '--porcelain')).toBe('');
    requireSound(box);
  });

  it('refuses what a direct commit is refused, and what would be lost', async () => {
    const box = repositoryWith({ 'cfg.yaml': rules('{ protection: none }'), 'a.yaml': 'a: 1\n' });
    change(box, { 'a.yaml': 'a: 2\n' }, 'two');
    const repo = await box.open();
    await expect(repo.rollback('HEAD')).rejects.toMatchObject({ code: 'E_NOTHING_TO_DO' });
    box.write('a.yaml', 'a: 3\n');
    await expect(repo.rollback('HEAD~1')).rejects.toMatchObject({ code: 'E_LOCAL_CHANGES' });
    change(box, { 'cfg.yaml': rules('{ protection: standard }') }, 'protect');
    await expect(repo.rollback('HEAD~1')).rejects.toMatchObject({ code: 'E_PROTECTED' });
  });
});

describe('blame', () => {
  it('names the commit of each value, through merges', async () => {
    const box = diverged(
      { 'a.yaml': 'x: 1\ny: 1\nlist: [a]\n' },
      { 'a.yaml': 'x: 2\ny: 1\nlist: [a]\n' },
      { 'a.yaml': '# comment\nx: 1\ny: "2"\nlist: [a, b]\n' },
    );
    box.git('tag', 'side', 'feature');
    const repo = await box.open();
    await repo.merge('feature');
    box.write('a.yaml', '# comment\nx: 2\ny: 3\nlist: [a, b]\n');
    box.git('commit', '-qam', 'three');
    box.write('a.yaml', '# comment\nx: 2\ny: 3\nlist: [a, b]\nz: {}\n');
    const oid = (revision: string): string => box.git('rev-parse', revision).trim();
    const { keys } = await repo.blame('a.yaml');
    expect(keys.map(({ path, line, commit }) => [path, line, commit])).toEqual([
      ['x', 2, oid('HEAD~1^1')],
      ['y', 3, oid('HEAD')],
      ['list[0]', 4, oid('HEAD~2^')],
      ['list[1]', 4, oid('side')],
      ['z', 5, null],
    ]);
    expect(keys[0]).toMatchObject({ value: 2, author: 'Author <author@example.com>' });
    expect((await repo.blame('a.yaml#y', 'side')).keys).toMatchObject([{ value: '2', commit: oid('side') }]);
    expect((await repo.blame('a.yaml#list')).keys.map(({ path }) => path)).toEqual(['list[0]', 'list[1]']);
  });

  it.each([
    ['nope.yaml', 'E_FILE_NOT_FOUND'],
    ['a.yaml#nope', 'E_KEY_NOT_FOUND'],
  ])('of %s is %s', async (address, code) => {
    const repo = await repositoryWith({ 'a.yaml': 'a: 1\n' }).open();
    await expect(repo.blame(address)).rejects.toMatchObject({ code });
  });
});
