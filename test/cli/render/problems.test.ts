import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  renderGithub,
  renderGitlab,
  renderJunit,
  renderProblems,
  renderSarif,
} from '../../../src/cli/render/problems/index.js';
import { styleFor } from '../../../src/cli/render/style.js';
import type { PlainProblem, ValidateAnswer } from '../../../src/repo/index.js';
import { emptyFolder, run, shell } from '../command-line.js';

const problem: PlainProblem = {
  file: 'a, b/c%.yaml',
  line: 3,
  column: 5,
  endLine: 3,
  endColumn: 9,
  path: 'db.port',
  rule: 'schema-type',
  severity: 'error',
  message: '100% <wrong>: "x" & y\u0007',
};
const warning: PlainProblem = { ...problem, severity: 'warning', rule: 'plain-secret', line: 1, endLine: 2 };
const answer = (problems: readonly PlainProblem[]): ValidateAnswer => ({
  valid: false,
  files: 3,
  problems,
  checked: ['a, b/c%.yaml', 'ok.yaml'],
});
const many = (count: number, one: PlainProblem): PlainProblem[] =>
  Array.from({ length: count }, (_, index) => ({ ...one, line: index + 1, endLine: index + 1 }));
const plain = styleFor({ write: () => {}, isTTY: false, columns: 80 }, {}, 'never');

describe('github', () => {
  it('escapes, and gives the end column on one line only', () => {
    expect(renderGithub(answer([problem, warning]), { prefix: 'x/' }).log.split('\n')).toEqual([
      '::error file=x/a%2C b/c%25.yaml,line=3,endLine=3,col=5,endColumn=9,title=schema-type::100%25 <wrong>: "x" & y\u0007',
      '::warning file=x/a%2C b/c%25.yaml,line=1,endLine=2,col=5,title=plain-secret::100%25 <wrong>: "x" & y\u0007',
      '2 problems (3 files checked)',
      '',
    ]);
  });

  it('annotates ten of a kind, errors first, and tells the rest in log and summary', () => {
    const report = renderGithub(answer([...many(12, warning), ...many(13, problem)]), { prefix: '' });
    const lines = report.log.split('\n');
    expect(lines.slice(0, 10).every((line) => line.startsWith('::error '))).toBe(true);
    expect(lines.slice(10, 20).every((line) => line.startsWith('::warning '))).toBe(true);
    expect(lines.slice(20, 25).every((line) => /^(error|warning): a, b/.test(line))).toBe(true);
    expect(report.summary.split('\n').filter((line) => /^\| (error|warning) \|/.test(line))).toHaveLength(25);
    expect(report.summary).toContain(String.raw`100% \<wrong\>: "x" \& y\\u0007`);
  });

  it('keeps the summary below what GitHub drops, and counts what is left out', () => {
    const long = { ...problem, message: 'm&'.repeat(300) };
    const { summary } = renderGithub(answer(many(3000, long)), { prefix: '' });
    expect(Buffer.byteLength(summary)).toBeLessThan(1 << 20);
    const rows = summary.split('\n').filter((line) => line.startsWith('| error |')).length;
    expect(summary).toContain(`\n… and ${3000 - rows} more\n`);
  });

  it('needs no summary where annotations are enough', () => {
    expect(renderGithub(answer(many(10, problem)), { prefix: '' }).summary).toBe('');
  });
});

