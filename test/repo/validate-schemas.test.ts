import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ValidateOptions } from '../../src/repo/index.js';
import { change, repositoryWith, type Sandbox } from './sandbox.js';

/** `file:line:column rule` of every problem. */
async function places(box: Sandbox, options?: ValidateOptions): Promise<readonly string[]> {
  const { problems } = await (await box.open()).validate(options);
  return problems.map(({ file, line, column, rule }) => `${file}:${line}:${column} ${rule}`);
}

const settings = 'version: 1\nschemas:\n  - { files: "services/*.yaml", schema: schemas/service.yaml }\n';
const schema = 'properties:\n  port: { $ref: port.json }\n  template: { type: string, format: cfg-path }\n';
const files = {
  'cfg.yaml': settings,
  'schemas/service.yaml': schema,
  'schemas/port.json': '{"type": "integer"}',
  'services/a.yaml': 'port: 1\n',
};

describe('a check of a schema', () => {
  it('follows references to parts of other files, each version to its own', async () => {
    const old = {
      'a.yaml': 'properties:\n  port: { $ref: types.json#/port }\n',
      'types.json': '{"port": {}}',
    };
    const box = repositoryWith(old);
    change(box, { 'a.yaml': `${old['a.yaml']}required: [port]\n`, 'types.json': '{"port": true}' }, 'b');
    const repo = await box.open();
    const { changes } = await repo.checkSchema('HEAD~1:a.yaml', 'a.yaml');
    expect(changes.map(({ message }) => message)).toEqual(["the document needs the key 'port' now"]);
    box.write('types.json', '{"port": {"type": "string"}}');
    const inOther = await repo.checkSchema('HEAD~1:a.yaml', 'a.yaml');
    expect(inOther.changes.map(({ line, column, message }) => `${line}:${column} ${message}`)).toEqual([
      "3:1 the document needs the key 'port' now",
      "2:3 'port' has to be a string now",
    ]);
    box.write('types.json', '{}');
    await expect(repo.checkSchema('HEAD~1:a.yaml', 'a.yaml')).rejects.toMatchObject({ code: 'E_INVALID' });
  });
});

