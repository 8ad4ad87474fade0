import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { emptyFolder, run, shell, type Run } from './command-line.js';

let cwd = '';

beforeEach(() => {
  cwd = emptyFolder();
  writeFileSync(join(cwd, 'a.yaml'), 'a: 1\nb: { c: 2 }\n');
  shell('git init -q -b main && git add -A && git commit -qm first', { cwd });
});

const apply = (lines: readonly string[], ...words: readonly string[]): Promise<Run> =>
  run(['apply', '-', ...words], { cwd, stdin: lines.join('\n') });
const log = (): string => shell('git log --format="%an: %s"', { cwd }).stdout;

describe('cfg apply', () => {
  it('makes one commit of all lines', async () => {
    const lines = [
      '{"set": "a.yaml#b.c", "value": 12345678901234567890}',
      '',
      '{"unset": "a.yaml#a"}',
      '{"write": "new.txt", "content": "text\\n"}',
      '{"path": "x.json", "set": {"k": [1]}}',
    ];
    const { code, stdout } = await apply(lines, '-m', 'many');
    expect([code, stdout]).toEqual([
      0,
      expect.stringMatching(/^\[main .{7}\] 4 changes of 3 files in 1 commit\n$/),
    ]);
    expect(shell('git show main:a.yaml && git status --porcelain', { cwd }).stdout).toBe(
      'b: { c: 12345678901234567890 }\n',
    );
  });

  it('makes a commit of each line, and leaves out what changes nothing', async () => {
    const lines = [
      '{"set": "a.yaml#a", "value": 1}',
      '{"set": "a.yaml#a", "value": 2, "message": "two", "author": "Ann <a@x>"}',
      '{"delete": "a.yaml"}',
    ];
    const { stdout } = await apply(lines, '--each', '--json');
    expect(JSON.parse(stdout)).toMatchObject({ commits: 2, changes: 3, unchanged: 1 });
    expect(log()).toBe('A Developer: delete a.yaml\nAnn: two\nA Developer: first\n');
  });

  it.each([
    ['{"set": "a.yaml#a"}', /line 2: 'value' is missing/],
    ['{"set": "a.yaml#a", "value": }', /line 2: expected a value \(column 30\)/],
    ['[1]', /line 2: not a JSON object/],
    ['{"set": "a.yaml#a", "unset": "a.yaml#b"}', /line 2: more than one of/],
    ['{"set": "a.yaml#a", "value": 1, "valeu": 2}', /line 2: 'valeu' does not go with/],
    ['{"set": "HEAD~1:a.yaml#a", "value": 1}', /line 2: .* names a revision/],
    ['{"delete": "a.yaml#a"}', /line 2: .* names a key/],
    ['{"unset": "a.yaml#nope"}', /line 2: no key 'nope' in 'a.yaml'/],
    ['{"write": ".git/config", "content": ""}', /line 2: not a path/],
    ['{"delete": "a.yaml", "message": "m"}', /line 2 has a message/],
  ])('refuses the line %s, and applies nothing', async (line, message) => {
    const { code, stderr } = await apply(['', line, '{"set": "a.yaml#a", "value": 7}'], '-m', 'm');
    expect(code).toBeGreaterThan(0);
    expect(stderr).toMatch(message);
    expect(stderr).toMatch(/^hint: /m);
    expect(log()).toBe('A Developer: first\n');
  });

  it.each([
    [['-m', 'm'], 'no changes to apply'],
    [[], 'no changes to apply'],
  ])('says so when there is nothing to do: %s', async (words, message) => {
    expect((await apply([''], ...words)).stderr).toContain(message);
  });
});
