import { describe, expect, it } from 'vitest';
import { styleFor, visible, type Style } from '../../../src/cli/render/style.js';

function style(isTTY: boolean, env: Record<string, string> = {}, color = true): Style {
  return styleFor({ write: () => {}, isTTY, columns: 40 }, env, color);
}

describe('colour', () => {
  it.each<[string, boolean, Record<string, string>, boolean, boolean]>([
    ['on a terminal', true, {}, true, true],
    ['not in a pipe', false, {}, true, false],
    ['not with --no-color', true, { FORCE_COLOR: '1' }, false, false],
    ['not with NO_COLOR', true, { NO_COLOR: '1', FORCE_COLOR: '1' }, true, false],
    ['an empty NO_COLOR says nothing', true, { NO_COLOR: '' }, true, true],
    ['with FORCE_COLOR in a pipe', false, { FORCE_COLOR: '1' }, true, true],
    ['not with FORCE_COLOR=0', true, { FORCE_COLOR: '0' }, true, false],
    ['not on a dumb terminal', true, { TERM: 'dumb' }, true, false],
  ])('%s', (_name, isTTY, env, color, colored) => {
    expect(style(isTTY, env, color).red('x')).toBe(colored ? '\u001b[31mx\u001b[39m' : 'x');
  });
});

describe('control characters', () => {
  it('are escaped in what is on one line', () => {
    expect(visible('a\u001b]0;x\u0007\nb\u0085\u202e')).toBe('a\\u001b]0;x\\u0007\\u000ab\\u0085\\u202e');
  });

  it('never reach a terminal in a block, but a program gets the bytes', () => {
    expect(style(true).block('a\tb\n\u001b[2J')).toBe('a\tb\n\\u001b[2J');
    expect(style(false).block('a\tb\n\u001b[2J')).toBe('a\tb\n\u001b[2J');
  });
});
