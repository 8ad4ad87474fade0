import { describe, expect, it } from 'vitest';
import { mergeContents } from '../../src/merge/index.js';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

describe('mergeContents', () => {
  it('merges text as text', () => {
    const merged = mergeContents({
      path: 'a.yaml',
      base: bytes('a: 1\nb: 1\n'),
      ours: bytes('a: 2\nb: 1\n'),
      theirs: bytes('a: 1\nb: 2\n'),
    });
    expect(new TextDecoder().decode(merged.data)).toBe('a: 2\nb: 2\n');
  });

  it.each([
    ['a NUL', Uint8Array.of(0, 1), Uint8Array.of(0, 2), Uint8Array.of(0, 3)],
    ['bytes that are not UTF-8', Uint8Array.of(0xff, 1), Uint8Array.of(0xff, 2), Uint8Array.of(0xff, 3)],
  ])('never decodes a file with %s', (_, base, ours, theirs) => {
    expect(mergeContents({ path: 'a.yaml', base, ours, theirs })).toMatchObject({
      data: ours,
      conflicts: [{ file: 'a.yaml', path: '', kind: 'binary' }],
    });
    expect(mergeContents({ path: 'a.yaml', base, ours: base, theirs }).data).toBe(theirs);
  });
});
