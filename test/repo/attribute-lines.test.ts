import { describe, expect, it } from 'vitest';
import { attributePatterns, withBlock, withoutBlock } from '../../src/repo/attribute-lines.js';

describe('globs of the settings as patterns of gitattributes', () => {
  it.each([
    ['**/*.{yaml,json}', ['*.yaml', '*.json']],
    ['*.yaml', ['/*.yaml']],
    ['services/*.yaml', ['services/*.yaml']],
    ['**/env/*.ini', ['**/env/*.ini']],
    ['{a,b/{c,d}}/*.yml', ['a/*.yml', 'b/c/*.yml', 'b/d/*.yml']],
    ['v{1..3}.json', ['/v*.json']],
    ['(a|b).json', ['/*.json']],
    ['**', ['**']],
  ])('%s', (glob, patterns) => {
    expect(attributePatterns(glob)).toEqual(patterns);
  });
});

describe('the block', () => {
  const foreign = ['', '*.png binary\n', '# mine', '*.yaml text\r\n', '# >>> other\nx y\n# <<< other\n'];
  it.each(foreign)('goes in front of %j, once, and out without a trace', (text) => {
    const once = withBlock(text, ['**/*.yaml', '!a b/*.yaml']);
    expect(once).toMatch(
      /^# >>> cfg: .*\r?\n\*\.yaml merge=cfg diff=cfg\r?\n"a b\/\*\.yaml" !merge !diff\r?\n# <<< cfg\r?\n/,
    );
    expect(withBlock(once, ['**/*.yaml', '!a b/*.yaml'])).toBe(once);
    expect(withoutBlock(withBlock(once, ['x.json']))).toBe(text);
  });

  it('never takes more than its own lines, even where its end mark is gone', () => {
    const text = withBlock('*.png binary\n', ['**/*.yaml']).replace('# <<< cfg\n', '');
    expect(withoutBlock(text)).toBe('*.png binary\n');
  });
});
