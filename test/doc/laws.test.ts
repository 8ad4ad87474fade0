import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  appendValue,
  equalValues,
  formatKeyPath,
  getValue,
  leaves,
  locate,
  parseDocument,
  parseKeyPath,
  printTree,
  setValue,
  unsetValue,
  valueOf,
  type ConfigDocument,
  type ConfigValue,
  type KeyPath,
  type Node,
} from '../../src/doc/index.js';
import { isConfigError } from '../../src/errors.js';
import { iniText, jsonText, yamlText } from './generate.js';

const full = process.env['CFG_FULL'] === '1';
const runs = { numRuns: full ? 1000 : 100 };

const formats: [string, string, fc.Arbitrary<string>][] = [
  ['YAML', 'a.yaml', yamlText],
  ['JSON', 'a.jsonc', jsonText],
  ['INI', 'a.ini', iniText],
  ['INI of Python', 'a.cfg', iniText],
];

interface Paths {
  readonly entries: KeyPath[];
  readonly scalars: KeyPath[];
  readonly maps: KeyPath[];
  readonly lists: KeyPath[];
}

/** The key paths of a tree that lead through no alias and to no duplicate. */
function pathsOf(doc: ConfigDocument): Paths {
  const found: Paths = { entries: [], scalars: [], maps: [], lists: [] };
  if (doc.format === 'ini') {
    for (const { path } of leaves(doc)) {
      found.entries.push(path);
      if (typeof getValue(doc, path) !== 'object') found.scalars.push(path);
    }
    return { ...found, maps: [[]] };
  }
  const several = (doc.tree?.documents.length ?? 0) > 1;
  doc.tree?.documents.forEach(({ value }, index) => walk(value, several ? [index] : [], found));
  return found;
}

function walk(node: Node, path: KeyPath, found: Paths): void {
  if (path.length > 0) found.entries.push(path);
  if (node.kind === 'scalar') {
    found.scalars.push(path);
    return;
  }
  const hasBrackets = node.style !== 'flow' || node.start !== '';
  if (hasBrackets) (node.kind === 'map' ? found.maps : found.lists).push(path);
  const names = new Map<string, number>();
  node.entries.forEach(({ key }, index) => names.set(key?.name ?? String(index), index));
  node.entries.forEach(({ key, value }, index) => {
    if (names.get(key?.name ?? String(index)) !== index) return;
    walk(value, [...path, key?.name ?? index], found);
  });
}

/** Runs a law on valid documents only; there must be enough of them. */
function law(
  texts: fc.Arbitrary<string>,
  path: string,
  check: (doc: ConfigDocument, pick: number) => void,
): void {
  let valid = 0;
  let all = 0;
  fc.assert(
    fc.property(texts, fc.nat(), (text, pick) => {
      const doc = parseDocument(text, { path });
      all += 1;
      if (!doc.valid) return;
      valid += 1;
      check(doc, pick);
    }),
    runs,
  );
  expect(valid / all).toBeGreaterThan(0.2);
}

const pickOf = <T>(items: readonly T[], pick: number): T | undefined =>
  items[pick % Math.max(items.length, 1)];

/** The values that an edit may write, and that may need quotes. */
const values: readonly ConfigValue[] = [
  'plain',
  'no',
  '12:30',
  '',
  ' lead',
  'a # b',
  'a: b',
  '"',
  "it's",
  'two\nlines',
  'end\n',
  '\n',
  'tab\there',
  '[x',
  '- x',
  '#',
  '2024-01-01',
  '010',
  '~',
  1,
  1.5,
  1e21,
  123456789012345678901n,
  true,
  false,
  null,
  'üñí',
  '\u2028',
  'a\\;b',
  '=',
  ';',
  'x;y',
  '*a',
  '&b',
  '!c',
  '%d',
  '@e',
  '? f',
  '---',
  'a:',
  '0x1f',
  '1_000',
  '.5',
  '{',
  '`',
];

