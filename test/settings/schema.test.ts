import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { describe, expect, it } from 'vitest';
import { isMap, parseDocument, valueOf, type ConfigObject, type ConfigValue } from '../../src/doc/index.js';
import { isConfigError } from '../../src/errors.js';
import { switchableRules } from '../../src/lint/index.js';
import { compileSchema } from '../../src/schema/index.js';
import { conflictStrategies, parseSettings } from '../../src/settings/index.js';

const project = join(import.meta.dirname, '../..');
const shipped: ConfigValue = JSON.parse(readFileSync(join(project, 'schemas/cfg.schema.json'), 'utf8'));
const schema = compileSchema(shipped, { id: 'schemas/cfg.schema.json' });

/** Whether the program takes a `cfg.yaml`, and whether the schema does. */
function verdicts(text: string): { readonly program: boolean; readonly schema: boolean } {
  return { program: isAccepted(text), schema: schema.check(valueOf(parseDocument(text))).length === 0 };
}

function isAccepted(text: string): boolean {
  try {
    parseSettings(text);
    return true;
  } catch (error) {
    if (isConfigError(error, 'E_SETTINGS')) return false;
    throw error;
  }
}

/** Every key there is. */
const everything = {
  version: 1,
  root: 'deploy/config',
  files: ['**/*.yaml', '!old/**'],
  schemas: [{ files: 'services/*.yaml', schema: 's.json' }],
  rules: {
    ...Object.fromEntries(switchableRules.map((id) => [id, 'off'])),
    'plain-secret': { level: 'error', except: ['test/**'] },
    'yaml-boolean': { except: 'a.yaml' },
  },
  branches: {
    main: { protection: 'strict', approvals: { count: 2, signed: true }, signed: true },
    next: { protection: 'strict', approvals: 0 },
    'release/*': { protection: 'standard', signed: false },
    dev: { protection: 'none' },
  },
  merge: {
    lists: [
      { at: '**#a', key: 'name' },
      { at: '**#b', key: ['port', 'protocol'] },
      { at: '**#c', set: true },
      { at: '**#d', atomic: true },
    ],
    strategies: conflictStrategies.map((use) => ({ at: '**#image.tag', use })),
    comments: 'strict',
  },
  stacks: {
    app: {
      layers: [
        'base.yaml',
        { file: 'a.yaml', optional: true, priority: 2, strategy: 'override', timeout: '2s', retries: 3 },
        { folder: 'conf.d' },
        { glob: 'conf/*.yaml' },
        { env: 'APP_', files: true },
        { git: 'v1:a.yaml?' },
        { http: '${env:CONFIG_URL}/a.yaml' },
        { http: 'https://h/${env}', format: 'json', headers: { a: '${env:T}' }, cache: false, every: '1m' },
        { sql: '${env:DB}', query: 'q', parameters: ['${env}'], every: '500ms' },
        { value: { a: 1 }, name: 'built in' },
        { failover: ['a.yaml', { file: 'b.yaml' }] },
      ],
      interpolate: true,
      strategy: 'merge',
      lists: [
        { at: 'hosts', use: 'append' },
        { at: 'containers', key: ['name'] },
      ],
      schema: 'app.json',
      matrix: { env: ['dev', 'prod'], shard: [1, true] },
    },
  },
} satisfies ConfigObject;

/** What is put in the place of every value. */
const others: readonly ConfigValue[] = [
  null,
  true,
  false,
  0,
  1,
  -1,
  1.5,
  '',
  'zzz',
  '${',
  [],
  [null],
  ['a'],
  {},
  { zzz: 1 },
];

/** A value with each of its parts, one at a time, replaced, removed or joined by a key that nobody knows. */
function* variants(value: ConfigValue): Generator<ConfigValue> {
  yield* others;
  if (Array.isArray(value)) {
    for (const [at, item] of value.entries()) for (const other of variants(item)) yield value.with(at, other);
  } else if (isMap(value)) {
    yield { ...value, zzz: 1 };
    for (const [key, child] of Object.entries(value)) {
      yield Object.fromEntries(Object.entries(value).filter(([name]) => name !== key));
      for (const other of variants(child ?? null)) yield { ...value, [key]: other };
    }
  }
}

