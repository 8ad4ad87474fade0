import { describe, expect, it } from 'vitest';
import {
  mergeDocuments,
  resolveConflicts,
  resolvers,
  rulesOf,
  type MergeInput,
} from '../../src/merge/index.js';
import { parseSettings } from '../../src/settings/index.js';

const yaml = (base: string, ours: string, theirs: string): MergeInput => ({
  path: 'a.yaml',
  base,
  ours,
  theirs,
});
const scalar = yaml('a: 1\nb: 1\n', 'a: 2\nb: 1\n', 'a: 3\nb: 2\n');
const list = yaml(
  'l:\n  - k: 1\n    v: 1\n',
  'l:\n  - k: 1\n    v: 1\n  - k: 2\n    v: 1\n',
  'l:\n  - k: 1\n    v: 1\n  - k: 3\n    v: 1\n',
);

describe('strategies', () => {
  it.each([
    ['ours', 'a: 2\nb: 2\n'],
    ['theirs', 'a: 3\nb: 2\n'],
    ['base', 'a: 1\nb: 2\n'],
  ] as const)('%s takes that side of what conflicts, and nothing else', (strategy, text) => {
    expect(mergeDocuments({ ...scalar, strategy })).toMatchObject({ text, conflicts: [] });
  });

  it('manual leaves markers, with the labels and size asked for', () => {
    const { text } = mergeDocuments({
      ...scalar,
      strategy: 'manual',
      labels: { ours: 'main', theirs: 'topic', base: 'abc' },
      markerSize: 8,
    });
    expect(text).toBe('<<<<<<<< main\na: 2\n|||||||| abc\na: 1\n========\na: 3\n>>>>>>>> topic\nb: 2\n');
  });

  it('newest asks for the side, and leaves open what has none', () => {
    const newest = { ...scalar, strategy: 'newest' } as const;
    expect(mergeDocuments({ ...newest, newest: () => 'theirs' }).text).toBe('a: 3\nb: 2\n');
    expect(mergeDocuments({ ...newest, newest: () => undefined }).conflicts).toHaveLength(1);
    expect(mergeDocuments(newest).conflicts).toHaveLength(1);
  });

  it('union keeps the items of both sides, the trunk first, and leaves scalars open', () => {
    const both = mergeDocuments({ ...list, strategy: 'union' });
    expect([both.text.match(/k: \d/g), both.conflicts]).toEqual([['k: 1', 'k: 2', 'k: 3'], []]);
    const other = mergeDocuments({ ...list, strategy: 'union', trunk: 'theirs' });
    expect(other.text.match(/k: \d/g)).toEqual(['k: 1', 'k: 3', 'k: 2']);
    expect(mergeDocuments({ ...scalar, strategy: 'union' }).conflicts).toHaveLength(1);
  });

  it('leaves open what both cannot have: one key with two values', () => {
    const atomic = {
      ...yaml('l: [a]\nx: 1\n', 'l: [a, b]\nx: 1\n', 'l: [a, c]\nx: 2\n'),
      rules: { lists: [{ at: '**#l', atomic: true }] },
    } as const;
    const { text, conflicts, notes } = mergeDocuments({ ...atomic, strategy: 'union' });
    expect([conflicts, notes]).toMatchObject([[{ path: 'l', kind: 'list' }], []]);
    expect(text).toMatch(/^<{7}[^]*^>{7} theirs\nx: 2\n$/m);
  });

  it('custom puts any value in place, and leaves open what it does not answer', () => {
    const custom = { ...scalar, strategy: 'custom' } as const;
    expect(mergeDocuments({ ...custom, resolver: () => 7 })).toMatchObject({
      text: 'a: 7\nb: 2\n',
      conflicts: [],
    });
    expect(mergeDocuments({ ...custom, resolver: ({ base }) => base }).text).toBe('a: 1\nb: 2\n');
    expect(mergeDocuments({ ...custom, resolver: () => undefined }).conflicts).toHaveLength(1);
  });

  it('refuses a word that is none, which no type kept out', () => {
    const strategy = 'mine' as 'ours';
    expect(() => mergeDocuments({ ...scalar, strategy })).toThrow(
      expect.objectContaining({ code: 'E_USAGE', message: "'mine' is no strategy of a merge" }),
    );
  });

  it('applies the first rule whose place matches', () => {
    const strategies = [
      { at: '*.json#a', use: 'base' },
      { at: 'a.yaml#a', use: 'theirs' },
      { at: '**#a', use: 'ours' },
    ] as const;
    expect(mergeDocuments({ ...scalar, rules: { strategies } }).text).toBe('a: 3\nb: 2\n');
  });

  it.each([
    ['max-version', '1.9.0', '1.10.0', '1.10.0'],
    ['max-version', 'app:v2.3', 'app:v2.10', 'app:v2.10'],
    ['max-version', 'app:1.2', 'web:1.3', undefined],
    ['max', 3, 10, 10],
    ['min', 3, 10, 3],
    ['min', '3', 10, undefined],
    ['concat-unique', ['a', 'b'], ['c', 'b'], ['a', 'b', 'c']],
    ['concat-unique', 'a', ['b'], undefined],
  ] as const)('%s of %j and %j is %j', (name, ours, theirs, expected) => {
    expect(resolvers[name]({ file: 'f', path: 'p', kind: 'modify', ours, theirs })).toEqual(expected);
  });

  it('picks a value where a rule or the whole merge says how, and leaves open what it does not understand', () => {
    const sides = yaml(
      'tag: 1.8.0\nreplicas: 1\nname: a\n',
      'tag: 1.9.0\nreplicas: 4\nname: b\n',
      'tag: 1.10.0 # newer\nreplicas: 3\nname: c\n',
    );
    const strategies = [{ at: '*.yaml#tag', use: 'max-version' }] as const;
    const { text, conflicts } = mergeDocuments({ ...sides, strategy: 'max', rules: { strategies } });
    expect(text).toMatch(/^tag: 1\.10\.0 # newer\nreplicas: 4\n<<<<<<</);
    expect(conflicts.map(({ path }) => path)).toEqual(['name']);
  });
});

describe('rules for lists', () => {
  const hosts = yaml('h: [a, b]\nx: 1\n', 'h: [a, b, c]\nx: 1\n', 'h: [a, b, d]\nx: 2\n');

  it('joins scalars as a set, and an atomic list only whole', () => {
    expect(mergeDocuments({ ...hosts, rules: { lists: [{ at: '**#h', set: true }] } }).text).toBe(
      'h: [a, b, c, d]\nx: 2\n',
    );
    const atomic = mergeDocuments({ ...hosts, rules: { lists: [{ at: '**#h', atomic: true }] } });
    expect(atomic.conflicts).toMatchObject([
      { path: 'h', kind: 'list', base: ['a', 'b'], ours: ['a', 'b', 'c'] },
    ]);
  });

  it('matches items by the fields that a rule names', () => {
    const keyed = mergeDocuments({
      ...list,
      rules: { lists: [{ at: '*.yaml#l', key: 'k' }] },
    });
    expect([keyed.text.match(/k: \d/g), keyed.conflicts]).toEqual([['k: 1', 'k: 2', 'k: 3'], []]);
  });

  it('come from the settings of the repository', () => {
    expect(rulesOf(parseSettings(undefined))).toEqual({
      lists: [],
      strategies: [],
      comments: 'soft',
    });
    const merge = {
      lists: [
        { at: '**#l', key: ['a', 'b'] },
        { at: '**#h', set: true },
        { at: '**#c', atomic: true },
      ],
      strategies: [{ at: '**#tag', use: 'newest' }],
      comments: 'strict',
    };
    const settings = JSON.stringify({ version: 1, merge });
    expect(rulesOf(parseSettings(settings))).toEqual(merge);
  });
});

describe('resolveConflicts', () => {
  const input = yaml('a: 1\nb: 1 # b\n', 'a: 2\nb: 2 # b\n', 'a: 3\nb: 3 # b\n');

  it('decides some conflicts and leaves the others marked', () => {
    const { text, conflicts } = resolveConflicts(input, new Map([['a', 'theirs']]));
    expect(conflicts.map(({ path }) => path)).toEqual(['b']);
    expect(text).toBe(
      'a: 3\n<<<<<<< ours\nb: 2 # b\n||||||| base\nb: 1 # b\n=======\nb: 3 # b\n>>>>>>> theirs\n',
    );
  });

  it('puts a value in place and keeps what is around it', () => {
    const choices = new Map([
      ['a', { value: 'x' }],
      ['b', { value: [1, 2] }],
    ]);
    const { text, conflicts } = resolveConflicts(input, choices);
    expect(conflicts).toEqual([]);
    expect(text.startsWith('a: x\nb:')).toBe(true);
  });

  it('takes the empty path for all that have no choice of their own', () => {
    const choices = new Map([
      ['', 'ours'],
      ['b', 'theirs'],
    ] as const);
    expect(resolveConflicts(input, choices).text).toBe('a: 2\nb: 3 # b\n');
  });

  it('restores a deleted entry with its comments, or leaves it out', () => {
    const deleted = yaml('a: 1\n# about b\nb: 1 # one\n', 'a: 1\n# about b\nb: 2 # two\n', 'a: 2\n');
    expect(resolveConflicts(deleted, new Map([['b', 'ours']])).text).toBe('a: 2\n# about b\nb: 2 # two\n');
    expect(resolveConflicts(deleted, new Map([['b', 'theirs']])).text).toBe('a: 2\n');
    expect(resolveConflicts(deleted, new Map([['b', 'base']])).text).toBe('a: 2\n# about b\nb: 1 # one\n');
  });

  it('decides the conflicts of a file that is merged by line', () => {
    const text = { path: 'notes.txt', base: 'a\n', ours: 'b\n', theirs: 'c\n' };
    expect(resolveConflicts(text, new Map([['', 'theirs']]))).toMatchObject({ text: 'c\n', conflicts: [] });
  });
});

describe('a conflict', () => {
  it('has values, texts and lines of each side', () => {
    const { conflicts } = mergeDocuments(yaml('x: 1\na: 1\n', 'x: 2\n# c\na: 2\n', 'x: 1\na: 3\n'));
    expect(conflicts).toMatchObject([
      {
        file: 'a.yaml',
        path: 'a',
        kind: 'modify',
        base: 1,
        ours: 2,
        theirs: 3,
        sides: {
          base: { lines: { from: 2, to: 2 }, text: 'a: 1\n' },
          ours: { lines: { from: 3, to: 3 }, text: '# c\na: 2\n' },
          theirs: { lines: { from: 2, to: 2 }, text: 'a: 3\n' },
        },
      },
    ]);
  });

  it('suggests the higher version', () => {
    const { conflicts } = mergeDocuments(yaml('v: 1.9.0\n', 'v: 1.10.0\n', 'v: 1.9.1\n'));
    expect(conflicts[0]?.suggestion).toEqual({ take: 'ours', reason: 'the higher version' });
  });
});

describe('files that are merged by line, saying so', () => {
  it.each([
    ['a lock file', 'package-lock.json', '{\n  "a": 1\n}\n', 'lock-file'],
    [
      'a file of SOPS',
      'secrets.yaml',
      'a: ENC[AES256_GCM,data:x]\nsops:\n  mac: ENC[AES256_GCM,data:y]\nb: 1\n',
      'ciphertext',
    ],
    ['a template', 'chart.yaml', 'a: {{ .Values.a }}\nb: 1\n', 'template'],
    ['a file that does not parse', 'a.yaml', 'a: [1\nb: 1\n', 'unparsable'],
  ])('%s', (_, path, base, rule) => {
    const outcome = mergeDocuments({
      path,
      base,
      ours: base.replace('1', '2'),
      theirs: base.replace('1', '3'),
    });
    expect(outcome).toMatchObject({ method: 'line', notes: [{ rule, path: '' }] });
    expect(outcome.conflicts).toMatchObject([{ path: '', kind: 'text' }]);
  });

  it('a virtual base that holds markers is never parsed', () => {
    const base = '<<<<<<< a\na: 1\n=======\na: 2\n>>>>>>> b\nb: 1\n';
    expect(mergeDocuments(yaml(base, 'a: 1\nb: 1\n', 'a: 1\nb: 2\n')).method).toBe('line');
  });
});

function items(from: number): string {
  return Array.from({ length: 3000 }, (_, n) => `  - a: ${(n * from) % 97}\n    b: ${n % 13}\n`).join('');
}

describe('input that is out of the ordinary', () => {
  it.each([
    ['nothing at all', '', '', ''],
    ['a base that is empty', '', 'a: 1\n', 'b: 1\n'],
    [
      'keys of Object.prototype',
      '__proto__: 1\nconstructor: 1\n',
      '__proto__: 2\nconstructor: 1\n',
      '__proto__: 1\nconstructor: 2\n',
    ],
    ['NUL and control characters', '\u0000', '\u0001', '\u0002'],
    ['lone surrogates', 'a: \uD800\n', 'a: \uDC00\n', 'a: x\n'],
    ['deep nesting', '['.repeat(2000), '['.repeat(2001), '{'.repeat(2000)],
    ['only comments', '# a\n', '# b\n', '# a\nx: 1\n'],
    ['a document end', 'a: 1\n...\n', 'a: 2\n...\n', 'a: 1\nb: 1\n...\n'],
  ])('%s', (_, base, ours, theirs) => {
    for (const path of ['a.yaml', 'a.json', 'a.ini', 'a.txt'])
      expect(() => mergeDocuments({ path, base, ours, theirs })).not.toThrow();
  });

  it('keeps `__proto__` a key', () => {
    const { text } = mergeDocuments(
      yaml('__proto__: 1\nb: 1\n', '__proto__: 2\nb: 1\n', '__proto__: 1\nb: 2\n'),
    );
    expect(text).toBe('__proto__: 2\nb: 2\n');
  });

  it('merges files that both sides added', () => {
    const added = { path: 'a.yaml', base: undefined, ours: 'a: 1\nb: 1\n', theirs: 'a: 1\nc: 1\n' };
    expect(mergeDocuments(added)).toMatchObject({ text: 'a: 1\nb: 1\nc: 1\n', conflicts: [] });
  });

  it('bounds the work on a list that fits in no way', () => {
    const input = yaml(`l:\n${items(3)}`, `l:\n${items(5)}`, `l:\n${items(7)}`);
    expect(mergeDocuments(input).conflicts.length).toBeGreaterThan(0);
  });
});

describe('comments', () => {
  const comment = {
    path: 'a.yaml',
    base: '# one\na: 1\n\n\nb: 1\n',
    ours: '# two\na: 1\n\n\nb: 1\n',
    theirs: '# three\na: 1\n\n\nb: 2\n',
  };
  const twins = {
    path: 'a.yaml',
    base: 'a: 1\n',
    ours: 'a: 1\n# the folder\nsubPath: x\n',
    theirs: 'a: 1\n# the folder\nsupPath: x\n',
  };

  it.each([
    ['changed by both', comment, 'comment'],
    ['shared by two new keys', twins, 'twin-add'],
  ])('%s are told by default', (_, input, rule) => {
    const { conflicts, notes } = mergeDocuments(input);
    expect({ conflicts, rules: notes.map((note) => note.rule) }).toEqual({ conflicts: [], rules: [rule] });
  });

  it.each([
    ['changed by both', comment, 'a', 'comment'],
    ['shared by two new keys', twins, 'subPath', 'add'],
  ])('%s are a conflict when they are strict', (_, input, path, kind) => {
    const strict = { ...input, rules: rulesOf(parseSettings('version: 1\nmerge: { comments: strict }\n')) };
    const { text, conflicts } = mergeDocuments(strict);
    expect(conflicts).toMatchObject([{ path, kind }]);
    expect(text).toContain('<<<<<<< ours\n');
    for (const side of ['ours', 'theirs'] as const) {
      const resolved = resolveConflicts(strict, new Map([[path, side]]));
      expect(resolved.conflicts).toEqual([]);
      expect(resolved.text).toContain(strict[side].split('\n').at(side === 'ours' ? 1 : 2) ?? '?');
    }
  });
});
