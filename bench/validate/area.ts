/** Validating YAML files against a JSON Schema in a process of its own, beside ajv-cli: all of them, again, and what one change touched. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type AreaOptions, type Comparison, measureAll } from '../measure.js';
import { runNode } from '../node-process.js';
import { report } from '../report.js';
import { contentOf, fileNames, git, makeRepository } from '../store/repository.js';

const cfg = join(import.meta.dirname, '../../bin/cfg.js');
const ajv = createRequire(import.meta.url).resolve('ajv-cli/dist/index.js');
const empty = 'node, an empty script';
const changed = 10;

const schema = {
  type: 'object',
  required: ['name', 'replicas', 'port', 'image'],
  properties: {
    name: { type: 'string', pattern: '^service-' },
    replicas: { type: 'integer', minimum: 0, maximum: 20 },
    port: { type: 'integer', minimum: 1024, maximum: 65535 },
    image: { type: 'object', required: ['tag'], properties: { tag: { type: 'string' } } },
  },
};

/** The part is a number of files: 1000 or 5000. */
export async function measureArea({ rounds = 7, part }: AreaOptions): Promise<void> {
  for (const size of [1_000, 5_000].filter((one) => (part ?? String(one)) === String(one))) {
    const root = mkdtempSync(join(tmpdir(), 'cfg-bench-'));
    try {
      await report('validate', [await measureAll(validation(root, size), rounds)]);
    } finally {
      rmSync(root, { recursive: true, force: true });
    }
  }
}

function validation(root: string, size: number): Comparison {
  const [dir, cache, script] = [join(root, 'repository'), join(root, 'cache'), join(root, 'empty.cjs')];
  makeValidated(dir, size);
  writeFileSync(script, '');
  const node =
    (...words: readonly string[]) =>
    (): void =>
      runNode(words, { cwd: dir, cache });
  const forget = (): void => rmSync(join(dir, '.git/cfg/cache'), { recursive: true, force: true });
  return {
    title: `validate ${size} YAML files with a schema`,
    reference: 'ajv-cli',
    contenders: [
      { name: empty, run: node(script) },
      { name: 'ajv-cli', run: node(ajv, 'validate', '-s', 'schema.json', '-d', 'services/**/*.yaml') },
      { name: 'cfg validate', prepare: forget, run: node(cfg, 'validate') },
      { name: 'cfg validate, nothing changed since', run: node(cfg, 'validate') },
      {
        name: `cfg validate --since, ${changed} files changed`,
        run: node(cfg, 'validate', '--since', 'HEAD~1'),
      },
    ],
  };
}

function makeValidated(dir: string, size: number): void {
  mkdirSync(dir, { recursive: true });
  writeFileSync(join(dir, 'schema.json'), JSON.stringify(schema));
  writeFileSync(join(dir, 'cfg.yaml'), "schemas: [{ files: 'services/**', schema: schema.json }]\n");
  makeRepository(dir, size);
  for (const name of fileNames(changed)) writeFileSync(join(dir, name), `${contentOf(size)}extra: 1\n`);
  git(dir, 'commit', '-q', '-a', '-m', 'change');
}
