import type { PlainProblem, ValidateAnswer } from '../../../repo/index.js';
import { visible, type Style } from '../style.js';
import { count, lines } from '../text.js';

/** A problem as compilers print it, so that editors and terminals open the place, with its line where it is known; then the sum. */
export function renderProblems({ files, problems }: ValidateAnswer, style: Style): string {
  const checked = count(files, 'file');
  if (problems.length === 0) return lines([`${style.green('ok')}  ${checked} checked`]);
  const rows = problems.flatMap((problem) => [
    problemLine(problem, style),
    ...frame(problem, style),
    ...relatedLines(problem, style),
  ]);
  return lines([...rows, `${sumOf(problems)} (${checked} checked)`]);
}

function sumOf(problems: readonly PlainProblem[]): string {
  const errors = problems.filter(({ severity }) => severity === 'error').length;
  const warnings = problems.length - errors;
  return [count(errors, 'error'), count(warnings, 'warning')]
    .filter((text) => !text.startsWith('0 '))
    .join(', ');
}

/** A problem on one line, its place first. */
export function problemLine(
  { file, line, column, severity, message, rule }: PlainProblem,
  style: Style,
): string {
  const kind = severity === 'error' ? style.red(severity) : style.yellow(severity);
  return `${visible(`${file}:${line}:${column}`)}: ${kind}: ${visible(message)} ${style.dim(`(${rule})`)}`;
}

function relatedLines({ related = [] }: PlainProblem, style: Style): readonly string[] {
  return related.map(
    ({ file, line, column, message }) =>
      `  ${visible(`${file}:${line}:${column}`)}: ${style.dim(visible(message))}`,
  );
}

/** The line of a problem, and marks under its token; a long line is cut around it. */
function frame(problem: PlainProblem, style: Style): readonly string[] {
  const { source, line, column, severity } = problem;
  if (source === undefined) return [];
  const gutter = ` ${line} | `;
  const room = Math.max(20, Math.min(style.columns, 160) - gutter.length);
  const from = column - 1 > room - 10 ? column - 1 - Math.floor(room / 3) : 0;
  const shown = oneCell(source).slice(from, from + room);
  const before = ' '.repeat(Math.min(column - 1 - from, shown.length));
  const marks = '^'.repeat(
    Math.max(1, Math.min(markedLength(problem, source), shown.length - before.length)),
  );
  const paint = severity === 'error' ? style.red : style.yellow;
  return [
    style.dim(gutter) + shown,
    `${' '.repeat(gutter.length - 2)}${style.dim('|')} ${before}${paint(marks)}`,
  ];
}

function markedLength({ line, column, endLine, endColumn }: PlainProblem, source: string): number {
  return (endLine === line && endColumn !== undefined ? endColumn : source.length + 1) - column;
}

/** Tabs and what a terminal would obey as one character each, so that the marks stand under the token. */
function oneCell(text: string): string {
  return text.replace(/\t/g, ' ').replace(/[\p{Cc}\p{Bidi_Control}]/gu, '\u00B7');
}
