import { expect, it } from 'vitest';
import { drawGraph } from '../../../src/cli/render/graph.js';

const draw = (...rows: readonly string[]): string =>
  drawGraph(
    rows.map((row) => {
      const [commit = '', edges = ''] = row.split('>');
      return { commit, edges: edges === '' ? [] : edges.split(','), text: [commit] };
    }),
  ).join('\n');

it('draws one line', () => {
  expect(draw('c>b', 'b>a', 'a')).toBe('*  c\n*  b\n*  a');
});

it('draws a branch and its merge', () => {
  expect(draw('m>b,t', 't>a', 'b>a', 'a')).toBe('*  m\n├─╮\n│ *  t\n* │  b\n├─╯\n*  a');
});

it('draws two tips, a merge of three, and roots', () => {
  expect(draw('x>a', 'o>a,b,c', 'c', 'b', 'a')).toBe(
    '*  x\n│ *  o\n│ ├─╮\n│ ├─┼─╮\n│ │ │ *  c\n│ │ *  b\n├─╯\n*  a',
  );
});

it('sets further lines of text beside the lines', () => {
  const commits = [
    { commit: 'b', edges: ['a'], text: ['b', 'more', ''] },
    { commit: 'a', edges: [], text: ['a', 'end'] },
  ];
  expect(drawGraph(commits)).toEqual(['*  b', '│  more', '│', '*  a', '  end']);
});
