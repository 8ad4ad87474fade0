import { describe, expect, it } from 'vitest';
import { parseDocument, type Format } from '../../src/doc/index.js';

function found(text: string, format: Format = 'yaml'): readonly string[] {
  return parseDocument(text, { format }).diagnostics.map(
    ({ rule, range: { start, end } }) => `${rule} ${start.line}:${start.column}-${end.line}:${end.column}`,
  );
}

describe('a template', () => {
  it.each<[string, string, readonly string[]]>([
    ['Helm, a block', '{{- if .Values.on }}\na: 1\n{{- end }}\n', ['template 1:1-1:21']],
    ['Helm, a value', 'kind: Service\nname: {{ .name }}-preview\n', ['template 2:7-2:18']],
    ['Helm, a comment of several lines', '{{- /*\nmade by: a script\n*/ -}}\na: 1\n', ['template 1:1-3:7']],
    ['Jinja', 'a: 1\n{% if b %}\nb: 2\n{% endif %}\n', ['template 2:1-2:11']],
    ['in a list', 'a:\n  - {{ b }}-c\n', ['template 2:5-2:12']],
    ['in brackets', 'a: [b, {{ c }} d]\n', ['template 1:8-1:15']],
    ['CRLF', 'a: {{ b }} c\r\n', ['template 1:4-1:11']],
  ])('has one problem: %s', (_, text, expected) => {
    expect(found(text)).toEqual(expected);
  });

  it.each<[string, string, Format]>([
    ['a quoted placeholder before another mistake', 'a: "{{ b }}"\nc: [\n', 'yaml'],
    ['a placeholder in a comment', '# {{ b }}\nc: [\n', 'yaml'],
    ['a placeholder after the mistake', 'c: ]\n---\na: {{ b }} c\n', 'yaml'],
    ['a text of GitHub Actions', 'a: ${{ b }}\nc: ]\n', 'yaml'],
    ['a mistake of another kind', 'a: {{ b }}\na: 1\n', 'yaml'],
    ['braces that nobody closes', 'a: {{ b\n', 'yaml'],
    ['a placeholder in the middle of a text', 'a: hello, {{ b }}\n- c\n', 'yaml'],
    ['empty braces', 'a: {{}}\nb: [1\n', 'yaml'],
    ['a brace too many', '{{"a": 1}}}', 'yaml'],
    ['JSON, whose parser stops at once', '{\n  "b": {{ b }}\n}\n', 'json'],
  ])('is not meant by %s', (_, text, format) => {
    const rules = parseDocument(text, { format }).diagnostics.map(({ rule }) => rule);
    expect(rules).not.toContain('template');
    expect(rules).not.toEqual([]);
  });

  it('is a document where it parses', () => {
    expect(found('a: {{ b }}\n')).toEqual([]);
  });

  it('takes linear time to find', () => {
    for (const text of ['{'.repeat(200_000), '{{ a'.repeat(50_000), `${'{{ a\n'.repeat(40_000)}]`])
      expect(found(text).join()).not.toContain('template');
  });
});
