import { join } from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { parseDocument } from '../../src/doc/index.js';
import { corpusFiles } from '../../bench/corpus/files.js';
import { lintDocument } from '../../src/lint/index.js';

const keys = [
  'name',
  'Name',
  'port',
  'password',
  'apiKey',
  'http_proxy',
  'HTTP_PROXY',
  'sops',
  '"1"',
  'public_key',
];
const scalars = [
  'yes',
  'No',
  '"on"',
  "'off'",
  '0644',
  '007',
  '0',
  '-012',
  '1_000',
  '0b11',
  '22:30',
  '1.5',
  '0.1',
  'true',
  '~',
  '12345678901234567890',
  '0.12345678901234567890',
  '123456789012345.6',
  '1e3',
  '2024-01-01',
  'plain text',
  'aB3dE5gH7jK9mN1pQ3sT',
  '"aB3dE5gH7jK9mN1pQ3sT"',
  'AKIAQ3EGRIFPJ7NW5XZT',
  'https://user:s3cretpass9@host/x',
  'changeme',
];

const leaf = fc.constantFrom(...scalars);
const fields = fc.uniqueArray(fc.tuple(fc.constantFrom(...keys), leaf), {
  maxLength: 4,
  selector: ([key]) => key,
});
const text = fc
  .tuple(fields, fc.array(leaf, { maxLength: 3 }), fields)
  .map(([outer, items, inner]) =>
    [
      ...outer.map(([key, value]) => `${key}: ${value}\n`),
      `list:\n${items.map((item) => `  - ${item}\n`).join('')}`,
      `deep:\n${inner.map(([key, value]) => `  ${key}: ${value}\n`).join('')}`,
    ].join(''),
  );

/** `CFG_CORPUS` adds real files. */
const roots = [join(import.meta.dirname, '../../fixtures'), process.env['CFG_CORPUS'] ?? ''].filter(Boolean);
const files = roots.flatMap((root) => corpusFiles(root)).filter(({ format }) => format === 'yaml');

it('what the value of a real file shows is what its pieces show', () => {
  for (const { path, text: yaml } of files) {
    const document = parseDocument(yaml, { format: 'yaml' });
    const pieces = lintDocument({ ...document, text: `${yaml}# &` });
    expect([path, ...lintDocument(document)]).toEqual([path, ...pieces]);
  }
});

it('what the value shows is what the pieces show', () => {
  fc.assert(
    fc.property(text, (yaml) => {
      // a text with & in it is always taken to pieces
      const pieces = lintDocument(parseDocument(`${yaml}# &`, { format: 'yaml' }));
      expect(lintDocument(parseDocument(yaml, { format: 'yaml' }))).toEqual(pieces);
    }),
    { numRuns: process.env['CFG_FULL'] === '1' ? 20_000 : 1_000 },
  );
});
