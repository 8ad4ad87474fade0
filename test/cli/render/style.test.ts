import { describe, expect, it } from 'vitest';
import type { ColorWhen } from '../../../src/cli/globals.js';
import { styleFor, visible, type Style } from '../../../src/cli/render/style.js';

function style(isTTY: boolean, env: Record<string, string> = {}, color: ColorWhen = 'auto'): Style {
  return styleFor({ write: () => {}, isTTY, columns: 40 }, env, color);
}

describe('colour', () => {
  it.each<[string, boolean, Record<string, string>, ColorWhen, boolean]>([
    ['on a terminal', true, {}, 'auto', true],
    ['not in a pipe', false, {}, 'auto', false],
    ['not with --no-color', true, { FORCE_COLOR: '1' }, 'never', false],
    ['with --color always, whatever the environment says', false, { NO_COLOR: '1' }, 'always', true],
    ['not with NO_COLOR', true, { NO_COLOR: '1', FORCE_COLOR: '1' }, 'auto', false],
    ['an empty NO_COLOR says nothing', true, { NO_COLOR: '' }, 'auto', true],
    ['with FORCE_COLOR in a pipe', false, { FORCE_COLOR: '1' }, 'auto', true],
    ['not with FORCE_COLOR=0', true, { FORCE_COLOR: '0' }, 'auto', false],
    ['not with FORCE_COLOR=false', true, { FORCE_COLOR: 'false' }, 'auto', false],
    ['with CLICOLOR_FORCE in a pipe', false, { CLICOLOR_FORCE: '1' }, 'auto', true],
    ['not with CLICOLOR_FORCE=0 in a pipe', false, { CLICOLOR_FORCE: '0' }, 'auto', false],
    ['not with NO_COLOR and CLICOLOR_FORCE', false, { NO_COLOR: '1', CLICOLOR_FORCE: '1' }, 'auto', false],
    ['not with CLICOLOR=0', true, { CLICOLOR: '0' }, 'auto', false],
    ['with CLICOLOR=1', true, { CLICOLOR: '1' }, 'auto', true],
    ['not on a dumb terminal', true, { TERM: 'dumb' }, 'auto', false],
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
