import { describe, expect, it } from 'vitest';
import { conflictMarkers, parseDocument, type Format } from '../../src/doc/index.js';

const marked = (ours: string, theirs: string): string =>
  `<<<<<<< ours\n${ours}||||||| base\n=======\n${theirs}>>>>>>> theirs\n`;

describe('conflict markers', () => {
  it.each<[Format, string]>([
    ['yaml', `a: 1\n${marked('b: 1\n', 'b: 2\n')}c: 3\n`],
    ['json', `{\n${marked('  "b": 1\n', '  "b": 2\n')}}\n`],
    ['ini', `a = 1\n${marked('b = 1\n', 'b = 2\n')}c = 3\n`],
  ])('are the one problem of a %s file', (format, text) => {
    for (const source of [text, text.replaceAll('\n', '\r\n')]) {
      const { valid, diagnostics } = parseDocument(source, { format });
      expect(valid).toBe(false);
      expect(diagnostics.map(({ rule, severity, range }) => [rule, severity, range])).toEqual([
        [
          'conflict-markers',
          'error',
          {
            start: expect.objectContaining({ line: 2, column: 1 }),
            end: expect.objectContaining({ line: 2, column: 13 }),
          },
        ],
      ]);
    }
  });

  it.each<[string, Format, string]>([
    ['text in a YAML file', 'yaml', `a: |\n${marked('x\n', 'y\n').replace(/^/gm, '  ')}`],
    ['a heading', 'yaml', 'a: |\n  <<<<<<< x\n  =======\n'],
    ['part of a line', 'ini', 'a = <<<<<<< x\nb = =======\nc = >>>>>>> y\n'],
    ['some of them', 'ini', '<<<<<<< x\n>>>>>>> y\n'],
  ])('are not meant by %s', (_, format, text) => {
    expect(parseDocument(text, { format }).diagnostics.map(({ rule }) => rule)).not.toContain(
      'conflict-markers',
    );
  });

  it('of the first conflict are found', () => {
    const text = `x\n${marked('a\n', 'b\n')}`;
    expect(conflictMarkers(text + text)).toEqual({ start: 2, end: 14 });
  });
});
