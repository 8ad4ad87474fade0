import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { repositoryWith, type Sandbox } from './sandbox.js';

const settings = `version: 1
schemas:
  - files: services/**
    schema: schemas/service.json
  - files: links/*
    schema: schemas/link.yaml
`;
const schema = JSON.stringify({
  properties: { port: { $ref: 'port.json' }, password: { type: 'string', maxLength: 3 } },
});

/** Enough files that it is worth to keep their answers. */
function manyFiles(): Record<string, string> {
  const files: Record<string, string> = {
    'cfg.yaml': settings,
    'schemas/service.json': schema,
    'schemas/port.json': '{"type": "integer"}',
    'schemas/link.yaml': 'properties:\n  to: { format: cfg-path }\n',
    'links/a.yaml': 'to: services/s0.yaml#port\n',
    'named/a.yaml': '# yaml-language-server: $schema=/schemas/port.json\n5\n',
  };
  for (let at = 0; at < 60; at += 1) files[`services/s${at}.yaml`] = `port: ${at}\nswitch: on\n`;
  return files;
}

const cacheOf = ({ dir }: Sandbox): string => join(dir, '.git/cfg/cache/validate');

async function answer(box: Sandbox): Promise<readonly string[]> {
  const { problems } = await (await box.open()).validate();
  return problems
    .filter(({ rule }) => rule !== 'yaml-boolean')
    .map(({ file, line, rule }) => `${file}:${line} ${rule}`);
}

describe('known answers', () => {
  it('are not checked again: the file is not even read', async () => {
    const box = repositoryWith(manyFiles());
    const repo = await box.open();
    const first = await repo.validate({ revision: 'HEAD' });
    expect(first.problems.filter(({ rule }) => rule === 'yaml-boolean')).toHaveLength(60);
    const oid = box.git('rev-parse', 'HEAD:services/s7.yaml').trim();
    rmSync(join(box.dir, '.git/objects', oid.slice(0, 2), oid.slice(2)));
    expect(await (await box.open()).validate({ revision: 'HEAD' })).toEqual(first);
    rmSync(cacheOf(box), { recursive: true });
    await expect((await box.open()).validate({ revision: 'HEAD' })).rejects.toMatchObject({
      code: 'E_OBJECT_MISSING',
    });
  });

  it.each<[what: string, files: Record<string, string | null>, expected: readonly string[]]>([
    ['the file', { 'services/s3.yaml': 'port: x\n' }, ['services/s3.yaml:1 schema-type']],
    [
      'its schema',
      { 'schemas/service.json': '{"properties": {"port": {"maximum": 58}}}' },
      ['services/s59.yaml:1 schema-maximum'],
    ],
    [
      'what the schema refers to',
      { 'schemas/port.json': '{"type": "integer", "maximum": 58}' },
      ['services/s59.yaml:1 schema-maximum'],
    ],
    ['what it refers to', { 'services/s0.yaml': 'prot: 1\n' }, ['links/a.yaml:1 reference']],
    ['a file that it refers to goes', { 'services/s0.yaml': null }, ['links/a.yaml:1 reference']],
    ['a schema goes', { 'schemas/link.yaml': null }, ['cfg.yaml:6 schema']],
    [
      'the schema that it names',
      { 'schemas/port.json': '{"not": {"const": 5}}' },
      ['named/a.yaml:2 schema-not', 'services/s5.yaml:1 schema-not'],
    ],
    ['the settings', { 'cfg.yaml': settings.replace('services/**', 'schemas/port.json') }, []],
  ])('are looked for again when %s changes', async (_what, files, expected) => {
    const box = repositoryWith(manyFiles());
    expect(await answer(box)).toEqual([]);
    for (const [path, content] of Object.entries(files))
      if (content === null) rmSync(join(box.dir, path));
      else box.write(path, content);
    expect(await answer(box)).toEqual(expected);
    expect(await answer(box)).toEqual(expected);
  });

  it('hold no value of a document', async () => {
    const box = repositoryWith({ ...manyFiles(), 'services/secret.yaml': 'password: hunter2hunter2\n' });
    expect(await answer(box)).toEqual(['services/secret.yaml:1 schema-max-length']);
    const [name = ''] = readdirSync(cacheOf(box));
    const text = readFileSync(join(cacheOf(box), name), 'utf8');
    expect(text).toContain('services/secret.yaml');
    expect(text).not.toContain('hunter2');
  });

  it.each<[how: string, damage: (data: Buffer) => Buffer]>([
    ['empty', () => Buffer.alloc(0)],
    ['cut short', (data) => data.subarray(0, data.length >> 1)],
    ['with a flipped bit', (data) => ((data[data.length >> 1]! ^= 1), data)],
    ['of something else', () => Buffer.from('{"build": null}')],
  ])('do not count where the cache is %s', async (_how, damage) => {
    const box = repositoryWith(manyFiles());
    await answer(box);
    const [name = ''] = readdirSync(cacheOf(box));
    const file = join(cacheOf(box), name);
    const whole = readFileSync(file);
    writeFileSync(file, damage(Buffer.from(whole)));
    expect(await answer(box)).toEqual([]);
    expect(readFileSync(file).equals(whole)).toBe(true);
  });

  it('are not kept for a few files', async () => {
    const box = repositoryWith({ 'a.yaml': 'a: 1\n' });
    await answer(box);
    expect(existsSync(cacheOf(box))).toBe(false);
  });

  it('answer as a check of everything does, whatever changes', async () => {
    const contents: Readonly<Record<string, readonly string[]>> = {
      'cfg.yaml': [settings, `${settings}rules: { yaml-boolean: off }\n`, 'version: 1\n', 'nope: 1\n'],
      'schemas/service.json': [schema, '{"type": "object", "required": ["a"]}', '{"type": 5}'],
      'schemas/port.json': ['{"type": "integer"}', '{"type": "string"}', '{'],
      'schemas/link.yaml': ['properties:\n  to: { format: cfg-path }\n', 'type: object\n'],
      'links/a.yaml': ['to: services/s1.yaml\n', 'to: services/s1.yaml#port\n', 'to: nowhere\n'],
      'services/s1.yaml': ['port: 1\n', 'port: a\n', 'port: [\n', 'prot: off\n'],
    };
    const paths = Object.keys(contents);
    const edit = fc.record({ path: fc.constantFrom(...paths), pick: fc.nat({ max: 4 }) });
    await fc.assert(
      fc.asyncProperty(fc.array(edit, { minLength: 1, maxLength: 4 }), async (edits) => {
        const box = repositoryWith(manyFiles());
        for (const { path, pick } of edits) {
          const content = contents[path]?.[pick];
          if (content === undefined) rmSync(join(box.dir, path), { force: true });
          else box.write(path, content);
          const known = await (await box.open()).validate();
          rmSync(cacheOf(box), { recursive: true, force: true });
          const fresh = await (await box.open()).validate();
          expect(known).toEqual(fresh);
          box.git('add', '-A');
          expect(await (await box.open()).validate({ staged: true, all: true })).toEqual(fresh);
        }
      }),
      { numRuns: process.env['CFG_FULL'] === '1' ? 100 : 2 },
    );
  }, 300_000);
});