describe('schemas', () => {
  it.each([
    [
      'a key of the file',
      { 'b.json': '{"$schema": "./schemas/own.json", "a": 1}' },
      ['b.json:1:40 schema-type'],
    ],
    [
      'a comment',
      { 'd/b.yaml': '# yaml-language-server: $schema=../schemas/own.json\na: 1\n' },
      ['d/b.yaml:2:4 schema-type'],
    ],
    [
      'a path from the root',
      { 'd/b.yaml': '# yaml-language-server: $schema=/schemas/own.json\na: 1\n' },
      ['d/b.yaml:2:4 schema-type'],
    ],
    [
      'a comment below content, which names none',
      { 'b.yaml': 'a: 1\n# yaml-language-server: $schema=schemas/own.json\n' },
      [],
    ],
    ['a URL, which is never fetched', { 'b.json': '{"$schema": "https://example.com/x.json"}' }, []],
    ['node_modules, which is no part of it', { 'b.json': '{"$schema": "./node_modules/x/s.json"}' }, []],
    ['nothing that is there', { 'b.json': '{"$schema": "./x.json"}' }, ['b.json:1:13 schema']],
    ['something outside', { 'b.json': '{"$schema": "../x.json"}' }, ['b.json:1:13 schema']],
  ])('are named by %s', async (_, added, expected) => {
    const own = '{"properties": {"a": {"type": "string"}}, "additionalProperties": false}';
    expect(await places(repositoryWith({ 'schemas/own.json': own, ...added }))).toEqual(expected);
  });

  it('that are none are told once, at the keyword', async () => {
    const broken = { 'schemas/port.json': '{"type": "nope"}', 'services/b.yaml': 'port: 2\n' };
    const box = repositoryWith({ ...files, ...broken });
    const { problems } = await (await box.open()).validate();
    expect(problems).toMatchObject([{ file: 'schemas/port.json', line: 1, column: 10, rule: 'schema' }]);
    expect(problems[0]?.message).toMatch(/^'type' must be one of 'array', /);
  });

  it.each([
    ['../../port.json', "'../../port.json', which is no file of the repository"],
    ['https://example.com/s.json', "'https://example.com/s.json', which is no file of the repository"],
    ['prot.json', "'schemas/prot.json', which does not exist"],
    ['a/%ff.json', 'is no URI'],
  ])('that refer to %s are told at the reference', async (reference, expected) => {
    const broken = `properties:\n  port: { $ref: '${reference}' }\n`;
    const box = repositoryWith({ ...files, 'port.json': '{}', 'schemas/service.yaml': broken });
    const { problems } = await (await box.open()).validate();
    expect(problems).toMatchObject([
      { file: 'schemas/service.yaml', line: 2, column: 17, path: 'properties.port.$ref', rule: 'schema' },
    ]);
    expect(problems[0]?.message).toContain(expected);
  });

  it.each([
    ["port: { $ref: '#/$defs/port' }", 17, "refers to '#/$defs/port', which does not exist"],
    ["port: { $ref: './port.json#/$defs/x' }", 17, "refers to './port.json#/$defs/x', which does not exist"],
    ["port: { pattern: '(' }", 20, "the pattern '(' is no regular expression: Unterminated group"],
    ["port: { pattern: '(a)\\1' }", 20, 'uses a back reference'],
    ["port: { patternProperties: { '(a)\\1': {} } }", 32, 'uses a back reference'],
    ["port: { pattern: '(a{1,1000}){1,1000}' }", 20, 'repeats too much'],
  ])('with %s are told at that place', async (property, column, expected) => {
    const broken = { 'schemas/service.yaml': `properties:\n  ${property}\n` };
    const { problems } = await (await repositoryWith({ ...files, ...broken }).open()).validate();
    expect(problems).toMatchObject([{ file: 'schemas/service.yaml', line: 2, column, rule: 'schema' }]);
    expect(problems[0]?.message).toContain(expected);
  });

  it.each([
    [
      'of a dialect that is not known',
      '{\n"$schema": "http://json-schema.org/draft-04/schema#"}',
      '2:12 schema',
    ],
    ['that do not parse', '{"type":', '1:9 syntax'],
  ])('%s are told once', async (_, text, expected) => {
    const added = { 'b.json': '{"$schema": "own.json"}', 'c.json': '{"$schema": "own.json"}' };
    expect(await places(repositoryWith({ 'own.json': text, ...added }))).toEqual([`own.json:${expected}`]);
  });

  it('that lead in circles are no reason to look at nothing else', async () => {
    const named = { 'a.json': '{"$schema": "own.json"}', 'b.json': '{"$schema": "own.json"}' };
    const box = repositoryWith({ 'own.json': '{"$ref": "#"}', ...named, 'c.yaml': 'a: [\n' });
    for (const _ of ['new', 'known'])
      expect(await places(box)).toEqual(['c.yaml:2:1 syntax', 'own.json:1:1 schema']);
  });

  it('of stacks are told at the keyword, and the stack that does not load for it', async () => {
    const stack = 'version: 1\nstacks:\n  app: { layers: [a.yaml], schema: own.json }\n';
    const box = repositoryWith({ 'cfg.yaml': stack, 'a.yaml': 'a: 1\n', 'own.json': '{"$ref": "x.json"}' });
    expect(await places(box)).toEqual(['cfg.yaml:3:3 stack', 'own.json:1:10 schema']);
  });

  it('behind a link are not there', async () => {
    const box = repositoryWith({ 'own.json': '{}', 'b.json': '{"$schema": "link.json"}' });
    symlinkSync('own.json', join(box.dir, 'link.json'));
    expect(await places(box)).toEqual(['b.json:1:13 schema']);
  });

  it('that are not there are told where cfg.yaml names them', async () => {
    const box = repositoryWith({ 'cfg.yaml': settings, 'services/a.yaml': 'port: 1\n' });
    expect(await places(box)).toEqual(['cfg.yaml:3:41 schema']);
  });

  it('make warnings of what is deprecated', async () => {
    const own = '{"properties": {"a": {"deprecated": true, "deprecationMessage": "use b"}}}';
    const box = repositoryWith({ 'own.json': own, 'b.json': '{"$schema": "own.json", "a": 1}' });
    const { valid, problems } = await (await box.open()).validate();
    expect(valid).toBe(true);
    expect(problems).toMatchObject([
      {
        file: 'b.json',
        column: 25,
        rule: 'deprecated',
        severity: 'warning',
        message: "'a' is deprecated: use b",
      },
    ]);
  });
});

describe('references between files', () => {
  it.each([
    ['services/a.yaml', []],
    ['./a.yaml', []],
    ['../cfg.yaml#version', []],
    ['#port', []],
    ['a.yaml', ['services/b.yaml:1:11 reference']],
    ['../../x', ['services/b.yaml:1:11 reference']],
    ['services/a.yaml#prot', ['services/b.yaml:1:11 reference']],
    ['services', ['services/b.yaml:1:11 reference']],
  ])('%s', async (target, expected) => {
    const text = `template: "${target}"\nport: 1\n`;
    expect(await places(repositoryWith({ ...files, 'services/b.yaml': text }))).toEqual(expected);
  });
});