describe('schemas/cfg.schema.json', () => {
  it('takes every key, and knows each of them', () => {
    expect(verdicts(JSON.stringify(everything))).toEqual({ program: true, schema: true });
  });

  it('takes and refuses what the program does, whatever is changed', () => {
    const { stacks, ...rest } = everything;
    const { layers, ...stack } = stacks.app;
    // One at a time: the text is short, and nothing else can be what is wrong.
    const parts: readonly ConfigValue[] = [
      ...Object.entries(rest).map(([key, value]) => ({ [key]: value })),
      ...Object.entries(stack).map(([key, value]) => ({ stacks: { app: { layers: [], [key]: value } } })),
      ...layers.map((layer) => ({ stacks: { app: { layers: [layer] } } })),
    ];
    const all = [
      ...new Set(parts.flatMap((part) => [...variants(part)].map((value) => JSON.stringify(value)))),
    ];
    const judged = all.map((text) => ({ text, ...verdicts(text) }));
    expect(judged.filter(({ program, schema: said }) => program !== said)).toEqual([]);
    const accepted = judged.filter(({ program }) => program).length;
    expect(accepted).toBeGreaterThan(200);
    expect(all.length - accepted).toBeGreaterThan(1000);
  });

  const inStack = (layer: ConfigValue): string => JSON.stringify({ stacks: { a: { layers: [layer] } } });
  it.each([
    '',
    'version: 2',
    'rules: { syntax: off }',
    'branches: { main: { protection: basic, approvals: 1 } }',
    'branches: { main: { protection: none, signed: true } }',
    'branches: { main: { signed: true } }',
    'merge: { lists: [{ at: a, key: b, set: true }] }',
    'stacks: { a: { layers: [a], lists: [{ at: x, use: append, key: y }] } }',
    ...['conf', 'conf/', 'a/b', '.hidden/a', '..a', '.', '..', '/a', 'a//b', 'a/../b', 'a/*', 'a#b'].map(
      (root) => JSON.stringify({ root }),
    ),
    ...[
      'a?',
      '?',
      'c:/x',
      'dir/a:b',
      'ftp://x',
      'ENV:A',
      'env:',
      'env:A_${b}',
      'env:${env:A}',
      'git:v1',
      'git::a',
    ]
      .concat([
        'git:v:',
        'git:v:?',
        'git:v:a?',
        'git:${r}:${p}',
        'https://h/${env:T}',
        'http:',
        'a${b}',
        'a${b',
        '${1}',
      ])
      .concat(['{a,b}.yaml', 'a\n${', '${env:A}'])
      .concat([
        '../a',
        '../a?',
        'a/../b',
        '/a',
        'a//b',
        'a//',
        '.',
        './',
        '././',
        './a',
        './.',
        './?',
        '..?',
        '..a',
      ])
      .concat([
        '.git/a',
        '.GIT',
        'a/.git?',
        '.gitx',
        '../a/',
        '../*.yaml',
        'a*/',
        '${b}/..',
        '.${b}',
        '${b}/a/?',
      ])
      .concat(['git:v:../a', 'git:v:a/..?', 'git:v:./a', '/', '//', 'a??', 'a/.?'])
      .map(inStack),
    ...['5', '5s', '0s', '00m', '1.5s', '1h', '1d', ' 1s', '1s\n'].map((timeout) =>
      inStack({ file: 'a', timeout }),
    ),
    ...[
      { file: 'a', env: 'B' },
      { optional: true },
      { http: 'ftp://x' },
      { http: '${env}/a.yaml' },
      { git: 'v1' },
      { git: 'v1:?' },
      { git: ':a' },
      { git: 'v:../a?' },
      { file: '../a' },
      { file: 'a?' },
      { folder: 'a/' },
      { folder: '..' },
      { glob: 'a/../*' },
      { failover: ['a', '../a'] },
    ].map(inStack),
    ...[{ sql: 'x' }, { failover: [] }, { value: [] }, { file: 'a', query: 'q' }].map(inStack),
  ])('judges %j as the program does', (text) => {
    const { program, schema: said } = verdicts(text);
    expect(said).toBe(program);
  });

  it('has the rules that can be switched', () => {
    const known = schema.check({ rules: Object.fromEntries(switchableRules.map((id) => [id, 'off'])) });
    expect(known).toEqual([]);
  });
});

type Keys = Readonly<Record<string, { readonly default?: ConfigValue; readonly description?: string }>>;

