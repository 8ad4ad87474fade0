import { constants, deflateSync, inflateRawSync, inflateSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inflateSmall, inflateStream } from '../../src/store/objects/inflate-small.js';

/** Text that repeats itself, near and far, and bytes that nothing compresses. */
const contents = fc.oneof(
  fc.uint8Array({ minLength: 1, maxLength: 600 }).map((bytes) => Buffer.from(bytes)),
  fc
    .array(fc.constantFrom('name: web\n', 'port: 8080\n', 'a', '\u00e9', ' '.repeat(300)), {
      minLength: 1,
      maxLength: 60,
    })
    .map((parts) => Buffer.from(parts.join(''), 'utf8')),
);
const { Z_FIXED, Z_HUFFMAN_ONLY, Z_DEFAULT_STRATEGY } = constants;
const strategies = fc.constantFrom(Z_FIXED, Z_HUFFMAN_ONLY, Z_DEFAULT_STRATEGY);

describe('a small stream', () => {
  it('has the content that zlib finds in it, wherever it stands', () => {
    fc.assert(
      fc.property(contents, strategies, fc.integer({ min: 0, max: 9 }), (content, strategy, level) => {
        const stream = deflateSync(content, { strategy, level });
        const source = Buffer.concat([Buffer.from('before'), stream, Buffer.from('after')]);
        const found = inflateSmall(source, 6, content.length);
        const isForIt = strategy === Z_FIXED || level === 0;
        expect(isForIt ? found : (found ?? content)).toEqual(content);
        expect(inflateSmall(source, 6, content.length + 1)).toBeUndefined();
        expect(inflateSmall(source, 6, content.length - 1)).toBeUndefined();
      }),
    );
  });

  it('need not go to zlib when it is a commit with a code of its own', () => {
    const commit = Buffer.from(
      'tree 4b825dc642cb6eb9a060e54bf8d69288fbee4904\nparent 8a1f0c27d6e5b3948a1f0c27d6e5b3948a1f0c27\n' +
        'author Ada <ada@example.org> 1700000000 +0000\ncommitter Ada <ada@example.org> 1700000000 +0000\n\nraise the limit\n',
    );
    const stream = deflateSync(commit);
    expect(((stream[2] ?? 0) >> 1) & 3, 'a dynamic block').toBe(2);
    expect(inflateSmall(stream, 0, commit.length)).toEqual(commit);
  });

  it('is not taken for whole when it is cut short', () => {
    for (const strategy of [Z_FIXED, Z_HUFFMAN_ONLY]) {
      const stream = deflateSync(Buffer.from('tree '.repeat(40)), { strategy });
      expect(inflateSmall(stream, 0, 200)).toHaveLength(200);
      for (let length = 0; length < stream.length - 4; length += 1)
        expect(inflateSmall(stream.subarray(0, length), 0, 200), `${length} bytes`).toBeUndefined();
    }
  });

  it('never has other content than zlib finds, whichever bits are flipped', () => {
    fc.assert(
      fc.property(contents, strategies, fc.nat(), fc.nat(7), (content, strategy, place, bit) => {
        const stream = deflateSync(content, { strategy });
        const at = 2 + (place % (stream.length - 6));
        stream[at] = (stream[at] ?? 0) ^ (1 << bit);
        const found = inflateSmall(stream, 0, content.length);
        const byZlib = withoutChecksum(stream);
        expect(found ?? byZlib).toEqual(byZlib);
      }),
    );
  });
});

describe('a whole stream', () => {
  it('has the content that zlib finds in it, without being told how much that is', () => {
    fc.assert(
      fc.property(contents, strategies, fc.integer({ min: 0, max: 9 }), (content, strategy, level) => {
        const found = inflateStream(deflateSync(content, { strategy, level }));
        const isForIt = (strategy === Z_FIXED || level === 0) && content.length <= 4096;
        expect(isForIt ? found : (found ?? content)).toEqual(content);
      }),
    );
  });

  it('is not taken when a bit is flipped, a byte is missing or one too many', () => {
    fc.assert(
      fc.property(contents, strategies, fc.nat(), fc.nat(7), (content, strategy, place, bit) => {
        const stream = deflateSync(content, { strategy });
        for (let length = stream.length - 5; length < stream.length; length += 1)
          expect(inflateStream(stream.subarray(0, length))).toBeUndefined();
        expect(inflateStream(Buffer.concat([stream, Buffer.of(0)]))).toBeUndefined();
        const at = place % stream.length;
        stream[at] = (stream[at] ?? 0) ^ (1 << bit);
        const byZlib = unlessRefused(() => inflateSync(stream));
        expect(inflateStream(stream) ?? byZlib).toEqual(byZlib);
      }),
    );
  });

  it('of more than 4,096 bytes is for zlib', () => {
    for (const [length, expected] of [
      [4096, 4096],
      [4097, undefined],
    ] as const)
      expect(inflateStream(deflateSync(Buffer.alloc(length), { strategy: Z_FIXED }))?.length).toBe(expected);
  });
});

/** What zlib makes of a stream with a wrong checksum; undefined where the rest is wrong too. */
function withoutChecksum(stream: Buffer): Buffer | undefined {
  return unlessRefused(() => inflateRawSync(stream.subarray(2)));
}

function unlessRefused(inflate: () => Buffer): Buffer | undefined {
  try {
    return inflate();
  } catch {
    return undefined;
  }
}