describe('sarif', () => {
  const parsed = (problems: readonly PlainProblem[]): { readonly runs: readonly [SarifRun] } =>
    JSON.parse(renderSarif(answer(problems), { version: '1.2.3', about: (rule) => `about ${rule}` })) as {
      readonly runs: readonly [SarifRun];
    };
  interface SarifRun {
    readonly tool: { readonly driver: { readonly rules: readonly { readonly id: string }[] } };
    readonly results: readonly {
      readonly ruleId: string;
      readonly ruleIndex: number;
      readonly partialFingerprints: Readonly<Record<string, string>>;
    }[];
  }

  it('has one run with rules, places and related places', () => {
    const related = [{ file: 'a, b/c%.yaml', line: 1, column: 2, message: 'there' }];
    expect(parsed([{ ...problem, related }])).toMatchObject({
      version: '2.1.0',
      runs: [
        {
          tool: {
            driver: {
              name: 'cfg',
              version: '1.2.3',
              rules: [
                {
                  id: 'schema-type',
                  shortDescription: { text: 'about schema-type' },
                  defaultConfiguration: { level: 'error' },
                },
              ],
            },
          },
          results: [
            {
              ruleId: 'schema-type',
              ruleIndex: 0,
              level: 'error',
              locations: [
                {
                  physicalLocation: {
                    artifactLocation: { uri: 'a%2C%20b/c%25.yaml', uriBaseId: '%SRCROOT%' },
                    region: { startLine: 3, startColumn: 5, endLine: 3, endColumn: 9 },
                  },
                  logicalLocations: [{ fullyQualifiedName: 'db.port' }],
                },
              ],
              relatedLocations: [{ physicalLocation: { region: { startLine: 1, startColumn: 2 } } }],
            },
          ],
        },
      ],
    });
  });

  it('keeps fingerprints while lines move, and tells equal problems apart', () => {
    const prints = (problems: readonly PlainProblem[]): string[] =>
      parsed(problems).runs[0].results.map(({ partialFingerprints: { 'cfgProblem/v1': id = '' } }) => id);
    const before = prints(many(2, problem));
    expect(new Set(before).size).toBe(2);
    expect(prints(many(2, problem).map((one) => ({ ...one, line: one.line + 40 })))).toEqual(before);
    expect(prints([{ ...problem, path: 'other' }])[0]).not.toBe(before[0]);
  });

  it('says by index which rule a result is of', () => {
    const [{ tool, results }] = parsed([problem, warning, problem]).runs;
    expect(results.map(({ ruleIndex }) => tool.driver.rules[ruleIndex]?.id)).toEqual(
      results.map(({ ruleId }) => ruleId),
    );
  });
});

describe('junit', () => {
  it('has a test case for each file, and escapes', () => {
    expect(renderJunit(answer([problem, warning]))).toBe(`<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="cfg validate" tests="2" failures="1" errors="0">
  <testsuite name="cfg validate" tests="2" failures="1" errors="0" skipped="0">
    <testcase classname="cfg.validate" name="a, b/c%.yaml" file="a, b/c%.yaml">
      <failure type="schema-type" message="3:5: 100% &lt;wrong&gt;: &quot;x&quot; &amp; y\\u0007">a, b/c%.yaml:3:5: 100% &lt;wrong&gt;: "x" &amp; y\\u0007 (schema-type)</failure>
      <system-out>a, b/c%.yaml:1:5: 100% &lt;wrong&gt;: "x" &amp; y\\u0007 (plain-secret)</system-out>
    </testcase>
    <testcase classname="cfg.validate" name="ok.yaml" file="ok.yaml"/>
  </testsuite>
</testsuites>
`);
  });

  it('has no character that XML does not know', () => {
    const hostile = { ...problem, file: 'a\ud800\uffff\u0001b.yaml' };
    const text = renderJunit(answer([hostile]));
    expect(['\ud800', '\uffff', '\u0001'].filter((one) => text.includes(one))).toEqual([]);
  });
});

it('gitlab has severity, place and an id of its own for each problem', () => {
  const issues = JSON.parse(renderGitlab(answer([problem, problem, warning]))) as readonly {
    readonly fingerprint: string;
  }[];
  expect(issues[2]).toMatchObject({
    check_name: 'plain-secret',
    severity: 'minor',
    location: { path: 'a, b/c%.yaml', lines: { begin: 1, end: 2 } },
  });
  expect(issues[0]).toMatchObject({ severity: 'major', description: problem.message });
  expect(new Set(issues.map(({ fingerprint }) => fingerprint)).size).toBe(3);
});

describe('both places of a duplicate', () => {
  const related = [{ file: 'a.yaml', line: 1, column: 2, message: 'first: 50%' }];
  const twice = answer([{ ...problem, file: 'a.yaml', message: 'again', related }]);

  it.each([
    ['github', renderGithub(twice, { prefix: '' }).log, '::again%0Aa.yaml:1:2: first: 50%25\n'],
    [
      'the log of github',
      renderGithub(answer([...many(10, problem), ...twice.problems]), { prefix: '' }).log,
      'error: a.yaml:3:5: again; a.yaml:1:2: first: 50% (schema-type)\n',
    ],
    [
      'the summary of github',
      renderGithub(answer([...many(10, problem), ...twice.problems]), { prefix: '' }).summary,
      '| a.yaml:3:5 | again; a.yaml:1:2: first: 50% | schema-type |\n',
    ],
    ['gitlab', renderGitlab(twice), '"description": "again; a.yaml:1:2: first: 50%"'],
    ['junit', renderJunit(twice), 'a.yaml:3:5: again (schema-type)\na.yaml:1:2: first: 50%</failure>'],
  ])('is told in %s', (_format, text, expected) => {
    expect(text).toContain(expected);
  });
});

