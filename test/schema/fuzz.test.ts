import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import fc from 'fast-check';
import { afterAll, expect, it } from 'vitest';
import { bundled } from '../race/bundle.js';
import type { FuzzInput } from './fuzz-worker.js';

const full = process.env['CFG_FULL'] === '1';
/** A second on a machine that has nothing else to do. */
const deadlineMs = 20_000;

const folder = join(import.meta.dirname, '../../fixtures/diagnostics');
const seeds = [
  { format: 'yaml', name: 'deployment.yaml', schema: 'deployment-yaml.schema.json' },
  { format: 'yaml', name: 'workflow.yaml', schema: 'workflow-yaml.schema.json' },
  { format: 'json', name: 'npm-package.json', schema: 'npm-package-json.schema.json' },
  { format: 'ini', name: 'setup.cfg', schema: 'setup-cfg.schema.json' },
] as const;

/** What has a meaning somewhere. */
const tokens = [
  '&a ',
  '*a',
  '!!map ',
  '!x ',
  '<<: ',
  '? ',
  '- ',
  ': ',
  ', ',
  '{',
  '}',
  '[',
  ']',
  '"',
  "'",
  '|\n',
  '>-\n',
  '#',
  '%YAML 1.2\n',
  '---\n',
  '...\n',
  '\t',
  '\r\n',
  '\u0000',
  '\uFEFF',
  '\uD800',
  '  ',
  '\n',
  '=',
  ';',
  '\\',
  '__proto__',
  'constructor',
  '$ref',
  '"$ref": "#"',
  '"pattern": "^(a+)+$"',
  '"type": 5',
  '"enum": []',
  'null',
  '1e999',
  '-0',
  '0x',
  '1_000',
  '99999999999999999999',
];

type Edit = { readonly at: number; readonly cut: number; readonly insert: string };

const edit: fc.Arbitrary<Edit> = fc.record({
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  cut: fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, fc.nat({ max: 40 })),
  insert: fc.oneof(
    fc.constantFrom(...tokens),
    fc.constant(''),
    fc.string({ unit: 'binary', maxLength: 4 }),
    fc
      .tuple(fc.constantFrom(...tokens), fc.constantFrom(50, 600))
      .map(([token, times]) => token.repeat(times)),
  ),
});

function edited(text: string, edits: readonly Edit[]): string {
  return edits.reduce((now, { at, cut, insert }) => {
    const from = Math.floor(at * now.length);
    return now.slice(0, from) + insert + now.slice(from + cut);
  }, text);
}

const input: fc.Arbitrary<FuzzInput> = fc
  .record({
    from: fc.constantFrom(...seeds),
    inText: fc.array(edit, { maxLength: 5 }),
    inSchema: fc.array(edit, { maxLength: 2 }),
  })
  .map(({ from: { format, name, schema }, inText, inSchema }) => ({
    format,
    text: edited(readFileSync(join(folder, name), 'utf8'), inText),
    schema: edited(readFileSync(join(folder, schema), 'utf8'), inSchema),
  }));

let worker: Worker | undefined;

afterAll(async () => {
  await worker?.terminate();
});

/** What the worker complains about. */
function check(one: FuzzInput): Promise<string | undefined> {
  worker ??= new Worker(bundled(join(import.meta.dirname, 'fuzz-worker.ts')));
  const asked = worker;
  return new Promise((resolve) => {
    const end = (complaint: string | undefined): void => {
      clearTimeout(timer);
      asked.off('message', end);
      asked.off('error', die);
      resolve(complaint);
    };
    const fail = (reason: string): void => {
      worker = undefined;
      void asked.terminate();
      end(reason);
    };
    const die = ({ message }: Error): void => fail(`the thread died: ${message}`);
    const timer = setTimeout(() => fail(`no answer in ${deadlineMs} ms`), deadlineMs);
    asked.on('message', end);
    asked.on('error', die);
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, no window
    asked.postMessage(one);
  });
}

it('texts and schemas with mistakes in them get an answer', async () => {
  await fc.assert(
    fc.asyncProperty(input, async (one) => {
      expect(await check(one)).toBeUndefined();
    }),
    { numRuns: full ? 5_000 : 150, endOnFailure: true },
  );
}, 3_600_000);
