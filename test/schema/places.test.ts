import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseDocument, valueOf, type Diagnostic, type Position } from '../../src/doc/index.js';
import { compileSchema, validateDocument } from '../../src/schema/index.js';

/**
 * Files as people write them, each broken in every line, one line at a time. Where the problem has to be is known from the edit that made it:
 * the lines are taken apart by the patterns below, which know nothing of the parsers.
 */
const files = ['deployment.yaml', 'workflow.yaml', 'npm-package.json', 'setup.cfg', 'tox.ini'] as const;

const folder = join(import.meta.dirname, '../../fixtures/diagnostics');
const textOf = (name: string): string => readFileSync(join(folder, name), 'utf8');

/** A line with a key and a scalar: what stands before the key, the key, what is between, the value, and the rest. */
const lines: Readonly<Record<string, RegExp>> = {
  yaml: /^(?<before> *(?:- )?)(?<key>[\w./-]+)(?<between>: +)(?<value>"[^"]*"|'[^']*'|[^ #"'][^#]*?)(?<rest> *(?:#.*)?)$/,
  json: /^(?<before> *)(?<key>"[^"]+")(?<between>: )(?<value>"[^"]*"|[\w.-]+)(?<rest>,?)$/,
  cfg: /^(?<before>)(?<key>[\w-]+)(?<between> = )(?<value>.+)(?<rest>)$/,
};

/** A value that no key of the schemas takes. */
const wrong: Readonly<Record<string, string>> = { yaml: '[~]', json: '[null]', cfg: '!' };

interface Line {
  readonly number: number;
  readonly before: string;
  readonly key: string;
  readonly between: string;
  readonly rest: string;
}

function linesOf(text: string, format: string): readonly Line[] {
  return text.split('\n').flatMap((line, index) => {
    const { before = '', key = '', between = '', rest = '' } = lines[format]?.exec(line)?.groups ?? {};
    return key === '' ? [] : [{ number: index + 1, before, key, between, rest }];
  });
}

function formatOf(name: string): 'yaml' | 'json' | 'cfg' {
  if (name.endsWith('.json')) return 'json';
  return name.endsWith('.yaml') ? 'yaml' : 'cfg';
}

function replaced(text: string, number: number, ...by: readonly string[]): string {
  return text
    .split('\n')
    .toSpliced(number - 1, 1, ...by)
    .join('\n');
}

const place = ({ line, column }: Position): string => `${line}:${column}`;
const shown = ({ rule, range }: Diagnostic): string => `${rule} ${place(range.start)}-${place(range.end)}`;

describe.each(files)('%s', (name) => {
  const text = textOf(name);
  const format = formatOf(name);
  const schemaName = `${name.replace('.', '-')}.schema.json`;
  const schema = compileSchema(valueOf(parseDocument(textOf(schemaName), { format: 'json' })), {
    id: schemaName,
  });
  const found = (changed: string): readonly Diagnostic[] =>
    validateDocument(parseDocument(changed, { path: name }), schema).diagnostics;
  const all = linesOf(text, format);

  it('is valid, and has lines to break', () => {
    expect(found(text)).toEqual([]);
    expect(all.length).toBeGreaterThan(15);
  });

  it('has a wrong value at the value', () => {
    const value = wrong[format] ?? '';
    for (const { number, before, key, between, rest } of all) {
      const start = before.length + key.length + between.length + 1;
      const changed = replaced(text, number, before + key + between + value + rest);
      // a text that the schema wants to be true or false is of the wrong type
      const isBoolean = format === 'cfg' && / (?:true|false)$/.test(text.split('\n')[number - 1] ?? '');
      const rule = format === 'cfg' && !isBoolean ? 'schema-pattern' : 'schema-type';
      expect(found(changed).map(shown)).toEqual([
        `${rule} ${number}:${start}-${number}:${start + value.length}`,
      ]);
    }
  });

  it('has an unknown key at the key', () => {
    const line = text.split('\n');
    for (const { number, before, key } of all) {
      const unknown = key.endsWith('"') ? `${key.slice(0, -1)}zz"` : `${key}zz`;
      const old = line[number - 1] ?? '';
      const changed = replaced(text, number, before + unknown + old.slice(before.length + key.length));
      const start = before.length + 1;
      const expected = `schema-additional-properties ${number}:${start}-${number}:${start + unknown.length}`;
      const problems = found(changed);
      expect(problems.map(shown)).toContain(expected);
      // besides that, only the key that is missing now
      expect(
        problems
          .filter((problem) => shown(problem) !== expected)
          .every(({ rule }) => rule === 'schema-required'),
      ).toBe(true);
    }
  });

  it('has a key that is there twice at both places', () => {
    for (const { number, before, key, between, rest } of all) {
      const indent = before.replace('-', ' ');
      const value = format === 'json' ? '"x"' : 'x';
      const comma = format === 'json' ? ',' : '';
      const first = before + key + between + value + comma;
      const changed = replaced(text, number, first, indent + key + between + value + rest);
      const [problem, ...others] = parseDocument(changed, { path: name }).diagnostics;
      expect(others).toEqual([]);
      const start = before.length + 1;
      expect(problem && shown(problem)).toBe(
        `duplicate-key ${number + 1}:${start}-${number + 1}:${start + key.length}`,
      );
      expect(problem?.related?.map(({ range }) => place(range.start))).toEqual([`${number}:${start}`]);
    }
  });
});

it('are more than three hundred diagnostics', () => {
  const count = files.reduce((sum, name) => sum + linesOf(textOf(name), formatOf(name)).length, 0);
  expect(count * 3).toBeGreaterThan(300);
});