describe('human', () => {
  it('marks the token under its line, where the line is known', () => {
    const source = 'db: { port: x }\t\u001b[31m';
    const related = [{ file: 'b', line: 1, column: 2, message: 'there' }];
    const shown = { ...problem, file: 'a', message: 'm', column: 13, endColumn: 14, source, related };
    expect(renderProblems(answer([shown]), plain)).toBe(
      [
        'a:3:13: error: m (schema-type)',
        ' 3 | db: { port: x } \u00B7[31m',
        '   |             ^',
        '  b:1:2: there',
        '1 error (3 files checked)',
        '',
      ].join('\n'),
    );
  });

  it('cuts a long line around the token', () => {
    const source = `${'a'.repeat(500)}b${'c'.repeat(500)}`;
    const text = renderProblems(answer([{ ...problem, column: 501, endColumn: 502, source }]), plain);
    const [, line = '', marks = ''] = text.split('\n');
    expect(line.length).toBeLessThanOrEqual(160);
    expect(line[marks.indexOf('^')]).toBe('b');
  });
});

describe('the command', () => {
  const repository = (files: Readonly<Record<string, string>>): string => {
    const cwd = emptyFolder();
    shell('git init -q -b main', { cwd });
    for (const [path, text] of Object.entries(files)) writeFileSync(join(cwd, path), text);
    return cwd;
  };

  it('annotates by itself inside of GitHub Actions, from the workspace', async () => {
    const workspace = emptyFolder();
    const cwd = join(workspace, 'config');
    mkdirSync(cwd);
    shell('git init -q -b main', { cwd });
    writeFileSync(join(cwd, 'a.yaml'), 'a: [\n');
    const env = {
      GITHUB_ACTIONS: 'true',
      GITHUB_WORKSPACE: workspace,
      GITHUB_STEP_SUMMARY: join(workspace, 'summary.md'),
    };
    const annotated = await run(['validate'], { cwd, env });
    expect(annotated.code).toBe(1);
    expect(annotated.stdout).toMatch(/^::error file=config\/a\.yaml,line=2,/);
    for (let index = 0; index < 12; index++) writeFileSync(join(cwd, `${index}.yaml`), 'a: [\n');
    await run(['validate'], { cwd, env });
    expect(readFileSync(env.GITHUB_STEP_SUMMARY, 'utf8')).toContain('13 problems');
    expect((await run(['validate', '--format', 'human'], { cwd, env })).stdout).toMatch(
      /^0\.yaml:2:1: error/,
    );
  });

  it('annotates from the root of the repository where no workspace is named', async () => {
    const cwd = repository({ 'a.yaml': 'a: [\n' });
    const { stdout } = await run(['validate'], { cwd, env: { GITHUB_ACTIONS: 'true' } });
    expect(stdout).toMatch(/^::error file=a\.yaml,line=2,/);
  });

  it('tells invalid from could not look, and warnings from errors', async () => {
    const cwd = repository({ 'a.yaml': 'a: yes\n' });
    expect((await run(['validate'], { cwd })).code).toBe(0);
    expect((await run(['validate', '--strict'], { cwd })).code).toBe(1);
    expect((await run(['validate', 'nope.yaml'], { cwd })).code).toBe(4);
    expect((await run(['validate', '--rev', 'nope'], { cwd })).code).toBe(4);
    expect((await run(['validate', '--all', '--since', 'HEAD'], { cwd })).code).toBe(2);
    expect((await run(['validate'], { cwd: emptyFolder() })).code).toBe(4);
  });

  it('shows no secret of a line', async () => {
    const value = ['k3Jd82', 'hGq91z', 'XpL0vT', 'w7'].join('');
    const cwd = repository({ 'a.yaml': `db:\n  password: ${value}\n` });
    const { stdout } = await run(['validate'], { cwd, columns: 80 });
    expect(stdout).toContain('password: ***');
    expect(stdout).not.toContain(value);
  });
});
