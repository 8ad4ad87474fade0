import type { PlainProblem, ValidateAnswer } from '../../../repo/index.js';
import { visible } from '../style.js';
import { wellFormed } from '../text.js';
import { relatedPlaces } from './related.js';

/** Problems as JUnit XML: a test case for each file that was looked at; errors fail it, warnings are its output. */
export function renderJunit({ problems, checked = [] }: ValidateAnswer): string {
  const files = [...new Set([...checked, ...problems.map(({ file }) => file)])].toSorted();
  const byFile = new Map<string, PlainProblem[]>(files.map((file) => [file, []]));
  for (const problem of problems) byFile.get(problem.file)?.push(problem);
  const failures = [...byFile.values()].filter((found) => found.some(isError)).length;
  const counts = `tests="${files.length}" failures="${failures}" errors="0"`;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="cfg validate" ${counts}>`,
    `  <testsuite name="cfg validate" ${counts} skipped="0">`,
    ...[...byFile].flatMap(([file, found]) => testCase(file, found)),
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n');
}

function testCase(file: string, problems: readonly PlainProblem[]): readonly string[] {
  const head = `    <testcase classname="cfg.validate" name="${attribute(file)}" file="${attribute(file)}"`;
  const errors = problems.filter(isError);
  const warnings = problems.filter((problem) => !isError(problem));
  const [first] = errors;
  if (problems.length === 0) return [`${head}/>`];
  const failure = first && [
    `      <failure type="${attribute(first.rule)}" message="${attribute(summaryOf(errors, first))}">${content(errors)}</failure>`,
  ];
  const output = warnings.length === 0 ? [] : [`      <system-out>${content(warnings)}</system-out>`];
  return [`${head}>`, ...(failure ?? []), ...output, '    </testcase>'];
}

function isError({ severity }: PlainProblem): boolean {
  return severity === 'error';
}

function summaryOf(errors: readonly PlainProblem[], { line, column, message }: PlainProblem): string {
  const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : '';
  return `${line}:${column}: ${message}${more}`;
}

function content(problems: readonly PlainProblem[]): string {
  return problems
    .flatMap((problem) => {
      const { file, line, column, message, rule } = problem;
      return [`${file}:${line}:${column}: ${message} (${rule})`, ...relatedPlaces(problem)];
    })
    .map(escaped)
    .join('\n');
}

function attribute(text: string): string {
  return escaped(text).replaceAll('"', '&quot;');
}

/** XML 1.0 has no way to write most control characters, lone surrogates and two noncharacters. */
function escaped(text: string): string {
  return wellFormed(visible(text))
    .replace(/[\uFFFE\uFFFF]/g, '\uFFFD')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;');
}