describe('since', () => {
  const stale = { 'services/old.yaml': 'port: 1\ntemplate: services/a.yaml\n' };

  it.each([
    ['a schema', { 'schemas/service.yaml': 'properties: { port: { type: string } }\n' }, 'schema-type'],
    ['what a schema refers to', { 'schemas/port.json': '{"type": "string"}' }, 'schema-type'],
    ['a file that others name', { 'services/a.yaml': null }, 'reference'],
  ])('looks at what depends on %s', async (_, changes, rule) => {
    const box = repositoryWith({ ...files, ...stale });
    change(box, changes, 'changed');
    expect(
      (await places(box, { since: 'HEAD~1' })).filter((place) => place.startsWith('services/old')),
    ).toEqual([`services/old.yaml:${rule === 'reference' ? '2:11' : '1:7'} ${rule}`]);
  });

  it.each(['folder: conf', 'glob: conf/*.yaml'])(
    'looks at stacks of which a file is gone from a layer {%s}',
    async (layer) => {
      const box = repositoryWith({
        'cfg.yaml': `stacks: { app: { layers: [{ ${layer} }], schema: app.json } }\n`,
        'app.json': '{"required": ["b"]}',
        'conf/a.yaml': 'a: 1\n',
        'conf/b.yaml': 'b: 1\n',
      });
      change(box, { 'conf/b.yaml': null }, 'changed');
      expect(await places(box, { since: 'HEAD~1' })).toEqual(['conf/a.yaml:1:1 schema-required']);
      change(box, { 'other.yaml': 'a: 1\n' }, 'other');
      expect(await places(box, { since: 'HEAD~1' })).toEqual([]);
    },
  );

  it('looks at files that name a changed schema themselves', async () => {
    const own = { 'own.json': '{"properties": {"a": {"type": "integer"}}}' };
    const box = repositoryWith({ ...own, 'b.json': '{"$schema": "own.json", "a": 1}', 'c.yaml': 'a: [\n' });
    change(box, { 'own.json': '{"properties": {"a": {"type": "string"}}}' }, 'changed');
    expect(await places(box, { since: 'HEAD~1' })).toEqual(['b.json:1:30 schema-type']);
  });
});

describe('rules', () => {
  it('are rated by the settings', async () => {
    const rules =
      'version: 1\nrules:\n  yaml-number: error\n  yaml-boolean: { except: "b.yaml#x" }\n  case-collision: off\n';
    const box = repositoryWith({
      'cfg.yaml': rules,
      'a.yaml': 'm: 010\nx: yes\n',
      'b.yaml': 'x: yes\nX: 1\n',
    });
    const { valid, problems } = await (await box.open()).validate();
    expect(valid).toBe(false);
    expect(problems.map(({ file, rule, severity }) => [file, rule, severity])).toEqual([
      ['a.yaml', 'yaml-number', 'error'],
      ['a.yaml', 'yaml-boolean', 'warning'],
    ]);
  });

  it('count what is more than a hundred in a file', async () => {
    const text = Array.from({ length: 150 }, (_, index) => `k${index}: 1\nk${index}: 2\n`).join('');
    const { problems } = await (await repositoryWith({ 'a.yaml': text }).open()).validate();
    expect(problems).toHaveLength(101);
    expect(problems.at(-1)).toMatchObject({ rule: 'too-many', message: '50 more problems are not shown' });
    expect(problems[0]?.related).toMatchObject([{ file: 'a.yaml', line: 1, column: 1 }]);
  });
});

it('names the environments that a stack problem is found in', async () => {
  const stack =
    'version: 1\nstacks:\n  app:\n    layers: [base.yaml, "${env}.yaml"]\n    matrix: { env: [dev, prod] }\n    schema: app.json\n';
  const box = repositoryWith({
    'cfg.yaml': stack,
    'app.json': '{"properties": {"n": {"type": "integer"}}}',
    'base.yaml': 'a: 1\n',
    'dev.yaml': 'n: 1\n',
    'prod.yaml': 'n: one\n',
  });
  const { problems } = await (await box.open()).validate();
  expect(problems).toMatchObject([
    {
      file: 'prod.yaml',
      line: 1,
      column: 4,
      endColumn: 7,
      message: "'n' must be a whole number, not a string (stack app: env=prod)",
    },
  ]);
});