/** The properties at a path of the schema, references followed. */
function keysAt(...path: readonly string[]): Keys {
  const found = path.reduce<ConfigValue>((at, key) => (isMap(at) ? (at[key] ?? null) : null), shipped);
  if (!isMap(found)) throw new Error(`the schema has no ${path.join('/')}`);
  return found as Keys;
}

function table(keys: Keys, required: readonly string[] = []): string {
  const rows = Object.entries(keys).map(([key, { default: value, description }]) => {
    const otherwise =
      value === undefined ? 'none' : `\`${typeof value === 'string' ? value : JSON.stringify(value)}\``;
    return `| \`${key}\` | ${required.includes(key) ? 'required' : otherwise} | ${description ?? ''} |`;
  });
  return ['| key | default | meaning |', '| --- | --- | --- |', ...rows].join('\n');
}

function tables(): Readonly<Record<string, string>> {
  const ofMerge = Object.entries(keysAt('properties', 'merge', 'properties'));
  const top = Object.entries(keysAt('properties')).flatMap(([key, value]) =>
    key === 'merge'
      ? ofMerge.map(([name, inner]) => [`merge.${name}`, inner] as const)
      : [[key, value] as const],
  );
  return {
    settings: table(Object.fromEntries(top)),
    branches: table(keysAt('definitions', 'branchRule', 'properties'), ['protection']),
    stacks: table(keysAt('definitions', 'stack', 'properties'), ['layers']),
  };
}

describe('docs/settings.md', () => {
  const file = join(project, 'docs/settings.md');

  it('has the tables that the schema says', async () => {
    const before = readFileSync(file, 'utf8');
    const made = tables();
    const filled = before.replaceAll(
      /(<!-- keys of (\w+) -->\n)[\s\S]*?(\n<!-- end -->)/g,
      (_, head: string, name: string, end: string) => `${head}\n${made[name] ?? ''}\n${end}`,
    );
    const page = await format(filled, { ...(await resolveConfig(file)), filepath: file });
    if (process.env['UPDATE_DOCS'] === '1') writeFileSync(file, page);
    for (const name of Object.keys(made)) expect(before).toContain(`<!-- keys of ${name} -->`);
    expect(readFileSync(file, 'utf8')).toBe(page);
  });

  it('or the page on layers names every key', () => {
    const text = `${readFileSync(file, 'utf8')}${readFileSync(join(project, 'docs/layers.md'), 'utf8')}`;
    const words = new Set(text.match(/[\w-]+/g));
    const keys = allKeys(shipped).filter((key) => !switchableRules.includes(key));
    expect(keys).toContain('parameters');
    expect(keys.filter((key) => !words.has(key))).toEqual([]);
  });

  it('states the defaults that the program has', () => {
    const { files, merge, version, stacks, branches } = parseSettings(
      'stacks: { a: { layers: [{ file: a }] } }\nbranches: { main: { protection: strict } }\n',
    );
    const [stack, rule] = [stacks.get('a'), branches[0]];
    const defaultsOf = (...path: readonly string[]): ConfigObject =>
      Object.fromEntries(
        Object.entries(keysAt(...path)).flatMap(([key, { default: value }]) =>
          value === undefined ? [] : [[key, value]],
        ),
      );
    expect(defaultsOf('properties')).toEqual({ version, files });
    expect(defaultsOf('properties', 'merge', 'properties')).toEqual({ comments: merge.comments });
    expect(defaultsOf('definitions', 'stack', 'properties')).toEqual({
      strategy: stack?.strategy,
      interpolate: stack?.interpolate,
    });
    expect(defaultsOf('definitions', 'branchRule', 'properties')).toEqual({
      approvals: rule?.approvals,
      signed: rule?.signed ?? false,
    });
    const [layer] = stack?.layers ?? [];
    expect(defaultsOf('definitions', 'fileLayer', 'properties')).toEqual({
      optional: layer?.optional,
      priority: layer?.priority,
    });
  });
});

/** Every key of a `cfg.yaml` that the schema knows. */
function allKeys(part: ConfigValue): readonly string[] {
  if (Array.isArray(part)) return part.flatMap(allKeys);
  if (!isMap(part)) return [];
  const own = isMap(part['properties'] ?? null) ? Object.keys(keysOf(part['properties'] ?? null)) : [];
  return [...own, ...Object.values(part).flatMap((child) => allKeys(child ?? null))];
}

function keysOf(value: ConfigValue): ConfigObject {
  return isMap(value) ? value : {};
}
