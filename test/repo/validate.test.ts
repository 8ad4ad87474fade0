import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ValidateOptions } from '../../src/repo/index.js';
import { change, repositoryWith, type Sandbox } from './sandbox.js';

const settings = `version: 1
schemas:
  - files: services/*.yaml
    schema: service.json
stacks:
  app:
    layers: [base.yaml, "env/\${env}.yaml"]
    matrix: { env: [dev, prod] }
    schema: app.json
`;
const files = {
  'cfg.yaml': settings,
  'service.json': '{"properties": {"port": {"type": "integer"}}}',
  'app.json': '{"properties": {"db": {"type": "object", "required": ["host"]}}}',
  'base.yaml': 'db:\n  host: a\n',
  'env/dev.yaml': 'x: 1\n',
  'env/prod.yaml': 'x: 2\n',
  'services/a.yaml': 'port: 1\n',
  'notes.txt': 'not configuration: [',
};

/** `file:line:column rule` of every problem. */
async function places(box: Sandbox, options?: ValidateOptions): Promise<readonly string[]> {
  const { valid, problems } = await (await box.open()).validate(options);
  expect(valid).toBe(problems.length === 0);
  return problems.map(({ file, line, column, rule }) => `${file}:${line}:${column} ${rule}`);
}

describe('validate', () => {
  it('counts the configuration files that it looked at', async () => {
    const box = repositoryWith(files);
    expect(await (await box.open()).validate()).toEqual({ valid: true, files: 7, problems: [] });
    expect(await (await box.open()).validate({ paths: ['env'] })).toMatchObject({ files: 2 });
    symlinkSync('base.yaml', join(box.dir, 'link.yaml'));
    expect(await (await box.open()).validate()).toMatchObject({ files: 7 });
    box.write('cfg.yaml', 'version: one\n');
    expect(await (await box.open()).validate()).toMatchObject({ valid: false, files: 1 });
  });

  it('finds syntax, schemas and stacks, each once, new files included', async () => {
    const box = repositoryWith(files);
    box.write('services/a.yaml', 'port: x\n');
    box.write('services/new.yaml', 'a: [\n');
    box.write('env/prod.yaml', 'db: 5\n');
    expect(await places(box)).toEqual([
      'env/prod.yaml:1:5 schema-type',
      'services/a.yaml:1:7 schema-type',
      'services/new.yaml:2:1 syntax',
    ]);
    expect(await places(box, { paths: ['services/a.yaml'] })).toEqual(['services/a.yaml:1:7 schema-type']);
    expect(await places(box, { revision: 'HEAD' })).toEqual([]);
  });

  it('looks at the index with staged, and leaves it alone', async () => {
    const box = repositoryWith(files);
    box.write('services/a.yaml', 'port: x\n');
    expect(await places(box, { staged: true })).toEqual([]);
    box.git('add', '.');
    box.write('services/a.yaml', 'port: 1\n');
    expect(await places(box, { staged: true })).toEqual(['services/a.yaml:1:7 schema-type']);
    expect(box.git('status', '--porcelain')).toBe('MM services/a.yaml\n');
  });

  it('looks only at what changed since a branch was left', async () => {
    const box = repositoryWith({ ...files, 'old.yaml': 'a: [\n' });
    box.git('checkout', '-q', '-b', 'feature');
    change(box, { 'services/a.yaml': 'port: 2\n' }, 'fine');
    box.git('checkout', '-q', 'main');
    change(box, { 'services/b.yaml': 'port: x\n' }, 'broken by others');
    box.git('checkout', '-q', 'feature');
    expect(await places(box, { since: 'main' })).toEqual([]);
    change(box, { 'env/dev.yaml': 'db: {}\n', 'base.yaml': 'db:\n  port: 1\n' }, 'stack');
    expect(await places(box, { since: 'main' })).toEqual(['base.yaml:1:1 schema-required']);
  });

  it.each<[what: string, changes: Record<string, string | null>, expected: readonly string[]]>([
    ['one layer', { 'env/prod.yaml': 'db: { port: x }\n' }, ['env/prod.yaml:1:13 schema-type']],
    ['a layer that is gone', { 'env/prod.yaml': null }, ['cfg.yaml:6:3 stack']],
    ['the schema of a stack', { 'app.json': '{"required": ["name"]}' }, ['base.yaml:1:1 schema-required']],
    ['what that refers to', { 'port.json': '{"maximum": 5}' }, ['base.yaml:2:9 schema-maximum']],
    ['nothing that a stack reads', { 'notes.txt': '' }, []],
  ])('looks at the stacks that read what changed: %s', async (_what, changes, expected) => {
    const port = '{"properties": {"db": {"properties": {"port": {"$ref": "port.json"}}}}}';
    const box = repositoryWith({
      ...files,
      'app.json': port,
      'port.json': '{"type": "integer"}',
      'base.yaml': 'db:\n  port: 6\n',
      'old.yaml': 'a: [\n',
    });
    change(box, changes, 'changed');
    expect(await places(box, { since: 'HEAD~1' })).toEqual(expected);
  });

  it('looks at every file when a schema changed', async () => {
    const box = repositoryWith(files);
    box.write('service.json', '{"properties": {"port": {"type": "string"}}}');
    expect(await places(box, { since: 'HEAD' })).toEqual(['services/a.yaml:1:7 schema-type']);
  });

  it('tells every place in a broken cfg.yaml', async () => {
    const box = repositoryWith(files);
    box.write('cfg.yaml', 'version: 1\nbranches:\n  main: { protection: high }\nnope: 1\n');
    expect(await places(box)).toEqual(['cfg.yaml:3:23 settings', 'cfg.yaml:4:1 settings']);
  });

  it('says what an unknown key of cfg.yaml was probably meant to be', async () => {
    const box = repositoryWith({ 'cfg.yaml': 'version: 1\nbranchs: {}\n' });
    const { problems } = await (await box.open()).validate();
    expect(problems.map(({ message }) => message)).toEqual([
      "'branchs' is not a setting that cfg knows; did you mean 'branches'?",
    ]);
  });

  it.each<ValidateOptions>([
    { staged: true, since: 'HEAD' },
    { staged: true, revision: 'HEAD' },
    { since: 'HEAD', revision: 'HEAD' },
  ])('refuses %j', async (options) => {
    const repo = await repositoryWith(files).open();
    await expect(repo.validate(options)).rejects.toMatchObject({ code: 'E_USAGE' });
  });
});

