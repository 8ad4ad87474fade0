import { describe, expect, it } from 'vitest';
import { isConfigError } from '../../src/errors.js';
import { isConfigFile, parseSettings, type Settings } from '../../src/settings/index.js';

const full = `version: 1
files: ["**/*.{yaml,yml,json,ini}"]
schemas:
  - files: services/*.yaml
    schema: schemas/service.schema.json
rules:
  yaml-boolean: off
  byte-order-mark: error
  plain-secret: { level: error, except: ["test/**", "**#auth.token"] }
  case-collision: { except: "**#headers" }
branches:
  main:        { protection: strict, approvals: 2 }
  release/*:   { protection: standard }
  2024:        { protection: strict }
merge:
  lists:
    - at: "services/*.yaml#containers"
      key: name
    - at: "**#ports"
      key: [port, protocol]
    - at: "**#allowed_hosts"
      set: true
    - at: "**#args"
      atomic: true
  strategies:
    - at: "**#image.tag"
      use: newest
  comments: strict
stacks:
  app:
    layers:
      - base.yaml
      - env/\${env}.yaml
      - local.yaml?
      - env:APP_
      - git:v1.2.0:\${env}/old.yaml?
    strategy: override
    lists:
      - at: hosts
        use: append
      - at: containers
        key: name
    schema: schemas/app.schema.json
    matrix: { env: [dev, staging, prod], shard: [1, 2] }
`;

interface Failure {
  readonly message: string;
  readonly hint: string | undefined;
}

function failureOf(text: string, file?: string): Failure {
  try {
    parseSettings(text, file);
  } catch (error) {
    if (isConfigError(error, 'E_SETTINGS')) return { message: error.message, hint: error.hint };
    throw error;
  }
  throw new Error('nothing was thrown');
}

