import { describe, expect, it } from 'vitest';
import { change, diverged, repositoryWith, requireSound } from './sandbox.js';

const protectedBy = (level: string): string => `version: 1\nbranches:\n  main: { protection: ${level} }\n`;

describe('the rules that a merge answers to', () => {
  it('holds what it merged to the schema that both sides satisfied', async () => {
    const settings = 'version: 1\nschemas:\n  - files: a.yaml\n    schema: s.json\n';
    const schema = '{"not": {"required": ["x", "y"]}}\n';
    const box = diverged(
      { 'cfg.yaml': settings, 's.json': schema, 'a.yaml': 'a: 1\n\nb: 1\n\nc: 1\n' },
      { 'a.yaml': 'x: 1\na: 1\n\nb: 1\n\nc: 1\n' },
      { 'a.yaml': 'a: 1\n\nb: 1\n\nc: 1\ny: 1\n' },
    );
    const repo = await box.open();
    expect(await repo.merge('feature')).toMatchObject({
      result: 'conflicts',
      conflicts: [{ file: 'a.yaml', path: '', kind: 'invalid-after-merge' }],
    });
    expect(box.read('a.yaml')).toBe('x: 1\na: 1\n\nb: 1\n\nc: 1\ny: 1\n');
    await expect(repo.mergeContinue()).rejects.toMatchObject({ code: 'E_CONFLICT' });
    expect(await repo.resolve('a.yaml', 'ours')).toEqual({ file: 'a.yaml', path: '', remaining: 0 });
    expect((await repo.mergeContinue()).result).toBe('merged');
    expect(box.git('show', 'HEAD:a.yaml')).toContain('x: 1');
    requireSound(box);
  });

  it('makes a merge commit on protected branches, and holds them to their rules', async () => {
    const box = repositoryWith({ 'cfg.yaml': protectedBy('standard'), 'a.yaml': 'a: 1\n' });
    box.git('checkout', '-q', '-b', 'feature');
    change(box, { 'a.yaml': 'a: [\n' }, 'broken');
    box.git('checkout', '-q', 'main');
    const repo = await box.open();
    await expect(repo.merge('feature')).rejects.toMatchObject({
      code: 'E_PROTECTED',
      details: { reasons: [{ rule: 'valid' }], problems: [{ file: 'a.yaml' }] },
    });
    await expect(repo.merge('feature', { fastForward: 'only' })).rejects.toMatchObject({
      code: 'E_PROTECTED',
      details: { branch: 'main', reasons: [{ rule: 'merges-only', hint: 'merge without --ff-only' }] },
    });
    await expect(repo.merge('feature', { strategy: 'mine' as 'ours' })).rejects.toMatchObject({
      code: 'E_USAGE',
    });
    box.git('checkout', '-q', 'feature');
    change(box, { 'a.yaml': 'a: 2\n', 'cfg.yaml': protectedBy('strict') }, 'mended');
    box.git('checkout', '-q', 'main');
    expect((await repo.merge('feature')).result).toBe('merged');
    expect(box.git('rev-list', '--count', '--merges', 'main')).toBe('1\n');
    box.git('checkout', '-q', 'feature');
    change(box, { 'a.yaml': 'a: 3\n' }, 'more');
    await expect(repo.merge('feature', { into: 'main' })).rejects.toMatchObject({
      code: 'E_PROTECTED',
      details: { reasons: [{ rule: 'up-to-date' }, { rule: 'approvals' }] },
    });
  });

  it('asks of a protected branch that the stacks it touches load, in every environment', async () => {
    const settings = `version: 1
branches:
  main: { protection: standard }
stacks:
  app:
    layers: [base.yaml, "env/\${env}.yaml"]
    schema: app.json
    matrix: { env: [dev, prod] }
`;
    const schema = '{"properties": {"port": {"type": "integer"}}, "required": ["port"]}\n';
    const files = {
      'cfg.yaml': settings,
      'app.json': schema,
      'base.yaml': 'name: x\n',
      'env/dev.yaml': 'port: 1\n',
      'env/prod.yaml': 'port: 2\n',
    };
    const box = repositoryWith(files);
    box.git('checkout', '-q', '-b', 'feature');
    change(box, { 'env/prod.yaml': 'prt: 2\n' }, 'typo');
    box.git('checkout', '-q', 'main');
    const repo = await box.open();
    await expect(repo.merge('feature')).rejects.toMatchObject({
      code: 'E_PROTECTED',
      details: { reasons: [{ rule: 'valid' }], problems: [{ rule: 'schema-required' }] },
    });
    box.git('checkout', '-q', 'feature');
    change(box, { 'env/prod.yaml': null }, 'gone');
    box.git('checkout', '-q', 'main');
    await expect(repo.merge('feature')).rejects.toMatchObject({
      details: { problems: [{ file: 'cfg.yaml', rule: 'stack' }] },
    });
    box.git('checkout', '-q', 'feature');
    change(box, { 'env/prod.yaml': 'port: 3\n' }, 'mended');
    box.git('checkout', '-q', 'main');
    expect((await repo.merge('feature')).result).toBe('merged');
  });
});
