import { describe, expect, it } from 'vitest';
import {
  badVersion,
  bumpFor,
  compareVersions,
  isRange,
  maxSatisfying,
  nextVersion,
  parseVersion,
  type FileChanges,
} from '../../src/version/index.js';

describe('parseVersion', () => {
  it.each([
    ['1.2.3', { version: '1.2.3', tag: 'v1.2.3', prerelease: false }],
    ['v1.2.3', { version: '1.2.3', tag: 'v1.2.3', prerelease: false }],
    ['1.2.3-rc.1', { version: '1.2.3-rc.1', tag: 'v1.2.3-rc.1', prerelease: true }],
    ['v1.2', undefined],
    ['1.2.3+build', undefined],
    ['01.2.3', undefined],
    ['=1.2.3', undefined],
    [' 1.2.3', undefined],
    ['V1.2.3', undefined],
    ['nightly', undefined],
  ])('reads %j', (text, expected) => {
    expect(parseVersion(text)).toEqual(expected);
  });
});

describe('compareVersions', () => {
  it('orders by precedence', () => {
    const versions = ['1.10.0', '1.9.0', '1.10.0-rc.2', '1.10.0-rc.10', '2.0.0-alpha', 'v0.1.0'];
    expect(versions.toSorted(compareVersions)).toEqual([
      'v0.1.0',
      '1.9.0',
      '1.10.0-rc.2',
      '1.10.0-rc.10',
      '1.10.0',
      '2.0.0-alpha',
    ]);
  });

  it('refuses what is no version', () => {
    expect(() => compareVersions('1.0.0', 'main')).toThrow(
      expect.objectContaining({ code: 'E_BAD_VERSION', message: "'main' is not a semantic version" }),
    );
  });
});

describe('ranges', () => {
  it.each([
    ['^1.2', true],
    ['1.x', true],
    ['>=1 <2', true],
    ['1.2.3', true],
    ['*', true],
    ['', false],
    ['main', false],
    ['v1.2.0-', false],
  ])('knows whether %j is one', (text, expected) => {
    expect(isRange(text)).toBe(expected);
  });

  it.each([
    ['^1.2', 'v1.10.0'],
    ['~1.2', 'v1.2.1'],
    ['>=2', undefined],
    ['^2.0.0-0', 'v2.0.0-rc.2'],
    ['*', 'v1.10.0'],
  ])('finds the highest tag in %j', (range, expected) => {
    const tags = ['v1.2.0', 'v1.10.0', 'v1.2.1', 'v2.0.0-rc.2', 'nightly', 'v2.0.0-rc.1'];
    expect(maxSatisfying(tags, range)).toBe(expected);
  });

  it('refuses what is no range', () => {
    expect(() => maxSatisfying([], 'main')).toThrow(expect.objectContaining({ code: 'E_BAD_VERSION' }));
  });
});

describe('nextVersion', () => {
  it.each([
    [[], 'major', undefined, '1.0.0'],
    [[], 'minor', undefined, '0.1.0'],
    [[], 'patch', undefined, '0.0.1'],
    [['1.2.3', '1.2.2'], 'major', undefined, '2.0.0'],
    [['1.2.2', '1.2.3'], 'minor', undefined, '1.3.0'],
    [['0.4.1'], 'major', undefined, '1.0.0'],
    [['1.9.0', '1.10.0'], 'patch', undefined, '1.10.1'],
    [['1.2.0'], 'minor', 'rc', '1.3.0-rc.1'],
    [['1.2.0', '1.3.0-rc.1'], 'minor', 'rc', '1.3.0-rc.2'],
    [['1.2.0', '1.3.0-rc.9', '1.3.0-rc.10'], 'minor', 'rc', '1.3.0-rc.11'],
    [['1.2.0', '1.3.0-rc.1'], 'minor', 'beta', '1.3.0-beta.1'],
    [['1.2.0', '1.3.0-rc.2'], 'minor', undefined, '1.3.0'],
    [['1.2.0', '1.3.0-rc.2'], 'patch', undefined, '1.3.0'],
    [['1.2.0', '1.3.0-rc.2'], 'major', undefined, '2.0.0'],
    [['1.2.0', '2.0.0-rc.1'], 'minor', undefined, '2.0.0'],
    [['1.3.0-rc.1', '1.3.0'], 'patch', undefined, '1.3.1'],
    [['1.0.0', '1.3.0', '1.1.0-rc.1'], 'patch', 'rc', '1.3.1-rc.1'],
    [['1.2.0', '1.3.0-rc', '1.3.0-rc.x'], 'minor', 'rc', '1.3.0-rc.1'],
  ] as const)('after %j, %s (%s) comes', (versions, bump, pre, expected) => {
    expect(nextVersion(versions, bump, pre)).toBe(expected);
  });

  it.each(['', 'a b', 'rc_1', '01'])('refuses the pre-release identifier %j', (pre) => {
    expect(() => nextVersion(['1.0.0'], 'patch', pre)).toThrow(
      expect.objectContaining({ code: 'E_BAD_VERSION' }),
    );
  });
});