describe('effective diff', () => {
  it('compares the merged configurations of every environment', async () => {
    const box = repositoryWith(files);
    const repo = await box.open();
    change(box, { 'base.yaml': 'db:\n  host: b\nx: 9\n', 'env/prod.yaml': 'db:\n  host: a\nx: 2\n' }, 'b');
    const changes = [{ path: 'db.host', kind: 'changed', before: 'a', after: 'b' }];
    const dev = { stack: 'app', variables: { env: 'dev' }, changes };
    expect(await repo.effectiveDiff({ revisions: ['HEAD~1', 'HEAD'] })).toEqual({ stacks: [dev] });
    expect(await repo.effectiveDiff({ revisions: ['HEAD~1'], stack: 'app' })).toEqual({ stacks: [dev] });
    const prod = { revisions: ['HEAD~1', 'HEAD'], variables: { env: 'prod' } };
    expect(await repo.effectiveDiff(prod)).toEqual({ stacks: [] });
    expect(await repo.effectiveDiff()).toEqual({ stacks: [] });
    box.write('env/dev.yaml', 'x: 3\n');
    expect((await repo.effectiveDiff()).stacks.map(({ variables }) => variables)).toEqual([{ env: 'dev' }]);
  });

  it('goes on where an environment does not load, and says on which side', async () => {
    const box = repositoryWith({ ...files, 'env/dev.yaml': 'x: 3\n' });
    change(box, { 'base.yaml': 'db:\n  host: b\nx: 9\n', 'env/prod.yaml': 'db: [\n' }, 'b');
    change(box, { 'env/prod.yaml': 'x: 2\n', 'env/dev.yaml': 'x: 4\n' }, 'c');
    const repo = await box.open();
    const told = async (...revisions: string[]): Promise<unknown> =>
      (await repo.effectiveDiff({ revisions })).stacks.map(({ variables, changes, failure }) => [
        variables['env'],
        changes.map(({ path }) => path),
        failure?.side,
      ]);
    expect(await told('HEAD~2', 'HEAD~1')).toEqual([
      ['dev', ['db.host'], undefined],
      ['prod', [], 'after'],
    ]);
    expect(await told('HEAD~1', 'HEAD')).toEqual([
      ['dev', ['x'], undefined],
      ['prod', [], 'before'],
    ]);
    const [, prod] = (await repo.effectiveDiff({ revisions: ['HEAD~2', 'HEAD~1'] })).stacks;
    expect(prod?.failure?.message).toMatch(/env\/prod\.yaml:/);
  });

  it('tells why either side does not load', async () => {
    const box = repositoryWith({ 'cfg.yaml': 'stacks: { app: { layers: [a.yaml] } }\n', 'a.yaml': 'x: [\n' });
    change(box, { 'a.yaml': '- x\n' }, 'b');
    const { stacks } = await (await box.open()).effectiveDiff({ revisions: ['HEAD~1', 'HEAD'] });
    expect(stacks).toMatchObject([
      {
        changes: [],
        failure: {
          side: 'after',
          message: expect.stringContaining('a layer must be a map of keys'),
          before: expect.stringContaining('a.yaml:2:1'),
        },
      },
    ]);
  });

  it('shows a new stack as a whole, and refuses one that is nowhere', async () => {
    const box = repositoryWith({ 'base.yaml': 'a: 1\n' });
    box.write('cfg.yaml', 'version: 1\nstacks:\n  app:\n    layers: [base.yaml]\n');
    const repo = await box.open();
    const changes = [{ path: '', kind: 'type-changed', before: null, after: { a: 1 } }];
    expect(await repo.effectiveDiff()).toEqual({ stacks: [{ stack: 'app', variables: {}, changes }] });
    await expect(repo.effectiveDiff({ stack: 'nope' })).rejects.toMatchObject({ code: 'E_USAGE' });
  });
});
