import { describe, expect, it } from 'vitest';
import {
  decide,
  needsMergeCommit,
  protectionOf,
  type BranchAction,
  type Facts,
  type ProtectionLevel,
} from '../../src/policy/index.js';

const rules = [
  { pattern: 'main', protection: 'strict', approvals: 2 },
  { pattern: 'release/*', protection: 'standard', approvals: 0 },
  { pattern: 'release/1.x', protection: 'none', approvals: 0 },
  { pattern: '**', protection: 'basic', approvals: 0 },
] as const;

describe('protectionOf', () => {
  it.each([
    ['main', { level: 'strict', approvals: 2, pattern: 'main' }],
    ['release/1.x', { level: 'standard', approvals: 0, pattern: 'release/*' }],
    ['release/1/x', { level: 'basic', approvals: 0, pattern: '**' }],
    ['feature', { level: 'basic', approvals: 0, pattern: '**' }],
  ])('of %s is that of the first rule that matches', (branch, expected) => {
    expect(protectionOf(branch, rules)).toEqual(expected);
  });

  it('is none without a rule', () => {
    expect(protectionOf('main', [])).toEqual({ level: 'none', approvals: 0 });
  });

  it('takes a name with glob characters for itself too', () => {
    expect(protectionOf('a[1]', [{ pattern: 'a[1]', protection: 'basic', approvals: 0 }]).level).toBe(
      'basic',
    );
  });
});

const branch = 'main';
const good: Facts = { branch, head: 'topic', upToDate: true, exact: true, approvals: 1, problems: 0 };

const refusals = (level: ProtectionLevel, action: BranchAction, facts: Facts): readonly string[] => {
  const { allowed, reasons } = decide({ level, approvals: 1, pattern: branch }, action, facts);
  expect(allowed).toBe(reasons.length === 0);
  return reasons.map(({ rule }) => rule);
};

describe('decide', () => {
  it.each<[ProtectionLevel, Record<BranchAction, readonly string[]>]>([
    ['none', { commit: [], create: [], merge: [], rewrite: [], delete: [] }],
    ['basic', { commit: [], create: [], merge: [], rewrite: ['no-rewrite'], delete: ['no-delete'] }],
    [
      'standard',
      {
        commit: ['merges-only'],
        create: ['new-branch'],
        merge: [],
        rewrite: ['no-rewrite'],
        delete: ['no-delete'],
      },
    ],
    [
      'strict',
      {
        commit: ['merges-only'],
        create: ['new-branch'],
        merge: [],
        rewrite: ['no-rewrite'],
        delete: ['no-delete'],
      },
    ],
  ])('%s', (level, expected) => {
    expect({
      commit: refusals(level, 'commit', good),
      create: refusals(level, 'create', good),
      merge: refusals(level, 'merge', good),
      rewrite: refusals(level, 'rewrite', good),
      delete: refusals(level, 'delete', good),
    }).toEqual(expected);
  });

  it.each<[string, Partial<Facts>, Record<ProtectionLevel, readonly string[]>]>([
    ['invalid', { problems: 2 }, { none: [], basic: [], standard: ['valid'], strict: ['valid'] }],
    ['behind', { upToDate: false }, { none: [], basic: [], standard: [], strict: ['up-to-date'] }],
    ['unapproved', { approvals: 0 }, { none: [], basic: [], standard: [], strict: ['approvals'] }],
    ['altered', { exact: false }, { none: [], basic: [], standard: [], strict: ['exact'] }],
    [
      'all of it',
      { problems: 1, upToDate: false, approvals: 0 },
      { none: [], basic: [], standard: ['valid'], strict: ['valid', 'up-to-date', 'approvals'] },
    ],
  ])('merging a head that is %s', (_, facts, expected) => {
    for (const level of ['none', 'basic', 'standard', 'strict'] as const)
      expect(refusals(level, 'merge', { ...good, ...facts })).toEqual(expected[level]);
  });

  it('lets a new branch begin inside of another', () => {
    expect(refusals('strict', 'create', { branch, inside: true, guarded: true })).toEqual([]);
    expect(refusals('strict', 'create', { branch, inside: true, guarded: false })).toEqual(['new-branch']);
  });

  it('takes a fact that is missing for not met', () => {
    expect(refusals('strict', 'merge', { branch })).toEqual(['valid', 'up-to-date', 'approvals']);
  });

  it('allows the first commit of an empty branch, by commit or merge', () => {
    for (const action of ['commit', 'merge'] as const)
      expect(refusals('strict', action, { branch, empty: true })).toEqual([]);
  });

  it('names the branch, what is missing and the command that supplies it', () => {
    const facts = { ...good, problems: 2, upToDate: false, approvals: 1, discounted: { own: 1, stale: 2 } };
    expect(decide({ level: 'strict', approvals: 3, pattern: 'ma*' }, 'merge', facts).reasons).toEqual([
      {
        rule: 'valid',
        message:
          "branch 'main' is protected (strict, by the rule 'ma*'): the result of the merge has 2 problems",
        hint: 'see them where they can be corrected: cfg switch topic && cfg merge main && cfg validate',
      },
      {
        rule: 'up-to-date',
        message:
          "branch 'main' is protected (strict, by the rule 'ma*'): 'topic' does not contain the tip of 'main'",
        hint: 'bring it up to date: cfg switch topic && cfg merge main',
      },
      {
        rule: 'approvals',
        message:
          "branch 'main' is protected (strict, by the rule 'ma*'): 'topic' lacks 2 of 3 approvals (not counting 1 by an author of it and 2 of an earlier commit)",
        hint: 'someone other than its authors approves it: cfg approve topic',
      },
    ]);
  });

  it('switches nowhere to mend what is checked out', () => {
    const facts = { ...good, head: 'HEAD', upToDate: false };
    expect(decide({ level: 'strict', approvals: 0 }, 'merge', facts).reasons).toMatchObject([
      { hint: 'bring it up to date: cfg merge main' },
    ]);
  });

  it('counts the approvals of no level but strict', () => {
    expect(protectionOf('a', [{ pattern: 'a', protection: 'standard', approvals: 3 }]).approvals).toBe(0);
  });
});

describe('needsMergeCommit', () => {
  it.each([
    ['none', false],
    ['basic', false],
    ['standard', true],
    ['strict', true],
  ] as const)('%s', (level, expected) => {
    expect(needsMergeCommit(level)).toBe(expected);
  });
});