describe.each(formats)('%s', (name, path, texts) => {
  const isIni = name.startsWith('INI');

  it('is printed as it was read', () => {
    fc.assert(
      fc.property(texts, (text) => {
        const { tree } = parseDocument(text, { path });
        if (tree) expect(printTree(tree)).toBe(text);
      }),
      runs,
    );
  });

  it('never throws, whatever the text', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary', maxLength: 200 }), texts.chain(mutated)), (text) => {
        const doc = parseDocument(text, { path });
        expect(doc.diagnostics.some(({ rule }) => rule === 'unsupported')).toBe(false);
        if (doc.tree) expect(printTree(doc.tree)).toBe(text);
        expect(doc.valid || doc.diagnostics.length > 0).toBe(true);
      }),
      runs,
    );
  });

  it('sets a scalar, changes no other byte, and sets it back', () => {
    law(texts, path, (doc, pick) => {
      const key = pickOf(pathsOf(doc).scalars, pick);
      if (!key) return;
      const value = values[pick % values.length] ?? null;
      const changed = edited(() => setValue(doc, key, value));
      if (!changed) return;
      expect(equalValues(getValue(changed, key) ?? null, isIni ? textOf(value) : value)).toBe(true);
      const entry = locate(doc, key, 'entry');
      if (key.length > 0 && entry) {
        expect(changed.text.startsWith(doc.text.slice(0, entry.start.offset))).toBe(true);
        expect(changed.text.endsWith(doc.text.slice(entry.end.offset))).toBe(true);
      }
      const before = getValue(doc, key) ?? null;
      expect(setValue(changed, key, before).text).toBe(doc.text);
      expect(setValue(parseDocument(changed.text, doc.options), key, before, { like: doc }).text).toBe(
        doc.text,
      );
    });
  });

  it('inserts a key and takes it out again', () => {
    law(texts, path, (doc, pick) => {
      const map = pickOf(pathsOf(doc).maps, pick);
      if (!map) return;
      const isEmpty = Object.keys(getValue(doc, map) ?? {}).length === 0;
      const key = [...map, 'new key'];
      const changed = edited(() => setValue(doc, key, values[pick % values.length] ?? null));
      if (!changed) return;
      const back = unsetValue(parseDocument(changed.text, doc.options), key);
      if (!isEmpty) expect(back.text).toBe(doc.text);
      expect(valueOf(back)).toEqual(valueOf(doc));
    });
  });

  it('takes out any key and leaves the others', () => {
    law(texts, path, (doc, pick) => {
      const key = pickOf(pathsOf(doc).entries, pick);
      if (!key || doc.tree?.documents.length === key.length) return;
      const changed = edited(() => unsetValue(doc, key));
      if (!changed || !isIni || typeof key.at(-1) === 'number') return;
      expect(getValue(changed, key)).toBeUndefined();
    });
  });

  it('appends to a list, makes missing parents, replaces collections', () => {
    law(texts, path, (doc, pick) => {
      const { lists, maps, entries } = pathsOf(doc);
      const value: ConfigValue = isIni
        ? 'x'
        : ([{ a: [1, 'two\nlines'], b: { c: 'no' } }, 'x', [], {}][pick % 4] ?? null);
      const list = pickOf(lists, pick);
      if (list) edited(() => appendValue(doc, list, value));
      const map = pickOf(maps, pick);
      if (map) edited(() => setValue(doc, [...map, 'new', 'deep', 'key'], value));
      const any = pickOf(entries, pick);
      if (any) edited(() => setValue(doc, any, value));
    });
  });

  it('finds every leaf where it is written', () => {
    law(texts, path, (doc) => {
      for (const { path: key, value } of leaves(doc)) {
        expect(equalValues(getValue(doc, key) ?? null, value)).toBe(true);
        expect(locate(doc, key)).toBeDefined();
      }
    });
  });
});

function mutated(text: string): fc.Arbitrary<string> {
  return fc
    .record({
      at: fc.nat(text.length),
      drop: fc.nat(3),
      add: fc.constantFrom(
        '',
        '\n',
        ' ',
        '\t',
        '"',
        "'",
        '[',
        '}',
        ':',
        '- ',
        '&',
        '*x',
        '\0',
        '|',
        '\r',
        ',',
      ),
    })
    .map(({ at, drop, add }) => text.slice(0, at) + add + text.slice(at + drop));
}

/** What INI reads back. */
function textOf(value: ConfigValue): ConfigValue {
  return typeof value === 'number' || typeof value === 'bigint' ? String(value) : value;
}

/** The result of an edit, `undefined` when the edit was refused for a reason; damage is no reason. */
function edited(run: () => ConfigDocument): ConfigDocument | undefined {
  try {
    return run();
  } catch (error) {
    if (isConfigError(error, 'E_BAD_PATH', 'E_INVALID', 'E_KEY_NOT_FOUND')) return undefined;
    throw error;
  }
}

describe('key paths', () => {
  const segment = fc.oneof(
    fc.string({ unit: 'grapheme' }),
    fc.constantFrom('a.b', 'a"b', '[0]', '#', ' x', '/a', '', "'"),
    fc.nat(),
    fc.dictionary(fc.string({ minLength: 1 }), fc.string(), { minKeys: 1, maxKeys: 2 }),
  );

  it('are read back from their text', () => {
    fc.assert(
      fc.property(fc.array(segment), (path) => {
        const text = formatKeyPath(path);
        expect(parseKeyPath(text)).toEqual(path);
        expect(formatKeyPath(parseKeyPath(text))).toBe(text);
      }),
      runs,
    );
  });
});
