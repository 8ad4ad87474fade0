import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  hasPieces,
  leaves,
  locate,
  locateScalar,
  parseDocument,
  reparseDocument,
  setValue,
  valueOf,
  type ConfigDocument,
  type ConfigScalar,
  type ConfigValue,
  type KeyPath,
} from '../../src/doc/index.js';
import { isConfigError } from '../../src/errors.js';
import { jsonText, yamlText } from './generate.js';

const runs = { numRuns: process.env['CFG_FULL'] === '1' ? 2000 : 30 };
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
        requireSameAsUntaken(document, path, { value, text });
        const parsed = parseDocument(text, document.options);
        expect({ text, tree, diagnostics, valid }).toEqual({
          text,
          tree: parsed.tree,
          diagnostics: parsed.diagnostics,
          valid: parsed.valid,
        });
        const again = reparseDocument(document, text);
        expect({ ...again, options: parsed.options }).toEqual(parsed);
      } catch (error) {
        if (!isConfigError(error, 'E_BAD_PATH', 'E_INVALID', 'E_INTERNAL')) throw error;
      }
    }
}

/** Of plain YAML that nobody has taken apart only the value is read: its text and places must be those of the whole. */
function requireSameAsUntaken(
  document: ConfigDocument,
  path: KeyPath,
  { value, text }: { readonly value: ConfigScalar; readonly text: string },
): void {
  const fresh = (): ConfigDocument => parseDocument(document.text, document.options);
  if (hasPieces(fresh())) return;
  const place = locateScalar(fresh(), path);
  if (place !== undefined) expect(place).toEqual(locate(document, path));
  const after = setValue(fresh(), path, value);
  expect({ text: after.text, value: valueOf(after) }).toEqual({
    text,
    value: valueOf(parseDocument(text, document.options)),
  });
}

