import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import { isConfigError, type ConfigError } from '../../src/errors.js';
import { loadConfig, type LoadOptions } from '../../src/load/index.js';

/** A temporary folder with these files, gone when the test is. */
export function folderWith(files: Readonly<Record<string, string | Uint8Array>>): string {
  const dir = mkdtempSync(join(tmpdir(), 'cfg-load-'));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  addFiles(dir, files);
  return dir;
}

export function addFiles(dir: string, files: Readonly<Record<string, string | Uint8Array>>): void {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(dir, path)), { recursive: true });
    writeFileSync(join(dir, path), content);
  }
}

/** Runs git as an author of fixed name and date. */
export function git(dir: string, ...args: readonly string[]): string {
  const date = '2024-01-01T00:00:00Z';
  const who = { NAME: 'A', EMAIL: 'a@example.com', DATE: date };
  const identity = Object.fromEntries(
    Object.entries(who).flatMap(([key, value]) => [
      [`GIT_AUTHOR_${key}`, value],
      [`GIT_COMMITTER_${key}`, value],
    ]),
  );
  return execFileSync('git', args, {
    cwd: dir,
    encoding: 'utf8',
    env: { ...process.env, HOME: dir, CFG_NO_CACHE: '1', ...identity },
  });
}

/** A stack of every kind of layer, with a schema in two files. */
export const sample: Readonly<Record<string, string>> = {
  'cfg.yaml': `stacks:
  app:
    layers: [base.yaml, "legacy/\${env}.ini?", "env/\${env}.yaml", local.yaml?, env:APP_]
    schema: schemas/app.json
    matrix: { env: [dev, prod] }
`,
  'base.yaml':
    'db:\n  host: localhost\n  port: 5432\n  pool:\n    max: 10 # per process\nhosts: [a, b]\nnote: null\n',
  'legacy/prod.ini': '; old\n[db]\nport = 6000\n',
  'env/prod.yaml': 'db:\n  pool:\n    max: 80\nhosts: [c]\n',
  'env/dev.yaml': '',
  'schemas/app.json': JSON.stringify({
    type: 'object',
    required: ['db'],
    additionalProperties: false,
    properties: { db: { $ref: 'db.yaml' }, hosts: { items: { type: 'string' } }, note: {} },
  }),
  'schemas/db.yaml':
    'type: object\nrequired: [host]\nproperties:\n  port: { type: integer }\n  pool: { properties: { max: { type: integer, maximum: 100 } } }\n',
};
export const prod: LoadOptions = { variables: { env: 'prod' }, env: {} };

/** The error that loading ends in. */
export async function failure(options: LoadOptions): Promise<ConfigError> {
  try {
    await loadConfig({ env: {}, ...options });
  } catch (error) {
    if (isConfigError(error)) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}
