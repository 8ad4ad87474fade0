import { describe, expect, it } from 'vitest';
import { changelog } from '../../src/repo/changelog.js';
import { get } from '../../src/repo/get.js';
import { tag, tags } from '../../src/repo/tag.js';
import { verify } from '../../src/repo/verify.js';
import type { TagOptions } from '../../src/repo/repository.js';
import type { TagAnswer } from '../../src/repo/types.js';
import { GitRepo, type Files } from './git-repo.js';

const make = async (repo: GitRepo, options: TagOptions): Promise<TagAnswer> =>
  tag(await repo.context(), options);

/** Two services, each with a version of its own. */
async function services(): Promise<GitRepo> {
  const repo = new GitRepo();
  repo.commit({ 'services/api/a.yaml': 'k: 1\n', 'services/web/w.yaml': 'k: 1\n' });
  await make(repo, { version: '1.0.0', scope: 'services/api/' });
  await make(repo, { version: 'services/web@2.0.0' });
  await make(repo, { version: '5.0.0' });
  repo.commit({ 'services/api/a.yaml': 'k: 1\nl: 2\n' });
  return repo;
}

describe('versions of a folder', () => {
  it('count only what is in it', async () => {
    const repo = await services();
    expect(await make(repo, { bump: 'auto', scope: 'services/api' })).toMatchObject({
      tag: 'services/api@1.1.0',
      version: '1.1.0',
      scope: 'services/api',
      reasons: [{ bump: 'minor', reason: 'services/api/a.yaml#l was added' }],
    });
    await expect(make(repo, { bump: 'auto', scope: 'services/web' })).rejects.toMatchObject({
      hint: expect.stringMatching(/: cfg tag --bump patch --scope services\/web$/),
      code: 'E_NOTHING_TO_DO',
    });
    expect(await make(repo, { bump: 'auto' })).toMatchObject({ tag: 'v5.1.0' });
    await expect(make(repo, { version: '1.1.0', scope: 'services/api' })).rejects.toMatchObject({
      code: 'E_EXISTS',
      details: { tag: 'services/api@1.1.0' },
    });
    expect(repo.git('fsck', '--strict')).toBe('');
  });

  it('are listed, named and verified by themselves', async () => {
    const repo = await services();
    await make(repo, { bump: 'auto', scope: 'services/api', pre: 'rc' });
    const context = await repo.context();
    const names = async (...args: readonly [string?, string?]): Promise<readonly string[]> => {
      const [range, scope] = args;
      const { tags: found } = await tags(context, range, scope === undefined ? {} : { scope });
      return found.map((one) => one.tag);
    };
    const all = ['v5.0.0', 'services/api@1.1.0-rc.1', 'services/api@1.0.0', 'services/web@2.0.0'];
    expect(await names()).toEqual(all);
    expect(await names('^5')).toEqual(['v5.0.0']);
    expect(await names('services/api@^1')).toEqual(['services/api@1.0.0']);
    expect(await names(undefined, 'services/web')).toEqual(['services/web@2.0.0']);
    expect(await get(context, 'services/api@^1:services/api/a.yaml#k')).toMatchObject({ value: 1 });
    const answer = { tag: 'services/api@1.0.0', ok: true };
    expect(await verify(context, 'services/api@1.0.0')).toMatchObject(answer);
    expect(await verify(context, '1.0.0', { scope: 'services/api' })).toMatchObject(answer);
    expect(await verify(context, 'services/api@^1.0.0 <1.0.1')).toMatchObject(answer);
  });

  it('are refused for what is no folder', async () => {
    const repo = await services();
    for (const scope of ['services/nope', 'services/api/a.yaml'])
      await expect(make(repo, { version: '1.0.0', scope })).rejects.toMatchObject({
        code: 'E_FILE_NOT_FOUND',
      });
  });
});

describe('a schema', () => {
  const settings = 'version: 1\nschemas:\n  - {files: "*.yaml", schema: s.json}\n';
  it.each([
    [
      '{"required": ["a"]}',
      '{"required": ["a", "b"]}',
      '2.0.0',
      'major: the schema s.json#required became stricter',
    ],
    ['{"required": ["a"]}', '{}', '1.1.0', 'minor: the schema s.json#required allows more'],
    ['{"title": "a"}', '{"title": "b"}', '1.0.1', 'patch: the schema s.json changed'],
  ])('from %s to %s', async (before, after, version, reason) => {
    const repo = new GitRepo();
    repo.commit({ 'cfg.yaml': settings, 's.json': before });
    await make(repo, { version: '1.0.0' });
    repo.commit({ 's.json': after });
    expect(await make(repo, { bump: 'auto' })).toMatchObject({ version, reason });
  });
});

