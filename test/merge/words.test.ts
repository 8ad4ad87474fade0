import { describe, expect, it } from 'vitest';
import { mergeWords } from '../../src/merge/words.js';

describe('mergeWords', () => {
  it.each([
    ['both put words in', 'a b c', 'x a b c', 'a b c y', 'x a b c y'],
    ['one takes out, the other puts in', 'a b c d', 'a c d', 'a b c d e', 'a c d e'],
    ['commas', 'a, b, c', 'a, x, b, c', 'a, b, c, d', 'a, x, b, c, d'],
    ['the last one goes', 'a, b, c', 'x, a, b, c', 'a, b', 'x, a, b'],
    ['both did the same, and one more', 'a b c', 'a b', 'x a b', 'x a b'],
  ])('joins: %s', (_, base, ours, theirs, joined) => {
    expect(mergeWords(base, ours, theirs)).toBe(joined);
    expect(mergeWords(base, theirs, ours)).toBe(joined);
  });

  it.each([
    ['a word was rewritten', 'a b c', 'a x c', 'a b c d'],
    ['both put words at one place', 'a b', 'a b x', 'a b y'],
    ['one took out what the other one stands beside', 'a b c', 'a c', 'a b x c'],
    ['there is but one word', 'a', 'x a', 'a y'],
    ['no word is left', 'a b', '', 'a b c'],
  ])('leaves open: %s', (_, base, ours, theirs) => {
    expect(mergeWords(base, ours, theirs)).toBeUndefined();
    expect(mergeWords(base, theirs, ours)).toBeUndefined();
  });
});