const file = (changes: FileChanges['changes'], status: FileChanges['status'] = 'modified'): FileChanges => ({
  path: 'a.yaml',
  status,
  ...(changes && { changes }),
  ...(status === 'renamed' && { from: 'b.yaml' }),
});

describe('bumpFor', () => {
  it.each([
    [[], 'none', 'no key changed'],
    [[file([])], 'none', 'no key changed'],
    [[file([{ path: ['db', 'host'], kind: 'changed' }])], 'patch', 'a.yaml#db.host changed'],
    [[file([{ path: ['db', 'host'], kind: 'added' }])], 'minor', 'a.yaml#db.host was added'],
    [[file([{ path: ['db', 'host'], kind: 'removed' }])], 'major', 'a.yaml#db.host was removed'],
    [[file([{ path: ['db'], kind: 'type-changed' }])], 'major', 'a.yaml#db changed its type'],
    [[file([{ path: [], kind: 'type-changed' }])], 'major', 'a.yaml changed its type'],
    [[file([{ path: ['hosts', 1], kind: 'removed' }])], 'patch', 'a.yaml#hosts[1] was removed'],
    [[file([{ path: ['hosts', 1], kind: 'added' }])], 'patch', 'a.yaml#hosts[1] was added'],
    [[file([{ path: ['hosts', 1], kind: 'moved' }])], 'patch', 'a.yaml#hosts[1] moved'],
    [
      [file([{ path: ['ports', { name: 'http' }], kind: 'removed' }])],
      'major',
      'a.yaml#ports[name=http] was removed',
    ],
    [
      [file([{ path: ['jobs', 1, 'timeout'], kind: 'removed' }])],
      'major',
      'a.yaml#jobs[1].timeout was removed',
    ],
    [[file([], 'added')], 'minor', 'a.yaml was added'],
    [[file([{ path: ['db'], kind: 'removed' }], 'deleted')], 'major', 'a.yaml was removed'],
    [[file([], 'renamed')], 'major', 'b.yaml was renamed to a.yaml'],
    [[file(undefined)], 'patch', 'a.yaml changed'],
    [[file(undefined, 'deleted')], 'patch', 'a.yaml was removed'],
    [
      [
        file([
          { path: ['a'], kind: 'changed' },
          { path: ['b'], kind: 'added' },
          { path: ['c'], kind: 'added' },
        ]),
      ],
      'minor',
      'a.yaml#b was added',
    ],
  ] as const)('%j', (files, bump, reason) => {
    expect(bumpFor(files)).toEqual({ bump, reason });
  });
});

it.each([
  ['1.4.0+build.5', 'leave it out: 1.4.0'],
  ['v1.4.0-rc.1+5', 'leave it out: v1.4.0-rc.1'],
  ['1.4+5', 'write it as MAJOR.MINOR.PATCH, as in 1.4.0'],
])('says what to write instead of %s', (text, hint) => {
  expect(badVersion(text)).toMatchObject({ code: 'E_BAD_VERSION', hint });
});