describe('a schema in several files', () => {
  const settings = 'version: 1\nschemas:\n  - {files: "a.yaml", schema: schemas/s.json}\n';
  const root = '{"properties": {"port": {"$ref": "defs.json#/$defs/port"}, "other": {"$ref": "whole.json"}}}';
  const defs = (port: string): string => `{"$defs": {"port": ${port}}}`;
  const first = {
    'cfg.yaml': settings,
    'a.yaml': 'port: 1\n',
    'schemas/s.json': root,
    'schemas/defs.json': defs('{"type": "integer", "minimum": 1}'),
    'schemas/whole.json': '{"type": "string"}',
  };

  it.each<[string, Files, string, string | undefined]>([
    [
      'stricter in a file that it refers to',
      { 'schemas/defs.json': defs('{"type": "integer", "minimum": 1, "maximum": 9}') },
      '2.0.0',
      'major: the schema schemas/s.json#properties.port.maximum became stricter',
    ],
    [
      'looser in a file that it refers to',
      { 'schemas/defs.json': defs('{"type": ["integer", "string"], "minimum": 1}') },
      '1.1.0',
      'minor: the schema schemas/s.json#properties.port.type allows more',
    ],
    [
      'with a definition more that nothing refers to',
      { 'schemas/defs.json': '{"$defs": {"port": {"type": "integer", "minimum": 1}, "x": false}}' },
      '1.0.1',
      'patch: the schema schemas/defs.json changed',
    ],
    [
      'that refers to another name of the same file',
      {
        'schemas/defs.json': null,
        'schemas/d2.json': first['schemas/defs.json'],
        'schemas/s.json': root.replace('defs.json', 'd2.json'),
      },
      '1.0.1',
      'patch: schemas/defs.json was renamed to schemas/d2.json',
    ],
    [
      'that says itself what it referred to',
      {
        'schemas/defs.json': null,
        'schemas/s.json': root.replace(
          '{"$ref": "defs.json#/$defs/port"}',
          '{"type": "integer", "minimum": 1}',
        ),
      },
      '1.0.1',
      'patch: schemas/defs.json was removed',
    ],
    [
      'under another name',
      {
        'schemas/s.json': null,
        'schemas/t.json': root,
        'cfg.yaml': settings.replace('s.json', 't.json'),
      },
      '1.0.1',
      'patch: cfg.yaml#schemas[0].schema changed',
    ],
    [
      'that is another file beside demands of its own',
      { 'schemas/s.json': root.replace('"whole.json"', '"whole.json", "minLength": 1') },
      '2.0.0',
      'major: the schema schemas/s.json#properties.other.minLength became stricter',
    ],
  ])('%s', async (_name, change, version, reason) => {
    const repo = new GitRepo();
    repo.commit(first);
    await make(repo, { version: '1.0.0' });
    repo.commit(change);
    expect(await make(repo, { bump: 'auto' })).toMatchObject({ version, reason });
  });

  it('has its changes in the changelog, whole files by their names', async () => {
    const repo = new GitRepo();
    repo.commit(first);
    await make(repo, { version: '1.0.0' });
    repo.commit({ 'schemas/defs.json': defs('{"type": "integer", "minimum": 2}') });
    const { markdown } = await changelog(await repo.context(), 'v1.0.0..');
    expect(markdown).toContain(
      '### Breaking\n\n- the schema `schemas/s.json#properties.port.minimum` became stricter\n',
    );
    expect(markdown).toContain('### Changed\n\n- the schema `schemas/defs.json` changed\n');
  });
});