describe('a document with one scalar replaced is the one that its text parses to', () => {
  it.each([
    ['YAML', 'a.yaml', yamlText],
    ['JSON', 'a.jsonc', jsonText],
  ])('generated %s', { timeout: 300_000 }, (_, path, text) => {
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

describe('one scalar of plain YAML is found and set without taking the text apart', () => {
  const text = `# head
---
# first
a: 1 # one
"b c": "x # y"
'd': 'it''s' # d
deep:
  # note
  list:
  - one
  - name: web
    image: v1
    text: |
      a: 2

      - b
  -
    name: db
  after: end
odd:
    - -1
    - 12:30
    - "k": v
`;
  it.each<[KeyPath, number, number, string]>([
    [['a'], 4, 4, 'a: 77 # one'],
    [['b c'], 5, 8, '"b c": 77'],
    [['d'], 6, 6, "'d': 77 # d"],
    [['deep', 'list', 0], 10, 5, '  - 77'],
    [['deep', 'list', 1, 'name'], 11, 11, '  - name: 77'],
    [['deep', 'list', 1, 'image'], 12, 12, '    image: 77'],
    [['deep', 'list', 2, 'name'], 18, 11, '    name: 77'],
    [['deep', 'after'], 19, 10, '  after: 77'],
    [['odd', 0], 21, 7, '    - 77'],
    [['odd', 1], 22, 7, '    - 77'],
    [['odd', 2, 'k'], 23, 12, '    - "k": 77'],
  ])('%j', (path, line, column, written) => {
    const document = parseDocument(text, { path: 'a.yaml' });
    expect(locateScalar(document, path)?.start).toMatchObject({ line, column });
    const after = setValue(document, path, 77);
    expect(after.text.split('\n')[line - 1]).toBe(written);
    expect([document, after].map(hasPieces)).toEqual([false, false]);
    expect(after.text).toBe(setValue(takenApart(text), path, 77).text);
  });

  it.each<[string, KeyPath]>([
    ['a: |\n  x\n', ['a']],
    ['a: [1, 2]\n', ['a', 0]],
    ['a:\n', ['a']],
    ['a: {b: 1}\n', ['a', 'b']],
    ['\'"x"\': 1\n"x": 2\n', ['none']],
    ['a:\nb: 1\n', ['a', 'b']],
  ])('not in %j at %j', (source, path) => {
    expect(locateScalar(parseDocument(source, {}), path)).toBeUndefined();
  });

  it('again and again, and set back, as in a text that was taken apart', () => {
    const edits = fc.array(fc.tuple(fc.nat(20), fc.constantFrom(...values)), { maxLength: 6 });
    fc.assert(
      fc.property(edits, (chosen) => {
        const all = leaves(parseDocument(text, {}));
        const back = all.map(({ path, value }): readonly [KeyPath, ConfigValue] => [path, value]);
        const sets = chosen.map(([at, value]) => [all[at % all.length]?.path ?? [], value] as const);
        let [plain, apart] = [parseDocument(text, {}), takenApart(text)];
        for (const [path, value] of [...sets, ...back]) {
          [plain, apart] = [setValue(plain, path, value), setValue(apart, path, value)];
          expect(plain.text).toBe(apart.text);
          expect(valueOf(apart)).toEqual(valueOf(plain));
          expect(apart.tree).toBeDefined();
        }
        expect(plain.text).toBe(text);
      }),
      runs,
    );
  });

  it('many times without ever being taken apart', () => {
    let document = parseDocument(text, {});
    for (const value of [77, 78, 'x', 79]) document = setValue(document, ['deep', 'after'], value);
    expect(hasPieces(document)).toBe(false);
  });

  it.each<[string, string, boolean]>([
    ['as it was written', 'a: "x"\nb: 1\n', false],
    ['with its comment', 'a: "x" # c\nb: 1\n', true],
    ['with the comment below it', 'a: "x"\n  # c\nb: 1\n', true],
    ['or anew where the other value is another', 'a: "y" # c\nb: 1\n', false],
  ])('set back %s', (_, committed, isTakenApart) => {
    const [present, like] = ['a: w\nb: 1\n', committed].map((source) => parseDocument(source, {}));
    const after = present && setValue(present, ['a'], 'x', { ...(like && { like }) });
    expect(after?.text).toBe(committed.includes('x') ? committed : 'a: x\nb: 1\n');
    expect(like && hasPieces(like)).toBe(isTakenApart);
  });

  it('a name with quotes in it is not taken for a quoted key', () => {
    const source = `'"x"': 1\n"x": 2\n`;
    expect(setValue(parseDocument(source, {}), ['"x"'], 7).text).toBe(`'"x"': 7\n"x": 2\n`);
  });
});

function takenApart(text: string): ConfigDocument {
  const document = parseDocument(text, { path: 'a.yaml' });
  expect(document.tree).toBeDefined();
  return document;
}

describe('another version of a text reads as it does alone', () => {
  it.each([
    ['a: 1\nb: 2\n', 'a: 10\nb: 20\n'],
    ['a: 1\nb: 2\n', 'a: 1\nc: 2\n'],
    ['a: 1 # x\n', 'a: 1 # y\n'],
    ['a: x\nb: 1\n', 'a: xy: z\nb: 1\n'],
    ['a: x\nb: 1\n', 'a:\nb: 1\n'],
    ['a: [x, y]\n', 'a: [x, zed]\n'],
    ['a: &q x\nb: *q\n', 'a: &q y\nb: *q\n'],
    ['a: |\n  x\nb: 1\n', 'a: |\n  y\nb: 1\n'],
    ['a: "x"\n', 'a: "x\n'],
    ['a: 1', 'a: 1\n'],
    ['a: 1\n- b\n', 'a: 2\n- b\n'],
    ['x\n', 'y\n'],
    ['a: 1\r\nb: 1\r\n', 'a: 2\r\nb: 1\r\n'],
    ['a: 010\n', 'a: 011\n'],
    ['a: 1\n---\na: 2\n', 'a: 5\n---\na: 66\n'],
    ['a: one\n  two\n', 'a: one\n  too\n'],
    ['ab: 1\n', 'ac: 1\n'],
    ['? a\n: 1\n', '? b\n: 1\n'],
  ])('%j, then %j', (before, after) => {
    const options = { path: 'a.yaml' };
    const again = reparseDocument(parseDocument(before, options), after);
    expect({ ...again, options }).toEqual(parseDocument(after, options));
  });

  it('lines changed at random', () => {
    const line = fc.constantFrom(
      'a: 1',
      'a: 22',
      'a: "x"',
      'b: word',
      'b: w',
      '  c: 1',
      '- 1',
      '- x: 2',
      '# c',
      'a: [1, x]',
    );
    const text = fc.array(line, { maxLength: 5 }).map((lines) => lines.join('\n'));
    fc.assert(
      fc.property(text, text, (before, after) => {
        const again = reparseDocument(parseDocument(before, {}), after);
        expect({ ...again, options: {} }).toEqual(parseDocument(after, {}));
      }),
      { numRuns: 500 },
    );
  });
});
