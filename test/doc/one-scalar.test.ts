import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  leaves,
  parseDocument,
  setValue,
  type ConfigDocument,
  type ConfigScalar,
} from '../../src/doc/index.js';
import { isConfigError } from '../../src/errors.js';
import { jsonText, yamlText } from './generate.js';

const runs = { numRuns: process.env['CFG_FULL'] === '1' ? 2000 : 60 };
const values: readonly ConfigScalar[] = [
  7,
  -12_345,
  1.5,
  true,
  null,
  'word',
  'no',
  'True',
  'a-b/c.d_e',
  'two words',
  'a: b',
  '# x',
  '',
  'é',
  'it "is"',
  12_345_678_901_234_567_890n,
];

/** Scalars of a document (`only`: one of them) set to every value: what the edit says of the result is what parsing it says. */
function requireSameAsParsed(document: ConfigDocument, only?: number): void {
  const all = leaves(document);
  for (const { path } of only === undefined ? all : all.slice(only % all.length).slice(0, 1))
    for (const value of values) {
      try {
        const { text, tree, diagnostics, valid } = setValue(document, path, value);
        const parsed = parseDocument(text, document.options);
        expect({ text, tree, diagnostics, valid }).toEqual({
          text,
          tree: parsed.tree,
          diagnostics: parsed.diagnostics,
          valid: parsed.valid,
        });
      } catch (error) {
        if (!isConfigError(error, 'E_BAD_PATH', 'E_INVALID', 'E_INTERNAL')) throw error;
      }
    }
}

describe('a document with one scalar replaced is the one that its text parses to', () => {
  it.each([
    ['YAML', 'a.yaml', yamlText],
    ['JSON', 'a.jsonc', jsonText],
  ])('generated %s', (_, path, text) => {
    fc.assert(
      fc.property(text, fc.nat(100), (source, only) => {
        const document = parseDocument(source, { path });
        if (document.valid) requireSameAsParsed(document, only);
      }),
      runs,
    );
  });

  const shop = join(import.meta.dirname, '../../fixtures/shop');
  const files = readdirSync(shop, { recursive: true, encoding: 'utf8' }).filter((name) =>
    /\.(yaml|json|ini)$/.test(name),
  );
  it.each(files)('%s', (path) => {
    requireSameAsParsed(parseDocument(readFileSync(join(shop, path), 'utf8'), { path }));
  });
});
