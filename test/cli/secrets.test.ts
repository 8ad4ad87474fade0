import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { emptyFolder, run } from './command-line.js';

const canary = 'canary-4711';
const files = {
  'cfg.yaml': `stacks:
  app:
    interpolate: true
    layers: [base.yaml, "env/\${env}.yaml", legacy.ini, { value: { clientSecret: ${canary} } }, env:APP_]
    schema: schema.json
    matrix: { env: [dev, prod] }
  broken: { layers: [base.yaml, env:APP_], schema: strict.json }
  lost: { interpolate: true, layers: [base.yaml, { value: { a: "\${db.password}\${env:NOPE}" } }] }
  partly: { layers: [base.yaml, { http: "http://127.0.0.1:9/a.yaml", retries: 0, optional: true }] }
  away: { layers: [{ http: "http://u:${canary}@127.0.0.1:9/a.yaml?token=${canary}", retries: 0 }] }
`,
  'base.yaml': `db:
  host: h
  password: &password ${canary}
  url: postgres://u:${canary}@h/x
apiKey: ${canary}
tokens: [${canary}, { a: ${canary} }]
hidden: { pin: &pin ${canary} }
copy: "say \${db.password}"
copies: ["\${hidden}", "\${env[0].value}"]
env: [{ name: DB_PASSWORD, value: &value ${canary} }]
secrets: &secrets { a: ${canary}, inner: [{ b: ${canary} }] }
aliased: { one: *password, list: [*pin, *value], whole: *secrets, merged: { <<: *secrets, c: 1 } }
again: "say \${aliased.list[0]}"
`,
  'env/dev.yaml': `db: { password: ${canary}-dev }\n`,
  'env/prod.yaml': `db: { password: ${canary}-prod }\ntokens: [${canary}-prod]\nenv: [{ name: LEVEL, value: info }]\naliased: shown\nagain: shown\n`,
  'legacy.ini': `[smtp]\npassword = ${canary}\n`,
  'schema.json': '{"properties": {"hidden": {"properties": {"pin": {"writeOnly": true}}}}}',
  'strict.json':
    '{"properties": {"apiKey": {"maxLength": 1}, "db": {"properties": {"password": {"type": "integer"}}}}, "additionalProperties": false}',
};
const env = { APP_SMTP__TOKEN: canary, APP_TOKEN_COUNT: '1' };

describe('secret values', () => {
  const cwd = emptyFolder();
  const cfg = (words: string): ReturnType<typeof run> => run(words.split(' '), { cwd, env });

  beforeAll(async () => {
    await cfg('init');
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(cwd, path)), { recursive: true });
      writeFileSync(join(cwd, path), text);
    }
    await cfg('add -A');
    await cfg('commit -m First --no-verify');
    writeFileSync(join(cwd, 'env/dev.yaml'), `db: { password: ${canary}-new, host: other }\n`);
  });

  it.each([
    'load app -e dev',
    'load app -e dev --format json',
    'load app -e dev --format env',
    'load app -e dev --annotate',
    'load app -e dev --json',
    'explain db app -e dev',
    'explain db.password app -e dev',
    'explain db.password app -e dev --json',
    'explain db.password app -e dev --rev HEAD',
    'explain tokens[1].a app -e dev',
    'explain env[0].value app -e dev',
    'explain env[0].value app -e prod',
    'explain copy app -e dev',
    'explain copies app -e dev',
    'explain copies[0].pin app -e dev',
    'explain aliased app -e dev',
    'explain aliased app -e prod',
    'explain aliased.one app -e dev --json',
    'explain aliased.list[0] app -e dev',
    'explain aliased.merged.inner app -e dev',
    'explain again app -e dev',
    'get aliased --stack app -e dev',
    'explain clientSecret app -e dev',
    'explain smtp.token app -e dev',
    'compare app -e dev -e prod',
    'compare app -e dev -e prod --json',
    'get db --stack app -e dev',
    'get db.url --stack app -e dev --json',
    'get hidden.pin --stack app -e dev',
    'diff --effective app',
    'diff --effective app --json',
    'diff --effective app --summary',
  ])('are masked by cfg %s', async (words) => {
    const { code, stdout, stderr } = await cfg(words);
    expect([code, stderr.replace(/warning: .*\n/g, '')]).toEqual([0, '']);
    expect(stdout).toContain('***');
    expect(stdout + stderr).not.toContain(canary);
  });

  it.each([
    'load broken',
    'load lost',
    'load away',
    'load away --json',
    'validate',
    'validate --json',
    'explain db.pasword app -e dev',
    'get db.x --stack broken',
  ])('are in no error of cfg %s', async (words) => {
    const { code, stdout, stderr } = await cfg(words);
    expect(code).not.toBe(0);
    expect(stdout + stderr).not.toContain(canary);
  });

  it.each(['explain db.host partly', 'load partly', 'get db.host --stack partly'])(
    'are not alone in what cfg %s warns of',
    async (words) => {
      const { code, stderr } = await cfg(words);
      expect([code, stderr]).toEqual([
        0,
        expect.stringContaining("warning: layer 'http://127.0.0.1:9/a.yaml' is left out: cannot reach"),
      ]);
    },
  );

  it('are shown when asked for, and the reader is told', async () => {
    const { stdout } = await cfg('load app -e dev --reveal');
    expect(stdout).toContain(`say ${canary}-new`);
    expect((await cfg('load app -e dev')).stderr).toMatch(
      /^warning: \d+ secret values are masked; --reveal shows them\n$/,
    );
    expect((await cfg('-q load app -e dev')).stderr).toBe('');
    expect((await cfg('get db.password --stack app -e dev --reveal')).stdout).toBe(`${canary}-new\n`);
    expect((await cfg('diff --effective app --reveal')).stdout).toContain(canary);
  });
});

describe('a folder without a repository', () => {
  it('loads by convention, with values from the command line, and knows where they come from', async () => {
    const cwd = emptyFolder();
    writeFileSync(join(cwd, 'default.yaml'), 'db:\n  host: h\n  port: 1\n');
    writeFileSync(join(cwd, 'prod.yaml'), 'db: { port: 2 }\n');
    const cfg = (words: string): ReturnType<typeof run> =>
      run(words.split(' '), { cwd, env: { APP_DB__PORT: '3' } });
    expect((await cfg('load -e prod --annotate')).stdout).toBe(
      'db:\n  host: h  # default.yaml:2:9\n  port: 3  # APP_DB__PORT\n',
    );
    expect((await cfg('load -e prod --set db.port=4 --format json')).stdout).toBe(
      '{\n  "db": {\n    "host": "h",\n    "port": 4\n  }\n}\n',
    );
    expect((await cfg('explain db.port -e prod')).stdout).toContain('db.port = 3');
    expect((await cfg('load -e nope')).code).toBe(4);
  });
});