describe('parseSettings', () => {
  it('reads every form of a layer', () => {
    const { stacks } = parseSettings(`stacks:
  app:
    interpolate: true
    layers:
      - conf.d/
      - conf/*.yaml?
      - "https://h/\${env}.yaml?"
      - { file: a.yaml, optional: true, priority: -1, strategy: override, timeout: 2s, retries: 3 }
      - { git: "v1:a.yaml?" }
      - { env: APP_, files: true }
      - { http: "https://h/a", format: json, headers: { a: "\${env:T}" }, cache: false, every: 1m }
      - { sql: "\${env:DB}", query: q, parameters: ["\${env}"] }
      - { value: { a: 1 }, name: built in }
      - { failover: [a.yaml, b.yaml] }
`);
    expect(stacks.get('app')?.interpolate).toBe(true);
    expect(stacks.get('app')?.layers).toMatchObject([
      { kind: 'folder', text: 'conf.d/', path: ['conf.d'] },
      { kind: 'glob', path: ['conf/*.yaml'], optional: true },
      { kind: 'http', url: ['https://h/', { variable: 'env' }, '.yaml'], optional: true },
      { kind: 'file', optional: true, priority: -1, strategy: 'override', timeoutMs: 2000, retries: 3 },
      { kind: 'git', text: 'git:v1:a.yaml?', revision: ['v1'], path: ['a.yaml'], optional: true },
      { kind: 'env', text: 'env:APP_', files: true },
      {
        kind: 'http',
        format: 'json',
        headers: new Map([['a', [{ variable: 'env:T' }]]]),
        cache: false,
        everyMs: 60_000,
      },
      { kind: 'sql', connection: [{ variable: 'env:DB' }], query: 'q', parameters: [[{ variable: 'env' }]] },
      { kind: 'value', text: 'built in', value: { a: 1 } },
      { kind: 'failover', text: 'a.yaml | b.yaml', layers: [{ path: ['a.yaml'] }, { path: ['b.yaml'] }] },
    ]);
  });

  it('reads every key', () => {
    expect(parseSettings(full)).toEqual({
      version: 1,
      root: '',
      files: ['**/*.{yaml,yml,json,ini}'],
      schemas: [{ files: 'services/*.yaml', schema: 'schemas/service.schema.json' }],
      rules: new Map([
        ['yaml-boolean', { level: 'off', except: [] }],
        ['byte-order-mark', { level: 'error', except: [] }],
        ['plain-secret', { level: 'error', except: ['test/**', '**#auth.token'] }],
        ['case-collision', { level: 'warning', except: ['**#headers'] }],
      ]),
      branches: [
        { pattern: 'main', protection: 'strict', approvals: 2 },
        { pattern: 'release/*', protection: 'standard', approvals: 0 },
        { pattern: '2024', protection: 'strict', approvals: 1 },
      ],
      merge: {
        lists: [
          { at: 'services/*.yaml#containers', kind: 'key', fields: ['name'] },
          { at: '**#ports', kind: 'key', fields: ['port', 'protocol'] },
          { at: '**#allowed_hosts', kind: 'set' },
          { at: '**#args', kind: 'atomic' },
        ],
        strategies: [{ at: '**#image.tag', use: 'newest' }],
        comments: 'strict',
      },
      stacks: new Map([
        [
          'app',
          {
            name: 'app',
            layers: [
              { kind: 'file', text: 'base.yaml', path: ['base.yaml'], optional: false, priority: 0 },
              {
                kind: 'file',
                text: 'env/${env}.yaml',
                path: ['env/', { variable: 'env' }, '.yaml'],
                optional: false,
                priority: 0,
              },
              { kind: 'file', text: 'local.yaml?', path: ['local.yaml'], optional: true, priority: 0 },
              { kind: 'env', text: 'env:APP_', prefix: ['APP_'], optional: true, priority: 0 },
              {
                kind: 'git',
                text: 'git:v1.2.0:${env}/old.yaml?',
                revision: ['v1.2.0'],
                path: [{ variable: 'env' }, '/old.yaml'],
                optional: true,
                priority: 0,
              },
            ],
            strategy: 'override',
            lists: [
              { at: 'hosts', use: 'append' },
              { at: 'containers', use: 'key', fields: ['name'] },
            ],
            interpolate: false,
            schema: 'schemas/app.schema.json',
            matrix: new Map([
              ['env', ['dev', 'staging', 'prod']],
              ['shard', ['1', '2']],
            ]),
          },
        ],
      ]),
    } satisfies Settings);
  });

  it.each([[undefined], [''], ['# nothing yet\n'], ['version: 1\n']])('gives the defaults for %j', (text) => {
    expect(parseSettings(text)).toEqual({
      version: 1,
      root: '',
      files: ['**/*.{yaml,yml,json,ini}'],
      schemas: [],
      rules: new Map(),
      branches: [],
      merge: { lists: [], strategies: [], comments: 'soft' },
      stacks: new Map(),
    });
  });

  it.each<[string, string, string?]>([
    ['a: [', 'cfg.yaml:1:'],
    ['- a\n', 'cfg.yaml:1:1: the settings must be a map'],
    ['version: 2\nfuture: true\n', "cfg.yaml:1:10: 'version' is newer than this cfg knows (1)", 'update cfg'],
    ['version: one\n', "cfg.yaml:1:10: 'version' must be 1"],
    ['shcemas: []\n', "cfg.yaml:1:1: 'shcemas' is not a setting that cfg knows", "did you mean 'schemas'?"],
    ['rules: { syntax: off }\n', "cfg.yaml:1:10: 'rules.syntax' is always an error and cannot be switched"],
    [
      'rules: { plain-secrt: off }\n',
      "'rules.plain-secrt' is not a rule that cfg knows",
      "did you mean 'plain-secret'?",
    ],
    ['rules: { deprecated: loud }\n', "'rules.deprecated' must be one of off, warning, error"],
    ['rules: { deprecated: { lvel: off } }\n', "'rules.deprecated.lvel' is not", "did you mean 'level'?"],
    [
      'zzz: 1\n',
      "cfg.yaml:1:1: 'zzz' is not",
      'known keys: version, root, files, schemas, rules, branches, merge, stacks',
    ],
    ['files: [1]\n', "cfg.yaml:1:9: 'files[0]' must be a string that is not empty"],
    ['schemas:\n  - files: a\n', "cfg.yaml:2:5: 'schemas[0]' needs the key 'schema'"],
    ['schemas: {}\n', "cfg.yaml:1:10: 'schemas' must be a list"],
    ['branches:\n  main: strict\n', "cfg.yaml:2:9: 'branches.main' must be a map"],
    [
      'branches:\n  main: { protection: stirct }\n',
      "cfg.yaml:2:23: 'branches.main.protection' must be one of",
      "did you mean 'strict'?",
    ],
    [
      'branches: { main: { protection: strict, approvals: -1 } }',
      "'branches.main.approvals' must be a whole number",
    ],
    ['branches: { main: { protection: basic, approvals: 1 } }', "counts only with 'protection: strict'"],
    [
      'branches: { main: { protection: basic, approvals: { signed: true } } }',
      "counts only with 'protection: strict'",
    ],
    [
      'branches: { main: { protection: strict, approvals: { count: x } } }',
      "'branches.main.approvals.count' must be a whole number",
    ],
    [
      'branches: { main: { protection: strict, approvals: { sign: true } } }',
      "'branches.main.approvals.sign' is not a setting",
    ],
    [
      'branches: { main: { protection: strict, signed: yes } }',
      "'branches.main.signed' must be true or false",
    ],
    ['branches: { main: { protection: none, signed: true } }', "counts only with a protection above 'none'"],
    ['merge: { lists: [{ at: a, key: b, set: true }] }', "'merge.lists[0]' takes exactly one of"],
    ['merge: { lists: [{ at: a, set: false }] }', "'merge.lists[0].set' must be true"],
    ['merge: { strategies: [{ at: a, use: mine }] }', 'must be one of manual, ours'],
    ['stacks: { a: {} }', "'stacks.a' needs the key 'layers'"],
    ['stacks: { a: { layers: [1] } }', "'stacks.a.layers[0]' must be a string"],
    [
      'stacks: { a: { layers: ["ftp://x/y"] } }',
      "'stacks.a.layers[0]' has the unknown source 'ftp:'",
      'known sources',
    ],
    ['stacks: { a: { layers: ["gti:v1:a"] } }', "has the unknown source 'gti:'", "did you mean 'git:'?"],
    ['stacks: { a: { layers: ["env:"] } }', 'needs a prefix'],
    ['stacks: { a: { layers: [{ optional: true }] } }', 'needs one of the keys file, folder, glob'],
    ['stacks: { a: { layers: [{ file: a, env: B_ }] } }', 'needs one of the keys file, folder, glob'],
    ['stacks: { a: { layers: [{ file: a, query: b }] } }', "'stacks.a.layers[0].query' is not a setting"],
    [
      'stacks: { a: { layers: [{ file: a, timeout: 5 }] } }',
      'must be a duration',
      'as in 500ms, 5s, 2m or 1h',
    ],
    ['stacks: { a: { layers: [{ file: a, optional: "yes" }] } }', 'must be true or false'],
    ['stacks: { a: { layers: [{ file: a, priority: x }] } }', 'must be a whole number'],
    ['stacks: { a: { layers: [{ http: "ftp://x" }] } }', 'must begin with https:// or http://'],
    ['stacks: { a: { layers: [{ sql: x }] } }', "needs the key 'query'"],
    ['stacks: { a: { layers: [{ failover: [] }] } }', 'needs at least one layer'],
    [
      'stacks: { a: { layers: [{ failover: [{ file: 1 }] }] } }',
      "'stacks.a.layers[0].failover[0].file' must be a string",
    ],
    ['stacks: { a: { layers: [{ value: 1 }] } }', "'stacks.a.layers[0].value' must be a map"],
    ['stacks: { a: { layers: ["git:v1"] } }', 'is no revision and path'],
    ['stacks: { a: { layers: ["?"] } }', 'names no file'],
    ['stacks: { a: { layers: ["../x.yaml?"] } }', "'stacks.a.layers[0]' is not a path inside of the folder"],
    ['stacks: { a: { layers: [{ file: /x }] } }', "'stacks.a.layers[0].file' is not a path inside"],
    ['stacks: { a: { layers: ["a${b"] } }', 'has a broken placeholder'],
    ['stacks: { a: { layers: ["${1}"] } }', 'has a broken placeholder'],
    ['stacks: { a: { layers: ["${env:A}"] } }', 'has a broken placeholder'],
    ['stacks: { a: { layers: ["a"], matrix: { env: dev } } }', "'stacks.a.matrix.env' must be a list"],
    [
      'stacks: { a: { layers: ["a"], lists: [{ at: x, use: append, key: y }] } }',
      "takes either 'use' or 'key'",
    ],
    ['zzz: 1\nversion: 1\nfiles: 1\n', '(and 1 more)'],
  ])('refuses %j', (text, message, hint) => {
    const failure = failureOf(text);
    expect(failure.message).toContain(message);
    expect(failure.hint).toContain(hint ?? '');
  });

  it.each(['- a\n', 'branches:\n  main: strict\n'])('tells once what is no map: %j', (text) => {
    expect(failureOf(text).message).not.toContain('more)');
  });

  it('names the file as it is told to', () => {
    expect(failureOf('zzz: 1', 'main:cfg.yaml').message).toMatch(/^main:cfg\.yaml:1:1: /);
  });

  it('takes a drive-like letter and a name with a colon later on for a path', () => {
    const { stacks } = parseSettings('stacks: { a: { layers: ["dir/a:b.yaml"] } }');
    expect(stacks.get('a')?.layers).toMatchObject([{ kind: 'file', path: ['dir/a:b.yaml'] }]);
  });

  it('keeps prototype names as names', () => {
    const { stacks, branches } = parseSettings(
      'stacks: { __proto__: { layers: [a] } }\nbranches: { constructor: { protection: basic } }',
    );
    expect([...stacks.keys()]).toEqual(['__proto__']);
    expect(branches).toMatchObject([{ pattern: 'constructor' }]);
  });
});

describe('isConfigFile', () => {
  it.each([
    ['a.yaml', true],
    ['deep/down/a.json', true],
    ['.github/workflows/ci.yml', true],
    ['vendor/a.yaml', false],
    ['vendor/keep/a.yaml', true],
    ['a.conf', false],
    ['README.md', false],
  ])('%s: %s', (path, expected) => {
    const settings = parseSettings(
      'files: ["**/*.{yaml,yml,json,ini,conf}", "!vendor/**", "vendor/keep/**"]',
    );
    expect(isConfigFile(settings, path)).toBe(expected);
  });
});