describe('a rule of cfg.yaml that files satisfy a schema', () => {
  const rules = (...pairs: readonly string[]): string =>
    `version: 1\nschemas: [${pairs.join(', ')}]\nstacks: { app: { layers: [a.yaml] } }\n`;
  const all = '{files: "*.yaml", schema: s.json}';
  it.each([
    ['is new', rules(), rules(all), '2.0.0', 'major: a.yaml and 1 more must satisfy s.json now'],
    ['goes', rules(all), rules(), '1.1.0', 'minor: a.yaml and 1 more need not satisfy s.json any more'],
    [
      'names a copy',
      rules(all),
      rules('{files: "*.yaml", schema: copy.json}'),
      '1.0.1',
      'patch: cfg.yaml#schemas[0]',
    ],
    [
      'names a stricter one',
      rules(all),
      rules('{files: "*.yaml", schema: t.json}'),
      '2.0.0',
      'major: a.yaml and 1 more must satisfy t.json now',
    ],
    [
      'names one that allows more',
      rules('{files: "*.yaml", schema: t.json}'),
      rules(all),
      '1.1.0',
      'minor: a.yaml and 1 more need not satisfy t.json',
    ],
    [
      'is written otherwise',
      rules(all),
      rules('{files: "{a,b,cfg}.yaml", schema: s.json}'),
      '1.0.1',
      'patch: cfg.yaml#schemas[0]',
    ],
    [
      'is of files that were not there',
      rules(),
      rules('{files: "new/*.yaml", schema: s.json}'),
      '1.0.1',
      'patch: cfg.yaml#schemas',
    ],
    [
      'is of a stack',
      rules(),
      rules().replace('[a.yaml]', '[a.yaml], schema: s.json'),
      '2.0.0',
      'major: the stack app must satisfy s.json now',
    ],
  ])('that %s', async (_, before, after, version, reason) => {
    const repo = new GitRepo();
    const schemas = {
      's.json': '{"type": "object"}',
      'copy.json': '{"type": "object"}',
      't.json': '{"type": "object", "required": ["k"]}',
    };
    repo.commit({ 'cfg.yaml': before, 'a.yaml': 'k: 1\n', ...schemas });
    await make(repo, { version: '1.0.0' });
    repo.commit({ 'cfg.yaml': after });
    expect(await make(repo, { bump: 'auto' })).toMatchObject({
      version,
      reason: expect.stringContaining(reason),
    });
  });
});

describe('changelog', () => {
  it('has no value that a schema marks as secret', async () => {
    const repo = new GitRepo();
    const schema = JSON.stringify({ properties: { pin: { writeOnly: true } } });
    repo.commit({
      'cfg.yaml': 'schemas: [{ files: "*.yaml", schema: s.json }]\n',
      's.json': schema,
      'a.yaml': 'pin: old-canary\nk: 1\n',
    });
    await make(repo, { version: '1.0.0' });
    repo.commit({ 'a.yaml': 'pin: new-canary\nk: 2\n' });
    const { markdown } = await changelog(await repo.context());
    expect(markdown).toContain('`k` changed from `1` to `2`');
    expect(markdown).toContain('`pin` changed from `"***"` to `"***"`');
  });

  it('has a section for each release, what is breaking first', async () => {
    const repo = new GitRepo();
    repo.commit({ 'a.yaml': 'k: 1\ngone: x\n' });
    await make(repo, { version: '1.0.0' });
    repo.commit({ 'a.yaml': 'k: 2\nnew: [1]\n', 'notes.txt': 'n\n' });
    await make(repo, { bump: 'auto', pre: 'rc' });
    await make(repo, { bump: 'auto' });
    repo.commit({ 'a.yaml': 'k: "2"\nnew: [1]\npassword: hunter2\n' });
    const context = await repo.context();
    const { markdown, releases } = await changelog(context);
    expect(markdown).toBe(`# Changelog

## Unreleased

### Breaking

- \`a.yaml\`: \`k\` changed from \`2\` to \`"2"\`, another type

### Added

- \`a.yaml\`: \`password\` was added: \`"***"\`

## v2.0.0 (2023-11-15)

### Breaking

- \`a.yaml\`: \`gone\` was removed, it was \`"x"\`

### Added

- \`a.yaml\`: \`new\` was added: \`[1]\`

### Changed

- \`a.yaml\`: \`k\` changed from \`1\` to \`2\`
- \`notes.txt\` was added

## v1.0.0 (2023-11-15)

### Added

- \`a.yaml\` was added
`);
    expect(JSON.stringify(releases)).not.toContain('hunter2');
    expect(releases.map(({ tag: name, bump }) => [name, bump])).toEqual([
      [null, 'major'],
      ['v2.0.0', 'major'],
      ['v1.0.0', 'minor'],
    ]);
    const since = await changelog(context, 'v1.0.0..v2.0.0');
    expect(since.releases.map((one) => one.tag)).toEqual(['v2.0.0']);
  });

  it('of nothing is empty', async () => {
    expect(await changelog(await new GitRepo().context())).toEqual({
      releases: [],
      markdown: '# Changelog\n',
    });
  });
});
