import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { locate, parseDocument, printTree, valueOf, type ConfigValue } from '../../src/doc/index.js';
import type { DocumentNode } from '../../src/doc/tree.js';
import { maxPlainDepth, readPlain } from '../../src/doc/yaml/plain.js';
import { plainTree } from '../../src/doc/yaml/plain-tree.js';
import { yamlText } from './generate.js';

/** `CFG_CORPUS` adds real files. */
const roots = [join(import.meta.dirname, '../../fixtures'), process.env['CFG_CORPUS'] ?? ''].filter(Boolean);
const texts: readonly string[] = roots.flatMap((root) =>
  readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.ya?ml$/.test(name))
    .map((name) => readFileSync(join(root, name), 'utf8')),
);
const numRuns = process.env['CFG_FULL'] === '1' ? 200_000 : 2000;

/** What the whole parser says: it is asked for where fewer levels are allowed than the reader of plain YAML may take. */
function whole(text: string): {
  readonly value: ConfigValue | undefined;
  readonly documents: readonly DocumentNode[] | undefined;
  readonly problems: readonly string[];
} {
  const document = parseDocument(text, { limits: { maxDepth: maxPlainDepth - 1 } });
  const problems = document.diagnostics.map(({ rule, range: { start } }) => `${rule} at ${start.line}`);
  const value = document.valid ? valueOf(document) : undefined;
  return { value, documents: document.tree?.documents, problems };
}

/** Whether it was read; what was read, and its pieces, must be what the whole parser says, without a diagnostic. */
function agrees(text: string): boolean {
  const value = readPlain(text);
  if (value === undefined) return false;
  const plain = { text, value, documents: [plainTree(text, value)], problems: [] };
  expect(plain).toStrictEqual({ text, ...whole(text) });
  return true;
}

describe('plain YAML', () => {
  it.each<[string, string, ConfigValue]>([
    [
      'maps',
      "a: 1\nb:\n  c: x y\n  \"d e\": 'it''s'\nf:\n",
      { a: 1, b: { c: 'x y', 'd e': "it's" }, f: null },
    ],
    ['lists', 'a:\n- 1\n- b: 2\n  c: 3\n-\n  - x\n-\n', { a: [1, { b: 2, c: 3 }, ['x'], null] }],
    ['comments', '# a\na: b # c\n\n  # d\nc: d#e\n', { a: 'b', c: 'd#e' }],
    [
      'brackets',
      'a: [1, "b", {c: [d, ], e: f g}] # x\nb: {}\nc: []\n',
      { a: [1, 'b', { c: ['d'], e: 'f g' }], b: {}, c: [] },
    ],
    ['texts', 'a: |\n  x\n\n    y\n\nb: |-\n  z # z\n', { a: 'x\n\n  y\n', b: 'z # z' }],
    ['escapes', 'a: "\\"\\\\\\/\\n\\t"\n', { a: '"\\/\n\t' }],
    ['words', 'a: ~\nb: True\nc: no\nd: NULL\ne: nil\n', { a: null, b: true, c: 'no', d: null, e: 'nil' }],
    [
      'numbers',
      'a: -0\nb: 1.50\nc: 1e3\nd: +7\ne: 010\nf: 1.2.3\ng: .5\nh: 12:30\n',
      { a: 0, b: 1.5, c: 1000, d: 7, e: 10, f: '1.2.3', g: 0.5, h: '12:30' },
    ],
    ['a start', '---\na: 1', { a: 1 }],
  ])('has %s', (_, text, expected) => {
    expect(readPlain(text)).toStrictEqual(expected);
    expect(agrees(text)).toBe(true);
  });

  it.each([
    'a: 1\na: 2\n',
    '__proto__: 1\n',
    'a: &x 1\n',
    'a: *x\n',
    '<<: {a: 1}\n',
    'a: !unset\n',
    'a:\n\tb: 1\n',
    'a: 1\r\n',
    '\uFEFFa: 1\n',
    'a: b\n  c\n',
    'a: b: c\n',
    'a: 12345678901234567890\n',
    'a: 0x1F\n',
    'a: .inf\n',
    '1: a\n',
    'null: a\n',
    '? a\n: b\n',
    'a: [1,\n  2]\n',
    'a: >\n  b\n',
    'a: |2\n   b\n',
    'a: |\n  b',
    '- - a\n',
    'a: 1\n---\nb: 2\n',
    '%YAML 1.2\n---\na: 1\n',
    'a: @b\n',
    'a: "\\x41"\n',
    'plain\n',
    '',
    `a: ${'['.repeat(100)}${']'.repeat(100)}\n`,
    '  a: 1\n b: 2\n',
  ])('leaves %j to the whole parser', (text) => expect(readPlain(text)).toBeUndefined());

  it('is what most files consist of, and is read as the whole parser reads it', () => {
    const read = texts.filter(agrees);
    expect(read.length).toBeGreaterThan(texts.length * 0.6);
  });

  it('agrees with the whole parser on what is generated', () => {
    fc.assert(
      fc.property(yamlText, (text) => void agrees(text)),
      { numRuns: numRuns / 10 },
    );
  });

  it('agrees with the whole parser on files that somebody damaged', () => {
    let read = 0;
    const property = fc.property(damaged, (text) => {
      if (agrees(text)) read += 1;
    });
    fc.assert(property, { numRuns });
    expect(read).toBeGreaterThan(numRuns / 20);
  });

  it('has its pieces when they are asked for', () => {
    const text = 'a: 1 # one\nb:\n  - c: x\n';
    const document = parseDocument(text, { path: 'a.yaml' });
    const value = valueOf(document);
    expect(locate(document, ['b', 0, 'c'])?.start).toMatchObject({ line: 3, column: 8 });
    expect(document.tree && printTree(document.tree)).toBe(text);
    expect(valueOf({ ...document })).toBe(value);
  });
});

const pieces = JSON.parse(
  String.raw`["", ": ", ":", " ", "  ", "- ", "-", "#", " #", "'", "''", "\"", "[", "]", "{", "}", ",", "|", "|-\n", ">", "\n", "\n  ", "\n    ",
    "---\n", "...\n", "&a ", "*a", "!x ", "? ", "%", "@", "\\", "~", "0", ".", "+", "-1", "1e3", "0x1", "null", "true", "<<: ", "=",
    "[a, b]", "{a: 1}", "\u00a0", "\u2028", "\u0085", "$", "/", "(", "a"]`,
) as readonly string[];

/** A few lines of a file with a few pieces put in or cut out. */
const damaged: fc.Arbitrary<string> = fc
  .record({
    text: fc.constantFrom(...texts.filter((text) => text.length < 20_000)),
    from: fc.nat(),
    count: fc.integer({ min: 2, max: 14 }),
    changes: fc.array(fc.record({ at: fc.nat(), cut: fc.nat(3), piece: fc.constantFrom(...pieces) }), {
      minLength: 1,
      maxLength: 3,
    }),
  })
  .map(({ text, from, count, changes }) => {
    const lines = text.split('\n');
    const start = from % lines.length;
    return changes.reduce(
      (before, { at, cut, piece }) => {
        const place = at % (before.length + 1);
        return before.slice(0, place) + piece + before.slice(place + cut);
      },
      lines.slice(start, start + count).join('\n'),
    );
  });
