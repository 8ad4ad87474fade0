import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { isRefName } from '../../src/store/refs/name.js';
import { checkBranchName, checkTagName } from '../../src/store/index.js';
import { temporaryFolder, tryGit } from './sandbox.js';

const names = [
  'refs/heads/main',
  'refs/heads/a/b',
  'refs/heads/.a',
  'refs/heads/a.',
  'refs/heads/a.lock',
  'refs/heads/a.lock/b',

  'refs/heads/a..b',
  'refs/heads/a b',
  'refs/heads/a~1',
  'refs/heads/a^',
  'refs/heads/a:b',
  'refs/heads/a?',

  'refs/heads/a*',
  'refs/heads/a[b',
  'refs/heads/a\\b',
  'refs/heads/a@{b',
  'refs/heads/@',
  'refs/heads/a@b',

  'refs//a',
  '/refs/a',
  'refs/a/',
  'a',
  '@',
  '@/a',
  'a/@',
  'HEAD',
  '-x',
  'refs/-x',
  'refs/heads/-x',

  'refs/heads/\u007f',
  'refs/heads/\u0001',
  'refs/heads/ä',
  'refs/heads/日本',
  'refs/heads/{a}',
  'refs/heads/a]',

  'refs/heads/a.LOCK',
  'refs/heads/.lock',
  'refs/heads/a..',
  'refs/./a',
  'refs/../a',
  'refs/a.b/c.d',
  'a/b',
];

it.each(names)('agrees with git check-ref-format on %j', (name) => {
  expect(isRefName(name)).toBe(tryGit('/', 'check-ref-format', name).status === 0);
});

it('agrees with git check-ref-format on names made of what matters', () => {
  const part = fc.constantFrom(
    'a',
    'b',
    '/',
    '.',
    '..',
    '.lock',
    '@',
    '{',
    '@{',
    '-',
    '~',
    '^',
    ' ',
    '\\',
    '*',
    ':',
    'é',
    '[',
  );
  const name = fc.array(part, { minLength: 1, maxLength: 6 }).map((parts) => `r/${parts.join('')}`);
  const runs = process.env['CFG_FULL'] ? 3000 : 150;
  for (const text of fc.sample(name, { numRuns: runs, seed: 20 }))
    expect([text, isRefName(text)]).toEqual([text, tryGit('/', 'check-ref-format', text).status === 0]);
});

it.each([
  'main',
  'a/b',
  '-x',
  'HEAD',
  '@',
  'a b',
  'a..b',
  'refs/heads/x',
  'v1.0',
  '.a',
  'HEADS',
  '--',
  'a.lock',
])('agrees with git on the branch name %j', (name) => {
  const allowed = tryGit(temporaryFolder(), 'check-ref-format', '--branch', name).status === 0;
  // git expands '@' to the current branch there; as the name of a new one it is refused.
  expect(accepts(() => checkBranchName(name))).toBe(name === '@' ? false : allowed);
});

it.each([
  ['v1.0.0', true],
  ['-d', false],
  ['HEAD', false],
  ['a b', false],
  ['rel/1', true],
])('as a tag name, %j is %s', (name, allowed) => {
  expect(accepts(() => checkTagName(name))).toBe(allowed);
});

function accepts(check: () => void): boolean {
  try {
    check();
    return true;
  } catch {
    return false;
  }
}
